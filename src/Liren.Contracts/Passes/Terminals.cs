namespace Liren.Contracts.Passes;

/// <summary>A terminal of another maker (一体机) was added to a gate, changed, given a new key or disabled.</summary>
/// <param name="TerminalId">Which.</param>
/// <param name="GateId">At which gate.</param>
/// <param name="Compound">Path of the compound.</param>
/// <param name="What">added, edited, new-key, disabled.</param>
/// <param name="At">When.</param>
public sealed record TerminalChanged(Guid TerminalId, Guid GateId, string Compound, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Compound;
    /// <inheritdoc/>
    public Guid? Subject => TerminalId;
}

/// <summary>Somebody may use a card or face at a terminal from now on, or no longer.</summary>
/// <param name="EnrolmentId">Which.</param>
/// <param name="TerminalId">At which terminal.</param>
/// <param name="Compound">Path of the compound.</param>
/// <param name="What">enrolled, withdrawn.</param>
/// <param name="At">When.</param>
public sealed record TerminalEnrolmentChanged(Guid EnrolmentId, Guid TerminalId, string Compound, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Compound;
    /// <inheritdoc/>
    public Guid? Subject => EnrolmentId;
}
