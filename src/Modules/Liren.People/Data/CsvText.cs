using System.Text;
using Liren.People.Domain;

namespace Liren.People.Data;

/// <summary>Reads comma, semicolon or tab separated text.</summary>
internal static class CsvText
{
    /// <summary>Quotes that never close, or text behind a closing quote.</summary>
    public const string BrokenQuotes = "people.row-quotes";

    // A quoted cell longer than so many lines is a quote that nobody closed.
    private const int LongestCell = 20;

    /// <summary>Rows of the text. A line whose quotes are broken is one row with a problem; the next line is read as usual.</summary>
    public static List<SheetRow> Read(string text)
    {
        var separator = Separator(text);
        var rows = new List<SheetRow>();
        var at = 0;
        while (at < text.Length)
        {
            var number = rows.Count + 1;
            if (Row(text, at, separator, out var cells, out var next)) rows.Add(new(number, cells));
            else
            {
                next = NextLine(text, at);
                rows.Add(new(number, [CellText.Fold(text[at..next])], BrokenQuotes));
            }
            at = next;
        }
        return rows;
    }

    private static bool Row(string text, int at, char separator, out string[] cells, out int next)
    {
        var row = new List<string>(16);
        var cell = new StringBuilder();
        var lines = 0;
        cells = [];
        next = at;
        for (var i = at; ; i++)
        {
            // A blank before a quote is common where programs write ", ".
            var start = i;
            while (start < text.Length && text[start] == ' ') start++;
            if (start < text.Length && text[start] == '"')
            {
                for (i = start + 1; ; i++)
                {
                    if (i >= text.Length) return false;
                    if (text[i] == '\n' && ++lines > LongestCell) return false;
                    if (text[i] != '"') { cell.Append(text[i]); continue; }
                    if (i + 1 < text.Length && text[i + 1] == '"') { cell.Append('"'); i++; continue; }
                    i++;
                    break;
                }
                while (i < text.Length && text[i] == ' ') i++;
                if (i < text.Length && text[i] != separator && text[i] is not ('\r' or '\n')) return false;
            }
            else
            {
                while (i < text.Length && text[i] != separator && text[i] is not ('\r' or '\n')) cell.Append(text[i++]);
            }
            row.Add(CellText.Fold(cell.ToString()));
            cell.Clear();
            if (i < text.Length && text[i] == separator) continue;
            if (i < text.Length && text[i] == '\r') i++;
            if (i < text.Length && text[i] == '\n') i++;
            cells = [.. row];
            next = Math.Max(i, at + 1);
            return true;
        }
    }

    private static int NextLine(string text, int at) => text.IndexOf('\n', at) is var end and >= 0 ? end + 1 : text.Length;

    // The separator that cuts most of the first lines; commas win a draw.
    private static char Separator(string text)
    {
        var head = text[..Math.Min(text.Length, 20_000)];
        var counts = new[] { ',', '\t', ';' }.Select(c => (Char: c, Count: Count(head, c))).ToArray();
        return counts.MaxBy(c => c.Count).Char;

        static int Count(string head, char c)
        {
            var (count, quoted) = (0, false);
            foreach (var x in head)
            {
                if (x == '"') quoted = !quoted;
                else if (x == c && !quoted) count++;
                else if (x == '\n') quoted = false;
            }
            return count;
        }
    }
}
