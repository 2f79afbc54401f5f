using System.Diagnostics;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Liren.Sdk.Web;

/// <summary>Answers broken rules as ProblemDetails with a stable <c>code</c>, the <c>field</c> that is wrong, and a sentence in the caller's language.</summary>
public sealed class RuleBrokenHandler(IProblemDetailsService problems, Texts texts) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, code, field, sentence) = exception switch
        {
            RuleBrokenException rule => (rule.Status, rule.Code, rule.Field, texts[rule.Code, [.. rule.Args]]),
            BadHttpRequestException bad => (bad.StatusCode, "sdk.bad-request", null, texts["sdk.bad-request", (bad.InnerException ?? bad).Message]),
            _ => (0, "", null, ""),
        };
        if (status == 0) return false;
        httpContext.Response.StatusCode = status;
        var details = new ProblemDetails { Type = $"urn:liren:{code}", Title = sentence, Status = status, Extensions = { ["code"] = code, ["traceId"] = Activity.Current?.Id ?? httpContext.TraceIdentifier } };
        if (field is not null) details.Extensions["field"] = field;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = details });
    }
}
