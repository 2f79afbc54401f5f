using System.Globalization;

namespace Liren.Plans.Text;

/// <summary>Reads the keys of one map. What was never asked for is a slip, and told at the end with the key that was probably meant.</summary>
internal sealed class Section(MapNode map, Report report)
{
    private readonly HashSet<string> asked = [];

    public MapNode Map => map;

    /// <summary>The value of a key; null when it is missing.</summary>
    public Node? Find(string key)
    {
        asked.Add(key);
        return map.Find(key);
    }

    /// <summary>The value of a key that must be there.</summary>
    public Node? Need(string key)
    {
        var found = Find(key);
        if (found is null && !Misspelt(key)) report.Error("missing", map.At, At(key), null, key);
        return found;
    }

    /// <summary>The section under a key.</summary>
    public Section? Sub(string key, bool needed = false)
    {
        switch (needed ? Need(key) : Find(key))
        {
            case null: return null;
            case MapNode sub: return new(sub, report);
            case var other: report.Error("needs-map", other.At, other.Path, null, key); return null;
        }
    }

    /// <summary>A word or text under a key.</summary>
    public ScalarNode? Word(string key, bool needed = false)
    {
        switch (needed ? Need(key) : Find(key))
        {
            case null: return null;
            case ScalarNode { Value.Length: > 0 } word: return word;
            case ScalarNode empty: report.Error("no-value", empty.At, empty.Path, null, key); return null;
            case var other: report.Error("needs-word", other.At, other.Path, null, key); return null;
        }
    }

    /// <summary>A list under a key; a single value stands for a list of one.</summary>
    public IReadOnlyList<Node> List(string key, bool needed = false) => (needed ? Need(key) : Find(key)) switch
    {
        null => [],
        ListNode list => list.Items,
        var one => [one],
    };

    /// <summary>Words under a key, each of those allowed.</summary>
    public IReadOnlyList<string> Words(string key, IReadOnlyCollection<string>? allowed = null, bool needed = false)
    {
        var words = new List<string>();
        foreach (var item in List(key, needed))
            if (item is not ScalarNode { Value.Length: > 0 } word) report.Error("needs-word", item.At, item.Path, null, key);
            else if (Allowed(word, allowed)) words.Add(word.Value);
        return words;
    }

    /// <summary>One word of those allowed.</summary>
    public string? OneOf(string key, IReadOnlyCollection<string> allowed, bool needed = false) => Word(key, needed) is { } word && Allowed(word, allowed) ? word.Value : null;

    /// <summary>A number within limits.</summary>
    public double? Number(string key, double least, double most, bool needed = false)
    {
        if (Word(key, needed) is not { } word) return null;
        if (double.TryParse(word.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        report.Error("number", word.At, word.Path, null, key, least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture), word.Value);
        return null;
    }

    /// <summary>A whole number within limits.</summary>
    public int? Count(string key, int least, int most, bool needed = false)
    {
        if (Number(key, least, most, needed) is not { } number) return null;
        if (number == Math.Floor(number)) return (int)number;
        report.Error("whole-number", map.Find(key)!.At, At(key), null, key);
        return null;
    }

    /// <summary>A day, as 2026-03-02.</summary>
    public DateOnly? Day(string key, bool needed = false)
    {
        if (Word(key, needed) is not { } word) return null;
        if (DateOnly.TryParseExact(word.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        report.Error("day", word.At, word.Path, null, key, word.Value);
        return null;
    }

    /// <summary>Tells of the keys that nobody asked for.</summary>
    public void End()
    {
        foreach (var (key, _) in map.Pairs)
            if (!asked.Contains(key.Value))
                report.Error("unknown-key", key.At, At(key.Value), Nearest.To(key.Value, asked.Where(a => map.Find(a) is null)), key.Value, string.Join(", ", asked));
    }

    private bool Allowed(ScalarNode word, IReadOnlyCollection<string>? allowed)
    {
        if (allowed is null || allowed.Contains(word.Value)) return true;
        report.Error("not-one-of", word.At, word.Path, Nearest.To(word.Value, allowed), word.Value, string.Join(", ", allowed));
        return false;
    }

    // A missing key with a near one beside it is one slip, not two: End tells of it.
    private bool Misspelt(string key) => map.Pairs.Any(p => !asked.Contains(p.Key.Value) && Nearest.To(p.Key.Value, [key]) is not null);

    private string At(string key) => map.Path.Length == 0 ? key : $"{map.Path}.{key}";
}
