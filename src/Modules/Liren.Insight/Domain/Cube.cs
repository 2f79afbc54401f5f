using Liren.Contracts.Places;

namespace Liren.Insight.Domain;

/// <summary>Names one cell of a table that is given away: "" is the total over categories or periods.</summary>
internal readonly record struct CellKey(string Place, string Period, string Category);

/// <summary>A table of counts with every total that can be formed in it: over places up to the one asked for, over categories, and over periods.</summary>
internal sealed class Cube
{
    /// <summary>Cells in order.</summary>
    public IReadOnlyList<CellKey> Keys { get; }

    public long[] Values { get; }

    public int[] Depths { get; }

    public IReadOnlyList<int[]> Equations { get; }

    private Cube(IReadOnlyList<CellKey> keys, long[] values, int[] depths, IReadOnlyList<int[]> equations) => (Keys, Values, Depths, Equations) = (keys, values, depths, equations);

    /// <summary>Builds the cube from its leaves; what is not among them is zero.</summary>
    public static Cube Of(string top, IReadOnlyDictionary<CellKey, long> leaves)
    {
        var categories = leaves.Keys.Select(k => k.Category).Distinct().Order(StringComparer.Ordinal).ToList();
        var periods = leaves.Keys.Select(k => k.Period).Distinct().Order(StringComparer.Ordinal).ToList();
        var below = new Dictionary<string, SortedSet<string>>();
        foreach (var leaf in leaves.Keys.Select(k => k.Place).Distinct())
            for (var place = leaf; place != top && place.Length > 0; place = PlacePath.Parent(place))
            {
                var parent = PlacePath.Parent(place);
                if (!below.TryGetValue(parent, out var parts)) below.Add(parent, parts = new(StringComparer.Ordinal));
                parts.Add(place);
            }
        var places = below.Values.SelectMany(p => p).Append(top).Concat(leaves.Keys.Select(k => k.Place)).Distinct().Order(StringComparer.Ordinal).ToList();
        List<string> allCategories = categories is [""] ? [""] : ["", .. categories], allPeriods = periods.Count == 1 ? periods : ["", .. periods];
        var keys = (from place in places from period in allPeriods from category in allCategories select new CellKey(place, period, category)).ToList();
        var at = keys.Select((k, i) => (k, i)).ToDictionary(p => p.k, p => p.i);
        var values = new long[keys.Count];
        foreach (var (key, value) in leaves)
            for (var place = key.Place; ; place = PlacePath.Parent(place))
            {
                foreach (var period in allPeriods.Where(p => p == key.Period || p.Length == 0)) foreach (var category in allCategories.Where(c => c == key.Category || c.Length == 0)) values[at[new(place, period, category)]] += value;
                if (place == top || place.Length == 0) break;
            }
        var equations = new List<int[]>();
        foreach (var key in keys)
        {
            if (below.TryGetValue(key.Place, out var parts)) equations.Add([at[key], .. parts.Select(p => at[key with { Place = p }])]);
            if (key.Category.Length == 0 && allCategories.Count > 1) equations.Add([at[key], .. categories.Select(c => at[key with { Category = c }])]);
            if (key.Period.Length == 0 && allPeriods.Count > 1) equations.Add([at[key], .. periods.Select(p => at[key with { Period = p }])]);
        }
        // A place chain with one part says the same number twice: both are hidden or none, which the elimination sees to.
        int[] depths = [.. keys.Select(k => PlacePath.Depth(k.Place) - PlacePath.Depth(top) + (k.Category.Length > 0 ? 1 : 0) + (allPeriods.Count > 1 && k.Period.Length > 0 ? 1 : 0))];
        return new(keys, values, depths, equations);
    }
}
