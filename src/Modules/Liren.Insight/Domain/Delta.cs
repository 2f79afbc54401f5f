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

    public static int DayOf(DateTimeOffset at) => (int)((at.UtcTicks + Shanghai.Ticks) / TimeSpan.TicksPerDay);
    public static int HourOf(DateTimeOffset at) => (int)((at.UtcTicks + Shanghai.Ticks) / TimeSpan.TicksPerHour % 24);
    public static int MonthOf(int day) => DateOnly.FromDayNumber(day) is var d ? d.Year * 100 + d.Month : 0;
    public static DateTimeOffset StartOf(int day) => new DateTimeOffset(DateOnly.FromDayNumber(day).ToDateTime(TimeOnly.MinValue), Shanghai).ToUniversalTime();
}

/// <summary>Adds facts up into rows of the places where they happened, then carries those up the tree: every place above counts them too.</summary>
internal sealed class Tally(MeasureBook book)
{
    // Level and month follow from the rest and are asked for once a row, not once a fact.
    private readonly record struct Leaf(string Measure, string Place, int Day, string Category)
    {
        public RowKey At(string place) => RowKey.Of(Measure, place, Day, Category);
    }

    private readonly Dictionary<Leaf, long[]> leaves = [];
    private readonly Dictionary<Leaf, HashSet<Guid>> people = [];

    /// <summary>People seen, with one place where each set of them was seen.</summary>
    public IEnumerable<(string Place, IReadOnlyCollection<Guid> People)> People => people.Select(p => (p.Key.Place, (IReadOnlyCollection<Guid>)p.Value));

    public void Add(in Fact fact)
    {
        if (book.Find(fact.Measure) is not { } def) throw new InvalidOperationException($"{fact.Measure} is not declared by its source");
        if (def.Roll != Roll.Distinct) { Add(DeltaOf(def, fact)); return; }
        if (fact.Person is not { } person) return;
        var leaf = new Leaf(def.Id, fact.Place, LocalTime.DayOf(fact.At), "");
        if (!people.TryGetValue(leaf, out var set)) people.Add(leaf, set = []);
        set.Add(person);
    }

    /// <summary>The cell a fact changes.</summary>
    public static Delta DeltaOf(MeasureDef def, in Fact fact) => new(def.Id, fact.Place, LocalTime.DayOf(fact.At), fact.Category,
        def.Roll == Roll.Histogram ? Bins.Of(fact.Value) : def.Grain == Grain.Hour ? LocalTime.HourOf(fact.At) : 0, def.Roll == Roll.Histogram ? 1 : fact.Value);

    public void Add(in Delta delta, int sign = 1)
    {
        var leaf = new Leaf(delta.Measure, delta.Place, delta.Day, delta.Category);
        if (!leaves.TryGetValue(leaf, out var row)) leaves.Add(leaf, row = new long[book.Find(delta.Measure)!.CellCount()]);
        row[delta.Cell] += sign * delta.Value;
    }

    /// <summary>Cells to be added at every level; rows that come to nothing are left out.</summary>
    public Dictionary<RowKey, long[]> Rows()
    {
        var rows = new Dictionary<RowKey, long[]>();
        foreach (var (leaf, cells) in leaves)
            foreach (var place in PlacePath.SelfAndAncestors(leaf.Place))
            {
                var key = leaf.At(place);
                if (!rows.TryGetValue(key, out var row)) rows.Add(key, row = new long[cells.Length]);
                for (var i = 0; i < cells.Length; i++) row[i] += cells[i];
            }
        foreach (var nothing in rows.Where(r => r.Value.All(v => v == 0)).Select(r => r.Key).ToList()) rows.Remove(nothing);
        return rows;
    }

    /// <summary>
    /// Sets of people at every level, written (<see cref="BitSet"/>), by the numbers they are given. Made one after the other while they are asked for: a month of
    /// a district spread out at once would be gigabytes.
    /// </summary>
    public IEnumerable<(RowKey Key, byte[] Set)> Sets(Func<Guid, int> number)
    {
        var parts = new Dictionary<RowKey, List<int[]>>();
        foreach (var (leaf, seen) in people)
        {
            int[] numbers = [.. seen.Select(number)];
            foreach (var place in PlacePath.SelfAndAncestors(leaf.Place))
            {
                var key = leaf.At(place);
                if (!parts.TryGetValue(key, out var list)) parts.Add(key, list = []);
                list.Add(numbers);
            }
        }
        ulong[] words = [];
        foreach (var (key, list) in parts)
        {
            Array.Clear(words);
            foreach (var numbers in list) foreach (var one in numbers) BitSet.Add(one, ref words);
            yield return (key, BitSet.Write(words));
        }
    }
}
