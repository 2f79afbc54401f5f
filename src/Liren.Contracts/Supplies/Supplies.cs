namespace Liren.Contracts.Supplies;

/// <summary>A round of supplies moved on.</summary>
/// <param name="RoundId">Which.</param>
/// <param name="Area">For whom.</param>
/// <param name="What">drafted, published, closed, drawn, settled or cancelled.</param>
/// <param name="At">When.</param>
public sealed record RoundMoved(Guid RoundId, string Area, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Area;
    /// <inheritdoc/>
    public Guid? Subject => RoundId;
}

/// <summary>Stock moved from one account to another.</summary>
/// <param name="MoveId">Which line of the ledger.</param>
/// <param name="Area">Whose stock.</param>
/// <param name="At">When.</param>
public sealed record StockMoved(Guid MoveId, string Area, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Area;
    /// <inheritdoc/>
    public Guid? Subject => MoveId;
}

/// <summary>A round somebody may ask for by telephone.</summary>
/// <param name="RoundId">Which.</param>
/// <param name="Title">Said to the caller.</param>
/// <param name="Asked">True when it has been asked for already.</param>
public sealed record KeypadRound(Guid RoundId, string Title, bool Asked);

/// <summary>What to say to the caller.</summary>
/// <param name="Code">Stable word: requested, confirmed, waiting, already, sold-out, not-open, closed, not-entitled.</param>
/// <param name="Receipt">Digits of the receipt that can be read out and written down; null when there is none.</param>
public sealed record KeypadAnswer(string Code, string? Receipt);

/// <summary>
/// Requests by telephone keys (电话按键报名), for whoever speaks with callers. The same entry, the same rule, the same answer as by any other way; the caller has been told apart by
/// who implements the call.
/// </summary>
public interface IKeypadRequests
{
    /// <summary>Open rounds for a resident.</summary>
    Task<IReadOnlyList<KeypadRound>> OpenForAsync(Guid person, CancellationToken cancellation = default);

    /// <summary>Enters; returns once it is on disk. The same key gives the same answer.</summary>
    Task<KeypadAnswer> RequestAsync(Guid person, Guid round, Guid key, CancellationToken cancellation = default);
}
