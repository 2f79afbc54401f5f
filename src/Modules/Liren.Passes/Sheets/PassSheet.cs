using Liren.Codes;
using Liren.Documents;
using QRCoder;

namespace Liren.Passes.Sheets;

/// <summary>What is printed on one card.</summary>
/// <param name="Title">居民出入证, 车辆出入证 …</param>
/// <param name="Compound">Name of the compound.</param>
/// <param name="Claims">What its code says.</param>
/// <param name="Serial">Number to type.</param>
/// <param name="Code">Text of the QR code.</param>
internal sealed record CardText(string Title, string Compound, PassClaims Claims, string Serial, string Code);

/// <summary>
/// Paper passes of the size of a bank card (85.6 × 54 mm, ISO/IEC 7810 ID-1), ten on an A4 sheet with marks to cut by, or one a page for card printers.
/// What a guard looks at in the cold is big: name, home, last day.
/// </summary>
internal sealed class PassSheet(PdfDocument document, bool single)
{
    private const double Width = 85.6, Height = 54, Left = (210 - 2 * Width) / 2, Top = (297 - 5 * Height) / 2, QrSide = 31;
    private const int Columns = 2, Rows = 5, QuietZone = 4, Ink = 0x1b2a31, Quiet = 0x56666e;

    private PdfCanvas? page;
    private int onPage;

    /// <summary>Modules of a code, quiet zone included; the slow part, so it is made apart, by many threads.</summary>
    public static QRCodeData ModulesOf(string code) => QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.M);

    /// <summary>Adds a card.</summary>
    public void Add(CardText card, QRCodeData modules)
    {
        if (single)
        {
            Draw(document.Page(Width, Height), card, modules, 0, 0);
            return;
        }
        if (page is null || onPage == Columns * Rows) (page, onPage) = (NewSheet(), 0);
        Draw(page, card, modules, Left + onPage % Columns * Width, Top + onPage / Columns * Height);
        onPage++;
    }

    private PdfCanvas NewSheet()
    {
        var sheet = document.Page();
        for (var column = 0; column <= Columns; column++)
            foreach (var (from, to) in new[] { (Top - 6, Top - 1), (297 - Top + 1, 297 - Top + 6) })
                sheet.Line(Left + column * Width, from, Left + column * Width, to, 0.4, Quiet);
        for (var row = 0; row <= Rows; row++)
            foreach (var (from, to) in new[] { (Left - 6, Left - 1), (210 - Left + 1, 210 - Left + 6) })
                sheet.Line(from, Top + row * Height, to, Top + row * Height, 0.4, Quiet);
        return sheet;
    }

    private static void Draw(PdfCanvas on, CardText card, QRCodeData modules, double x, double y)
    {
        var c = card.Claims;
        var colour = c.Kind switch { PassKind.Vehicle => 0x1a56c4, PassKind.Visitor => 0x8a4b00, PassKind.Courier or PassKind.Service => 0x6b3fa0, PassKind.Staff => 0x3d4f58, _ => 0x0b5d4c };
        on.Fill(x + 2, y + 2, Width - 4, 9, colour);
        on.Text(card.Title, x + 5, y + 8.4, 14, bold: true, colour: 0xffffff);
        on.Text(on.Fit(on.Printable(card.Compound), 36, 10), x + Width - 5, y + 8.1, 10, colour: 0xffffff, align: Align.Right);

        const double column = Width - QrSide - 9;
        var first = on.Printable(c.Plate ?? c.Name);
        on.Text(on.Fit(first, column, 19, true), x + 5, y + 20, 19, bold: true, colour: Ink);
        if (c.Unit is { } unit) on.Text(on.Fit(on.Printable(unit), column, 11), x + 5, y + 26, 11, colour: Ink);
        on.Text("有效至", x + 5, y + 32.2, 8, colour: Quiet);
        on.Text(DayOf(c.Expires), x + 5, y + 39.6, 18, bold: true, colour: Ink);
        on.Text($"证号 {card.Serial[..4]} {card.Serial[4..]}", x + 5, y + 45.2, 10, colour: Ink);
        on.Text(c.Kind == PassKind.Vehicle ? "请放在前挡风玻璃内侧" : c.IdTail is { } tail ? $"须与身份证同时出示，尾号 {tail}" : "须与本人证件同时出示", x + 5, y + 50.6, 8.5, bold: true, colour: 0xa31515);

        var matrix = modules.ModuleMatrix;
        var border = (matrix.Count - InnerOf(matrix.Count)) / 2;
        var count = matrix.Count - 2 * border + 2 * QuietZone;
        on.Modules((row, col) => row >= QuietZone && col >= QuietZone && row < count - QuietZone && col < count - QuietZone && matrix[row - QuietZone + border][col - QuietZone + border], count,
            x + Width - QrSide - 3, y + 13, QrSide);
        on.Text("请勿转借、复印", x + Width - 3 - QrSide / 2, y + 49.5, 8, colour: Quiet, align: Align.Centre);
    }

    // The library draws four modules of quiet zone itself; a code has 17 + 4 × version modules.
    private static int InnerOf(int all) => (all - 17) % 4 == 0 ? all - 2 * QuietZone : throw new InvalidOperationException($"A QR code of {all} modules with its border was not expected.");

    private static string DayOf(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
