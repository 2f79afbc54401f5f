using System.Text.Json;
using Liren.Contracts.Passes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>A terminal asks about one look: who may pass is decided here, and on disk before the answer.</summary>
[Needs("passes.terminal")]
internal sealed class CheckAtTerminal(TerminalLooks looks) : IFeature
{
    /// <param name="Id">Of the event, as sent.</param>
    /// <param name="Verdict">admit, check or refuse.</param>
    /// <param name="Reason">A stable code: Ok, Expired, Suspended, NotEnrolled ...</param>
    /// <param name="Words">To show, Chinese.</param>
    /// <param name="WordsEn">To show, English.</param>
    /// <param name="Open">Whether to open.</param>
    public sealed record Response(Guid Id, string Verdict, string Reason, string Words, string WordsEn, bool Open)
    {
        internal static Response Of(TerminalAnswer a) => new(a.Id, a.Verdict.ToString().ToLowerInvariant(), a.Reason, a.Words, a.WordsEn, a.Open);
    }

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/terminals/check", (TerminalLookLine request, CheckAtTerminal feature, CancellationToken stop) => feature.RunAsync(request, stop));

    public async Task<Response> RunAsync(TerminalLookLine request, CancellationToken stop)
    {
        var (terminal, gate) = await looks.CurrentAsync(stop);
        return Response.Of(await looks.DecideAsync(terminal, gate, request.Read(terminal), stop));
    }
}

/// <summary>Looks that a terminal decided by itself while the server was out of reach: kept once each, never refused for what they say.</summary>
[Needs("passes.terminal")]
internal sealed class ReceiveTerminalEvents(TerminalLooks looks) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/terminals/events", async (HttpRequest request, ReceiveTerminalEvents feature, CancellationToken stop) => await feature.RunAsync(await ReadAsync(request, stop), stop))
            .Accepts<TerminalLookLine[]>("application/json").WithMetadata(new RequestSizeLimitAttribute(1_000_000));

    private static async ValueTask<TerminalLookLine[]> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        try { return await JsonSerializer.DeserializeAsync<TerminalLookLine[]>(request.Body, JsonSerializerOptions.Web, stop) is { } lines && !lines.Contains(null) ? lines : throw new JsonException(); }
        catch (JsonException) { throw new RuleBrokenException("passes.look-body", null, 400); }
    }

    public async Task<ReceiveEntries.Response> RunAsync(TerminalLookLine[] lines, CancellationToken stop)
    {
        Rule.Require(lines.Length <= ReceiveEntries.Most, "passes.too-many-lines", "lines", ReceiveEntries.Most);
        var (terminal, gate) = await looks.CurrentAsync(stop);
        var (read, at) = (new List<TerminalLook>(lines.Length), new List<int>(lines.Length));
        var faulty = new List<ReceiveEntries.Faulty>();
        for (var i = 0; i < lines.Length; i++)
        {
            // One line that makes no sense must not keep the others from being kept.
            try { read.Add(lines[i].Read(terminal)); at.Add(i); }
            catch (RuleBrokenException broken) { faulty.Add(new(i, broken.Field ?? "")); }
        }
        var kept = await looks.RecordAsync(terminal, gate, read, stop);
        return kept with { Faulty = [.. faulty.Concat(kept.Faulty.Select(f => f with { Index = at[f.Index] })).OrderBy(f => f.Index)] };
    }
}

/// <summary>
/// Cards and persons a terminal may know: all of them, or what changed since a number. Names are masked; of a face there is only the number under which the terminal's
/// own enrolment keeps it. Who withdrew is told as removed: the terminal deletes the face.
/// </summary>
[Needs("passes.terminal")]
[PersonalData]
internal sealed class GetTerminalPeople(PassesDb db, TerminalLooks looks, IAccessLog log, TimeProvider clock) : IFeature
{
    private const int Most = 500;

    /// <param name="Subject">The number.</param>
    /// <param name="Kind">card or face.</param>
    /// <param name="Removed">Delete it, and whatever belongs to it.</param>
    /// <param name="Works">May open now, as far as the pass goes; false: keep it, do not open.</param>
    /// <param name="Name">Masked, to show.</param>
    /// <param name="From">Unix seconds.</param>
    /// <param name="Until">Unix seconds, inclusive.</param>
    /// <param name="Hours">Minutes of the day (Asia/Shanghai) it opens between; null: always.</param>
    public sealed record Row(string Subject, string Kind, bool Removed, bool Works, string? Name = null, long? From = null, long? Until = null, int[]? Hours = null);

    /// <param name="Seq">Ask for changes since this next time.</param>
    /// <param name="More">There is more: ask again at once.</param>
    /// <param name="People">Changes, oldest first.</param>
    public sealed record Response(long Seq, bool More, IReadOnlyList<Row> People);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/terminals/people", (long? since, GetTerminalPeople feature, CancellationToken stop) => feature.RunAsync(since ?? 0, stop));

