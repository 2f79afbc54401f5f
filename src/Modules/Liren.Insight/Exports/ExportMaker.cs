using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DuckDB.NET.Data;
using Liren.Contracts.Insight;
using Liren.Contracts.Places;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Features;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;

namespace Liren.Insight.Exports;

/// <summary>One line of a file. Figures are empty when there is no data or when they are hidden; <paramref name="Hidden"/> says which.</summary>
internal sealed record ExportLine(string Place, string PlaceName, string Period, string? Category, long? Value, long? Per, int? P50, int? P90, bool Hidden);

/// <summary>Makes the file of an export and the definitions beside it. The same figures give the same bytes.</summary>
internal sealed class ExportMaker(InsightDb db, MeasureBook book, FactsQuery query, Texts texts, DataLocation at, TimeProvider clock)
{
    /// <summary>More larger cells than this hidden: the table is given away one level higher instead.</summary>
    public const double MostLost = 0.2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string FileOf(Export export) => Path.Combine(at.Sub("insight"), $"export-{export.Id:N}.{Extension(export.Format)}");
    public string SidecarOf(Export export) => Path.Combine(at.Sub("insight"), $"export-{export.Id:N}.json");
    public static string Extension(ExportFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>Writes file and sidecar, and the ledger when it is shared; saved by the caller.</summary>
    public async Task MakeAsync(Export export, CancellationToken stop)
    {
        var def = book.Get(export.Measure);
        var asked = new FactsAsked(def, export.PlacePath, export.Level, export.From, export.To, Enum.Parse<Period>(export.By), export.Split);
        var answer = await query.AnswerAsync(asked, stop);
        var (lines, level) = export.Shared ? await HideAsync(export, asked, answer, stop) : (answer.Rows.Select(r => Line(r, answer, false)).ToList(), export.Level);
        var file = FileOf(export);
        switch (export.Format)
        {
            case ExportFormat.Csv: await File.WriteAllTextAsync(file, Csv(lines), new UTF8Encoding(true), stop); break;
            case ExportFormat.Xlsx: await XlsxAsync(file, lines, Sheet(export, def, answer, level), stop); break;
            default: Parquet(file, lines); break;
        }
        (export.Rows, export.HiddenRows, export.ReadyAt, export.State) = (lines.Count, lines.Count(l => l.Hidden), clock.GetUtcNow(), ExportState.Ready);
        await using (var written = File.OpenRead(file)) export.Sha256 = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(written, stop));
        await File.WriteAllTextAsync(SidecarOf(export), JsonSerializer.Serialize(Sheet(export, def, answer, level).Append(new("sha256", export.Sha256)).ToDictionary(p => p.Key, p => p.Value), Json), stop);
    }

    private static ExportLine Line(FactRow row, FactsAnswer answer, bool hidden) => new(row.Place, answer.Places.GetValueOrDefault(row.Place, row.Place), row.Period, row.Category,
        hidden ? null : row.Value, hidden ? null : row.Per, hidden ? null : row.P50, hidden ? null : row.P90, hidden);

    /// <summary>Hides small cells with companions, against everything released before; goes up a level when too much would be lost.</summary>
    private async Task<(List<ExportLine> Lines, int Level)> HideAsync(Export export, FactsAsked asked, FactsAnswer answer, CancellationToken stop)
    {
        var def = asked.Measure;
        Rule.Require(def.Roll == Roll.Sum, "insight.export-sums", "measure");
        var (id, range) = (def.Id, $"{export.From:yyyy-MM-dd}/{export.To:yyyy-MM-dd}");
        var ledger = await db.Released.AsNoTracking().Where(r => r.Measure == id).WhereWithin(r => r.PlacePath, [export.PlacePath]).ToListAsync(stop);
        // Two ranges that overlap and are not the same give the difference away: each range is released once.
        Rule.State(!ledger.Any(r => r.Period.Contains('/', StringComparison.Ordinal) && r.Period != range && Overlaps(r.Period, export)), "insight.export-overlap", range);
        for (var level = export.Level; level >= PlacePath.Depth(export.PlacePath); level--)
        {
            if (level != export.Level) answer = await query.AnswerAsync(asked with { Level = level }, stop);
            var cube = Cube.Of(export.PlacePath, answer.Rows.ToDictionary(r => new CellKey(r.Place, r.Period, r.Category ?? ""), r => r.Value ?? 0));
            var names = cube.Keys.Select(k => (k.Place, Period: k.Period.Length > 0 ? k.Period : range, k.Category)).ToList();
            var was = ledger.ToDictionary(r => (r.PlacePath, r.Period, r.Category), r => r.Hidden);
            bool[] before = [.. names.Select(n => was.TryGetValue(n, out var hidden) && hidden)], shown = [.. names.Select(n => was.TryGetValue(n, out var hidden) && !hidden)];
            var suppression = new Suppression(cube.Values, cube.Depths, cube.Equations, def.K, def.Sensitive, before, shown);
            if (!suppression.Protect() || suppression.Lost() > MostLost) continue;
            // The same figure may stand in the table twice: a range of one day is that day.
            foreach (var (name, i) in names.Select((n, i) => (n, i)).DistinctBy(p => p.n).Where(p => !was.ContainsKey(p.n)))
                db.Add(new ReleasedCell { Measure = id, PlacePath = name.Place, Period = name.Period, Category = name.Category, Hidden = suppression.Hidden[i], ExportId = export.Id });
            return (cube.Keys.Select((k, i) => Line(new(k.Place, names[i].Period, k.Category.Length > 0 ? k.Category : asked.Split ? "*" : null, cube.Values[i]), answer, suppression.Hidden[i])).ToList(), level);
        }
        throw new RuleBrokenException("insight.export-too-small", "level");
    }

