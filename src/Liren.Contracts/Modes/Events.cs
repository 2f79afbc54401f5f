namespace Liren.Contracts.Modes;

/// <summary>What became of the mode of a place.</summary>
public enum ModeTurn
{
    /// <summary>An order came into force.</summary>
    Begun,
    /// <summary>An order came into force that goes on from an older one.</summary>
    Renewed,
    /// <summary>An order ended: by itself or cut short. Another may still hold: ask <see cref="IModes"/>.</summary>
    Ended,
}

/// <summary>The mode changed at a place and below it: parameters, owners and extra collection are to be asked for again.</summary>
public sealed record ModeChanged(Guid OrderId, string Area, ModeTurn What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Area;
    /// <inheritdoc/>
    public Guid? Subject => OrderId;
}

/// <summary>Something was done to an order: proposed, signed by the second person, withdrawn, cut short. In force only by <see cref="ModeChanged"/>.</summary>
/// <param name="OrderId">Which.</param>
/// <param name="Area">Where it holds.</param>
/// <param name="What">proposed, signed, withdrawn, cut.</param>
/// <param name="At">When.</param>
public sealed record ModeOrderMoved(Guid OrderId, string Area, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Area;
    /// <inheritdoc/>
    public Guid? Subject => OrderId;
}

/// <summary>A step of the destruction of what an order had collected.</summary>
/// <param name="OrderId">Whose data.</param>
/// <param name="Area">Where it was collected.</param>
/// <param name="Collection">What.</param>
/// <param name="What">planned, reported, refused, destroyed.</param>
/// <param name="At">When.</param>
public sealed record DestructionMoved(Guid OrderId, string Area, string Collection, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Area;
    /// <inheritdoc/>
    public Guid? Subject => OrderId;
}

/// <summary>Everything an order had collected is destroyed and its certificate issued (销毁证明).</summary>
/// <param name="OrderId">Whose data.</param>
/// <param name="Area">Where it was collected.</param>
/// <param name="Number">Number of the certificate.</param>
/// <param name="Sha">SHA-256 of the certificate's facts, hex: proves later that it says what it said.</param>
/// <param name="At">When.</param>
public sealed record DestructionCertified(Guid OrderId, string Area, string Number, string Sha, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Area;
    /// <inheritdoc/>
    public Guid? Subject => OrderId;
}