    public async Task<Response> RunAsync(long since, CancellationToken stop)
    {
        var (terminal, gate) = await looks.CurrentAsync(stop);
        // Whoever begins anew needs not hear of those who are gone.
        var changed = await db.Enrolments.AsNoTracking().Where(e => e.TerminalId == terminal.Id && e.ChangeSeq > since && (since > 0 || e.WithdrawnAt == null)).OrderBy(e => e.ChangeSeq).Take(Most + 1).ToListAsync(stop);
        var more = changed.Count > Most;
        if (more) changed.RemoveAt(Most);
        // In order of change: a number that was withdrawn and given to somebody else ends as theirs.
        var now = clock.GetUtcNow();
        var passes = await TerminalLooks.PassesOfAsync(db, [.. changed.Where(e => e.WithdrawnAt is null)], now, stop);
        var rows = new List<Row>(changed.Count);
        foreach (var enrolment in changed)
        {
            var pass = passes.GetValueOrDefault(enrolment.Id);
            var kind = enrolment.Kind.ToString().ToLowerInvariant();
            if (pass is null) { rows.Add(new(enrolment.Subject, kind, enrolment.WithdrawnAt is not null, false)); continue; }
            var works = pass.State == PassState.Active && pass.Until >= now && pass.Opens(gate.Bit);
            rows.Add(new(enrolment.Subject, kind, false, works, pass.Name, pass.From.ToUnixTimeSeconds(), pass.Until.ToUnixTimeSeconds(), pass is { FromMinute: { } from, ToMinute: { } to } ? [from, to] : null));
        }
        await log.RecordAsync([.. changed.Where(e => e is { WithdrawnAt: null, PersonId: not null }).Select(e => e.PersonId!.Value).Distinct().Select(p => new AccessEntry(p, Purpose.Required, "name,terminal", "masked"))], stop);
        return new(changed.Count > 0 ? changed[^1].ChangeSeq : Math.Max(since, 0), more, rows);
    }
}

/// <summary>A sign of life; the answer says what the terminal should know of its gate.</summary>
[Needs("passes.terminal")]
internal sealed class TerminalHeartbeat(PassesDb db, TerminalLooks looks, TimeProvider clock) : IFeature
{
    /// <param name="Firmware">Version of its program.</param>
    public sealed record Request(string? Firmware = null);

    /// <param name="ServerTime">Unix milliseconds, to set the clock by.</param>
    /// <param name="PeopleSeq">Higher than the number the terminal has: fetch people.</param>
    /// <param name="Gate">Name of the gate.</param>
    /// <param name="AskTemperature">The gate takes temperatures.</param>
    /// <param name="TemperatureLimit">From this on nobody enters, degrees Celsius.</param>
    public sealed record Response(long ServerTime, long PeopleSeq, string Gate, bool AskTemperature, decimal TemperatureLimit);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/terminals/heartbeat", (Request request, TerminalHeartbeat feature, CancellationToken stop) => feature.RunAsync(request, stop));

    public async Task<Response> RunAsync(Request request, CancellationToken stop)
    {
        var (terminal, gate) = await looks.CurrentAsync(stop);
        if (request.Firmware is { Length: > 0 and <= 60 } firmware && firmware != terminal.Firmware) await db.Terminals.Where(t => t.Id == terminal.Id).ExecuteUpdateAsync(t => t.SetProperty(x => x.Firmware, firmware), stop);
        return new(clock.GetUtcNow().ToUnixTimeMilliseconds(), terminal.PeopleSeq, gate.Name, gate.AskTemperature, gate.TemperatureLimit / 10m);
    }
}

/// <summary>Where terminals push in their maker's words. They cannot send headers of ours, so the key may stand in the address.</summary>
[OpenToAll("The key in the address or header is the permission; without a terminal's key nothing is read.")]
internal sealed class PushFromTerminal(TerminalLooks looks, IEnumerable<ITerminalAdapter> adapters, IActorSource actors) : IFeature
{
    // A picture beside the event; it is passed over.
    private const int MostBytes = 4_000_000;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/terminals/push", (string? key, HttpRequest request, PushFromTerminal feature, CancellationToken stop) => feature.RunAsync(key, request, stop)).WithMetadata(new RequestSizeLimitAttribute(MostBytes)).DisableAntiforgery();

    public async Task<object> RunAsync(string? key, HttpRequest request, CancellationToken stop)
    {
        using var _ = key is null ? null : Actor.Use(await actors.OfKeyAsync(key, stop) ?? throw new RuleBrokenException("sdk.bad-key", "key", 401));
        Actor.Current.Require("passes.terminal");
        var (terminal, gate) = await looks.CurrentAsync(stop);
        var adapter = adapters.Single(a => a.Kind == terminal.Adapter);
        var read = await adapter.ReadAsync(request, terminal, stop);
        Rule.Require(read.Count <= ReceiveEntries.Most, "passes.too-many-lines", "lines", ReceiveEntries.Most);
        var answers = new List<TerminalAnswer>();
        foreach (var look in read.Where(l => l.Opened is null)) answers.Add(await looks.DecideAsync(terminal, gate, look, stop));
        if (read.Where(l => l.Opened is not null).ToList() is { Count: > 0 } decided) await looks.RecordAsync(terminal, gate, decided, stop);
        return adapter.Answer(read, answers);
    }
}
