namespace Liren.Incidents.Engine;

/// <summary>An input of the plan engine in the server's journal; written by <see cref="PlanJournal"/>.</summary>
internal sealed class PlanInput
{
    public long Seq { get; init; }
    /// <summary>When it arrived, Unix milliseconds.</summary>
    public long At { get; init; }
    public required string Body { get; init; }
    public string? Cause { get; init; }
}

/// <summary>What the plan engine knew after an input; written by <see cref="PlanJournal"/>.</summary>
internal sealed class PlanSnapshot
{
    public long Seq { get; init; }
    public required string Body { get; init; }
}

/// <summary>An effect of the plan engine in the server's journal; written by <see cref="PlanJournal"/>.</summary>
internal sealed class PlanEffect
{
    public required string Key { get; init; }
    public long Seq { get; init; }
    public int Place { get; init; }
    public required string Body { get; init; }
    /// <summary>1 until it is answered.</summary>
    public int Open { get; init; }
}

/// <summary>A number that is kept: <c>feed</c>, how far the readings of the devices are taken in; <c>seen</c>, the last input whose outcome stands in the incidents.</summary>
internal sealed class PlanMark
{
    public required string Name { get; init; }
    public long Value { get; set; }
}

/// <summary>An effect that was done in these tables: it is not done again.</summary>
internal sealed class PlanDeed
{
    public required string Key { get; init; }
}
