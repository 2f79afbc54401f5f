namespace Liren.Contracts.Passes;

/// <summary>Where a pass stands.</summary>
public enum PassState
{
    /// <summary>待审: asked for.</summary>
    Requested,
    /// <summary>驳回.</summary>
    Rejected,
    /// <summary>有效.</summary>
    Active,
    /// <summary>暂停.</summary>
    Suspended,
    /// <summary>吊销: for good.</summary>
    Revoked,
    /// <summary>换证: another took its place.</summary>
    Replaced,
    /// <summary>到期.</summary>
    Expired,
}

/// <summary>A pass was made or changed its state.</summary>
/// <param name="PassId">Which.</param>
/// <param name="Compound">Path of its compound.</param>
/// <param name="From">State before; null when it was made.</param>
/// <param name="To">State now.</param>
/// <param name="At">When.</param>
public sealed record PassMoved(Guid PassId, string Compound, PassState? From, PassState To, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Compound;
    /// <inheritdoc/>
    public Guid? Subject => PassId;
}

/// <summary>Passes were issued in one go; there is no <see cref="PassMoved"/> for each.</summary>
public sealed record PassesIssued(string Compound, int Count, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Compound;
}

/// <summary>Somebody tried to misuse a pass, or two gates' records do not go together.</summary>
/// <param name="PassId">Which pass; null when it is none of ours.</param>
/// <param name="GateId">Where.</param>
/// <param name="Compound">Path of the compound.</param>
/// <param name="What">id-mismatch, forged, replayed, twice-inside, revoked.</param>
/// <param name="At">When, by the gate's clock.</param>
public sealed record PassMisused(Guid? PassId, Guid GateId, string Compound, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Compound;
    /// <inheritdoc/>
    public Guid? Subject => PassId ?? GateId;
}

/// <summary>A gate was added, changed, paired or closed.</summary>
public sealed record GateChanged(Guid GateId, string Compound, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Compound;
    /// <inheritdoc/>
    public Guid? Subject => GateId;
}

/// <summary>Keys were made, rotated or revoked: the trust list is another.</summary>
public sealed record TrustChanged(string Kid, string What, DateTimeOffset At) : IEvent;

/// <summary>Old lines of the gate log were deleted on schedule: the report that it was done.</summary>
/// <param name="Deleted">How many lines.</param>
/// <param name="Before">Everything before this.</param>
/// <param name="At">When.</param>
public sealed record GateLogForgotten(int Deleted, DateTimeOffset Before, DateTimeOffset At) : IEvent;
