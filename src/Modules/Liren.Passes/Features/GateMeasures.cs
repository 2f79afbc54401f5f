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

    /// <summary>Name of the source.</summary>
    public const string Source = "passes.gate-log";

    public string Name => Source;

    public IReadOnlyList<MeasureDef> Measures { get; } =
    [
        new("passes.scans", Roll.Sum, Grain.Hour, "times", BuiltInRoles.CommunityWorker) { Behind = new("/passes/log", "passes.log") },
        new("passes.people", Roll.Sum, Grain.Hour, "people", BuiltInRoles.CommunityWorker) { OnOverview = true, Behind = new("/passes/log", "passes.log") },
        new("passes.stopped", Roll.Sum, Grain.Hour, "times", BuiltInRoles.CommunityWorker) { OnOverview = true, Behind = new("/passes/log?filter=refused", "passes.log") },
        new("passes.residents", Roll.Distinct, Grain.Day, "people", BuiltInRoles.CommunityWorker) { OnOverview = true },
        new("passes.odd-clock", Roll.Sum, Grain.Day, "times", BuiltInRoles.DutyOfficer) { Behind = new("/passes/gates", "passes.gates-read") },
    ];

    public event Action? Written { add => store.Written += value; remove => store.Written -= value; }

    public async IAsyncEnumerable<FactBatch> ReadAsync(long after, int most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        await foreach (var lines in scope.ServiceProvider.GetRequiredService<GateLines>().AfterAsync(after, most, cancellation))
        {
            var facts = new List<Fact>(lines.Count * 3);
            foreach (var line in lines) AddFacts(line, facts);
            yield return new(facts, lines[^1].Seq, lines.Count);
        }
    }

    public async IAsyncEnumerable<Fact> OfDayAsync(DateOnly day, long upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (start, end) = (Show.StartOf(day), Show.StartOf(day.AddDays(1)));
        var facts = new List<Fact>();
        // A line with a wrong clock counts on the day it came.
        await foreach (var lines in scope.ServiceProvider.GetRequiredService<GateLines>().WithinAsync(start, end, upTo, cancellation))
        {
            facts.Clear();
            foreach (var line in lines) AddFacts(line, facts);
            foreach (var fact in facts) if (fact.At >= start && fact.At < end) yield return fact;
        }
    }

    public async Task<DateOnly?> FirstWholeDayAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var first = await scope.ServiceProvider.GetRequiredService<PassesDb>().Entries.MinAsync(e => (DateTimeOffset?)e.At, cancellation);
        // Lines are deleted by their age, in the middle of a day.
        return first is { } at ? Show.Day(at).AddDays(1) : null;
    }

    private static void AddFacts(in GateLine line, List<Fact> facts)
    {
        var ahead = line.At > line.ArrivedAt + Ahead;
        if (ahead || line.At < line.ArrivedAt - Behind)
        {
            facts.Add(new("passes.odd-clock", line.Place, line.ArrivedAt, ahead ? "ahead" : "behind"));
            return;
        }
        facts.Add(new("passes.scans", line.Place, line.At, line.Verdict switch { Verdict.Admit => "admit", Verdict.Check => "check", _ => "refuse" }));
        if (line.Verdict == Verdict.Admit) facts.Add(new("passes.people", line.Place, line.At, line.Direction == Direction.In ? "in" : "out", Math.Max(1, line.Members)));
        else facts.Add(new("passes.stopped", line.Place, line.At, line.Reason));
        if (line is { Verdict: Verdict.Admit, Person: { } person }) facts.Add(new("passes.residents", line.Place, line.At, "", 1, person));
    }
}
