using System.Globalization;
using Liren.Plans.Language;
using Liren.Plans.Model;
using Liren.Plans.Running;

namespace Liren.Plans.Drills;

/// <summary>How an expectation came out.</summary>
/// <param name="Expectation">What was expected.</param>
/// <param name="Met">True when it came in time, or stayed away as it had to.</param>
/// <param name="At">When it came, after the begin; null: it did not.</param>
/// <param name="Place">At which of the places, from 1.</param>
public sealed record Verdict(Expectation Expectation, bool Met, TimeSpan? At, int Place = 1);

/// <summary>What came of a drill.</summary>
public sealed record DrillResult(Drill Drill, IReadOnlyList<Verdict> Verdicts, IReadOnlyList<(TimeSpan At, Happened What)> Timeline)
{
    /// <summary>True when every expectation was met.</summary>
    public bool Passed => Verdicts.All(v => v.Met);
}

/// <summary>
/// Runs a drill through the engine that runs real incidents; only the clock and what is beyond the effects are simulated. Nothing leaves: speakers, telephones
/// and people are the script. The same script may be played at many places at once, each with people and devices of its own.
/// </summary>
public sealed class DrillRunner
{
    private readonly Drill drill;
    private readonly PlanEngine engine = new();
    private readonly PriorityQueue<Action<DateTimeOffset>, (DateTimeOffset, int)> script = new();
    private readonly List<(TimeSpan At, Happened What)> timeline = [];

    // What happened at each place, by the names of the script.
    private readonly List<(TimeSpan At, Happened What)>[] places;
    private readonly Dictionary<Guid, int> placeOf = [];
    private readonly Dictionary<string, string> offers = [];
    private readonly HashSet<string> failed = [];
    private readonly Action<TimeSpan, Happened>? watch;
    private int order;

    private DrillRunner(Plan plan, Drill drill, int times, Action<TimeSpan, Happened>? watch)
    {
        (this.drill, this.watch) = (drill, watch);
        places = [.. Enumerable.Range(0, times).Select(_ => new List<(TimeSpan, Happened)>())];
        var bound = new BoundPlan(plan, drill.Emergency);
        var areas = drill.Injects.Select(i => i switch { SensorInject s => s.Area, EventInject e => e.Area, _ => null }).OfType<string>().Distinct().ToList();
        for (var place = 0; place < times; place++)
        {
            foreach (var area in areas) engine.Arm(bound, Name(area, place));
            foreach (var inject in drill.Injects) Plan(inject, place);
        }
    }

    /// <summary>Runs it as fast as it goes.</summary>
    /// <param name="plan">The plan that is drilled.</param>
    /// <param name="drill">The script.</param>
    /// <param name="watch">Told of everything that happens, in order; may wait to show it at a speed.</param>
    /// <param name="places">At so many places at once. The names of the second and further ones end with their number, as <c>plaza-1/2</c>.</param>
    public static DrillResult Run(Plan plan, Drill drill, Action<TimeSpan, Happened>? watch = null, int places = 1) => new DrillRunner(plan, drill, places, watch).Run();

