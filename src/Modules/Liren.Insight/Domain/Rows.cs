namespace Liren.Insight.Domain;

/// <summary>
/// What is kept of a measure (汇总): one row for a place, a day and a category, with the day's cells: 24 hours, one sum, or the bins of a histogram.
/// Every level of the tree of places has its own rows, so that a district is read like a gate.
/// </summary>
internal sealed class Rollup
{
    public string Measure { get; init; } = "";
    /// <summary>Which recount it belongs to; the source's cursor says which is in force.</summary>
    public int Build { get; init; }
    /// <summary>Depth of the place in the tree: 0 everything, 5 community, 6 compound.</summary>
    public int Level { get; init; }
    /// <summary>Year and month, 202611: a range of days of many places is few ranges of the key.</summary>
    public int Month { get; init; }
    public string PlacePath { get; init; } = "";
    /// <summary>Day number of the day in Shanghai.</summary>
    public int Day { get; init; }
    public string Category { get; init; } = "";
    /// <summary><see cref="Domain.Cells"/>.</summary>
    public byte[] Cells { get; init; } = [];
    /// <summary>How often it was changed.</summary>
    public int Revision { get; init; }
}

/// <summary>Who was seen at a place on a day, as a set of numbers (<see cref="BitSet"/>). Personal data: it is dropped after its time, counts stay.</summary>
internal sealed class PeopleSet
{
    public string Measure { get; init; } = "";
    public int Build { get; init; }
    public int Level { get; init; }
    public string PlacePath { get; init; } = "";
    public int Day { get; init; }
    public byte[] Words { get; init; } = [];
}

/// <summary>The number a person has in sets; known here only.</summary>
internal sealed class PersonNumber
{
    public Guid PersonId { get; init; }
    public int Number { get; init; }
}

/// <summary>How far a source is folded. It moves in the transaction of what it counts: that is why a crash anywhere neither loses nor doubles anything.</summary>
internal sealed class SourceCursor
{
    public string Source { get; init; } = "";
    public int Build { get; init; }
    /// <summary>Number of the last line folded; for subjects the place in the journal up to which they were counted from the start.</summary>
    public long Seq { get; set; }
    /// <summary>True for the build that is read.</summary>
    public bool InForce { get; set; }
    /// <summary>Definitions it was counted by: measures with their versions.</summary>
    public string Definitions { get; set; } = "";
    /// <summary>When it last moved.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>What a subject has put into the roll-ups; taken out again when its history says otherwise.</summary>
internal sealed class SubjectFacts
{
    public string Source { get; init; } = "";
    public int Build { get; init; }
    public Guid Subject { get; init; }
    /// <summary>JSON of <see cref="Domain.Delta"/>s.</summary>
    public string Facts { get; set; } = "[]";
}

/// <summary>A recount of one day (自检): what differed.</summary>
internal sealed class SelfCheck
{
    public Guid Id { get; init; }
    public string Source { get; init; } = "";
    /// <summary>Day number.</summary>
    public int Day { get; init; }
    /// <summary>Rows compared.</summary>
    public int Rows { get; init; }
    /// <summary>Rows that differ.</summary>
    public int Different { get; init; }
    /// <summary>The first that differs: measure, place, category, kept and counted.</summary>
    public string? First { get; init; }
    public DateTimeOffset At { get; init; }
}
