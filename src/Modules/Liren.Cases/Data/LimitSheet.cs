using System.Globalization;
using Liren.Cases.Domain;
using Liren.Sdk;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Liren.Cases.Data;

/// <summary>Reads a table of limits: CSV with a head line, or a YAML list with the same names.</summary>
internal static class LimitSheet
{
    /// <summary>Columns, in the order of an export.</summary>
    public static readonly string[] Columns = ["place", "type", "from", "until", "register", "assign", "handle", "verify", "basis"];

    private const int Most = 2_000;

    /// <summary>One line as written.</summary>
    internal sealed class Line
    {
        public string? Place { get; set; }
        public string? Type { get; set; }
        public string? From { get; set; }
        public string? Until { get; set; }
        public string? Register { get; set; }
        public string? Assign { get; set; }
        public string? Handle { get; set; }
        public string? Verify { get; set; }
        public string? Basis { get; set; }

        /// <summary>As a rule; a wrong date is refused by its field.</summary>
        public LimitLine Read() => new((Place ?? "").Trim(), (Type ?? "").Trim(), Date(From, "from") ?? throw new RuleBrokenException("cases.limit-date", "from", 422, From ?? ""), Register, Assign, Handle, Verify, Basis, Date(Until, "until"));

        private static DateOnly? Date(string? text, string field) => string.IsNullOrWhiteSpace(text) ? null
            : DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new RuleBrokenException("cases.limit-date", field, 422, text);
    }

    /// <summary>The lines with their number in the text; refused when it cannot be read at all.</summary>
    public static IReadOnlyList<(int Number, Line Line)> Read(string text)
    {
        text = text.TrimStart('\uFEFF');
        var lines = text.TrimStart().StartsWith('-') || text.TrimStart().StartsWith('#') ? Yaml(text) : Csv(text);
        Rule.Require(lines.Count > 0, "cases.sheet-empty", "text");
        Rule.Require(lines.Count <= Most, "cases.sheet-long", "text", Most);
        return lines;
    }

    private static List<(int, Line)> Yaml(string text)
    {
        try
        {
            var read = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<List<Line>?>(text) ?? [];
            return [.. read.Select((l, n) => (n + 1, l))];
        }
        catch (YamlException e) { throw new RuleBrokenException("cases.sheet-yaml", "text", 422, e.Start.Line, e.InnerException?.Message ?? e.Message); }
    }

    private static List<(int, Line)> Csv(string text)
    {
        var rows = text.Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        var head = Cells(rows[0]).Select(c => c.Trim().ToLowerInvariant()).ToList();
        foreach (var needed in (string[])["place", "type", "from"]) Rule.Require(head.Contains(needed), "cases.sheet-head", "text", needed);
        var unknown = head.FirstOrDefault(h => !Columns.Contains(h));
        Rule.Require(unknown is null, "cases.sheet-column", "text", unknown ?? "", string.Join(", ", Columns));
        var read = new List<(int, Line)>();
        for (var i = 1; i < rows.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(rows[i])) continue;
            var cells = Cells(rows[i]);
            string? Cell(string column) => head.IndexOf(column) is >= 0 and var at && at < cells.Count && cells[at].Trim() is { Length: > 0 } cell ? cell : null;
            read.Add((i + 1, new() { Place = Cell("place"), Type = Cell("type"), From = Cell("from"), Until = Cell("until"), Register = Cell("register"), Assign = Cell("assign"), Handle = Cell("handle"), Verify = Cell("verify"), Basis = Cell("basis") }));
        }
        return read;
    }

    private static List<string> Cells(string row)
    {
        var (cells, cell, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == '"' && quoted && i + 1 < row.Length && row[i + 1] == '"') { cell.Append('"'); i++; }
            else if (row[i] == '"') quoted = !quoted;
            else if (row[i] == ',' && !quoted) { cells.Add(cell.ToString()); cell.Clear(); }
            else cell.Append(row[i]);
        }
        cells.Add(cell.ToString());
        return cells;
    }
}
