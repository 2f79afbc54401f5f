using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Liren.Documents;

/// <summary>
/// Writes a PDF 1.7 page by page: a page is gone from memory as soon as the next begins, so a document may have any length. Fonts come last, with the
/// glyphs that were used. Text can be searched and copied.
/// </summary>
public sealed class PdfDocument : IDisposable
{
    // Objects whose numbers pages refer to before they are written.
    private const int Catalog = 1, Pages = 2, FirstFont = 3, FirstFree = 5;

    private readonly Stream output;
    private readonly string title;
    private readonly TrueTypeFont[] fonts = [TrueTypeFont.Load("NotoSansSC-Regular"), TrueTypeFont.Load("NotoSansSC-Bold")];
    private readonly SortedDictionary<int, int>[] used = [new(), new()];
    private readonly List<long> offsets = [.. new long[FirstFree]];
    private readonly List<int> pages = [];
    private long position;
    private PdfCanvas? current;
    private bool finished;

    /// <summary>Begins a document; the stream stays the caller's.</summary>
    public PdfDocument(Stream output, string title)
    {
        (this.output, this.title) = (output, title);
        Write("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n");
    }

    /// <summary>Pages so far.</summary>
    public int Count => pages.Count + (current is null ? 0 : 1);

    /// <summary>Begins a page; the one before is written.</summary>
    /// <param name="width">Millimetres.</param>
    /// <param name="height">Millimetres.</param>
    public PdfCanvas Page(double width = 210, double height = 297)
    {
        EndPage();
        return current = new PdfCanvas(this, width, height);
    }

    internal (TrueTypeFont Font, SortedDictionary<int, int> Glyphs) FontOf(bool bold) => (fonts[bold ? 1 : 0], used[bold ? 1 : 0]);

    /// <summary>Writes what is left. Without it the document is incomplete, so that a failed one cannot be taken for a whole one.</summary>
    public void Finish()
    {
        if (finished) return;
        finished = true;
        EndPage();
        for (var i = 0; i < fonts.Length; i++) WriteFont(i);
        Begin(Pages);
        Write($"<</Type/Pages/Count {pages.Count}/Kids[{string.Join(' ', pages.Select(p => $"{p} 0 R"))}]>>\nendobj\n");
        Begin(Catalog);
        Write($"<</Type/Catalog/Pages {Pages} 0 R/Lang(zh-CN)>>\nendobj\n");
        var info = Object($"<</Title<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(title))}>>>");
        var table = position;
        Write($"xref\n0 {offsets.Count}\n0000000000 65535 f \n");
        foreach (var offset in offsets.Skip(1)) Write(string.Create(CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n"));
        Write($"trailer\n<</Size {offsets.Count}/Root {Catalog} 0 R/Info {info} 0 R>>\nstartxref\n{table}\n%%EOF\n");
        output.Flush();
    }

    private void EndPage()
    {
        if (current is null) return;
        var content = Stream("", Encoding.Latin1.GetBytes(current.Content));
        pages.Add(Object($"<</Type/Page/Parent {Pages} 0 R/MediaBox[0 0 {PdfCanvas.Points(current.Width)} {PdfCanvas.Points(current.Height)}]/Resources<</Font<</F0 {FirstFont} 0 R/F1 {FirstFont + 1} 0 R>>>>/Contents {content} 0 R>>"));
        current = null;
    }

    private void WriteFont(int index)
    {
        var (font, glyphs) = (fonts[index], used[index]);
        var subset = FontSubset.Of(font, glyphs.Keys);
        var file = Stream($"/Length1 {subset.Length}", subset);
        // Six letters say: a subset.
        var name = $"LIREN{(char)('A' + index)}+{font.Name}";
        int Scaled(int units) => units * 1000 / font.UnitsPerEm;
        var descriptor = Object($"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[-1000 -300 2000 1100]/ItalicAngle 0/Ascent {Scaled(font.Ascent)}/Descent {Scaled(font.Descent)}/CapHeight 733/StemV 80/FontFile2 {file} 0 R>>");
        var widths = string.Concat(glyphs.Keys.Select(g => $"{g}[{Scaled(font.AdvanceOf(g))}]"));
        var descendant = Object($"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor {descriptor} 0 R/DW 1000/W[{widths}]/CIDToGIDMap/Identity>>");
        var unicode = Stream("", Encoding.ASCII.GetBytes(ToUnicode(glyphs)));
        Begin(FirstFont + index);
        Write($"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>\nendobj\n");
    }

    private static string ToUnicode(SortedDictionary<int, int> glyphs)
    {
        var map = new StringBuilder("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Liren def /CMapType 2 def 1 begincodespacerange <0000><FFFF> endcodespacerange\n");
        foreach (var chunk in glyphs.Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{chunk.Length} beginbfchar\n");
            foreach (var (glyph, character) in chunk) map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}><{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(char.ConvertFromUtf32(character)))}>\n");
            map.Append("endbfchar\n");
        }
        return map.Append("endcmap end end").ToString();
    }

    private void Begin(int number)
    {
        offsets[number] = position;
        Write($"{number} 0 obj\n");
    }

    private int Object(string body)
    {
        offsets.Add(position);
        Write($"{offsets.Count - 1} 0 obj\n{body}\nendobj\n");
        return offsets.Count - 1;
    }

    private int Stream(string dictionary, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(bytes);
        offsets.Add(position);
        Write($"{offsets.Count - 1} 0 obj\n<<{dictionary}/Length {packed.Length}/Filter/FlateDecode>>stream\n");
        packed.WriteTo(output);
        position += packed.Length;
        Write("\nendstream\nendobj\n");
        return offsets.Count - 1;
    }

    private void Write(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        output.Write(bytes);
        position += bytes.Length;
    }

    /// <summary>Forgets the page that was not written.</summary>
    public void Dispose() => current = null;
}
