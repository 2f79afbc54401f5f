using Microsoft.AspNetCore.Http;

namespace Liren.Sdk.Security;

/// <summary>Checks, before a feature runs, that the actor may do it somewhere; the feature itself checks the place.</summary>
public static class Gatekeeper
{
    /// <summary>Header that states the purpose of a read of personal data.</summary>
    public const string PurposeHeader = "Liren-Purpose";

    /// <summary>Endpoint filter for <see cref="NeedsAttribute"/>.</summary>
    public static ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<NeedsAttribute>() is { } needs) Actor.Current.Require(needs.Permission);
        return next(context);
    }

    /// <summary>Endpoint filter for <see cref="PersonalDataAttribute"/>: takes the purpose from header or query; 400 when missing.</summary>
    public static ValueTask<object?> RequirePurposeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var stated = request.Headers[PurposeHeader].FirstOrDefault() ?? request.Query["purpose"].FirstOrDefault();
        if (string.IsNullOrEmpty(stated)) throw new RuleBrokenException("purpose.missing", "purpose", 400);
        Purpose.State(stated);
        return next(context);
    }
}
