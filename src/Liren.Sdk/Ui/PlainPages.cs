using System.Reflection;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Sdk.Ui;

/// <summary>Phone pages without a circuit: a page is a component, an act is a form that leads to the next page, a refusal shows the page again with its sentence.</summary>
public static class PlainPages
{
    /// <summary>A page for people who are signed in.</summary>
    /// <param name="site">Where to map.</param>
    /// <param name="path">Its address; a part named <c>id</c> is handed over.</param>
    /// <param name="page">Makes the page.</param>
    public static void Get(IEndpointRouteBuilder site, string path, Func<HttpContext, Guid, RuleBrokenException?, Task<IResult>> page) =>
        site.MapGet(path, async (HttpContext http) => SignedIn ? await page(http, IdOf(http), null) : ToSignIn(http.Request.Path + http.Request.QueryString)).ExcludeFromDescription();

    /// <summary>An act: reads the form, does it, goes on to the address returned.</summary>
    /// <param name="site">Where to map.</param>
    /// <param name="path">Its address.</param>
    /// <param name="home">Where to go after signing in, when the session has ended meanwhile.</param>
    /// <param name="read">Reads the form.</param>
    /// <param name="run">Does it; returns the address of the next page.</param>
    /// <param name="again">The page again, when a rule was broken.</param>
    public static void Post<TForm>(IEndpointRouteBuilder site, string path, string home, Func<HttpContext, CancellationToken, Task<TForm>> read, Func<HttpContext, Guid, TForm, CancellationToken, Task<string>> run,
        Func<HttpContext, Guid, RuleBrokenException, Task<IResult>> again) =>
        site.MapPost(path, async (HttpContext http, CancellationToken stop) =>
        {
            if (!SignedIn) return ToSignIn(home);
            if (http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }) return TypedResults.BadRequest();
            try { return TypedResults.LocalRedirect(await run(http, IdOf(http), await read(http, stop), stop)); }
            catch (RuleBrokenException rule)
            {
                http.Response.StatusCode = rule.Status;
                return await again(http, IdOf(http), rule);
            }
        }).WithMetadata(new RequireAntiforgeryTokenAttribute()).ExcludeFromDescription();

    /// <summary>A component as an answer, with the request as <c>Http</c> and a broken rule as <c>Problem</c> and <c>Field</c>.</summary>
    public static Task<IResult> PageAsync<T>(HttpContext http, RuleBrokenException? problem, object? parameters = null) where T : IComponent
    {
        var all = new RouteValueDictionary(parameters) { ["Http"] = http };
        if (problem is not null)
        {
            all["Problem"] = http.RequestServices.GetRequiredService<Texts>().Say(problem);
            all["Field"] = problem.Field;
        }
        http.Response.Headers.CacheControl = "no-store";
        return Task.FromResult<IResult>(new RazorComponentResult(typeof(T), all) { StatusCode = problem?.Status ?? StatusCodes.Status200OK });
    }

    /// <summary>A feature, after the check that the person may do it somewhere.</summary>
    public static T Run<T>(HttpContext http) where T : class, IFeature
    {
        if (typeof(T).GetCustomAttribute<NeedsAttribute>() is { } needs) Actor.Current.Require(needs.Permission);
        return http.RequestServices.GetRequiredService<T>();
    }

    /// <summary>Whether a person is signed in.</summary>
    public static bool SignedIn => Actor.Current is { Kind: ActorKind.Person, Id: not null };

    /// <summary>To the sign-in page, and back.</summary>
    public static RedirectHttpResult ToSignIn(string back) => TypedResults.LocalRedirect($"/sign-in?returnUrl={Uri.EscapeDataString(back)}");

    private static Guid IdOf(HttpContext http) => Guid.TryParse(http.GetRouteValue("id")?.ToString(), out var id) ? id : Guid.Empty;
}

/// <summary>What phone pages share: the request, the problem of the last act, running a feature.</summary>
public abstract class PlainPage : ComponentBase
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
    protected async Task<TResult?> ReadAsync<TFeature, TResult>(Func<TFeature, Task<TResult>> run) where TFeature : class, IFeature where TResult : class
    {
        try { return await run(PlainPages.Run<TFeature>(Http)); }
        catch (RuleBrokenException rule)
        {
            Problem ??= T.Say(rule);
            return null;
        }
    }
}
