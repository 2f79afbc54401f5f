using System.Diagnostics;
using System.Text.Json;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Liren.Sdk.Web;

/// <summary>
/// Answers broken rules as ProblemDetails with a stable <c>code</c>, the <c>field</c> that is wrong, and a sentence in the caller's language.
/// Bugs become 500 with a trace id; the exception is logged, never shown.
/// </summary>
public sealed class RuleBrokenHandler(IProblemDetailsService problems, Texts texts, ILogger<RuleBrokenHandler> log) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, code, field, sentence) = exception switch
        {
            RuleBrokenException rule => (rule.Status, rule.Code, rule.Field, texts.Say(rule)),
            BadHttpRequestException { InnerException: JsonException json } bad => Json(bad, json),
            BadHttpRequestException bad => (bad.StatusCode, "sdk.bad-request", null, texts["sdk.bad-request", bad.Message]),
            // A bug: the caller gets a number to quote, the log gets the rest.
            _ => (500, "sdk.unexpected", null, texts["sdk.unexpected"]),
        };
        if (status == 500) log.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
        httpContext.Response.StatusCode = status;
        var details = new ProblemDetails { Type = $"urn:liren:{code}", Title = sentence, Status = status, Extensions = { ["code"] = code, ["traceId"] = Activity.Current?.Id ?? httpContext.TraceIdentifier } };
        if (field is not null) details.Extensions["field"] = field;
        httpContext.Response.Headers.CacheControl = "no-store";
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = details });
    }

    private (int, string, string?, string) Json(BadHttpRequestException bad, JsonException json)
    {
        // "$.rooms[2].floor" names the field as the caller wrote it; anything else is text that is no JSON at all.
        var field = json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
        return field is null ? (bad.StatusCode, "sdk.bad-json", null, texts["sdk.bad-json"]) : (bad.StatusCode, "sdk.bad-value", field, texts["sdk.bad-value", field]);
    }
}
