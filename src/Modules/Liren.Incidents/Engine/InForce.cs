using System.Collections.Concurrent;
using Liren.Contracts.Places;
using Liren.Plans.Running;

namespace Liren.Incidents.Engine;

/// <summary>Which plans are in force where; never changed, made anew when that changes.</summary>
internal sealed class InForce
{
    private readonly ILookup<string, BoundPlan> byArea;
    private readonly ILookup<string, string> metrics;
    private readonly ConcurrentDictionary<(string Metric, string Place), IReadOnlyList<string>> areas = new();

    /// <summary>From what the engine says.</summary>
    public InForce(IEnumerable<(BoundPlan Plan, string Area)> plans)
    {
        All = [.. plans];
        byArea = All.ToLookup(p => p.Area, p => p.Plan);
        metrics = All.SelectMany(p => MetricsOf(p.Plan).Select(m => (Metric: m, p.Area))).Distinct().ToLookup(p => p.Metric, p => p.Area);
    }

    /// <summary>Every plan and place.</summary>
    public IReadOnlyList<(BoundPlan Plan, string Area)> All { get; }

    /// <summary>Plans in force at a place and at those it lies in.</summary>
    public IEnumerable<(BoundPlan Plan, string Area)> At(string place) => PlacePath.SelfAndAncestors(place).SelectMany(area => byArea[area].Select(p => (p, area)));

    /// <summary>The plan at a place, or null.</summary>
    public BoundPlan? Find(string plan, string area) => byArea[area].FirstOrDefault(p => p.Plan.Id == plan);

    /// <summary>Places whose plans look at a metric and in which a place lies.</summary>
    public IReadOnlyList<string> AreasOf(string metric, string place) =>
        metrics.Contains(metric) ? areas.GetOrAdd((metric, place), static (key, self) => [.. PlacePath.SelfAndAncestors(key.Place).Where(self.metrics[key.Metric].Contains)], this) : [];

    private static IEnumerable<string> MetricsOf(BoundPlan bound) => bound.Windows.Select(w => w.Metric).Concat(bound.Plan.Trigger.Source is { } source ? [source.Metric] : []);
}
