using System.Globalization;
using System.Text;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Text;
using MiniExcelLibs;

namespace Liren.Organisation.Features;

/// <summary>
/// The rules of a matrix as a sheet that people edit in Excel or WPS: one row a rule, headings in Chinese or English, xlsx or CSV (UTF-8, or GBK
/// as Chinese Excel writes it).
/// </summary>
internal static class MatrixSheet
{
    /// <summary>Something wrong in a sheet.</summary>
    /// <param name="Row">Row as the sheet counts them; the heading is row 1.</param>
    /// <param name="Column">Heading of the column.</param>
    /// <param name="Says">What is wrong.</param>
    public sealed record BadRow(int Row, string Column, string Says);

    private const int MostRows = 20_000;

    /// <summary>Columns with every heading they are known by; the first is the one written in that language.</summary>
    private static readonly (string Field, string Zh, string En)[] Columns =
    [
        ("number", "规则号", "rule"), ("event", "事件", "event"), ("place", "地点", "place"), ("mode", "模式", "mode"), ("lead", "牵头单位", "lead"),
        ("support", "协同单位", "support"), ("rank", "优先级", "rank"), ("fallback", "兜底单位", "fallback"), ("basis", "依据", "basis"), ("expires", "有效期至", "expires"),
    ];

    private static readonly Dictionary<string, RuleMode> Modes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["不限"] = RuleMode.Any, ["平急不限"] = RuleMode.Any, [""] = RuleMode.Any, ["any"] = RuleMode.Any, ["平时"] = RuleMode.Peace, ["peace"] = RuleMode.Peace,
        ["急时"] = RuleMode.Emergency, ["战时"] = RuleMode.Emergency, ["emergency"] = RuleMode.Emergency,
    };

    /// <summary>Writes a sheet; format is "csv" or "xlsx".</summary>
    public static byte[] Write(IEnumerable<MatrixRule> rules, string format, string language)
    {
        var headings = Columns.Select(c => language == "en" ? c.En : c.Zh).ToArray();
        var rows = rules.Select(r => new[]
        {
            r.Number.ToString(CultureInfo.InvariantCulture), r.Event, r.PlacePath.Length == 0 ? "*" : r.PlacePath,
            r.Mode switch { RuleMode.Peace => language == "en" ? "peace" : "平时", RuleMode.Emergency => language == "en" ? "emergency" : "急时", _ => language == "en" ? "any" : "不限" },
            r.Lead, r.Support, r.Rank.ToString(CultureInfo.InvariantCulture), r.Fallback, r.Basis ?? "", r.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
        });
        if (format == "xlsx")
        {
            using var file = new MemoryStream();
            file.SaveAs(rows.Select(row => (IDictionary<string, object>)headings.Zip(row).ToDictionary(p => p.First, p => (object)p.Second)));
            return file.ToArray();
        }
        var text = new StringBuilder("\uFEFF").AppendJoin(',', headings).Append("\r\n");
        foreach (var row in rows) text.AppendJoin(',', row.Select(c => c.AsSpan().ContainsAny(",\"\r\n") ? $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : c)).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads a sheet. Rows without a rule number get new ones, from <paramref name="nextNumber"/> up. Every bad row is named.</summary>
    public static (IReadOnlyList<MatrixRule> Rules, IReadOnlyList<BadRow> Bad) Read(byte[] file, Guid version, int nextNumber, Texts texts)
    {
        var rows = file.AsSpan().StartsWith("PK"u8) ? Xlsx(file) : Csv(ChineseText.Decode(file));
        Rule.Require(rows.Count > 0, "organisation.sheet-empty", "file");
        Rule.Require(rows.Count <= MostRows, "organisation.sheet-long", "file", MostRows);
        var at = new Dictionary<string, int>();
        foreach (var (field, zh, en) in Columns)
        {
            var i = rows[0].FindIndex(h => h.Trim().Equals(zh, StringComparison.Ordinal) || h.Trim().Equals(en, StringComparison.OrdinalIgnoreCase));
            if (i >= 0) at[field] = i;
            else Rule.Require(field is not ("event" or "place" or "lead"), "organisation.sheet-column", "file", $"{zh} / {en}");
        }
        var (rules, bad, seen) = (new List<MatrixRule>(), new List<BadRow>(), new HashSet<int>());
        for (var i = 1; i < rows.Count; i++)
        {
            string Cell(string field) => at.TryGetValue(field, out var c) && c < rows[i].Count ? rows[i][c].Trim() : "";
            if (rows[i].TrueForAll(string.IsNullOrWhiteSpace)) continue;
            string Heading(string field) => Columns.First(c => c.Field == field) is var c && Show.Language == "en" ? c.En : c.Zh;
            void Wrong(string field, string key, params object[] args) => bad.Add(new(i + 1, Heading(field), texts[key, args]));
            var number = 0;
            if (Cell("number") is { Length: > 0 } n && !(int.TryParse(n, out number) && number is > 0 and < 1_000_000)) { Wrong("number", "organisation.sheet-number", n); continue; }
            if (number == 0) number = nextNumber++;
            if (!seen.Add(number)) { Wrong("number", "organisation.sheet-twice", number); continue; }
            if (!Modes.TryGetValue(Cell("mode"), out var mode)) { Wrong("mode", "organisation.sheet-mode", Cell("mode")); continue; }
            var rank = 0;
            if (Cell("rank") is { Length: > 0 } r && !int.TryParse(r, out rank)) { Wrong("rank", "organisation.rule-rank"); continue; }
            DateOnly? expires = null;
            if (Cell("expires") is { Length: > 0 } e)
            {
                if (!DateTime.TryParse(e, CultureInfo.InvariantCulture, out var day)) { Wrong("expires", "organisation.sheet-date", e); continue; }
                expires = DateOnly.FromDateTime(day);
            }
            try { rules.Add(MatrixRule.From(version, number, Cell("event"), Cell("place"), mode, Cell("lead"), Codes(Cell("support")), rank, Codes(Cell("fallback")), Cell("basis"), expires)); }
            catch (RuleBrokenException rule) { bad.Add(new(i + 1, Heading(rule.Field ?? "event"), texts.Say(rule))); }
        }
        return (rules, bad);
    }

    private static string[] Codes(string cell) => cell.Split([' ', ',', '，', ';', '；', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static List<List<string>> Xlsx(byte[] file)
    {
        try
        {
            using var stream = new MemoryStream(file);
            return [.. stream.Query(useHeaderRow: false, excelType: ExcelType.XLSX).Take(MostRows + 2)
                .Select(row => ((IDictionary<string, object?>)row).Values.Select(v => v switch { DateTime d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), null => "", _ => Convert.ToString(v, CultureInfo.InvariantCulture) ?? "" }).ToList())];
        }
        // Whatever a damaged file makes the reader throw, it is the file that is wrong.
        catch (Exception e) when (e is not OutOfMemoryException and not RuleBrokenException) { throw new RuleBrokenException("organisation.sheet-unreadable", "file"); }
    }

    private static List<List<string>> Csv(string text)
    {
        var (rows, row, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        void EndCell() { row.Add(cell.ToString()); cell.Clear(); }
        void EndRow() { EndCell(); rows.Add(row); row = []; }
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') { cell.Append('"'); i++; }
                else quoted = false;
            }
            else if (c == '"' && cell.Length == 0) quoted = true;
            else if (c == ',') EndCell();
            else if (c == '\n') EndRow();
            else if (c != '\r') cell.Append(c);
        }
        if (cell.Length > 0 || row.Count > 0) EndRow();
        while (rows.Count > 0 && rows[^1].TrueForAll(string.IsNullOrWhiteSpace)) rows.RemoveAt(rows.Count - 1);
        return rows;
    }
}
