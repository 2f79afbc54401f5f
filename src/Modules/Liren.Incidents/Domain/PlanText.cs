using Liren.Sdk;

namespace Liren.Incidents.Domain;

/// <summary>Where a version of a plan is in its life.</summary>
internal enum PlanLife
{
    /// <summary>草案: may be changed.</summary>
    Draft,
    /// <summary>已批准: signed by a second person; never changed again.</summary>
    Approved,
    /// <summary>已停用: not put into force any more.</summary>
    Retired,
}

/// <summary>A version of a contingency plan (预案) as it was written.</summary>
internal sealed class PlanText : Entity
{
    public required string PlanId { get; init; }
    public int PlanVersion { get; init; }
    public required string TitleZh { get; set; }
    public required string TitleEn { get; set; }
    public required string EventType { get; set; }
    /// <summary>YAML.</summary>
    public required string Text { get; set; }
    public PlanLife Life { get; set; }
    public Guid? WrittenBy { get; set; }
    public required string WrittenByName { get; set; }
    public DateTimeOffset WrittenAt { get; set; }
    public Guid? ApprovedBy { get; set; }
    public string? ApprovedByName { get; set; }
    public DateTimeOffset? ApprovedAt { get; set; }
}

/// <summary>A place where a plan is in force.</summary>
internal sealed class PlanPlace
{
    public required string PlanId { get; init; }
    public required string PlacePath { get; init; }
    public int PlanVersion { get; set; }
    /// <summary>With the parameters of emergency (战时).</summary>
    public bool Emergency { get; set; }
    public DateTimeOffset Since { get; set; }
    public required string ByName { get; set; }
}
