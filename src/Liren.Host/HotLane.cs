using System.Collections.Frozen;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Diagnostics;

namespace Liren.Host;

/// <summary>Answers the modules' hot paths ahead of the pipeline. Whatever is not a plain POST by a known key with the permission goes the usual way, and is refused there if it must be.</summary>
internal static class HotLane
{
    public static void Use(WebApplication app)
    {
        var paths = app.Services.GetRequiredService<ModuleList>().All.SelectMany(m => m.HotPaths).ToFrozenDictionary(h => h.Path, StringComparer.OrdinalIgnoreCase);
        var actors = app.Services.GetRequiredService<IActorSource>();
        app.Use((http, next) => paths.TryGetValue(http.Request.Path.Value ?? "", out var path) && HttpMethods.IsPost(http.Request.Method) && http.Request.Headers.ContentEncoding.Count == 0
            ? path.Permission is null ? RunAsync(http, path)
            : ActorMiddleware.KeyOf(http.Request) is { } key ? AnswerAsync(http, next, path, actors, key) : next(http)
            : next(http));
    }

    private static async Task AnswerAsync(HttpContext http, RequestDelegate next, HotPath path, IActorSource actors, string key)
    {
        if (await actors.OfKeyAsync(key, http.RequestAborted) is not { } actor || !actor.May(path.Permission!))
        {
            await next(http);
            return;
        }
        Actor.Set(actor);
        await RunAsync(http, path);
    }

    private static async Task RunAsync(HttpContext http, HotPath path)
    {
        try { await path.Answer(http); }
        catch (Exception problem) when (!http.Response.HasStarted && problem is not OperationCanceledException)
        {
            foreach (var handler in http.RequestServices.GetServices<IExceptionHandler>())
                if (await handler.TryHandleAsync(http, problem, http.RequestAborted)) break;
        }
    }
}
