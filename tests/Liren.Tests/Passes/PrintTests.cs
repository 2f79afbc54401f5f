using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Codes;
using UglyToad.PdfPig;

namespace Liren.Tests.Passes;

public sealed class PrintTests(PassesApp app) : IClassFixture<PassesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<byte[]> PrintAsync(object request)
    {
        using var answer = await app.Office.PostAsJsonAsync("/api/passes/print", request, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        return await answer.Content.ReadAsByteArrayAsync(Stop);
    }

    [Fact]
    public async Task A_building_is_printed_ten_cards_a_sheet()
    {
        var list = await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes?place={PassesApp.Compound}.b2&filter=active&size=200", Stop);
        var serials = list.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("serial").GetString()!).ToList();
        using var pdf = PdfDocument.Open(await PrintAsync(new { place = PassesApp.Compound + ".b2" }));
        pdf.NumberOfPages.ShouldBe((serials.Count + 9) / 10);
        var text = string.Concat(pdf.GetPages().Select(p => p.Text));
        foreach (var serial in serials) text.ShouldContain($"{serial[..4]} {serial[4..]}");
        text.ShouldContain("须与身份证同时出示");
    }

    [Fact]
    public async Task Printed_codes_are_read_back_and_verify()
    {
        if (!Has("pdftoppm") || !Has("zbarimg")) Assert.Skip("needs pdftoppm (poppler-utils) and zbarimg (zbar-tools)");
        var gate = await app.PairAsync("打印门");
        var folder = Directory.CreateTempSubdirectory("liren-print-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "sheet.pdf"), await PrintAsync(new { place = PassesApp.Compound + ".b3" }), Stop);
            await RunAsync(folder, "pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-png", "sheet.pdf", "sheet");
            var codes = (await RunAsync(folder, "zbarimg", "--raw", "-q", Directory.GetFiles(folder, "sheet*.png").Single())).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            codes.Length.ShouldBe(10);
            foreach (var code in codes) (await gate.LookAsync(code)).Reason.ShouldBe(PassReason.IdRequired);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, program)));

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        await said;
        return output;
    }

    [Fact]
    public async Task Only_those_who_issue_at_the_place_print_and_nothing_is_an_answer_too()
    {
        (await app.As("guard", PassesApp.Community, "community.service").PostAsJsonAsync("/api/passes/print", new { place = PassesApp.Compound }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.As("community-worker", "31.01.15.016.001", "community.service").PostAsJsonAsync("/api/passes/print", new { place = PassesApp.Compound }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var none = await app.Office.PostAsJsonAsync("/api/passes/print", new { place = PassesApp.Compound + ".b17" }, Stop);
        (await none.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe("passes.nothing-to-print");
        using var what = await app.Office.PostAsJsonAsync("/api/passes/print", new { }, Stop);
        (await what.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString().ShouldBe("place");
    }
}
