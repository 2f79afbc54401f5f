using System.Net.ServerSentEvents;
using System.Security.Cryptography;
using System.Text.Json;
using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>What a gate's device needs to know about its gate.</summary>
[Needs("passes.gate")]
internal sealed class GetGateConfig(PassesDb db, GateBook book, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    public sealed record Temperature(bool Ask, int Limit);

    public sealed record Guard(Guid Id, string Name, string Salt, string Hash, int Iterations);

    public sealed record Response(Guid GateId, int Number, string Name, string Compound, string CompoundName, string Community, int Bit, int Level, int IdCheckPercent, IReadOnlyList<string> Questions,
        Temperature Temperature, int AmberAfterMinutes, int RedAfterHours, string Mode, IReadOnlyList<Guard> Guards, long ServerTime);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/gates/me", async (HttpContext http, GetGateConfig feature, CancellationToken stop) =>
        Tagged(http, await feature.RunAsync(stop), r => r with { ServerTime = 0 }));

    public async Task<Response> RunAsync(CancellationToken stop)
    {
        // Read anew: the memory of gates is only for the log.
        var id = (await book.CurrentAsync(stop)).Id;
        var gate = await db.Gates.AsNoTracking().SingleAsync(g => g.Id == id, stop);
        book.Heard(id);
        var compound = await places.FindAsync(gate.CompoundPath, stop);
        var guards = await db.Guards.AsNoTracking().WhereWithin(g => g.PlacePath, [gate.CompoundPath]).Where(g => g.EndedAt == null).OrderBy(g => g.Name).ToListAsync(stop);
        return new(gate.Id, gate.Number, gate.Name, gate.CompoundPath, compound?.Name ?? gate.CompoundPath, IssuePass.CommunityOf(gate.CompoundPath), gate.Bit, (int)gate.Level, gate.IdCheckPercent,
            gate.Questions.Length == 0 ? [] : gate.Questions.Split('\n'), new(gate.AskTemperature, gate.TemperatureLimit), gate.AmberAfterMinutes, gate.RedAfterHours, "peace",
            [.. guards.Select(g => new Guard(g.Id, g.Name, Convert.ToBase64String(g.Salt), Convert.ToBase64String(g.Hash), GuardPin.Iterations))], clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>JSON with an ETag over what matters of it; the server's time always travels as a header too.</summary>
    internal static IResult Tagged<T>(HttpContext http, T answer, Func<T, T> stable)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(stable(answer))).AsSpan(0, 8))}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        return http.Request.Headers.IfNoneMatch.ToString() == tag ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(answer);
    }
}

/// <summary>What may be typed by hand at a gate: numbers of paper cards and plates of vehicles.</summary>
[Needs("passes.gate")]
internal sealed class GetGateDirectory(PassesDb db, GateBook book, TimeProvider clock) : IFeature
{
    public sealed record Row(string Serial, string? Plate, string Cti, int Kind, string? Unit, string Name, string? IdTail, long From, long Until, int[]? Hours);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/gates/me/directory", async (HttpContext http, GetGateDirectory feature, CancellationToken stop) =>
        GetGateConfig.Tagged(http, await feature.RunAsync(stop), r => r));

    public async Task<IReadOnlyList<Row>> RunAsync(CancellationToken stop)
    {
        var gate = await book.CurrentAsync(stop);
        book.Heard(gate.Id);
        var now = clock.GetUtcNow();
        var rows = await db.Passes.AsNoTracking().Where(p => p.CompoundPath == gate.CompoundPath && p.State == PassState.Active && p.Until >= now && (p.Form != PassForm.Phone || p.Plate != null)).OrderBy(p => p.Serial)
            .Select(p => new { p.Serial, p.Plate, p.Cti, p.Kind, p.Unit, p.Name, p.IdTail, p.From, p.Until, p.FromMinute, p.ToMinute }).ToListAsync(stop);
        return [.. rows.Select(p => new Row(p.Serial, p.Plate, p.Cti, (int)p.Kind, p.Unit, p.Name, p.IdTail, p.From.ToUnixTimeSeconds(), p.Until.ToUnixTimeSeconds(), p is { FromMinute: { } from, ToMinute: { } to } ? [from, to] : null))];
    }
}

/// <summary>News for the gate as they happen (server-sent events): trust, revocations, config, seen. A comment every 15 seconds keeps the line open.</summary>
[Needs("passes.gate")]
internal sealed class LiveGate(GateBook book) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/gates/live", async (HttpContext http, LiveGate feature, CancellationToken stop) =>
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(feature.RunAsync(await feature.StartAsync(stop), stop));
    });

    private Task<Gate> StartAsync(CancellationToken stop) => book.CurrentAsync(stop).AsTask();

    public async IAsyncEnumerable<SseItem<JsonElement>> RunAsync(Gate gate, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var (news, end) = GateFeed.Shared.Listen();
        using var _ = end;
        yield return Item("hello", new { gate = gate.Number });
        while (!stop.IsCancellationRequested)
        {
            book.Heard(gate.Id);
            var waiting = news.ReadAsync(stop).AsTask();
            while (await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromSeconds(15), stop)) != waiting)
            {
                if (stop.IsCancellationRequested) yield break;
                book.Heard(gate.Id);
                yield return Item("alive", new { });
            }
            if (waiting.IsCanceled || waiting.IsFaulted) yield break;
            var item = await waiting;
            var mine = item.Event switch
            {
                "trust" => true,
                "revocations" => PlacePath.IsWithin(gate.CompoundPath, item.Place),
                _ => item.Place == gate.CompoundPath && item.From != gate.Id,
            };
            if (mine) yield return Item(item.Event, item.Data);
        }
    }

    private static SseItem<JsonElement> Item(string name, object data) => new(JsonSerializer.SerializeToElement(data, JsonSerializerOptions.Web), name);
}

/// <summary>Tells gates what has changed, after it is committed.</summary>
internal sealed class TellGates(PassesDb db) : IHandle<GateChanged>, IHandle<TrustChanged>
{
    public Task HandleAsync(GateChanged changed, CancellationToken cancellation)
    {
        db.Database.AfterCommit(() => GateFeed.Shared.Publish(new("config", changed.Compound, new { gate = changed.GateId })));
        return Task.CompletedTask;
    }

    public Task HandleAsync(TrustChanged changed, CancellationToken cancellation)
    {
        db.Database.AfterCommit(() => GateFeed.Shared.Publish(new("trust", "", new { changed.Kid })));
        return Task.CompletedTask;
    }
}
