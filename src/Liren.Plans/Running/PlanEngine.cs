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
        foreach (var place in PlacesOf(input).ToList())
        {
            switch (input)
            {
                case Reading reading: place.Take(reading, sink); break;
                case Occurred happened: place.Take(happened, sink); break;
                case Targets targets: place.Incident!.Take(targets, sink); break;
                case Receipt receipt: place.Incident!.Take(receipt, sink); break;
                case Act act: place.Incident!.Take(act, sink); break;
            }
            if (input is not (Reading or Occurred)) place.Look(input.At, sink);
            Settle(place, sink);
        }
        return new(sink.Effects, sink.Happened);
    }

    /// <summary>False when an effect would come too late: it was answered, somebody else is asked by now, or its incident is over.</summary>
    public bool Wants(Effect effect) => byIncident.TryGetValue(effect.Incident, out var place) && place.Incident is { } incident && incident.Id == effect.Incident && incident.Wants(effect);

    private IEnumerable<PlacePlan> PlacesOf(Input input) => input switch
    {
        Reading reading => byArea.GetValueOrDefault(reading.Area) ?? [],
        Occurred happened => byArea.GetValueOrDefault(happened.Area) ?? [],
        Targets targets => byIncident.TryGetValue(targets.Incident, out var asked) && asked.Incident?.Id == targets.Incident ? [asked] : [],
        Receipt receipt => byKey.TryGetValue(receipt.Key, out var sent) ? [sent] : [],
        Act act => byIncident.TryGetValue(act.Incident, out var acted) && acted.Incident?.Id == act.Incident ? [acted] : [],
        _ => [],
    };

    private void Settle(PlacePlan place, Sink sink)
    {
        if (place.Incident is { } incident) byIncident[incident.Id] = place;
        foreach (var send in sink.Effects.OfType<Send>()) byKey.TryAdd(send.Key, place);
        if (place.Due is { } due) timers.Enqueue(place, due);
    }
}

/// <summary>How an incident stands.</summary>
public sealed record IncidentView(Guid Id, string Plan, int Version, string Area, int Level, string State, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, int Reopened, IReadOnlyList<string> Assignees, bool Verified);
