using Liren.Contracts.Insight;
using Liren.Contracts.Places;

namespace Liren.Insight.Domain;

/// <summary>Names one row of the roll-ups within a build.</summary>
internal readonly record struct RowKey(string Measure, int Level, int Month, string Place, int Day, string Category)
{
    public static RowKey Of(string measure, string place, int day, string category) => new(measure, PlacePath.Depth(place), LocalTime.MonthOf(day), place, day, category);
}

/// <summary>A change of one cell of one leaf.</summary>
internal readonly record struct Delta(string Measure, string Place, int Day, string Category, int Cell, long Value);

/// <summary>Time as figures are kept: days of Shanghai.</summary>
internal static class LocalTime
{
    public static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    public static int DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Shanghai).DateTime).DayNumber;
    public static int HourOf(DateTimeOffset at) => at.ToOffset(Shanghai).Hour;
    public static int MonthOf(int day) => DateOnly.FromDayNumber(day) is var d ? d.Year * 100 + d.Month : 0;
    public static DateTimeOffset StartOf(int day) => new DateTimeOffset(DateOnly.FromDayNumber(day).ToDateTime(TimeOnly.MinValue), Shanghai).ToUniversalTime();
}

/// <summary>Adds facts up into rows: every place above a fact counts it too.</summary>
internal sealed class Tally(MeasureBook book)
{
    /// <summary>Cells to be added to each row.</summary>
    public Dictionary<RowKey, long[]> Rows { get; } = [];

    /// <summary>People to be added to each set; category is "".</summary>
    public Dictionary<RowKey, HashSet<Guid>> People { get; } = [];

    public void Add(in Fact fact)
    {
        if (book.Find(fact.Measure) is not { } def) throw new InvalidOperationException($"{fact.Measure} is not declared by its source");
        var day = LocalTime.DayOf(fact.At);
        if (def.Roll == Roll.Distinct)
        {
            if (fact.Person is { } person) foreach (var place in PlacePath.SelfAndAncestors(fact.Place)) PeopleOf(RowKey.Of(def.Id, place, day, "")).Add(person);
            return;
        }
        Add(DeltaOf(def, fact));
    }

    /// <summary>The cell a fact changes.</summary>
    public static Delta DeltaOf(MeasureDef def, in Fact fact) => new(def.Id, fact.Place, LocalTime.DayOf(fact.At), fact.Category,
        def.Roll == Roll.Histogram ? Bins.Of(fact.Value) : def.Grain == Grain.Hour ? LocalTime.HourOf(fact.At) : 0, def.Roll == Roll.Histogram ? 1 : fact.Value);

    public void Add(in Delta delta, int sign = 1)
    {
        var cells = book.Find(delta.Measure)!.CellCount();
        foreach (var place in PlacePath.SelfAndAncestors(delta.Place))
        {
            var key = RowKey.Of(delta.Measure, place, delta.Day, delta.Category);
            if (!Rows.TryGetValue(key, out var row)) Rows.Add(key, row = new long[cells]);
            row[delta.Cell] += sign * delta.Value;
        }
    }

    private HashSet<Guid> PeopleOf(RowKey key)
    {
        if (!People.TryGetValue(key, out var set)) People.Add(key, set = []);
        return set;
    }
}
