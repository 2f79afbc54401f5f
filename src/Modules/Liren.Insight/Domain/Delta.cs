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

/// <summary>Adds facts up into rows of the places where they happened, then carries those up the tree: every place above counts them too.</summary>
internal sealed class Tally(MeasureBook book)
{
    private readonly Dictionary<RowKey, long[]> leaves = [];

    /// <summary>People seen where they were seen; category is "".</summary>
    public Dictionary<RowKey, HashSet<Guid>> People { get; } = [];

    public void Add(in Fact fact)
    {
        if (book.Find(fact.Measure) is not { } def) throw new InvalidOperationException($"{fact.Measure} is not declared by its source");
        if (def.Roll != Roll.Distinct) { Add(DeltaOf(def, fact)); return; }
        if (fact.Person is not { } person) return;
        var key = RowKey.Of(def.Id, fact.Place, LocalTime.DayOf(fact.At), "");
        if (!People.TryGetValue(key, out var set)) People.Add(key, set = []);
        set.Add(person);
    }

    /// <summary>The cell a fact changes.</summary>
    public static Delta DeltaOf(MeasureDef def, in Fact fact) => new(def.Id, fact.Place, LocalTime.DayOf(fact.At), fact.Category,
        def.Roll == Roll.Histogram ? Bins.Of(fact.Value) : def.Grain == Grain.Hour ? LocalTime.HourOf(fact.At) : 0, def.Roll == Roll.Histogram ? 1 : fact.Value);

    public void Add(in Delta delta, int sign = 1)
    {
        var key = RowKey.Of(delta.Measure, delta.Place, delta.Day, delta.Category);
        if (!leaves.TryGetValue(key, out var row)) leaves.Add(key, row = new long[book.Find(delta.Measure)!.CellCount()]);
        row[delta.Cell] += sign * delta.Value;
    }

    /// <summary>Cells to be added at every level; rows that come to nothing are left out.</summary>
    public Dictionary<RowKey, long[]> Rows()
    {
        var rows = new Dictionary<RowKey, long[]>();
        foreach (var (leaf, cells) in leaves)
            foreach (var place in PlacePath.SelfAndAncestors(leaf.Place))
            {
                var key = leaf with { Place = place, Level = PlacePath.Depth(place) };
                if (!rows.TryGetValue(key, out var row)) rows.Add(key, row = new long[cells.Length]);
                for (var i = 0; i < cells.Length; i++) row[i] += cells[i];
            }
        foreach (var nothing in rows.Where(r => r.Value.All(v => v == 0)).Select(r => r.Key).ToList()) rows.Remove(nothing);
        return rows;
    }

    /// <summary>Sets at every level, of whatever names people.</summary>
    public Dictionary<RowKey, HashSet<T>> Sets<T>(Func<Guid, T> name)
    {
        var sets = new Dictionary<RowKey, HashSet<T>>();
        foreach (var (leaf, people) in People)
        {
            List<T> named = [.. people.Select(name)];
            foreach (var place in PlacePath.SelfAndAncestors(leaf.Place))
            {
                var key = leaf with { Place = place, Level = PlacePath.Depth(place) };
                if (!sets.TryGetValue(key, out var set)) sets.Add(key, set = []);
                set.UnionWith(named);
            }
        }
        return sets;
    }
}
