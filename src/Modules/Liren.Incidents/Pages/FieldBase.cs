using Liren.Sdk;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Liren.Incidents.Pages;

/// <summary>What the phone pages share: the request, the problem of the last act, running a feature.</summary>
public abstract class FieldBase : ComponentBase
{
    /// <summary>Words.</summary>
    [Inject] protected Texts T { get; set; } = null!;

    /// <summary>The clock.</summary>
    [Inject] protected TimeProvider Clock { get; set; } = null!;

    /// <summary>The request.</summary>
    [Parameter] public HttpContext Http { get; set; } = null!;

    /// <summary>Sentence of the last broken rule.</summary>
    [Parameter] public string? Problem { get; set; }

    /// <summary>Field of the last broken rule.</summary>
    [Parameter] public string? Field { get; set; }

    /// <summary>The address for the language switch.</summary>
    protected string Here => Http.Request.Path;

    /// <summary>A key for one form as it was shown: however often it is sent, it is done once.</summary>
    protected static string FreshKey => Guid.CreateVersion7().ToString("N");

    /// <summary>Runs a feature; a refusal becomes <see cref="Problem"/>.</summary>
    internal async Task<TResult?> ReadAsync<TFeature, TResult>(Func<TFeature, Task<TResult>> run) where TFeature : class, IFeature where TResult : class
    {
        try { return await run(FieldPages.Run<TFeature>(Http)); }
        catch (RuleBrokenException rule)
        {
            Problem ??= T.Say(rule);
            return null;
        }
    }
}
