using System.Text;

namespace Liren.People.Domain;

/// <summary>What a reader made of a text: the value, or the text key of what is wrong; a note beside the value when something was mended.</summary>
/// <param name="Value">The value; default when there is none.</param>
/// <param name="Problem">Text key of the problem, e.g. "people.id-checksum"; null when the value is good or the text was empty.</param>
/// <param name="Note">Text key of a remark, e.g. "people.id-from-15".</param>
internal readonly record struct Reading<T>(T? Value, string? Problem = null, string? Note = null)
{
    public static Reading<T> Wrong(string problem) => new(default, problem);
}

/// <summary>Folds what people and spreadsheets write to one form (规范化).</summary>
internal static class CellText
{
    /// <summary>
    /// Full-width characters become ASCII, every Unicode blank a plain one, invisible marks and the apostrophe that hides a number from a
    /// spreadsheet go, and the ends are trimmed. Own table: <c>string.Normalize</c> returns its input where globalisation is invariant.
    /// </summary>
    public static string Fold(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var plain = true;
        foreach (var c in text) if (c is > '~' or < ' ' or '\'') { plain = false; break; }
        if (plain && text[0] != ' ' && text[^1] != ' ') return text;
        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (IsInvisible(c)) continue;
            var to = c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : char.IsWhiteSpace(c) || char.IsControl(c) ? c is '\n' ? '\n' : ' ' : c;
            folded.Append(to);
        }
        var result = folded.ToString().Trim();
        return result.StartsWith('\'') || result.StartsWith('‘') || result.StartsWith('’') ? result[1..].TrimStart() : result;
    }

    /// <summary>Without any blank.</summary>
    public static string WithoutBlanks(string text) => text.AsSpan().IndexOfAny(' ', '\n') < 0 ? text : string.Concat(text.Where(c => c is not (' ' or '\n')));

    /// <summary>Any of the signs people hide a digit or a character behind.</summary>
    public static bool IsMask(char c) => c is '*' or '×' or '●' or '○' or '?' or '#' or '_' or '✱' or '＊' or '■' or '□';

    private static bool IsInvisible(char c) => c is '\uFEFF' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2064') or '\u00AD';
}
