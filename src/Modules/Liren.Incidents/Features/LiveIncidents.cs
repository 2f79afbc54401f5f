using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Liren.Contracts.Incidents;
using Liren.Incidents.Data;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Incidents.Features;

/// <summary>
/// What happens to incidents, as server-sent events. Read from the journal, so nothing is lost: the id of each event is its journal number, and
/// <c>Last-Event-ID</c> goes on from there. The stream ends after ten minutes; clients connect again by themselves, and are checked anew.
/// </summary>
[Needs("incidents.read")]
internal sealed class LiveIncidents(IServiceScopeFactory scopes, TimeProvider clock) : IFeature
{
    private const int Batch = 200;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly string[] Types = [typeof(IncidentOpened).FullName!, typeof(IncidentMoved).FullName!];

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/live", (HttpContext http, LiveIncidents feature, CancellationToken stop) =>
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var last = long.TryParse(http.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? http.Request.Query["after"].FirstOrDefault(), out var seen) ? seen : (long?)null;
        return TypedResults.ServerSentEvents(feature.RunAsync(last, stop));
    });

    public async IAsyncEnumerable<SseItem<JsonElement>> RunAsync(long? after, [EnumeratorCancellation] CancellationToken stop)
    {
        var me = Actor.Current;
        var until = clock.GetUtcNow() + Longest;
        using var woken = new SemaphoreSlim(0);
        using var ear = LiveBus.Shared.Listen(n => { if (n.Type is nameof(IncidentOpened) or nameof(IncidentMoved) && woken.CurrentCount == 0) woken.Release(); });
        var last = after ?? await UseAsync(db => db.Journal.MaxAsync(j => (long?)j.Seq, stop)) ?? 0;
        yield return Item("hello", last, JsonSerializer.SerializeToElement(new { after = last }));
        while (!stop.IsCancellationRequested && clock.GetUtcNow() < until)
        {
            var from = last;
            var rows = await UseAsync(db => db.Journal.AsNoTracking().Where(j => j.Seq > from && Types.Contains(j.Type)).WhereWithin(j => j.Place, me.ScopesFor("incidents.read")).OrderBy(j => j.Seq).Take(Batch).ToListAsync(stop));
            foreach (var row in rows)
            {
                last = row.Seq;
                yield return Item(row.Type == Types[0] ? "opened" : "moved", row.Seq, JsonDocument.Parse(row.Body).RootElement);
            }
            if (rows.Count == Batch) continue;
            if (!await woken.WaitAsync(Quiet, stop)) yield return Item("ping", last, JsonSerializer.SerializeToElement(new { at = clock.GetUtcNow() }));
        }
    }

    /// <summary>A context for one question: a stream lives too long to hold one.</summary>
    private async Task<T> UseAsync<T>(Func<IncidentsDb, Task<T>> ask)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<IncidentsDb>());
    }

    private static SseItem<JsonElement> Item(string type, long id, JsonElement data) => new(data, type) { EventId = id.ToString(System.Globalization.CultureInfo.InvariantCulture), ReconnectionInterval = TimeSpan.FromSeconds(2) };
}
