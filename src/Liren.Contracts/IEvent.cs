namespace Liren.Contracts;

/// <summary>
/// Something that happened, in the past tense, that other modules may act on. Events are records in
/// <c>Liren.Contracts</c>, extended only by new optional members. They carry ids, never personal data:
/// they stay in the journal for good.
/// </summary>
public interface IEvent
{
    /// <summary>When it happened (UTC).</summary>
    DateTimeOffset At { get; }

    /// <summary>Path of the place it happened at (see <see cref="Places.PlacePath"/>), if any; the journal is read by place.</summary>
    string? Place => null;

    /// <summary>Id of the thing or person it is about, if any; the journal is read by subject.</summary>
    Guid? Subject => null;
}
