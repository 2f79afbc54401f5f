using System.Runtime.CompilerServices;
using Liren.Codes;
using Liren.Contracts.Insight;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Passes.Features;

/// <summary>What the gate log counts for everybody (门岗指标): looks at codes, people in and out, refusals by reason, different residents. Never who.</summary>
internal sealed class GateMeasures(IServiceScopeFactory scopes, GateLogStore store) : ILogMeasures
{
    /// <summary>A line dated later than it came, by more than this, has a wrong clock.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5), Behind = TimeSpan.FromDays(30);

    public string Name => "passes.gate-log";

    public IReadOnlyList<MeasureDef> Measures { get; } =
    [
        new("passes.scans", Roll.Sum, Grain.Hour, "times", BuiltInRoles.CommunityWorker) { Behind = new("/passes/log", "passes.log") },
        new("passes.people", Roll.Sum, Grain.Hour, "people", BuiltInRoles.CommunityWorker) { OnOverview = true, Behind = new("/passes/log", "passes.log") },
        new("passes.stopped", Roll.Sum, Grain.Hour, "times", BuiltInRoles.CommunityWorker) { OnOverview = true, Behind = new("/passes/log?filter=refused", "passes.log") },
        new("passes.residents", Roll.Distinct, Grain.Day, "people", BuiltInRoles.CommunityWorker) { OnOverview = true },
        new("passes.odd-clock", Roll.Sum, Grain.Day, "times", BuiltInRoles.DutyOfficer) { Behind = new("/passes/gates", "passes.gates-read") },
    ];

    public event Action? Written { add => store.Written += value; remove => store.Written -= value; }

    private sealed record Line(long Seq, string PlacePath, DateTimeOffset At, DateTimeOffset ArrivedAt, Direction Direction, Verdict Verdict, string Reason, int Members, Guid? Person);

    public async Task<FactBatch> ReadAsync(long after, int most, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PassesDb>();
        var lines = await Lines(db, db.Entries.AsNoTracking().Where(e => e.Seq > after).OrderBy(e => e.Seq).Take(most)).ToListAsync(cancellation);
        // The join keeps no order of its own.
        lines.Sort((a, b) => a.Seq.CompareTo(b.Seq));
        var facts = new List<Fact>(lines.Count * 3);
        foreach (var line in lines) facts.AddRange(FactsOf(line));
        return new(facts, lines.Count > 0 ? lines[^1].Seq : after, lines.Count);
    }

    public async IAsyncEnumerable<Fact> OfDayAsync(DateOnly day, long upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PassesDb>();
        var (start, end) = (Show.StartOf(day), Show.StartOf(day.AddDays(1)));
        // A line with a wrong clock counts on the day it came.
        await foreach (var line in Lines(db, db.Entries.AsNoTracking().Where(e => e.Seq <= upTo && ((e.At >= start && e.At < end) || (e.ArrivedAt >= start && e.ArrivedAt < end)))).AsAsyncEnumerable().WithCancellation(cancellation))
            foreach (var fact in FactsOf(line))
                if (fact.At >= start && fact.At < end) yield return fact;
    }

    public async Task<DateOnly?> FirstWholeDayAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var first = await scope.ServiceProvider.GetRequiredService<PassesDb>().Entries.MinAsync(e => (DateTimeOffset?)e.At, cancellation);
        // Lines are deleted by their age, in the middle of a day.
        return first is { } at ? Show.Day(at).AddDays(1) : null;
    }

    private static IQueryable<Line> Lines(PassesDb db, IQueryable<GateEntry> entries) =>
        from e in entries
        join p in db.Passes on e.Cti equals p.Cti into passes
        from p in passes.DefaultIfEmpty()
        select new Line(e.Seq, e.PlacePath, e.At, e.ArrivedAt, e.Direction, e.Verdict, e.Reason, e.Members, p == null ? null : p.PersonId);

    private static IEnumerable<Fact> FactsOf(Line line)
    {
        var ahead = line.At > line.ArrivedAt + Ahead;
        if (ahead || line.At < line.ArrivedAt - Behind)
        {
            yield return new("passes.odd-clock", line.PlacePath, line.ArrivedAt, ahead ? "ahead" : "behind");
            yield break;
        }
        yield return new("passes.scans", line.PlacePath, line.At, line.Verdict switch { Verdict.Admit => "admit", Verdict.Check => "check", _ => "refuse" });
        if (line.Verdict == Verdict.Admit) yield return new("passes.people", line.PlacePath, line.At, line.Direction == Direction.In ? "in" : "out", Math.Max(1, line.Members));
        else yield return new("passes.stopped", line.PlacePath, line.At, line.Reason);
        if (line is { Verdict: Verdict.Admit, Person: { } person }) yield return new("passes.residents", line.PlacePath, line.At, "", 1, person);
    }
}
