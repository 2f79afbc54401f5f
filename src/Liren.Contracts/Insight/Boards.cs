namespace Liren.Contracts.Insight;

/// <summary>A board (工作台) was made, arranged, shared, no longer shared, or deleted.</summary>
/// <param name="BoardId">Which.</param>
/// <param name="What">"made", "arranged", "shared", "unshared", "deleted".</param>
/// <param name="At">When.</param>
public sealed record BoardChanged(Guid BoardId, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public Guid? Subject => BoardId;
}