    // The first place has the names of the script.
    private static string Name(string name, int place) => place == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}/{place + 1}");

    private static string Plain(string name) => name.LastIndexOf('/') is > 0 and var cut && name.AsSpan(cut + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..cut] : name;

    private static int PlaceOf(string name) => Plain(name) is var plain && plain.Length < name.Length ? int.Parse(name.AsSpan(plain.Length + 1), CultureInfo.InvariantCulture) - 1 : 0;

    private DrillResult Run()
    {
        var end = drill.Start + drill.Injects.Select(i => i is SensorInject s ? s.KeepUntil : i.At).Concat(drill.Expectations.Select(e => e.By ?? TimeSpan.Zero)).Max() + TimeSpan.FromMinutes(1);
        while (true)
        {
            var next = script.TryPeek(out _, out var first) ? first.Item1 : (DateTimeOffset?)null;
            if (engine.NextDue is { } due && (next is null || due <= next)) { if (due > end) break; Apply(new Tick(due)); }
            else if (next is { } at && at <= end) script.Dequeue()(at);
            else break;
        }
        return new(drill, [.. places.SelectMany((own, n) => drill.Expectations.Select(e => Expectations.Judge(e, own) with { Place = n + 1 }))], timeline);
    }

    private void Later(DateTimeOffset at, Action<DateTimeOffset> deed) => script.Enqueue(deed, (at, order++));

    private void Plan(Inject inject, int place)
    {
        var at = drill.Start + inject.At;
        switch (inject)
        {
            case SensorInject sensor:
                for (var i = 0; inject.At + sensor.Every * i < sensor.KeepUntil; i++)
                {
                    var value = sensor.Values[Math.Min(i, sensor.Values.Count - 1)];
                    Later(at + sensor.Every * i, t => Apply(new Reading(t, Name(sensor.Area, place), sensor.Metric, sensor.Source, sensor.Kind, t, value)));
                }
                break;
            case EventInject happened: Later(at, t => Apply(new Occurred(t, Name(happened.Area, place), happened.Type, happened.Fields))); break;
            case FaultInject fault: Later(at, _ => failed.Add(Name(fault.Device, place))); break;
            case PersonInject person: Later(at, t => Do(person with { Person = Name(person.Person, place) }, place, t)); break;
        }
    }

    private void Do(PersonInject person, int place, DateTimeOffset at)
    {
        if (person.Does is "accept" or "decline" or "answer")
        {
            if (offers.TryGetValue(person.Person, out var key)) Apply(new Receipt(at, key, person.Does switch { "accept" => "accepted", "decline" => "declined", _ => "answered" }, person.Reason));
            return;
        }
        foreach (var incident in engine.Incidents.Where(i => i.ClosedAt is null && PlaceOf(i.Area) == place).ToList()) Apply(new Act(at, incident.Id, person.Person, person.Does, person.Reason, person.Evidence));
    }

    private void Apply(Input input)
    {
        var outcome = engine.Apply(input);
        foreach (var happened in outcome.Happened)
        {
            timeline.Add((happened.At - drill.Start, happened));
            places[Where(happened)].Add((happened.At - drill.Start, happened with { Target = happened.Target is { } target ? Plain(target) : null }));
            watch?.Invoke(happened.At - drill.Start, happened);
        }
        foreach (var effect in outcome.Effects) Simulate(effect, input.At);
    }

    private int Where(Happened happened)
    {
        if (happened.Incident == Guid.Empty) return happened.Target is { } area ? PlaceOf(area) : 0;
        if (!placeOf.TryGetValue(happened.Incident, out var place)) placeOf[happened.Incident] = place = engine.AreaOf(happened.Incident) is { } of ? PlaceOf(of) : 0;
        return place;
    }

    private void Simulate(Effect effect, DateTimeOffset at)
    {
        switch (effect)
        {
            case Resolve ask: Later(at, t => Apply(new Targets(t, ask.Incident, ask.Step, ask.Occurrence, ask.Round, ask.Expression, [.. Find(ask.Expression).Select(n => Name(n, placeOf[ask.Incident]))]))); break;
            case Send { Kind: "dispatch" or "call" } send: offers[send.Target] = send.Key; break;
            case Send send:
                // A speaker and a network take a moment; a broken one says so.
                Later(at + TimeSpan.FromMilliseconds(300), t => Apply(new Receipt(t, send.Key, failed.Contains(send.Target) ? "failed" : send.Kind == "notify" ? "delivered" : "acked")));
                break;
        }
    }

    // Whoever the script names for a role is found in the order of the script; other names stand for themselves.
    private IReadOnlyList<string> Find(string expression)
    {
        switch (Parser.Parse(expression))
        {
            case CallExpr { Text: "nearest" } near:
                var role = ((PathExpr)near.Arguments[0].Value).Text;
                return drill.World.TryGetValue(role, out var known) ? known
                    : [.. drill.Injects.OfType<PersonInject>().Where(p => p.Does is "accept" or "decline" or "arrive" or "handled").Select(p => p.Person).Distinct()];
            case CallExpr call:
                var group = call.Text[..call.Text.IndexOf('.')];
                return drill.World.TryGetValue(group, out var given) ? given : [$"{group.TrimEnd('s')}-1", $"{group.TrimEnd('s')}-2"];
            case ListExpr list: return [.. list.Items.SelectMany(i => i switch { PathExpr path => Find(path.Text), RefExpr reference => Find(reference.Text), _ => [] })];
            default: return drill.World.TryGetValue(expression, out var named) ? named : [expression];
        }
    }
}
