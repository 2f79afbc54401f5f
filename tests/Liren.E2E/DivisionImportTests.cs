using System.Text;

namespace Liren.E2E;

/// <summary>An operator brings a table of divisions: dry run with reasons, then the import.</summary>
public sealed class DivisionImportTests(Site site)
{
    [Fact]
    public async Task A_table_is_checked_first_then_imported_and_bad_rows_are_named()
    {
        await using var tab = await site.OpenAsync("admin");
        await tab.GoAsync("/places/divisions/import");
        var table = Encoding.UTF8.GetBytes("代码,名称,上级代码\r\n81,香港特别行政区,\r\n8101,测试市,81\r\n810199,孤儿区,8109\r\n8101,又一次,81\r\n");
        await tab.Page.Locator("#division-file").SetInputFilesAsync(new Microsoft.Playwright.FilePayload { Name = "区划.csv", MimeType = "text/csv", Buffer = table });
        var import = tab.Page.Locator("button.primary", new() { HasText = "导入 2 个区划" });
        await import.WaitForAsync();
        (await tab.Page.Locator("tbody td:first-child").AllInnerTextsAsync()).Select(t => t.Trim()).ShouldBe(["4", "5"]);
        await tab.ShotAsync("division-import-1440");
        await tab.Page.SetViewportSizeAsync(390, 844);
        (await tab.TooWideAsync()).ShouldBeEmpty();
        await tab.ShotAsync("division-import-390");
        await import.ClickAsync();
        await tab.Page.Locator(".notice.ok", new() { HasText = "新增 2" }).WaitForAsync();
        // The same again is known to be there already.
        await tab.Page.Locator("#division-file").SetInputFilesAsync(new Microsoft.Playwright.FilePayload { Name = "区划.csv", MimeType = "text/csv", Buffer = table });
        await tab.Page.GetByText("库中已全部有了").WaitForAsync();
        (await tab.Page.Locator("button.primary").IsDisabledAsync()).ShouldBeTrue();
        tab.Faults.ShouldBeEmpty();
    }
}
