using Liren.Plans.Model;
using Liren.Plans.Text;

namespace Liren.Plans.Running;

/// <summary>
/// Runs plans at places. Pure: it reads no clock, asks nobody and sends nothing. Whoever hosts it writes inputs, and with them what they led to, before
/// anything leaves; after a restart the same inputs bring back the same state, and the keys of effects keep them from happening twice. Not thread-safe.
/// </summary>
public sealed class PlanEngine
{
    private readonly Dictionary<string, List<PlacePlan>> byArea = [];
    private readonly Dictionary<Guid, PlacePlan> byIncident = [];
    private readonly Dictionary<string, PlacePlan> byKey = [];
    private readonly Dictionary<string, Plan> compiled = [];
    private readonly PriorityQueue<PlacePlan, DateTimeOffset> timers = new();

    /// <summary>Puts a plan into force at a place.</summary>
    /// <param name="plan">With the parameters of the place's mode.</param>
    /// <param name="area">Path of the place.</param>
    /// <param name="sensors">Sensors that belong there, name and kind by metric: a sum waits for all of them.</param>
    public void Arm(BoundPlan plan, string area, IEnumerable<(string Metric, string Source, string Kind)>? sensors = null)
    {
        var place = new PlacePlan(plan, area);
        foreach (var (metric, source, kind) in sensors ?? []) place.Window(metric).Source(source, kind);
        if (!byArea.TryGetValue(area, out var plans)) byArea[area] = plans = [];
        plans.Add(place);
    }

    /// <summary>Plans in force and where, with the mode they run in.</summary>
    public IEnumerable<(BoundPlan Plan, string Area)> InForce => byArea.Values.SelectMany(p => p).Where(p => !p.Leaving).Select(p => (p.Wanted, p.Area));

