using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>A community worker takes a small roster over: columns, preview, run, result, and the refused rows for correction.</summary>
public sealed class ImportTests(Site site)
{
    private const string Sheet = """
        里仁花园三号楼住户表,,,,,
        楼号,房号,姓名,身份证号码,联系电话,养犬
        99,101,演示·甲,310199199102037770,13612340001,无
        99,102,演示·乙2,,13612340002,一只
        99,103,演示·丙,310199199102037791,,无
        99,104,演示·丁,,13612340004,无
        """;

    [Fact]
    public async Task A_small_roster_with_two_bad_rows_is_imported_and_the_bad_ones_come_back()
    {
        await using var tab = await site.OpenAsync("community");
        await tab.GoAsync("/people/import");
        await tab.ShotAsync("import-start-1440");
        await tab.Page.SelectOptionAsync("#compound", new SelectOptionValue { Label = "里仁花园" });
        await tab.Page.SetInputFilesAsync("#file", new FilePayload { Name = "三号楼.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(Sheet) });
        await tab.Page.ReachesAsync(new Regex("/people/import/[0-9a-f-]{36}"));
        await tab.SettleAsync();
        var address = tab.Page.Url;
        await tab.Page.GetByText("这些列没有对应，不会导入：养犬").WaitForAsync();
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("import-columns-1440");
        await tab.Page.SelectOptionAsync("select[aria-label='F 养犬']", "Ignore");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "预览", Exact = true }).ClickAsync();
        await tab.Page.GetByText("姓名中有数字，请改正。").First.WaitForAsync();
        await tab.SettleAsync();
        (await tab.Page.Locator("main").InnerTextAsync()).ShouldNotContain("演示·甲");
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("import-preview-1440");
        await tab.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^开始导入") }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Heading, new() { Name = "每行的结果" }).WaitForAsync();
        await tab.SettleAsync();
        (await tab.Page.Locator(".stat").AllInnerTextsAsync()).Select(t => Regex.Replace(t, @"\s+", " ").Trim()).ShouldBe(["新增 2", "变更 0", "不变 0", "拒绝 2"]);
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("import-result-1440");
        var download = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).First.ClickAsync());
        var refused = await File.ReadAllTextAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        refused.ShouldContain("演示·乙2");
        refused.ShouldContain("校验码不对");
        refused.ShouldNotContain("演示·甲");
        await tab.GoAsync("/people/import");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "三号楼.csv" }).First.WaitForAsync();
        await using var phone = await site.OpenAsync("community", 390, 844);
        await phone.GoAsync(address);
        (await phone.TooWideAsync()).ShouldBeEmpty();
        (await phone.TooSmallAsync(40)).ShouldBeEmpty();
        await phone.ShotAsync("import-result-390");
        tab.Faults.ShouldBeEmpty();
    }
}
