using System.Globalization;
using System.IO.Compression;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Text;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace Liren.People.Data;

/// <summary>Reads the sheets of an uploaded file, whatever it is called: text by its content, workbooks by their signature.</summary>
internal static class SheetFile
{
    /// <summary>Largest file taken.</summary>
    public const long MostBytes = 50L * 1024 * 1024;

    /// <summary>Most rows of a sheet.</summary>
    public const int MostRows = 300_000;

    // What a workbook may unpack to: a few kilobytes can hide gigabytes.
    private const long MostUnpacked = 1024L * 1024 * 1024;
    private const int MostColumns = 200;

    private static ReadOnlySpan<byte> OldWorkbook => [0xD0, 0xCF, 0x11, 0xE0];

    /// <summary>Names of the sheets, in order; one for text.</summary>
    public static IReadOnlyList<string> SheetNames(byte[] file) => IsWorkbook(file) ? Guarded(() => MiniExcel.GetSheetNames(new MemoryStream(file, writable: false))) : ["CSV"];

    /// <summary>Reads one sheet (from 1).</summary>
    public static Sheet Read(byte[] file, int number)
    {
        Rule.Require(file.Length > 0, "people.file-empty", "file");
        Rule.Require(file.Length <= MostBytes, "people.file-large", "file", MostBytes / 1024 / 1024);
        var rows = IsWorkbook(file) ? Workbook(file, number, out var name) : Text(file, out name);
        while (rows.Count > 0 && rows[^1].IsEmpty) rows.RemoveAt(rows.Count - 1);
        Rule.Require(rows.Count > 0, "people.file-empty", "file");
        return new(name, rows);
    }

    private static List<SheetRow> Text(byte[] file, out string name)
    {
        name = "CSV";
        // The old binary .xls, and a workbook with a password, begin like this.
        Rule.Require(!file.AsSpan().StartsWith(OldWorkbook), "people.file-old", "file");
        var text = ChineseText.Decode(file);
        Rule.Require(!text.AsSpan(0, Math.Min(text.Length, 4096)).Contains('\0') && !text.StartsWith("%PDF", StringComparison.Ordinal), "people.file-kind", "file");
        var rows = CsvText.Read(text);
        Rule.Require(rows.Count <= MostRows, "people.file-rows", "file", MostRows);
        return rows;
    }

    private static List<SheetRow> Workbook(byte[] file, int number, out string name)
    {
        var names = SheetNames(file);
        Rule.Require(number >= 1 && number <= names.Count, "people.file-sheet", "sheet", names.Count);
        name = names[number - 1];
        var (sheet, rows) = (name, new List<SheetRow>());
        return Guarded(() =>
        {
            Unpacked(file);
            // No cache on disk: what is read is personal data.
            var settings = new OpenXmlConfiguration { FillMergedCells = true, EnableSharedStringCache = false };
            using var stream = new MemoryStream(file, writable: false);
            foreach (IDictionary<string, object?> cells in MiniExcel.Query(stream, useHeaderRow: false, sheetName: sheet, excelType: ExcelType.XLSX, configuration: settings))
            {
                Rule.Require(rows.Count < MostRows, "people.file-rows", "file", MostRows);
                rows.Add(new(rows.Count + 1, [.. cells.Values.Take(MostColumns).Select(Show)]));
            }
            return rows;
        });
    }

    // A cell as a person sees it: whole numbers without exponent as far as a spreadsheet is exact, dates as dates.
    private static string Show(object? value) => value switch
    {
        null => "",
        string text => CellText.Fold(text),
        DateTime date => date.TimeOfDay == TimeSpan.Zero ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) < 1e15 && number == Math.Floor(number) => number.ToString("0", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) >= 1e15 => number.ToString("E14", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => CellText.Fold(value.ToString()),
    };

    private static bool IsWorkbook(byte[] file) => file.AsSpan().StartsWith("PK\u0003\u0004"u8);

    private static void Unpacked(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file, writable: false));
        Rule.Require(zip.Entries.Sum(e => e.Length) <= MostUnpacked, "people.file-large", "file", MostBytes / 1024 / 1024);
    }

    private static T Guarded<T>(Func<T> read)
    {
        try { return read(); }
        catch (RuleBrokenException) { throw; }
        // A damaged file can break the reader in any way; to the user it is one thing.
        catch (Exception e) when (e is not OutOfMemoryException) { throw new RuleBrokenException("people.file-damaged", "file"); }
    }
}
