using Liren.Contracts;
using Liren.Contracts.Incidents;

namespace Liren.Incidents.Domain;

/// <summary>How an offer ended.</summary>
internal enum OfferResult
{
    /// <summary>Waiting for an answer.</summary>
    Asked,
    /// <summary>接单.</summary>
    Accepted,
    /// <summary>拒单.</summary>
    Declined,
    /// <summary>超时.</summary>
    Expired,
    /// <summary>撤回: somebody else was chosen, or the incident ended.</summary>
    Withdrawn,
}

/// <summary>One person asked to take an incident (派单).</summary>
internal sealed class Offer
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid IncidentId { get; init; }
    public Guid AccountId { get; init; }
    /// <summary>Name of the staff member then.</summary>
    public required string Name { get; init; }
    public Rung Rung { get; init; }
    /// <summary>Opening or reopening it belongs to: in each nobody is asked twice by the machine.</summary>
    public int Round { get; init; }
    public DateTimeOffset At { get; init; }
    public DateTimeOffset Until { get; init; }
    /// <summary>Metres to the place, when both are known.</summary>
    public double? Distance { get; init; }
    public OfferResult Result { get; set; }
    public string? Reason { get; set; }
    /// <summary>Key of the effect of a plan that asked; null: the general rules or a person did.</summary>
    public string? Key { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }
}

/// <summary>A second person's word (核验).</summary>
internal sealed class Confirmation
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid IncidentId { get; init; }
    /// <summary>Which handling it is about; after rework a new one counts from nothing.</summary>
    public int Handling { get; init; }
    public Guid AccountId { get; init; }
    public required string Name { get; init; }
    public DateTimeOffset At { get; init; }
    public bool Agrees { get; init; }
    /// <summary>How far from the place they stood, in metres, when both are known.</summary>
    public double? Distance { get; init; }
    public string? Note { get; init; }
}

/// <summary>A photo as evidence (照片): its bytes lie under data/files, named by their SHA-256.</summary>
internal sealed class Photo
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid IncidentId { get; init; }
    /// <summary>SHA-256 of the stored bytes, hexadecimal.</summary>
    public required string Sha { get; init; }
    public required string ContentType { get; init; }
    public long Size { get; init; }
    /// <summary>Act it came with.</summary>
    public Act Act { get; init; }
    public Guid? AccountId { get; init; }
    public required string Name { get; init; }
    public DateTimeOffset At { get; init; }
    /// <summary>True when position, device or other personal metadata was taken out of it.</summary>
    public bool Stripped { get; init; }
}

/// <summary>One line of the timeline (时间线): who, when, what, why. Never changed.</summary>
internal sealed class Step
{
    /// <summary>UUIDv7, or made from the caller's idempotency key: the same act is done once.</summary>
    public Guid Id { get; init; }
    public Guid IncidentId { get; init; }
    /// <summary>Order within the incident.</summary>
    public int Seq { get; init; }
    public DateTimeOffset At { get; init; }
    public Act Act { get; init; }
    public IncidentState From { get; init; }
    public IncidentState To { get; init; }
    public Guid? AccountId { get; init; }
    /// <summary>Name of who did it; null for the machine.</summary>
    public string? Name { get; init; }
    /// <summary>Text key of the reason.</summary>
    public required string Why { get; init; }
    /// <summary>JSON array of its arguments.</summary>
    public required string Args { get; init; }
    /// <summary>In the person's own words.</summary>
    public string? Note { get; init; }
}

/// <summary>Nobody answered the offer in time.</summary>
internal sealed record OfferRanOut(Guid IncidentId, Guid OfferId, string PlacePath, DateTimeOffset At) : IEvent
{
    public string? Place => PlacePath;
    public Guid? Subject => IncidentId;
}

/// <summary>What an incident's clock waited for has not come.</summary>
/// <param name="IncidentId">Which.</param>
/// <param name="Clock">"handle", "verify" or "ask".</param>
/// <param name="Step">Step count when it was set; only then it still means something for "ask".</param>
/// <param name="PlacePath">Where.</param>
/// <param name="At">When it was due.</param>
internal sealed record ClockRanOut(Guid IncidentId, string Clock, int Step, string PlacePath, DateTimeOffset At) : IEvent
{
    public string? Place => PlacePath;
    public Guid? Subject => IncidentId;
}
