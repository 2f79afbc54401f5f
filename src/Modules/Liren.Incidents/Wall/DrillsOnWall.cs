using System.Reflection;
using Liren.Contracts.Incidents;
using Liren.Contracts.Organisation;
using Liren.Contracts.Wall;
using Liren.Plans;
using Liren.Plans.Drills;
using Liren.Plans.Model;
using Liren.Plans.Running;
using Liren.Sdk.Web;

namespace Liren.Incidents.Wall;

/// <summary>The shipped drills (演练), run by the engine that runs plans, as the wall tells them.</summary>
internal sealed class DrillsOnWall(IEventTypes types) : IWallDrills
{
    private const string Folder = "drills/";
    private static readonly Lazy<IReadOnlyDictionary<string, (Plan Plan, Drill Drill)>> Shipped = new(Load);

    public IReadOnlyList<WallDrill> All => [.. Shipped.Value.Values.Select(s => new WallDrill(s.Drill.Id, new(s.Plan.TitleZh, s.Plan.TitleEn), s.Drill.Start.ToUniversalTime())).OrderBy(d => d.Id, StringComparer.Ordinal)];

    public async Task<(IReadOnlyList<WallChange> Changes, DateTimeOffset End)?> RunAsync(string id, string place, CancellationToken cancellation = default)
    {
        if (!Shipped.Value.TryGetValue(id, out var found)) return null;
        var (plan, drill) = found;
        var timeline = DrillRunner.Run(plan, drill).Timeline;
        var measured = drill.Injects.OfType<SensorInject>().Where(s => s.Metric == "people.count").SelectMany(Values).ToList();
        var happened = timeline.Select(t => (t.At, What: (Happened?)t.What, People: (int?)null)).Concat(measured.Select(m => (m.At, What: (Happened?)null, People: (int?)m.People))).OrderBy(h => h.At);
        var end = drill.Start + timeline.Select(t => t.At).Concat(measured.Select(m => m.At)).Append(TimeSpan.Zero).Max();
        var name = await types.FindAsync(plan.EventType, cancellation) is { } type ? new WallName(type.Zh, type.En) : new(plan.TitleZh, plan.TitleEn);
        return (Changes(plan, drill, place, name, happened), end.ToUniversalTime());
    }

    private static List<WallChange> Changes(Plan plan, Drill drill, string place, WallName name, IEnumerable<(TimeSpan At, Happened? What, int? People)> happened)
    {
        var start = drill.Start.ToUniversalTime();
        var inForce = new WallThing(WallKinds.Plan, NewId.Made($"drill\n{drill.Id}"), place, "InForce", start) { Name = new(plan.TitleZh, plan.TitleEn), Trouble = drill.Emergency };
        var changes = new List<WallChange> { new(start, WallKinds.Plan, inForce.Id, inForce) };
        var open = new Dictionary<Guid, WallThing>();
        int? people = null;
        foreach (var (after, what, counted) in happened)
        {
            var at = start + after;
            if (counted is not null)
            {
                people = counted;
                foreach (var id in open.Keys.ToList()) changes.Add(new(at, WallKinds.Incident, id, open[id] = open[id] with { People = people }));
                continue;
            }
            if (Next(what!, open.GetValueOrDefault(what!.Incident), name, place, people, at) is not { } next) continue;
            if (next.Ended) open.Remove(what.Incident);
            else open[what.Incident] = next.Thing;
            changes.Add(new(at, WallKinds.Incident, what.Incident, next.Ended ? null : next.Thing));
        }
        return changes;
    }

    private static (WallThing Thing, bool Ended)? Next(Happened what, WallThing? now, WallName name, string place, int? people, DateTimeOffset at) => what.What switch
    {
        "opened" or "reopened" => (new(WallKinds.Incident, what.Incident, place, nameof(IncidentState.Open), at) { Name = name, Level = "IV", People = people }, false),
        "level" when now is not null => (now with { Level = what.Subject }, false),
        "state" when now is not null && Enum.TryParse<IncidentState>(what.Subject.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var state) => (now with { State = state.ToString() }, false),
        "closed" when now is not null => (now, true),
        _ => null,
    };

    private static IEnumerable<(TimeSpan At, int People)> Values(SensorInject sensor)
    {
        for (var i = 0; sensor.At + (sensor.Every * i) < sensor.KeepUntil; i++) yield return (sensor.At + (sensor.Every * i), (int)sensor.Values[Math.Min(i, sensor.Values.Count - 1)]);
    }

    private static Dictionary<string, (Plan, Drill)> Load()
    {
        var compiler = new PlanCompiler(Vocabulary.Standard);
        var assembly = typeof(DrillsOnWall).Assembly;
        var texts = assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(n => Read(assembly, n)).ToList();
        var plans = texts.Where(t => PlanCompiler.PlanOfDrill(t) is null).Select(t => compiler.Check(t).Plan).OfType<Plan>().ToDictionary(p => $"{p.Id}@{p.Version}");
        var found = new Dictionary<string, (Plan, Drill)>();
        foreach (var text in texts)
            if (PlanCompiler.PlanOfDrill(text) is { } of && plans.TryGetValue(of, out var plan) && compiler.CheckDrill(text, plan).Drill is { } drill) found[drill.Id] = (plan, drill);
        return found;
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
