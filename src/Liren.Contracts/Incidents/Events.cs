namespace Liren.Contracts.Incidents;

/// <summary>Where an incident stands. See docs/developers/incidents.md for the table of transitions.</summary>
public enum IncidentState
{
    /// <summary>已立案，待派单: opened, its owner known, nobody asked yet.</summary>
    Open,
    /// <summary>已派单，待接单: somebody has been asked.</summary>
    Dispatched,
    /// <summary>已接单: somebody accepted and is on the way.</summary>
    Accepted,
    /// <summary>已到场.</summary>
    OnScene,
    /// <summary>已处置，待核验: handled with evidence; sensor and second person have to confirm.</summary>
    Verifying,
    /// <summary>已闭环: verified by sensor and second person.</summary>
    Closed,
    /// <summary>已作废: judged to be no incident, confirmed by a second person.</summary>
    Rejected,
}

/// <summary>An incident was opened.</summary>
public sealed record IncidentOpened(Guid IncidentId, string Type, string PlacePath, string Level, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => PlacePath;
    /// <inheritdoc/>
    public Guid? Subject => IncidentId;
}

/// <summary>An incident moved from one state to another, or something happened to it inside a state.</summary>
/// <param name="IncidentId">Which.</param>
/// <param name="PlacePath">Where.</param>
/// <param name="Act">What was done: offer, accept, decline, expire, arrive, handle, sensor, confirm, close, reopen ...</param>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="ByAccount">Who did it; null for the machine.</param>
/// <param name="At">When.</param>
public sealed record IncidentMoved(Guid IncidentId, string PlacePath, string Act, IncidentState From, IncidentState To, Guid? ByAccount, DateTimeOffset At) : IEvent
{
    /// <summary>SHA-256 of what proves it: photos, separated by spaces; on closing, the certificate.</summary>
    public string? Evidence { get; init; }

    /// <inheritdoc/>
    public string? Place => PlacePath;
    /// <inheritdoc/>
    public Guid? Subject => IncidentId;
}

/// <summary>A signal was received and is durable; whatever it leads to follows.</summary>
/// <param name="ObservationId">Id given by the sender.</param>
/// <param name="Type">Event type.</param>
/// <param name="PlacePath">Where.</param>
/// <param name="Value">Measured value, if any.</param>
/// <param name="Counts">False when it is stored only: too late, or doubted by its sender.</param>
/// <param name="At">When it arrived.</param>
public sealed record ObservationReceived(Guid ObservationId, string Type, string PlacePath, double? Value, bool Counts, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => PlacePath;
    /// <inheritdoc/>
    public Guid? Subject => ObservationId;
}

/// <summary>A plan came into force at places, or goes on there in another version or mode.</summary>
/// <param name="PlanTextId">The version of the plan.</param>
/// <param name="Places">Paths of the places.</param>
/// <param name="Emergency">With the parameters of emergency (战时).</param>
/// <param name="At">When.</param>
public sealed record PlanPutInForce(Guid PlanTextId, IReadOnlyList<string> Places, bool Emergency, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public Guid? Subject => PlanTextId;
}

/// <summary>A plan is no longer in force at places.</summary>
/// <param name="PlanId">Name of the plan.</param>
/// <param name="Places">Paths of the places.</param>
/// <param name="At">When.</param>
public sealed record PlanTakenOut(string PlanId, IReadOnlyList<string> Places, DateTimeOffset At) : IEvent;
