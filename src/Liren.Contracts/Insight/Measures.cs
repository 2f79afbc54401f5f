namespace Liren.Contracts.Insight;

/// <summary>How figures of a measure are put together, over time and up the tree of places.</summary>
public enum Roll
{
    /// <summary>合计: added.</summary>
    Sum,
    /// <summary>去重人数: different people; two figures cannot be added, their sets can be joined.</summary>
    Distinct,
    /// <summary>时长分布: minutes in fixed bins, which can be added; median and p90 follow.</summary>
    Histogram,
    /// <summary>比率: one sum over another, divided last.</summary>
    Ratio,
}

/// <summary>The finest period a measure is kept in.</summary>
public enum Grain
{
    /// <summary>Hour of the day in Shanghai.</summary>
    Hour,
    /// <summary>Day in Shanghai.</summary>
    Day,
}

/// <summary>
/// A measure (指标), declared as data by the module whose events it counts. Its name, meaning and unit are words of that module:
/// <c>passes.measure.scans</c>, <c>passes.measure.scans.meaning</c>; categories are <c>passes.measure.scans.admit</c>.
/// </summary>
/// <param name="Id">Module and name: "passes.scans".</param>
/// <param name="Roll">How it is put together.</param>
/// <param name="Grain">Finest period.</param>
/// <param name="Unit">What is counted: people, times, minutes, cases, share.</param>
/// <param name="Owner">Role that answers for the figure.</param>
public sealed record MeasureDef(string Id, Roll Roll, Grain Grain, string Unit, string Owner)
{
    /// <summary>Raised when the definition changes; old figures are then recounted.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Counts below this are hidden in what is given to others.</summary>
    public int K { get; init; } = 5;

    /// <summary>Hidden when zero too, because "none here" says something about people.</summary>
    public bool Sensitive { get; init; }

    /// <summary>Older than this, the figure says that it is late.</summary>
    public TimeSpan FreshWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For a ratio: the measure on top and the one below.</summary>
    public (string Of, string Per)? Ratio { get; init; }

    /// <summary>What must be so; null when any figure may be right. "No owner" must be 0.</summary>
    public long? Must { get; init; }

    /// <summary>Page with the items behind the figure; null when there is none.</summary>
    public Behind? Behind { get; init; }

    /// <summary>One of the few figures of the overview.</summary>
    public bool OnOverview { get; init; }

    /// <summary>Module that declares it.</summary>
    public string Module => Id[..Id.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Text key of its name; meaning and categories follow below it.</summary>
    public string Key => $"{Module}.measure.{Id[(Module.Length + 1)..]}";
}

/// <summary>Page with the items behind a figure.</summary>
/// <param name="Href">Its address.</param>
/// <param name="Permission">What is needed to open it.</param>
public sealed record Behind(string Href, string Permission);

/// <summary>One thing that counts.</summary>
/// <param name="Measure">Id of the measure.</param>
/// <param name="Place">Path of the place where it happened; every place above counts it too.</param>
/// <param name="At">When it happened.</param>
/// <param name="Category">Kind within the measure; "" when it has none.</param>
/// <param name="Value">How much is added; for a histogram the minutes.</param>
/// <param name="Person">For distinct people: who.</param>
public readonly record struct Fact(string Measure, string Place, DateTimeOffset At, string Category, long Value = 1, Guid? Person = null);

/// <summary>What every source of figures says of itself. Registered as a service by the module that owns what is counted.</summary>
public interface IMeasures
{
    /// <summary>Name of the source: "passes.gate-log".</summary>
    string Name { get; }

    /// <summary>The measures it feeds.</summary>
    IReadOnlyList<MeasureDef> Measures { get; }
}

/// <summary>
/// Figures that follow from all that happened to one subject: an incident, a case. The journal is the source, so late, repeated and correcting events need no
/// care: the facts of a subject always follow from its whole history.
/// </summary>
public interface ISubjectMeasures : IMeasures
{
    /// <summary>Events that tell of a subject.</summary>
    IReadOnlyList<Type> Events { get; }

    /// <summary>The facts of one subject; the same history gives the same facts.</summary>
    /// <param name="history">Its events by time; never empty.</param>
    IEnumerable<Fact> FactsOf(IReadOnlyList<IEvent> history);
}

/// <summary>A part of an append-only log.</summary>
/// <param name="Facts">What counts in it.</param>
/// <param name="Last">Number of its last line; reading goes on after it.</param>
/// <param name="Lines">How many lines were read.</param>
public sealed record FactBatch(IReadOnlyList<Fact> Facts, long Last, int Lines);

/// <summary>Figures of an append-only log with numbered lines, such as the gate log. Lines may be deleted after their time; what was counted stays.</summary>
public interface ILogMeasures : IMeasures
{
    /// <summary>The lines after a number, in order, at most so many, handed over in parts as they are read.</summary>
    IAsyncEnumerable<FactBatch> ReadAsync(long after, int most, CancellationToken cancellation = default);

    /// <summary>Facts of one day in Shanghai, from the lines up to a number: for recounting.</summary>
    IAsyncEnumerable<Fact> OfDayAsync(DateOnly day, long upTo, CancellationToken cancellation = default);

    /// <summary>The first day of which every line is still there; null when there is none.</summary>
    Task<DateOnly?> FirstWholeDayAsync(CancellationToken cancellation = default);

    /// <summary>Lines were written; may be raised from the writer's thread, so it must return at once.</summary>
    event Action? Written;
}

/// <summary>One that should report to a source of figures.</summary>
/// <param name="Place">Path of the place where it is.</param>
/// <param name="Name">As people call it.</param>
/// <param name="Heard">Whether it was heard in the time asked for.</param>
public sealed record Reporter(string Place, string Name, bool Heard);

/// <summary>Who should report to a source, and who did (完整性): figures of a place with silent gates are too small and look right. Registered by the owner of the source.</summary>
public interface IReporters
{
    /// <summary>Name of the source.</summary>
    string Source { get; }

    /// <summary>Everybody at a place who should have reported in a time.</summary>
    Task<IReadOnlyList<Reporter>> ReportersAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default);
}
