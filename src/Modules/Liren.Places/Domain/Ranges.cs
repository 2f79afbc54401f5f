using System.Globalization;
using System.Text;
using Liren.Sdk;

namespace Liren.Places.Domain;

/// <summary>Lists as people write them: "1-17", "1、3、5~9", "A-D", "B2-B1, 1-3, 3A, 5-12".</summary>
internal static class Ranges
{
    /// <summary>The items, each once, in the order written; at most <paramref name="most"/>.</summary>
    public static IReadOnlyList<string> Read(string? text, int most, string field)
    {
        var items = new List<string>();
        foreach (var part in (text ?? "").Normalize(NormalizationForm.FormKC).Split([',', '、', ';', ' ', '\n', '，'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split(['-', '~', '至', '到', '–'], StringSplitOptions.TrimEntries);
            var range = ends.Length == 2 ? Between(ends[0].ToUpperInvariant(), ends[1].ToUpperInvariant(), most) : null;
            Rule.Require(range is not null || ends.Length == 1, "places.range", field, part);
            items.AddRange(range ?? [part]);
            Rule.Require(items.Count <= most, "places.range-too-long", field, most);
        }
        Rule.Require(items.Count > 0, "places.range-empty", field);
        return [.. items.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static IEnumerable<string>? Between(string from, string to, int most)
    {
        if (Number(from, out var below, out var first) && Number(to, out var alsoBelow, out var last))
        {
            // B2-B1 and B1-3 go up; there is no floor 0.
            var (a, b) = (below ? -first : first, alsoBelow ? -last : last);
            if (Math.Abs(b - a) > most) throw new RuleBrokenException("places.range-too-long", null, 422, most);
            var step = a <= b ? 1 : -1;
            return Enumerable.Range(0, Math.Abs(b - a) + 1).Select(i => a + (i * step)).Where(n => n != 0 || !(below || alsoBelow))
                .Select(n => n < 0 ? $"B{-n}" : n.ToString(CultureInfo.InvariantCulture));
        }
        return from.Length == 1 && to.Length == 1 && char.IsAsciiLetterUpper(from[0]) && char.IsAsciiLetterUpper(to[0]) && from[0] <= to[0]
            ? Enumerable.Range(from[0], to[0] - from[0] + 1).Select(c => ((char)c).ToString()) : null;
    }

    private static bool Number(string text, out bool below, out int number)
    {
        below = text.StartsWith('B') && text.Length > 1;
        return int.TryParse(below ? text[1..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 9999;
    }
}
