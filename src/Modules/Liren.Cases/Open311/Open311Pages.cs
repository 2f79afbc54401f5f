using System.Threading.RateLimiting;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Cases.Open311;

/// <summary>Slows down senders: 60 reports a minute for each key, 240 readings a minute for each address.</summary>
internal sealed class Open311Limits : IDisposable
{
    private readonly PartitionedRateLimiter<string> posts = Of(60), reads = Of(240);

    private static PartitionedRateLimiter<string> Of(int aMinute) =>
        PartitionedRateLimiter.Create<string, string>(who => RateLimitPartition.GetFixedWindowLimiter(who, _ => new FixedWindowRateLimiterOptions { PermitLimit = aMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>True when one more is let through.</summary>
    public bool Lets(bool post, string who)
    {
        using var lease = (post ? posts : reads).AttemptAcquire(who);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        posts.Dispose();
        reads.Dispose();
    }
}

/// <summary>
/// Open311 GeoReport v2 under /open311/v2: services, requests, tokens, as JSON and XML. Reading is open to everybody and shows public types only, nothing of
/// who reported; reporting needs an API key. Switched off by the setting <c>Cases:Open311=false</c>.
/// </summary>
internal static class Open311Pages
{
    public static void Map(IEndpointRouteBuilder site)
    {
        Get(site, "/services", (api, _, format, _, stop) => api.ServicesAsync(format, stop));
        Get(site, "/services/{id}", (api, _, format, id, stop) => api.ServiceAsync(format, id, stop));
        Get(site, "/requests", (api, http, format, _, stop) => api.RequestsAsync(format, http.Request.Query, stop));
        Get(site, "/requests/{id}", (api, _, format, id, stop) => api.RequestAsync(format, id, stop));
        Get(site, "/tokens/{id}", (api, _, format, id, stop) => api.TokenAsync(format, id, stop));
        site.MapPost("/open311/v2/requests.{format}", (HttpContext http, string format, CancellationToken stop) => AnswerAsync(http, format, async api =>
        {
            var form = await ReadAsync(http, stop);
            var key = form["api_key"] ?? http.Request.Query["api_key"].FirstOrDefault();
            if (key is not null)
                Actor.Set(await http.RequestServices.GetRequiredService<IActorSource>().OfKeyAsync(key, stop) ?? throw new Open311Exception(403, api.Say("cases.open311.key")));
            if (!Actor.Current.May("cases.report")) throw new Open311Exception(Actor.Current.Kind == ActorKind.Anonymous ? 400 : 403, api.Say("cases.open311.key"));
            if (!http.RequestServices.GetRequiredService<Open311Limits>().Lets(true, Actor.Current.Id?.ToString() ?? "")) throw new Open311Exception(429, api.Say("cases.open311.slow"));
            // The key of a repeated report belongs to who sends it, who is known only now.
            return await api.PostAsync(format, form with { Key = http.Request.Headers["Idempotency-Key"].FirstOrDefault() is { Length: > 0 } again ? NewId.Of(again, Actor.Current.Id, "open311") : NewId.Fresh }, stop);
        })).ExcludeFromDescription();
    }

    private static async Task<Upload> ReadAsync(HttpContext http, CancellationToken stop)
    {
        if (http.Request.ContentType is { } type && type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) && http.Request.ContentLength > 65_536) throw new Open311Exception(413, "too large");
        return await Uploads.ReadAsync(http, stop);
    }

    private static void Get(IEndpointRouteBuilder site, string path, Func<Open311Facade, HttpContext, string, string, CancellationToken, Task<IResult>> run) =>
        site.MapGet($"/open311/v2{path}.{{format}}", (HttpContext http, string format, string? id, CancellationToken stop) => AnswerAsync(http, format, api =>
            http.RequestServices.GetRequiredService<Open311Limits>().Lets(false, http.Connection.RemoteIpAddress?.ToString() ?? "") ? run(api, http, format, id ?? "", stop) : throw new Open311Exception(429, api.Say("cases.open311.slow")))).ExcludeFromDescription();

    /// <summary>Every refusal is answered in the form of the standard, also those of our own rules.</summary>
    private static async Task<IResult> AnswerAsync(HttpContext http, string format, Func<Open311Facade, Task<IResult>> run)
    {
        var written = format == "xml" ? "xml" : "json";
        var facade = http.RequestServices.GetRequiredService<Open311Facade>();
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            if (!http.RequestServices.GetRequiredService<IConfiguration>().GetValue("Cases:Open311", true)) throw new Open311Exception(404, facade.Say("cases.open311.off"));
            if (format is not ("json" or "xml")) throw new Open311Exception(404, facade.Say("cases.open311.format"));
            return await run(facade);
        }
        catch (Open311Exception refused) { return Open311Format.Error(written, refused.Code, refused.Message); }
        // The standard knows 400 for what is missing or wrong, 403 for a wrong key, 404 for what is not there.
        catch (RuleBrokenException rule) { return Open311Format.Error(written, rule.Status is 403 or 404 or 413 or 429 ? rule.Status : 400, (rule.Field is null ? "" : $"{rule.Field}: ") + http.RequestServices.GetRequiredService<Texts>().Say(rule)); }
    }
}
