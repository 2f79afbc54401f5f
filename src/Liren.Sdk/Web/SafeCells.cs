using System.Globalization;

namespace Liren.Sdk.Web;

/// <summary>Words in files that a spreadsheet opens: what it would run as a formula is text instead.</summary>
public static class SafeCells
{
    /// <summary>The words with an apostrophe before them when they look like a formula; a signed number is none.</summary>
    public static string Text(string? words) =>
        string.IsNullOrEmpty(words) ? ""
        : words[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠' && !double.TryParse(words, NumberStyles.Any, CultureInfo.InvariantCulture, out _) ? "'" + words
        : words;

    /// <summary>A cell of a CSV file, quoted when it must be.</summary>
    public static string Quote(string cell) => cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    /// <summary>Words as a cell of a CSV file.</summary>
    public static string Csv(string? words) => Quote(Text(words));
}