    /// <summary>When something is due although nothing comes in; null: never.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            while (timers.TryPeek(out var place, out var due) && place.Due != due) timers.Dequeue();
            return timers.TryPeek(out _, out var next) ? next : null;
        }
    }

    /// <summary>Incidents, the open ones and the last of each place.</summary>
    public IEnumerable<IncidentView> Incidents => byArea.Values.SelectMany(p => p).Select(p => p.Incident?.View).OfType<IncidentView>();

    /// <summary>Takes an input. What was due before it happens first, in the order in which it was due.</summary>
    public Outcome Apply(Input input)
    {
        var sink = new Sink();
        while (NextDue is { } due && due <= input.At)
        {
            var place = timers.Dequeue();
            place.Look(due, sink);
            Settle(place, sink);
        }
        if (input is PutInForce order) PutInForce(order);
        foreach (var place in PlacesOf(input).ToList())
        {
            switch (input)
            {
                case Reading reading: place.Take(reading, sink); break;
                case Occurred happened: place.Take(happened, sink); break;
                case Targets targets: place.Incident!.Take(targets, sink); break;
                case Receipt receipt: place.Incident!.Take(receipt, sink); break;
                case Act act: place.Take(act, sink); break;
                case TakenOut: place.Leave(); break;
            }
            if (input is not (Reading or Occurred)) place.Look(input.At, sink);
            Settle(place, sink);
        }
        return new(sink.Effects, sink.Happened);
    }

    /// <summary>False when an effect would come too late: it was answered, somebody else is asked by now, or its incident is over.</summary>
    public bool Wants(Effect effect) => effect is Send { Kind: "raise" } || byIncident.TryGetValue(effect.Incident, out var place) && place.Incident is { } incident && incident.Id == effect.Incident && incident.Wants(effect);

    /// <summary>Where an incident is that may still be answered; null: it is not known any more.</summary>
    public string? AreaOf(Guid incident) => byIncident.GetValueOrDefault(incident)?.Area;

    private IEnumerable<PlacePlan> PlacesOf(Input input) => input switch
    {
        Reading reading => byArea.GetValueOrDefault(reading.Area) ?? [],
        Occurred happened => byArea.GetValueOrDefault(happened.Area) ?? [],
        Targets targets => byIncident.TryGetValue(targets.Incident, out var asked) && asked.Incident?.Id == targets.Incident ? [asked] : [],
        Receipt receipt => byKey.TryGetValue(receipt.Key, out var sent) ? [sent] : [],
        Act act => byIncident.TryGetValue(act.Incident, out var acted) && acted.Incident?.Id == act.Incident ? [acted] : [],
        PutInForce order => order.Areas.Select(a => Find(Compile(order.Text).Id, a)!),
        TakenOut order => order.Areas.Select(a => Find(order.Plan, a)).OfType<PlacePlan>(),
        _ => [],
    };

    private PlacePlan? Find(string plan, string area) => byArea.GetValueOrDefault(area)?.Find(p => p.Bound.Plan.Id == plan);

    private void PutInForce(PutInForce order)
    {
        var bound = Bind(order.Text, order.Emergency, order.Values);
        foreach (var area in order.Areas)
            if (Find(bound.Plan.Id, area) is { } place) place.Bind(bound);
            else Arm(bound, area);
    }

    private BoundPlan Bind(string text, bool emergency, IReadOnlyDictionary<string, string>? values) => new(Compile(text), emergency, values) { Text = text };

    /// <summary>Everything it knows.</summary>
    /// <exception cref="InvalidOperationException">A plan was armed by hand and not by an input: it has no text to come back from.</exception>
    public EngineState Save()
    {
        var texts = new List<string>();
        var places = byArea.Values.SelectMany(p => p).Select(p => p.Save(Save)).ToList();
        return new(texts, places);

        BindingState Save(BoundPlan bound)
        {
            var text = bound.Text ?? throw new InvalidOperationException($"{bound.Plan.Id} was armed by hand");
            if (!texts.Contains(text)) texts.Add(text);
            return new(texts.IndexOf(text), bound.Mode == "emergency", bound.Values);
        }
    }

    /// <summary>Takes on what another knew; for an engine that knows nothing yet.</summary>
    public void Restore(EngineState state)
    {
        // Many places share a binding, and a bound plan is large.
        var bindings = new Dictionary<string, BoundPlan>();
        foreach (var saved in state.Places)
        {
            Arm(BindingOf(saved.Bound), saved.Area);
            var place = byArea[saved.Area][^1];
            place.Restore(saved, saved.Following is { } next ? BindingOf(next) : null);
            if (place.Incident is { } incident)
            {
                byIncident[incident.Id] = place;
                place.Settled = incident.Id;
                foreach (var key in incident.Keys) if (byKey.TryAdd(key, place)) place.Keys.Add(key);
            }
            if (place.Due is { } due) timers.Enqueue(place, due);
        }

        BoundPlan BindingOf(BindingState binding)
        {
            var key = $"{binding.Text}/{binding.Emergency}/{string.Join(';', (binding.Values ?? new Dictionary<string, string>()).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}"))}";
            return bindings.TryGetValue(key, out var known) ? known : bindings[key] = Bind(state.Texts[binding.Text], binding.Emergency, binding.Values);
        }
    }

    // A journal names the same text at each change of mode.
    private Plan Compile(string text)
    {
        if (compiled.TryGetValue(text, out var known)) return known;
        var check = new PlanCompiler(Vocabulary.Standard).Check(text);
        return compiled[text] = check.Plan ?? throw new InvalidOperationException($"A plan in force is none any more: {string.Join("; ", check.Findings.Where(d => d.Severity == Severity.Error).Select(d => d.Message("en")))}");
    }

    private void Settle(PlacePlan place, Sink sink)
    {
        // What belonged to the incident before is answered no more.
        if (place.Incident is { } incident && place.Settled != incident.Id)
        {
            if (place.Settled is { } before) byIncident.Remove(before);
            foreach (var old in place.Keys) byKey.Remove(old);
            place.Keys.Clear();
            byIncident[incident.Id] = place;
            place.Settled = incident.Id;
        }
        foreach (var send in sink.Effects.OfType<Send>())
            if (send.Incident == place.Incident?.Id && byKey.TryAdd(send.Key, place)) place.Keys.Add(send.Key);
        if (place is { Leaving: true, Incident: null or { IsOpen: false } })
        {
            byArea[place.Area].Remove(place);
            if (place.Settled is { } last) byIncident.Remove(last);
            foreach (var old in place.Keys) byKey.Remove(old);
        }
        else if (place.Due is { } due) timers.Enqueue(place, due);
    }
}

/// <summary>How an incident stands.</summary>
public sealed record IncidentView(Guid Id, string Plan, int Version, string Area, int Level, string State, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, int Reopened, IReadOnlyList<string> Assignees, bool Verified);
