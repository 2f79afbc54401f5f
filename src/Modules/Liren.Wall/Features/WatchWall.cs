using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Wall.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Liren.Wall.Features;

/// <summary>
/// A wall as server-sent events: <c>snapshot</c>, then <c>delta</c> at most once a second, <c>beat</c> when nothing happens. <c>Last-Event-ID</c> (or
/// <c>?after=</c>) goes on where the viewer was; when that is no longer kept, or the server has started anew, a snapshot comes. The stream ends after ten
/// minutes: the viewer connects again by itself, and is checked anew.
/// </summary>
[Needs(Access.View)]
internal sealed class WatchWall(Walls walls, IPlaceDirectory places, IHostApplicationLifetime server) : IFeature
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{path}/live", async (string path, string? after, HttpContext http, WatchWall feature, CancellationToken stop) =>
    {
        await feature.CheckAsync(path, stop);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(feature.RunAsync(path, http.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? after, stop));
    });

    /// <summary>Refuses before the stream begins: a refusal in mid-stream would be none.</summary>
    private async Task CheckAsync(string path, CancellationToken stop) => await Access.AtAsync(places, path, stop);

    public async IAsyncEnumerable<SseItem<string>> RunAsync(string path, string? after, [EnumeratorCancellation] CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, server.ApplicationStopping);
        end.CancelAfter(Longest);
        using var seat = await walls.SitAsync(path, stop);
        var channel = seat.Channel;
        while (!end.IsCancellationRequested)
        {
            var pulse = channel.Pulse;
            if (channel.After(after) is { } frames)
                foreach (var (id, text) in frames) yield return Item("delta", after = id, text);
            else
            {
                (after, var whole) = channel.Whole();
                yield return Item("snapshot", after, whole);
            }
            if (await ComesAsync(pulse, end.Token)) continue;
            if (!end.IsCancellationRequested) yield return Item("beat", after!, WallJson.Of(new { at = channel.AsOf }));
        }
    }

    private static async Task<bool> ComesAsync(Task pulse, CancellationToken end)
    {
        var waited = await Task.WhenAny(pulse, Task.Delay(Quiet, end));
        return waited == pulse;
    }

    private static SseItem<string> Item(string type, string id, string text) => new(text, type) { EventId = id, ReconnectionInterval = TimeSpan.FromSeconds(2) };
}
