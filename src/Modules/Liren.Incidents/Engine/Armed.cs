using Liren.Plans;
using Liren.Plans.Model;
using Liren.Plans.Running;
using Liren.Sdk.Cli;

namespace Liren.Incidents.Engine;

/// <summary>What is in force: plans as they were written, places, and the sensors that belong there. A journal begins with it.</summary>
/// <param name="Plans">Texts, YAML.</param>
/// <param name="Places">Paths.</param>
/// <param name="Sensors">As <c>PLACE:METRIC:NAME:KIND</c>.</param>
/// <param name="Emergency">With the parameters of emergency (战时).</param>
internal sealed record Armed(IReadOnlyList<string> Plans, IReadOnlyList<string> Places, IReadOnlyList<string> Sensors, bool Emergency)
{
    /// <summary>Checks it; an engine without history can then be made as often as one is needed.</summary>
    /// <exception cref="CliFailureException">A plan has errors, or a sensor belongs nowhere.</exception>
    public Func<PlanEngine> Check()
    {
        var plans = Plans.Select((text, n) => new PlanCompiler(Vocabulary.Standard).Check(text).Plan ?? throw new CliFailureException($"Plan {n + 1} has errors: see ./liren plan check")).ToList();
        var wired = Sensors.Select(s => s.Split(':') is [var place, var metric, var name, var kind] && Places.Contains(place)
            ? (Place: place, Metric: metric, Name: name, Kind: kind) : throw new CliFailureException($"--sensor {s}: PLACE:METRIC:NAME:KIND is wanted, PLACE as in --place")).ToLookup(w => w.Place, w => (w.Metric, w.Name, w.Kind));
        return () =>
        {
            var engine = new PlanEngine();
            foreach (var place in Places)
                foreach (var plan in plans) engine.Arm(new BoundPlan(plan, Emergency), place, wired[place]);
            return engine;
        };
    }
}
