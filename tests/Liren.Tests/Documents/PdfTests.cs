using Liren.Documents;


namespace Liren.Tests.Documents;

public sealed class PdfTests
{
    private static byte[] Write(Action<PdfDocument> draw)
    {
        using var output = new MemoryStream();
        using var document = new PdfDocument(output, "试");
        draw(document);
        document.Finish();
        return output.ToArray();
    }

    [Fact]
    public void Text_can_be_read_back_rare_surnames_too()
    {
        using var pdf = PdfDocumentOf(d =>
        {
            d.Page().Text("里仁花园 居民出入证", 20, 30, 14, bold: true);
            d.Page(85.6, 54).Text("㛃 䶮 喆 堃 镕", 5, 20, 11);
        });
        pdf.NumberOfPages.ShouldBe(2);
        pdf.GetPage(1).Text.ShouldContain("里仁花园 居民出入证");
        foreach (var name in new[] { "㛃", "䶮", "喆", "堃", "镕" }) pdf.GetPage(2).Text.ShouldContain(name);
        pdf.GetPage(2).Width.ShouldBe(242.65, 0.1);
    }

    private static UglyToad.PdfPig.PdfDocument PdfDocumentOf(Action<PdfDocument> draw) => UglyToad.PdfPig.PdfDocument.Open(Write(draw));

    [Fact]
    public void A_character_that_the_font_lacks_is_an_error_and_never_an_empty_box() =>
        Should.Throw<MissingGlyphException>(() => Write(d => d.Page().Text("\uE000", 10, 10, 10))).Character.Value.ShouldBe(0xE000);

    [Fact]
    public void Where_one_name_must_not_stop_a_thousand_cards_a_missing_character_is_marked_as_printers_do()
    {
        var page = new PdfDocument(Stream.Null, "缺").Page();
        page.Printable("𠮷*英").ShouldBe("〓*英");
        page.Text(page.Printable("𠮷*英"), 10, 10, 10);
    }

    [Fact]
    public void Only_the_glyphs_that_are_used_travel_with_the_document() => Write(d => d.Page().Text("证", 10, 10, 10)).Length.ShouldBeLessThan(250_000);

    [Fact]
    public void A_text_that_does_not_fit_is_shortened()
    {
        var page = new PdfDocument(Stream.Null, "窄").Page();
        page.Fit("短", 50, 12).ShouldBe("短");
        var cut = page.Fit("非常非常长的小区名称写不下", 30, 12);
        cut.ShouldEndWith("…");
        page.Measure(cut, 12).ShouldBeLessThanOrEqualTo(30);
    }
}
