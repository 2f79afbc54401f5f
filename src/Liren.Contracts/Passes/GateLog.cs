namespace Liren.Contracts.Passes;

/// <summary>One look at a code, for analysis: no names, no number of a card.</summary>
/// <param name="Seq">Number of its line.</param>
/// <param name="GateId">At which gate.</param>
/// <param name="Place">Path of the compound.</param>
/// <param name="At">When, by the gate's clock.</param>
/// <param name="Inward">In, or out.</param>
/// <param name="Verdict">0 admitted, 1 checked, 2 refused.</param>
/// <param name="Person">The resident whose pass it was, if it was one.</param>
public readonly record struct GateScan(long Seq, Guid GateId, string Place, DateTimeOffset At, bool Inward, int Verdict, Guid? Person);

/// <summary>The gate log as other modules may read it.</summary>
public interface IGateLog
{
    /// <summary>Lines after a number, in order, at most so many.</summary>
    IAsyncEnumerable<GateScan> ScansAsync(long after, int most, CancellationToken cancellation = default);

    /// <summary>Who passed the same gates about the same time as a person (同门岗同时). The caller answers for purpose, permission and log.</summary>
    Task<MeetingsFound> MeetingsAsync(MeetingsAsked asked, CancellationToken cancellation = default);
}

/// <summary>Whose meetings, when, how close.</summary>
/// <param name="Person">The person.</param>
/// <param name="From">From, by the gates' clocks.</param>
/// <param name="To">To.</param>
/// <param name="Minutes">At most so many minutes apart, before or after.</param>
/// <param name="SameDirection">Only those who went the same way.</param>
/// <param name="WithoutHousehold">Leaves out passes of the same room.</param>
public sealed record MeetingsAsked(Guid Person, DateTimeOffset From, DateTimeOffset To, int Minutes, bool SameDirection, bool WithoutHousehold);

/// <summary>Somebody who was there.</summary>
/// <param name="Person">Who.</param>
/// <param name="Name">Masked.</param>
/// <param name="Unit">Room as people call it.</param>
/// <param name="Times">How many of the person's passages they were close to.</param>
/// <param name="First">The first time.</param>
/// <param name="Last">The last time.</param>
public sealed record Meeting(Guid Person, string Name, string? Unit, int Times, DateTimeOffset First, DateTimeOffset Last);

/// <summary>A passage through a gate so busy that a list would accuse everybody.</summary>
/// <param name="Gate">Name of the gate.</param>
/// <param name="At">When.</param>
/// <param name="Others">How many passed within the minutes.</param>
public sealed record Crowd(string Gate, DateTimeOffset At, int Others);

/// <summary>What was found.</summary>
/// <param name="Home">Path of the person's room or compound; null when they have no pass.</param>
/// <param name="Passages">The person's own passages looked at.</param>
/// <param name="People">Most often met first.</param>
/// <param name="Crowds">Passages at busy gates.</param>
public sealed record MeetingsFound(string? Home, int Passages, IReadOnlyList<Meeting> People, IReadOnlyList<Crowd> Crowds);
