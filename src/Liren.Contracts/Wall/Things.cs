namespace Liren.Contracts.Wall;

/// <summary>Kinds of things a wall (大屏) knows.</summary>
public static class WallKinds
{
    /// <summary>事件.</summary>
    public const string Incident = "incident";
    /// <summary>门岗.</summary>
    public const string Gate = "gate";
    /// <summary>设备.</summary>
    public const string Device = "device";
    /// <summary>案件.</summary>
    public const string Case = "case";
    /// <summary>平急状态令: an emergency order in force.</summary>
    public const string Order = "order";
    /// <summary>预案: in force at a place.</summary>
    public const string Plan = "plan";
}

/// <summary>A point in WGS-84 degrees.</summary>
public sealed record WallPoint(double Longitude, double Latitude);

/// <summary>A name in both languages; never a person's.</summary>
public sealed record WallName(string Zh, string En);

/// <summary>
/// Something a wall counts or draws, as its module knows it now. It carries no name, telephone number, room or picture of a person: a wall hangs where
/// everybody can read it.
/// </summary>
/// <param name="Kind">One of <see cref="WallKinds"/>.</param>
/// <param name="Id">Which.</param>
/// <param name="Place">Path of its place; the wall shows a room as its compound.</param>
/// <param name="State">The module's own word: a state of incidents, a health of devices.</param>
/// <param name="Since">Opened, begun or in this state since (UTC).</param>
public sealed record WallThing(string Kind, Guid Id, string Place, string State, DateTimeOffset Since)
{
    /// <summary>"I" to "IV", if it has one.</summary>
    public string? Level { get; init; }
    /// <summary>What it is: type of an incident, name of a gate, kind of a device, title of a plan, number of an order.</summary>
    public WallName? Name { get; init; }
    /// <summary>Number that people read out, if it has one.</summary>
    public string? Code { get; init; }
    /// <summary>When the present step should be done, or when it ends by itself (UTC).</summary>
    public DateTimeOffset? Due { get; init; }
    /// <summary>People counted there, at least. The wall hides what is below five.</summary>
    public int? People { get; init; }
    /// <summary>Where the person who was sent was last, while on the way.</summary>
    public WallPoint? Sent { get; init; }
    /// <summary>True when it does not do what it is there for: a gate that is silent, a device that sees nothing, a plan with the parameters of emergency.</summary>
    public bool Trouble { get; init; }
}

/// <summary>What became of a thing at an instant.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Kind">One of <see cref="WallKinds"/>.</param>
/// <param name="Id">Which.</param>
/// <param name="Thing">How it is from then on; null: it ended and concerns the wall no longer.</param>
public sealed record WallChange(DateTimeOffset At, string Kind, Guid Id, WallThing? Thing);

/// <summary>
/// A module's part of the wall. Everything is read once when a wall opens, then only what a live note names, and everything again each
/// <see cref="Recount"/>: whatever a lost note has left wrong is right by then.
/// </summary>
public interface IWallSource
{
    /// <summary>One of <see cref="WallKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Short names of events after which something is to be read again; true when the event's subject is the thing's id, false: read all.</summary>
    IReadOnlyDictionary<string, bool> Notes { get; }

    /// <summary>How often everything is read again.</summary>
    TimeSpan Recount { get; }

    /// <summary>Things of concern now: all, or those of the ids that are of concern still.</summary>
    Task<IReadOnlyList<WallThing>> ReadAsync(IReadOnlyCollection<Guid>? only, CancellationToken cancellation = default);

    /// <summary>
    /// How things at a place and below it were from an instant on: first what was of concern at <paramref name="from"/>, then each change before
    /// <paramref name="to"/>, in any order. Null when the module keeps no such history: the wall says so.
    /// </summary>
    Task<IReadOnlyList<WallChange>?> HistoryAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default);
}

/// <summary>People let through a gate within one minute.</summary>
/// <param name="Gate">Which.</param>
/// <param name="Place">Path of its compound.</param>
/// <param name="Minute">Minutes since 1970 (UTC).</param>
/// <param name="In">Entered.</param>
/// <param name="Out">Left.</param>
public sealed record WallPassage(Guid Gate, string Place, long Minute, int In, int Out);

/// <summary>Counts people who pass gates (通行量).</summary>
public interface IWallPassages
{
    /// <summary>What arrived after a line of the log, passed since an instant, and the newest line. A null line: from the instant on.</summary>
    Task<(IReadOnlyList<WallPassage> Passages, long Newest)> AfterAsync(long? line, DateTimeOffset since, CancellationToken cancellation = default);

    /// <summary>What passed at a place and below it between two instants; null when the log of that time is deleted already.</summary>
    Task<IReadOnlyList<WallPassage>?> BetweenAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default);
}

/// <summary>A drill that can be shown on a wall (演练).</summary>
/// <param name="Id">Its name.</param>
/// <param name="Title">What is drilled.</param>
/// <param name="Start">Begin by the drill's clock (UTC).</param>
public sealed record WallDrill(string Id, WallName Title, DateTimeOffset Start);

/// <summary>Drills as a wall tells them: run by the engine that runs plans, with nothing leaving.</summary>
public interface IWallDrills
{
    /// <summary>The drills there are.</summary>
    IReadOnlyList<WallDrill> All { get; }

    /// <summary>What the drill makes happen at a place, and its end; null when there is none of the name.</summary>
    Task<(IReadOnlyList<WallChange> Changes, DateTimeOffset End)?> RunAsync(string id, string place, CancellationToken cancellation = default);
}
