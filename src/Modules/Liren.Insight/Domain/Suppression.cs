namespace Liren.Insight.Domain;

/// <summary>
/// Hides small counts in a table with totals (小格抑制) so that none of them can be worked out from the rest. Hiding the small ones alone is no protection: the
/// totals give them back. After hiding companions an exact audit by elimination finds what still follows, and hides more, until nothing does.
/// </summary>
internal sealed class Suppression
{
    private const long Prime = 2_147_483_647;

    private readonly long[] values;
    private readonly int[] depths;
    private readonly bool[] open;
    private readonly IReadOnlyList<int[]> equations;
    private readonly List<int>[] of;
    private readonly int k;

    /// <summary>Which cells are hidden.</summary>
    public bool[] Hidden { get; }

    /// <param name="values">Counts.</param>
    /// <param name="depths">How deep each cell lies: companions are taken from the deepest first; 0 is the top total, which is never hidden as a companion.</param>
    /// <param name="equations">A total and its parts, by number of cell.</param>
    /// <param name="k">Counts from 1 to below this are hidden.</param>
    /// <param name="sensitive">Zero is hidden too.</param>
    /// <param name="before">Hidden in an earlier release: stays hidden.</param>
    /// <param name="shown">Shown in an earlier release: hiding it again would help nobody.</param>
    public Suppression(long[] values, int[] depths, IReadOnlyList<int[]> equations, int k, bool sensitive = false, bool[]? before = null, bool[]? shown = null)
    {
        (this.values, this.depths, this.equations, this.k) = (values, depths, equations, k);
        open = shown ?? new bool[values.Length];
        Hidden = [.. values.Select((v, i) => !open[i] && (v < k && (v > 0 || sensitive) || before?[i] == true))];
        of = new List<int>[values.Length];
        for (var i = 0; i < of.Length; i++) of[i] = [];
        for (var e = 0; e < equations.Count; e++) foreach (var cell in equations[e]) of[cell].Add(e);
    }

    /// <summary>Hides until nothing hidden follows from what is shown; false when that cannot be reached.</summary>
    public bool Protect()
    {
        while (true)
        {
            if (!Complement()) return false;
            var leaks = Leaks();
            if (leaks.Count == 0) return true;
            var more = false;
            foreach (var leak in leaks) foreach (var e in of[leak]) more |= HideOne(e);
            if (!more) return false;
        }
    }

    /// <summary>Larger cells lost, of all larger cells.</summary>
    public double Lost()
    {
        long large = 0, lost = 0;
        for (var i = 0; i < values.Length; i++) if (values[i] >= k) { large++; if (Hidden[i]) lost++; }
        return large == 0 ? 0 : (double)lost / large;
    }

    // Every equation hides none or at least two, and what its hidden parts come to together is no small count either.
    private bool Complement()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            for (var e = 0; e < equations.Count; e++)
            {
                while (Exposes(equations[e]))
                {
                    if (!HideOne(e)) return false;
                    changed = true;
                }
            }
        }
        return true;
    }

    private bool Exposes(int[] equation)
    {
        var (hidden, sum) = (0, 0L);
        foreach (var cell in equation.AsSpan(1)) if (Hidden[cell]) { hidden++; sum += values[cell]; }
        return Hidden[equation[0]] ? hidden == 0 : hidden == 1 || (hidden > 1 && sum < k && Choices(equation).Any());
    }

    private IEnumerable<int> Choices(int[] equation) => equation.Where(c => !Hidden[c] && !open[c] && depths[c] > 0);

    // The deepest, then the smallest that is not zero, then the first: the same table is always hidden the same way.
    private bool HideOne(int equation)
    {
        var choice = Choices(equations[equation]).OrderByDescending(c => depths[c]).ThenBy(c => values[c] == 0).ThenBy(c => values[c]).ThenBy(c => c).Cast<int?>().FirstOrDefault();
        if (choice is not { } cell) return false;
        return Hidden[cell] = true;
    }

    /// <summary>Hidden cells that follow exactly from the shown ones: alone in a row after elimination modulo a prime.</summary>
    public IReadOnlyList<int> Leaks()
    {
        var columns = Enumerable.Range(0, values.Length).Where(i => Hidden[i]).ToList();
        var at = new Dictionary<int, int>(columns.Count);
        for (var i = 0; i < columns.Count; i++) at.Add(columns[i], i);
        var rows = new List<Dictionary<int, long>>();
        foreach (var equation in equations)
        {
            var row = new Dictionary<int, long>();
            for (var i = 0; i < equation.Length; i++)
                if (at.TryGetValue(equation[i], out var column)) row[column] = (row.GetValueOrDefault(column) + (i == 0 ? Prime - 1 : 1)) % Prime;
            if (row.Count > 0) rows.Add(row);
        }
        var pivots = new Dictionary<int, Dictionary<int, long>>();
        foreach (var row in rows)
        {
            // Pivots never hold each other's columns, so one pass is enough.
            foreach (var column in row.Keys.Where(pivots.ContainsKey).ToList()) Subtract(row, pivots[column], row[column]);
            if (row.Count == 0) continue;
            var lead = row.Keys.Min();
            var inverse = Power(row[lead], Prime - 2);
            foreach (var column in row.Keys.ToList()) row[column] = row[column] * inverse % Prime;
            foreach (var other in pivots.Values) if (other.TryGetValue(lead, out var factor)) Subtract(other, row, factor);
            pivots.Add(lead, row);
        }
        return [.. pivots.Values.Where(r => r.Count == 1).Select(r => columns[r.Keys.Single()]).Order()];
    }

    private static void Subtract(Dictionary<int, long> row, Dictionary<int, long> other, long factor)
    {
        foreach (var (column, value) in other)
        {
            var left = (row.GetValueOrDefault(column) + (Prime - factor) * value) % Prime;
            if (left == 0) row.Remove(column);
            else row[column] = left;
        }
    }

    private static long Power(long value, long exponent)
    {
        long result = 1;
        for (; exponent > 0; exponent >>= 1, value = value * value % Prime) if ((exponent & 1) == 1) result = result * value % Prime;
        return result;
    }
}
