using System.Globalization;
using System.Text;

namespace Liren.Documents;

/// <summary>Where a text lies from its point.</summary>
public enum Align
{
    /// <summary>Begins there.</summary>
    Left,
    /// <summary>Its middle is there.</summary>
    Centre,
    /// <summary>Ends there.</summary>
    Right,
}

/// <summary>One page being drawn. Lengths are millimetres from the upper left corner; sizes of type are points; colours are 0xRRGGBB.</summary>
public sealed class PdfCanvas
{
    private const double PointsPerMm = 72 / 25.4;
    private readonly StringBuilder content = new();
    private readonly PdfDocument document;

    internal PdfCanvas(PdfDocument document, double width, double height)
    {
        (this.document, Width, Height) = (document, width, height);
    }

    /// <summary>Millimetres.</summary>
    public double Width { get; }
    /// <summary>Millimetres.</summary>
    public double Height { get; }

    internal string Content => content.ToString();

    /// <summary>A filled box.</summary>
    public void Fill(double x, double y, double width, double height, int colour) =>
        Add($"{Rgb(colour)} rg {X(x)} {Y(y + height)} {N(width * PointsPerMm)} {N(height * PointsPerMm)} re f\n");

    /// <summary>A line of a width in points.</summary>
    public void Line(double x1, double y1, double x2, double y2, double width, int colour) =>
        Add($"{Rgb(colour)} RG {N(width)} w {X(x1)} {Y(y1)} m {X(x2)} {Y(y2)} l S\n");

    /// <summary>A text on its base line.</summary>
    /// <exception cref="MissingGlyphException">The font lacks a character: an empty box for part of a name is worse than no document.</exception>
    public void Text(string text, double x, double y, double size, bool bold = false, int colour = 0, Align align = Align.Left)
    {
        var (font, glyphs) = document.FontOf(bold);
        var hex = new StringBuilder(text.Length * 4);
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = font.GlyphOf(rune.Value);
            if (glyph == 0) throw new MissingGlyphException(rune);
            glyphs.TryAdd(glyph, rune.Value);
            hex.Append(glyph.ToString("X4", CultureInfo.InvariantCulture));
            width += font.AdvanceOf(glyph);
        }
        var points = width * size / font.UnitsPerEm;
        var from = x * PointsPerMm - align switch { Align.Right => points, Align.Centre => points / 2, _ => 0 };
        Add($"BT {Rgb(colour)} rg /F{(bold ? 1 : 0)} {N(size)} Tf {N(from)} {Y(y)} Td <{hex}> Tj ET\n");
    }

    /// <summary>Width of a text, millimetres.</summary>
    public double Measure(string text, double size, bool bold = false)
    {
        var (font, _) = document.FontOf(bold);
        return text.EnumerateRunes().Sum(r => font.AdvanceOf(font.GlyphOf(r.Value))) * size / font.UnitsPerEm / PointsPerMm;
    }

    /// <summary>The text with 〓, the printers' mark for a missing character, in place of each that the font lacks.</summary>
    public string Printable(string text)
    {
        var (font, _) = document.FontOf(false);
        return string.Concat(text.EnumerateRunes().Select(r => font.GlyphOf(r.Value) == 0 ? "〓" : r.ToString()));
    }

    /// <summary>The text, shortened with "…" until it is not wider than that.</summary>
    public string Fit(string text, double width, double size, bool bold = false)
    {
        if (Measure(text, size, bold) <= width) return text;
        var runes = text.EnumerateRunes().ToArray();
        for (var n = runes.Length - 1; n > 0; n--)
            if (string.Concat(runes.Take(n)) + "…" is var cut && Measure(cut, size, bold) <= width) return cut;
        return "…";
    }

    /// <summary>
    /// A matrix of modules (a QR code, quiet zone included), as a stencil of one bit a module: sharp at any size, and a fortieth of what boxes would take.
    /// </summary>
    /// <param name="dark">Whether the module in that row and column is dark.</param>
    /// <param name="count">Modules of a side.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="side">Length of a side, millimetres.</param>
    public void Modules(Func<int, int, bool> dark, int count, double x, double y, double side)
    {
        var rows = new byte[(count + 7) / 8 * count];
        for (var row = 0; row < count; row++)
            for (var column = 0; column < count; column++)
                if (dark(row, column)) rows[row * ((count + 7) / 8) + column / 8] |= (byte)(0x80 >> column % 8);
        var length = N(side * PointsPerMm);
        Add($"q 0 0 0 rg {length} 0 0 {length} {X(x)} {Y(y + side)} cm BI /W {count} /H {count} /IM true /D [1 0] /F /AHx ID {Convert.ToHexString(rows)}> EI Q\n");
    }

    private void Add(FormattableString operators) => content.Append(operators.ToString(CultureInfo.InvariantCulture));

    private static string X(double mm) => N(mm * PointsPerMm);

    private string Y(double mm) => N((Height - mm) * PointsPerMm);

    internal static string Points(double mm) => N(mm * PointsPerMm);

    private static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Rgb(int colour) => string.Create(CultureInfo.InvariantCulture, $"{(colour >> 16 & 255) / 255.0:0.###} {(colour >> 8 & 255) / 255.0:0.###} {(colour & 255) / 255.0:0.###}");
}

/// <summary>The document's font has no such character.</summary>
public sealed class MissingGlyphException(Rune character) : Exception($"The font has no character {character} (U+{character.Value:X4}).")
{
    /// <summary>The character.</summary>
    public Rune Character { get; } = character;
}
