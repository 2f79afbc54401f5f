using System.Security.Claims;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Http;

namespace Liren.Sdk.Web;

/// <summary>Finds out who is calling: a bearer key (integration, device) or the sign-in cookie; then everything below runs as that actor.</summary>
public sealed class ActorMiddleware(RequestDelegate next, IActorSource source)
{
    /// <summary>Claim with the stamp of the sign-in; a changed stamp ends the session.</summary>
    public const string StampClaim = "liren:stamp";

    private const string Bearer = "Bearer ";

    /// <summary>Runs the request as its actor; a bad key answers 401 at once.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (KeyOf(context.Request) is { } key)
            Actor.Set(await source.OfKeyAsync(key, context.RequestAborted) ?? throw new RuleBrokenException("sdk.bad-key", "Authorization", 401));
        else
            Actor.Set(await OfUserAsync(context.User, source, context.RequestAborted) ?? Actor.Anonymous);
        await next(context);
    }

    /// <summary>The key a program or device sends; null when the caller sends none.</summary>
    public static string? KeyOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;

    /// <summary>The actor of a signed-in user, or null.</summary>
    public static async ValueTask<Actor?> OfUserAsync(ClaimsPrincipal user, IActorSource source, CancellationToken cancellation) =>
        Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) && user.FindFirstValue(StampClaim) is { } stamp
            ? await source.OfAccountAsync(id, stamp, cancellation)
            : null;
}
