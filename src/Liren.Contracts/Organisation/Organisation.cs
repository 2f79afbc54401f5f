namespace Liren.Contracts.Organisation;

/// <summary>平急: everyday or emergency.</summary>
public enum Mode
{
    /// <summary>平时.</summary>
    Peace,
    /// <summary>战时（急时）.</summary>
    Emergency,
}

/// <summary>An organisation as other modules see it.</summary>
public sealed record OrgCard(Guid Id, string Code, string Name, string Kind, string PlacePath);

/// <summary>The answer to "who owns this" (谁听谁): one owner, those who support, those who follow when it does not act, and why.</summary>
/// <param name="Owner">The one owner; null only when no active matrix covers it (a hole, reported as such).</param>
/// <param name="Support">Organisations that help.</param>
/// <param name="Fallback">Who follows, in order, when the owner refuses or does not answer in time.</param>
/// <param name="SignInWithin">How long the owner has to answer before the next is asked.</param>
/// <param name="Because">One sentence for each step of the decision.</param>
/// <param name="MatrixVersion">Version of the matrix that decided.</param>
public sealed record Responsibility(OrgCard? Owner, IReadOnlyList<OrgCard> Support, IReadOnlyList<OrgCard> Fallback, TimeSpan SignInWithin, IReadOnlyList<string> Because, int MatrixVersion)
{
    /// <summary>How long the owner has at each level ("IV", "III", "II", "I"); <see cref="SignInWithin"/> is that of IV.</summary>
    public IReadOnlyDictionary<string, TimeSpan> SignInByLevel { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>Number of the rule that decided; null when none did.</summary>
    public int? Rule { get; init; }
}

/// <summary>Asks the active responsibility matrix.</summary>
public interface IResponsibilityMatrix
{
    /// <summary>Owner of events of this type at this place, in this mode.</summary>
    Task<Responsibility> WhoAsync(string eventType, string place, Mode mode, CancellationToken cancellation = default);
}

/// <summary>A person on duty now.</summary>
/// <param name="AccountId">Account to ask; null when the person has none (then telephone).</param>
/// <param name="PersonName">Staff name (not personal data of a resident).</param>
/// <param name="PostId">The post they stand in.</param>
/// <param name="PostName">e.g. "网格员".</param>
/// <param name="PostKind">Kind of the post: grid-worker, community-secretary ...</param>
/// <param name="OrgId">The organisation of the post.</param>
/// <param name="PlacePath">The place the post serves.</param>
/// <param name="Longitude">Last reported position, WGS-84; null when none.</param>
/// <param name="Latitude">Last reported position, WGS-84; null when none.</param>
/// <param name="PositionAt">When the position was reported.</param>
public sealed record DutyPerson(Guid? AccountId, string PersonName, Guid PostId, string PostName, string PostKind, Guid OrgId, string PlacePath, double? Longitude, double? Latitude, DateTimeOffset? PositionAt);

/// <summary>Who is on duty.</summary>
public interface IDutyRota
{
    /// <summary>People on duty at <paramref name="at"/> in posts of the kind that serve the place (the post's place contains it or lies in it).</summary>
    Task<IReadOnlyList<DutyPerson>> OnDutyAsync(string postKind, string place, DateTimeOffset at, CancellationToken cancellation = default);

    /// <summary>People on duty at <paramref name="at"/> in any post of the organisation.</summary>
    Task<IReadOnlyList<DutyPerson>> OnDutyOfAsync(Guid orgId, DateTimeOffset at, CancellationToken cancellation = default);
}

/// <summary>Where staff on duty are. Only the last position is kept, and only for a day.</summary>
public interface IStaffPositions
{
    /// <summary>Notes where an account is now: while it has a task, whatever the rota says. WGS-84 degrees.</summary>
    Task ReportAsync(Guid accountId, double longitude, double latitude, CancellationToken cancellation = default);

    /// <summary>Last positions of the accounts that reported one since an instant; for whoever sent them somewhere. WGS-84 degrees.</summary>
    Task<IReadOnlyDictionary<Guid, (double Longitude, double Latitude)>> LastAsync(IReadOnlyCollection<Guid> accounts, DateTimeOffset since, CancellationToken cancellation = default);
}

/// <summary>A type of event (事件类型), a leaf of the dotted taxonomy: "crowd.gathering".</summary>
/// <param name="Code">Dotted code.</param>
/// <param name="Zh">Chinese name.</param>
/// <param name="En">English name.</param>
/// <param name="InUse">False when this installation does not use it: then no rule has to cover it and no new event may have it.</param>
public sealed record EventTypeCard(string Code, string Zh, string En, bool InUse)
{
    /// <summary>The name in a language ("zh", "en").</summary>
    public string Name(string language) => language == "en" ? En : Zh;
}

/// <summary>The types of events.</summary>
public interface IEventTypes
{
    /// <summary>Every type, ordered by code.</summary>
    Task<IReadOnlyList<EventTypeCard>> AllAsync(CancellationToken cancellation = default);

    /// <summary>The type, or null.</summary>
    Task<EventTypeCard?> FindAsync(string code, CancellationToken cancellation = default);
}

/// <summary>Organisations by id or code.</summary>
public interface IOrganisationDirectory
{
    /// <summary>The organisation, or null.</summary>
    Task<OrgCard?> FindAsync(Guid id, CancellationToken cancellation = default);

    /// <summary>Every organisation that is active, ordered by name.</summary>
    Task<IReadOnlyList<OrgCard>> AllAsync(CancellationToken cancellation = default);

    /// <summary>The organisation with this code (unique, e.g. "huamu-street"), or null.</summary>
    Task<OrgCard?> FindByCodeAsync(string code, CancellationToken cancellation = default);
}

/// <summary>An organisation was added.</summary>
public sealed record OrgUnitAdded(Guid OrgId, string PlacePath, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => PlacePath;
    /// <inheritdoc/>
    public Guid? Subject => OrgId;
}

/// <summary>An organisation changed: its details, a superior, or that it was closed.</summary>
/// <param name="OrgId">Which.</param>
/// <param name="PlacePath">The place it serves.</param>
/// <param name="What">"details", "superior", "closed".</param>
/// <param name="At">When.</param>
public sealed record OrgUnitChanged(Guid OrgId, string PlacePath, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => PlacePath;
    /// <inheritdoc/>
    public Guid? Subject => OrgId;
}

/// <summary>A post was made, changed or closed.</summary>
public sealed record PostChanged(Guid PostId, string PlacePath, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => PlacePath;
    /// <inheritdoc/>
    public Guid? Subject => PostId;
}

/// <summary>Somebody was put into a post, or left it.</summary>
public sealed record PostFilled(Guid PostId, Guid? AccountId, bool Filled, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public Guid? Subject => PostId;
}

/// <summary>A version of the responsibility matrix took effect.</summary>
public sealed record MatrixActivated(int Version, DateTimeOffset At) : IEvent;

/// <summary>A duty shift was planned, changed or cancelled.</summary>
public sealed record RotaChanged(Guid PostId, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public Guid? Subject => PostId;
}
