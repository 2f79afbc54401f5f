namespace Liren.Plans.Text;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Nearest
{
    /// <summary>The nearest of some names by edit distance with swaps; null when none is near enough to be a slip.</summary>
    public static string? To(string word, IEnumerable<string> names)
    {
        var limit = Math.Max(1, (word.Length + 2) / 3);
        return names.Select(name => (name, distance: Distance(word, name))).Where(n => n.distance <= limit)
            .OrderBy(n => n.distance).ThenBy(n => n.name, StringComparer.Ordinal).Select(n => n.name).FirstOrDefault();
    }

    private static int Distance(string a, string b)
    {
        if (string.Equals(a, b, StringComparison.OrdinalIgnoreCase)) return 0;
        if (Math.Abs(a.Length - b.Length) > 8) return int.MaxValue;
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        return rows[a.Length, b.Length];
    }
}
