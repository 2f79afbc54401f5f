using System.Linq.Expressions;
using System.Text.Json;
using Liren.Codes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>A line of the gate log as shown.</summary>
internal sealed record EntryRow(Guid Id, DateTimeOffset At, string Gate, Direction Direction, Verdict Verdict, string Reason, PassKind? Kind, string? Name, string? Unit, string? Serial, string? Plate, int Members, decimal? Temperature, string? IdChecked, bool Manual, string? Guard, DateTimeOffset ArrivedAt, bool HasDetails);

/// <summary>The gate log (通行记录). Filters: admitted, checked, refused, in, out, manual, or the id of a gate. <c>from</c> and <c>to</c> are days of Shanghai.</summary>
[Needs("passes.log")]
[PersonalData]
internal sealed class ListEntries(PassesDb db, IAccessLog log) : IFeature
{
    internal static readonly Dictionary<string, Expression<Func<GateEntry, object?>>> Columns = new() { ["at"] = e => e.At, ["arrivedAt"] = e => e.ArrivedAt, ["reason"] = e => e.Reason, ["verdict"] = e => e.Verdict };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/entries", ([AsParameters] ListQuery query, DateOnly? from, DateOnly? to, HttpContext http, Texts texts, ListEntries feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "gate-log", query, q => feature.RunAsync(q, from, to, stop)));

    public async Task<Page<EntryRow>> RunAsync(ListQuery query, DateOnly? from, DateOnly? to, CancellationToken stop)
    {
        var rows = db.Entries.AsNoTracking().WhereWithin(e => e.PlacePath, Actor.Current.ScopesFor("passes.log"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(e => e.PlacePath, [query.Place]);
        if (from is { } first) { var start = Show.StartOf(first); rows = rows.Where(e => e.At >= start); }
        if (to is { } last) { var end = Show.StartOf(last.AddDays(1)); rows = rows.Where(e => e.At < end); }
        rows = query.Filter switch
        {
            null or "" => rows,
            "admitted" => rows.Where(e => e.Verdict == Verdict.Admit),
            "checked" => rows.Where(e => e.Verdict == Verdict.Check),
            "refused" => rows.Where(e => e.Verdict == Verdict.Refuse),
            "in" => rows.Where(e => e.Direction == Direction.In),
            "out" => rows.Where(e => e.Direction == Direction.Out),
            "manual" => rows.Where(e => e.Manual),
            _ => Guid.TryParse(query.Filter, out var gate) ? rows.Where(e => e.GateId == gate) : throw new RuleBrokenException("passes.filter", "filter", 422, query.Filter),
        };
        if (query.Text is { } text)
        {
            var typed = HumanCode.Typed(text);
            var passes = db.Passes.Where(p => p.Serial == typed || (p.Unit != null && p.Unit.Contains(text)) || p.Name.Contains(text)).Select(p => p.Cti);
            rows = rows.Where(e => (e.Plate != null && e.Plate.Contains(typed)) || e.Serial == typed || e.Reason == text || (e.Cti != null && passes.Contains(e.Cti)));
        }
        var page = await rows.PageAsync(query, Columns, "-at", e => e, stop);
        return new(await RowsAsync(db, log, page.Items, query.All ? "export" : "masked", stop), page.Total, page.PageNumber, page.Size);
    }

    internal static async Task<IReadOnlyList<EntryRow>> RowsAsync(PassesDb db, IAccessLog log, IReadOnlyList<GateEntry> lines, string disclosure, CancellationToken stop)
    {
        var ctis = lines.Select(e => e.Cti).OfType<string>().Distinct().ToList();
        var passes = await db.Passes.AsNoTracking().Where(p => ctis.Contains(p.Cti)).Select(p => new { p.Cti, p.Name, p.Unit, p.Serial, p.PersonId }).ToDictionaryAsync(p => p.Cti, stop);
        var gates = await db.Gates.AsNoTracking().Select(g => new { g.Id, g.Name }).ToDictionaryAsync(g => g.Id, g => g.Name, stop);
        await log.RecordAsync([.. passes.Values.Where(p => p.PersonId is not null).Select(p => p.PersonId!.Value).Distinct().Select(p => new AccessEntry(p, Purpose.Required, "entries", disclosure))], stop);
        return [.. lines.Select(e =>
        {
            var pass = e.Cti is { } cti && passes.TryGetValue(cti, out var found) ? found : null;
            return new EntryRow(e.Id, e.At, gates.GetValueOrDefault(e.GateId, ""), e.Direction, e.Verdict, e.Reason, e.Kind == 0 ? null : (PassKind)e.Kind, pass?.Name, pass?.Unit, pass?.Serial ?? e.Serial, e.Plate, e.Members,
                e.Temperature is { } t ? t / 10m : null, e.IdChecked, e.Manual, e.Guard, e.ArrivedAt, e.Sealed is not null);
        })];
    }
}

/// <summary>What people said at the gate on one line, and which visitor it was: opened on purpose, one line at a time.</summary>
[Needs("passes.log")]
[PersonalData]
internal sealed class ShowEntryDetails(PassesDb db, Protector protector, IAccessLog log) : IFeature
{
    public sealed record Response(IReadOnlyDictionary<string, string>? Answers, VisitorNote? Visitor);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/entries/{id:guid}", (Guid id, ShowEntryDetails feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var line = Rule.Found(await db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, stop), "passes.no-entry");
        Actor.Current.Require("passes.log", line.PlacePath);
        var person = line.Cti is null ? null : await db.Passes.Where(p => p.Cti == line.Cti).Select(p => p.PersonId).SingleOrDefaultAsync(stop);
        // A visitor has no record of their own: the look is noted under the line.
        await log.RecordAsync([new(person ?? line.Id, Purpose.Required, "entry.answers,entry.visitor", "plain")], stop);
        return line.Sealed is { } rest ? JsonSerializer.Deserialize<Response>(protector.Decrypt(rest, ReceiveEntries.ContextOf(line.Id)), JsonSerializerOptions.Web)! : new(null, null);
    }
}

/// <summary>Counts by gate and hour of one day (进出统计): no personal data.</summary>
[Needs("passes.gates-read")]
internal sealed class GateStatistics(PassesDb db, TimeProvider clock) : IFeature
{
    /// <param name="Gate">Name of the gate.</param>
    /// <param name="Hour">Hour of the day in Shanghai, 0–23.</param>
    /// <param name="In">Entered.</param>
    /// <param name="Out">Left.</param>
    /// <param name="Refused">Refused.</param>
    public sealed record Cell(string Gate, int Hour, int In, int Out, int Refused);

