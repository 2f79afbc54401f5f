namespace Liren.E2E;

/// <summary>Terminals of other makers in the console: added with a key shown once, people enrolled with consent, withdrawn.</summary>
public sealed class TerminalsTests(Site site)
{
    [Fact]
    public async Task A_terminal_is_added_and_a_resident_enrolled_with_consent_and_withdrawn()
    {
        await using var tab = await site.OpenAsync("admin");
        var page = tab.Page;
        await tab.GoAsync("/passes/terminals");
        await page.Locator(".page-head button.primary").ClickAsync();
        await page.FillAsync("#tname", "南门人脸机");
        await page.FillAsync("#tmaker", "海康威视");
        await page.SelectOptionAsync("#tadapter", "isapi");
        await page.Locator(".drawer button.primary").ClickAsync();
        var key = await page.Locator(".drawer .hash code").First.InnerTextAsync();
        key.ShouldStartWith("lrd_");
        (await page.Locator(".drawer .hash code").Nth(1).InnerTextAsync()).ShouldBe($"{site.Address}api/passes/terminals/push?key={key}");
        await CheckAsync(tab, "terminal-key");
        await page.Locator(".drawer-head button").First.ClickAsync();

        await page.Locator("td button.link[aria-label*='南门人脸机']").ClickAsync();
        await page.Locator("#eperson").WaitForAsync();
        await ChooseAsync(page, "王");
        await page.SelectOptionAsync("#ekind", "Face");
        await page.FillAsync("#esubject", "1001");
        await page.FillAsync("#eref", "同意书 17");
        await CheckAsync(tab, "terminal-enrol");
        await page.Locator(".drawer button.primary").ClickAsync();
        await page.Locator(".drawer .guard", new() { HasText = "1001" }).WaitForAsync();
        (await page.Locator(".drawer .guard", new() { HasText = "1001" }).InnerTextAsync()).ShouldContain("本人书面签字同意");
        await CheckAsync(tab, "terminal-people");

        await page.Locator(".drawer .guard button", new() { HasText = "撤回" }).ClickAsync();
        await page.Locator(".drawer .guard [role=group] button.danger").First.ClickAsync();
        await page.Locator(".drawer .guard", new() { HasText = "已撤回" }).WaitForAsync();
        tab.Faults.ShouldBeEmpty();
    }

    private static async Task ChooseAsync(Microsoft.Playwright.IPage page, string text)
    {
        await page.Locator("#eperson").PressSequentiallyAsync(text);
        await page.Locator("#eperson-hits button").First.ClickAsync();
    }

    private static async Task CheckAsync(Tab tab, string name)
    {
        await tab.SettleAsync();
        await tab.ShotAsync(name);
        (await tab.TooWideAsync()).Concat(await tab.AxeAsync()).ShouldBeEmpty(name);
    }
}
