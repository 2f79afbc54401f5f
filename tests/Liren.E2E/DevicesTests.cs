namespace Liren.E2E;

/// <summary>Devices in the console: registered, put into service, given a key shown once and a command with a reason.</summary>
public sealed class DevicesTests(Site site)
{
    [Fact]
    public async Task A_device_is_registered_given_a_key_and_a_command()
    {
        await using var tab = await site.OpenAsync("admin");
        var page = tab.Page;
        await tab.GoAsync("/devices/refusals");
        await CheckAsync(tab, "devices-refusals");
        await tab.GoAsync("/devices");
        await page.Locator(".page-head button.primary").ClickAsync();
        await page.FillAsync("#dname", "广场音柱");
        await page.FillAsync("#dcode", "spk-e2e");
        await page.SelectOptionAsync("#dkind", "speaker");
        await page.Locator("#dplace").PressSequentiallyAsync("联洋");
        await page.Locator("#dplace-hits button").First.ClickAsync();
        await CheckAsync(tab, "devices-add");
        await page.Locator(".drawer button.primary").ClickAsync();
        await page.Locator("button", new() { HasText = "转为在用" }).ClickAsync();
        await page.Locator("button", new() { HasText = "换发密钥" }).ClickAsync();
        await page.Locator("[role=group] button.danger").First.ClickAsync();
        (await page.Locator(".hash code").First.InnerTextAsync()).Length.ShouldBe(43);
        await page.SelectOptionAsync("#cname", "say");
        await page.FillAsync("#cwhy", "试音");
        await page.Locator("button", new() { HasText = "下发指令" }).ClickAsync();
        await page.Locator("li", new() { HasText = "试音" }).WaitForAsync();
        await CheckAsync(tab, "device");
        await tab.GoAsync("/devices");
        await page.Locator("td a", new() { HasText = "广场音柱" }).WaitForAsync();
        await CheckAsync(tab, "devices");
        tab.Faults.ShouldBeEmpty();
    }

    private static async Task CheckAsync(Tab tab, string shot)
    {
        foreach (var (width, height) in new[] { (1440, 900), (390, 844) })
        {
            await tab.Page.SetViewportSizeAsync(width, height);
            await tab.ShotAsync($"{shot}-{width}");
        }
        await tab.Page.SetViewportSizeAsync(1440, 900);
        (await tab.AxeAsync()).ShouldBeEmpty();
    }
}