    public sealed record Response(DateOnly Day, IReadOnlyList<Cell> Cells, DateTimeOffset AsOf);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/statistics", (string? place, DateOnly? day, GateStatistics feature, CancellationToken stop) => feature.RunAsync(place, day, stop));

    public async Task<Response> RunAsync(string? place, DateOnly? day, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var all = db.Entries.AsNoTracking().WhereWithin(e => e.PlacePath, Actor.Current.ScopesFor("passes.gates-read"));
        if (!string.IsNullOrEmpty(place)) all = all.WhereWithin(e => e.PlacePath, [place]);
        // Nothing asked: the last day that has something to show, which at three in the morning is yesterday.
        var which = day ?? DateOnly.FromDateTime((await all.Where(e => e.At <= now).MaxAsync(e => (DateTimeOffset?)e.At, stop) ?? now).ToOffset(TimeSpan.FromHours(8)).Date);
        var (start, end) = (Show.StartOf(which), Show.StartOf(which.AddDays(1)));
        var rows = all.Where(e => e.At >= start && e.At < end);
        var gates = await db.Gates.AsNoTracking().Select(g => new { g.Id, g.Name }).ToDictionaryAsync(g => g.Id, g => g.Name, stop);
        var lines = await rows.Select(e => new { e.GateId, e.At, e.Direction, e.Verdict, e.Members }).ToListAsync(stop);
        var cells = lines.GroupBy(e => (e.GateId, e.At.ToOffset(TimeSpan.FromHours(8)).Hour))
            .Select(g => new Cell(gates.GetValueOrDefault(g.Key.GateId, ""), g.Key.Hour,
                g.Where(e => e is { Verdict: Verdict.Admit, Direction: Direction.In }).Sum(e => Math.Max(1, e.Members)), g.Where(e => e is { Verdict: Verdict.Admit, Direction: Direction.Out }).Sum(e => Math.Max(1, e.Members)),
                g.Count(e => e.Verdict == Verdict.Refuse)))
            .OrderBy(c => c.Gate, StringComparer.Ordinal).ThenBy(c => c.Hour).ToList();
        return new(which, cells, now);
    }
}