    private static bool Overlaps(string range, Export export) => range.Split('/') is [var from, var to]
        && DateOnly.ParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture) <= export.To && DateOnly.ParseExact(to, "yyyy-MM-dd", CultureInfo.InvariantCulture) >= export.From;

    /// <summary>What a reader needs beside the figures: definition, range, up to when they hold, what was hidden, who took them.</summary>
    private List<KeyValuePair<string, string?>> Sheet(Export export, MeasureDef def, FactsAnswer answer, int level) =>
    [
        new(texts["insight.measure"], $"{texts[def.Key]} ({def.Id} v{def.Version})"), new(texts["insight.meaning"], texts[$"{def.Key}.meaning"]), new(texts["insight.unit"], texts[$"insight.unit.{def.Unit}"]),
        new(texts["column.place"], export.PlacePath), new(texts["insight.level-name"], level.ToString(CultureInfo.InvariantCulture)), new(texts["insight.period"], $"{export.From:yyyy-MM-dd} – {export.To:yyyy-MM-dd}, {export.By}"),
        new(texts["insight.as-of-name"], Show.Full(answer.AsOf)), new(texts["insight.hidden-name"], export.Shared ? texts["insight.hidden-how", def.K] : texts["insight.hidden-not"]), new(texts["insight.purpose"], export.Purpose),
        new(texts["insight.watermark"], $"{export.ByName} {Show.Full(export.At)}"),
    ];

    private static string Csv(IReadOnlyList<ExportLine> lines)
    {
        var text = new StringBuilder("place,placeName,period,category,value,per,p50,p90,hidden\r\n");
        foreach (var l in lines)
            text.Append(CultureInfo.InvariantCulture, $"{SafeCells.Csv(l.Place)},{SafeCells.Csv(l.PlaceName)},{SafeCells.Csv(l.Period)},{SafeCells.Csv(l.Category)},{l.Value},{l.Per},{l.P50},{l.P90},{(l.Hidden ? "—" : "")}\r\n");
        return text.ToString();
    }

    private async Task XlsxAsync(string file, IReadOnlyList<ExportLine> lines, List<KeyValuePair<string, string?>> sheet, CancellationToken stop)
    {
        Rule.Require(lines.Count <= 200_000, "insight.export-long", "format");
        var rows = lines.Select(l => new Dictionary<string, object?> { ["place"] = SafeCells.Text(l.Place), ["placeName"] = SafeCells.Text(l.PlaceName), ["period"] = SafeCells.Text(l.Period), ["category"] = SafeCells.Text(l.Category), ["value"] = l.Hidden ? "—" : l.Value, ["per"] = l.Per, ["p50"] = l.P50, ["p90"] = l.P90 });
        var sheets = new Dictionary<string, object> { [texts["insight.sheet-figures"]] = rows, [texts["insight.sheet-definitions"]] = sheet.Select(p => new Dictionary<string, object?> { ["name"] = p.Key, ["value"] = p.Value }) };
        await MiniExcel.SaveAsAsync(file, sheets, overwriteFile: true, cancellationToken: stop);
    }

    private static void Parquet(string file, IReadOnlyList<ExportLine> lines)
    {
        using var duck = new DuckDBConnection("Data Source=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = "CREATE TABLE figure(place VARCHAR, place_name VARCHAR, period VARCHAR, category VARCHAR, value BIGINT, per BIGINT, p50 INTEGER, p90 INTEGER, hidden BOOLEAN)";
        command.ExecuteNonQuery();
        using (var appender = duck.CreateAppender("figure"))
            foreach (var l in lines) appender.CreateRow().AppendValue(l.Place).AppendValue(l.PlaceName).AppendValue(l.Period).AppendValue(l.Category).AppendValue(l.Value).AppendValue(l.Per).AppendValue(l.P50).AppendValue(l.P90).AppendValue(l.Hidden).EndRow();
        command.CommandText = $"COPY figure TO '{file.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet, COMPRESSION zstd)";
        command.ExecuteNonQuery();
    }
}
