using System.Text;
using Liren.Places.Domain;
using Liren.Sdk;

namespace Liren.Places.Data;

/// <summary>
/// Reads a table of divisions: one division a line, <c>code,name[,parent]</c>, cells parted by commas or tabs, quoted where needed. UTF-8 with or
/// without a mark, UTF-16 with one, or GB18030. A header may name the columns, in any order and among others; without one they stand in that order.
/// </summary>
internal static class DivisionFile
{
    private static readonly string[] CodeTitles = ["code", "代码", "编码", "区划代码", "区划编码", "行政区划代码", "行政区划编码", "统计用区划代码"];
    private static readonly string[] NameTitles = ["name", "名称", "区划名称", "行政区划名称"];
    private static readonly string[] ParentTitles = ["parent", "parentcode", "pcode", "上级", "上级代码", "上级编码", "上级区划代码", "父级", "父级代码", "父代码"];

    /// <summary>Which cell is what; -1 when there is none.</summary>
    private readonly record struct Columns(int Code, int Name, int Parent);

    /// <summary>Reads the whole stream, which must be able to seek. A file that is no such table breaks a rule.</summary>
    public static DivisionSheet Read(Stream file, CancellationToken stop)
    {
        var (sheet, cells) = (new DivisionSheet(), new Cells());
        using var reader = new StreamReader(file, EncodingOf(file), detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        var row = 0;
        Columns? columns = null;
        while (reader.ReadLine() is { } line)
        {
            if ((++row & 0xFFF) == 0) stop.ThrowIfCancellationRequested();
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (columns is null)
            {
                cells.Separator = line.Contains('\t', StringComparison.Ordinal) ? '\t' : ',';
                cells.Cut(line);
                columns = Titles(cells, out var header);
                if (header) continue;
            }
            if (cells.Cut(line)) sheet.Add(row, cells[columns.Value.Code], cells[columns.Value.Name], cells[columns.Value.Parent]);
            else sheet.AddBroken(row, line, "places.division.open-quote");
        }
        Rule.Require(sheet.Read > 0, "places.divisions.empty", "file");
        return sheet;
    }

    private static Columns Titles(Cells cells, out bool header)
    {
        Columns found = new(-1, -1, -1);
        for (var i = 0; i < cells.Count; i++)
        {
            var title = cells[i].ToString().Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
            if (found.Code < 0 && CodeTitles.Contains(title)) found = found with { Code = i };
            else if (found.Name < 0 && NameTitles.Contains(title)) found = found with { Name = i };
            else if (found.Parent < 0 && ParentTitles.Contains(title)) found = found with { Parent = i };
        }
        header = found != new Columns(-1, -1, -1);
        if (!header) return new(0, 1, 2);
        Rule.Require(found.Code >= 0, "places.divisions.no-column", "file", "code / 代码");
        Rule.Require(found.Name >= 0, "places.divisions.no-column", "file", "name / 名称");
        return found;
    }

    /// <summary>Looks at the beginning: what reads as UTF-8, but for a few spoilt bytes, is UTF-8; other Chinese text is GB18030.</summary>
    private static Encoding EncodingOf(Stream file)
    {
        var start = file.Position;
        var head = new byte[256 * 1024];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = start;
        var bytes = head.AsSpan(0, length);
        Rule.Require(!bytes.StartsWith("PK\u0003\u0004"u8) && !bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]), "places.divisions.workbook", "file");
        var (good, bad) = (0, 0);
        // A character cut off by the end of the window says nothing.
        while (bytes.Length > 3)
        {
            var ascii = bytes.IndexOfAnyExceptInRange((byte)0, (byte)127);
            if (ascii < 0) break;
            bytes = bytes[ascii..];
            if (Rune.DecodeFromUtf8(bytes, out _, out var used) == System.Buffers.OperationStatus.Done) good++;
            else bad++;
            bytes = bytes[used..];
        }
        return bad * 4 <= good ? new UTF8Encoding(false) : CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
    }

    /// <summary>The cells of one line, cut without copying what has no quotes.</summary>
    private sealed class Cells
    {
        private readonly List<ReadOnlyMemory<char>> cells = [];

        public char Separator { get; set; } = ',';
        public int Count => cells.Count;

        /// <summary>Trimmed; empty when the line has no such cell.</summary>
        public ReadOnlySpan<char> this[int at] => at >= 0 && at < cells.Count ? cells[at].Span.Trim() : default;

        /// <summary>False when a quote is not closed on the line.</summary>
        public bool Cut(string line)
        {
            cells.Clear();
            for (var from = 0; from <= line.Length;)
            {
                if (from < line.Length && line[from] == '"')
                {
                    if (Quoted(line, from + 1) is not { } end) return false;
                    var cell = line.AsMemory(from + 1, end - from - 1);
                    cells.Add(cell.Span.Contains('"') ? cell.ToString().Replace("\"\"", "\"", StringComparison.Ordinal).AsMemory() : cell);
                    from = line.IndexOf(Separator, end) is >= 0 and var next ? next + 1 : line.Length + 1;
                }
                else
                {
                    var end = line.IndexOf(Separator, from) is >= 0 and var next ? next : line.Length;
                    cells.Add(line.AsMemory(from, end - from));
                    from = end + 1;
                }
            }
            return true;
        }

        private static int? Quoted(string line, int from)
        {
            for (var at = from; at < line.Length; at++)
                if (line[at] == '"')
                {
                    if (at + 1 < line.Length && line[at + 1] == '"') at++;
                    else return at;
                }
            return null;
        }
    }
}
