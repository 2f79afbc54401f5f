using System.Text.RegularExpressions;

namespace Liren.E2E;

/// <summary>The main acts with places, as a community worker does them.</summary>
public sealed class PlacesTests(Site site)
{
    private const string Demo = "/places/31.01.15.016.037.liren";

    [Fact]
    public async Task A_new_compound_gets_its_buildings_by_a_rule_a_room_is_split_and_two_are_merged()
    {
        await using var tab = await site.OpenAsync("community");
        var page = tab.Page;
        await tab.GoAsync("/places/compounds");
        await page.Locator(".page-head button").ClickAsync();
        await page.Locator("#community").FillAsync("居委会");
        await page.Locator("#community-hits button", new() { HasText = "联洋" }).First.ClickAsync();
        await page.Locator("#name").FillAsync("联洋新苑");
        await page.Locator("#code").FillAsync("xinyuan");
        await page.Locator(".drawer button.primary").ClickAsync();
        await page.ReachesAsync(new Regex(@"/places/31\.01\.15\.016\.037\.xinyuan$"));

        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "批量生成楼栋", Exact = true }).ClickAsync();
        await page.Locator("#plan-buildings").FillAsync("1-3");
        await page.Locator("#plan-floors").FillAsync("1-5");
        await page.Locator("#plan-unlucky").SelectOptionAsync("Rename");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "预览" }).ClickAsync();
        await page.Locator(".drawer h3", new() { HasText = "3 栋楼、6 个单元、60 套房屋" }).WaitForAsync();
        (await page.Locator(".drawer tr", new() { HasText = "3A 层" }).InnerTextAsync()).ShouldContain("3A02室");
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("places-generate-1440");
        await page.Locator(".drawer section button.primary").ClickAsync();
        await page.Locator(".drawer .notice.ok").WaitForAsync();
        await page.Locator(".drawer > button.primary").ClickAsync();
        await page.Locator("#buildings a", new() { HasText = "2号楼" }).ClickAsync();

        await page.Locator("table.board").WaitForAsync();
        (await page.Locator("table.board .cell").CountAsync()).ShouldBe(20);
        await page.Locator("table.board .cell").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        (await page.EvaluateAsync<string>("() => document.activeElement.innerText")).ShouldStartWith("3A01室");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "拆分" }).ClickAsync();
        await page.Locator(".drawer button.danger").ClickAsync();
        await page.Locator(".drawer [role=group] button.danger").ClickAsync();
        await page.Locator(".drawer li a", new() { HasText = "3A01-2室" }).WaitForAsync();
        await page.Locator("table.board .cell", new() { HasText = "3A01-2室" }).WaitForAsync();
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("places-split-1440");
        await page.Keyboard.PressAsync("Escape");

        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "合并房屋" }).ClickAsync();
        await page.Locator("table.board .cell", new() { HasText = "101室" }).First.ClickAsync();
        await page.Locator("table.board .cell", new() { HasText = "102室" }).First.ClickAsync();
        (await page.Locator("#merge-name").InputValueAsync()).ShouldBe("101-102");
        await page.Locator(".notice button.danger").ClickAsync();
        await page.Locator(".notice [role=group] button.danger").ClickAsync();
        await page.Locator("table.board .cell", new() { HasText = "101-102室" }).WaitForAsync();
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_map_zooms_by_button_and_key_and_a_building_opens_from_it()
    {
        await using var tab = await site.OpenAsync("manager");
        await tab.GoAsync(Demo);
        var svg = tab.Page.Locator(".map svg");
        await tab.Page.Locator(".map svg[data-ready]").WaitForAsync();
        async Task<double> WidthAsync() => double.Parse((await svg.GetAttributeAsync("viewBox"))!.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
        var whole = await WidthAsync();
        await tab.Page.Locator("[data-zoom=in]").ClickAsync();
        (await WidthAsync()).ShouldBeLessThan(whole);
        await svg.FocusAsync();
        await tab.Page.Keyboard.PressAsync("0");
        (await WidthAsync()).ShouldBe(whole);
        await tab.Page.Locator(".map a.building path").Nth(7).ClickAsync();
        await tab.Page.ReachesAsync(new Regex(@"liren\.b8$"));
        await tab.Page.Locator("table.board").WaitForAsync();
        tab.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task Pages_of_every_kind_of_place_are_accessible_and_fit(int width, int height)
    {
        await using var tab = await site.OpenAsync("community", width, height);
        foreach (var (name, address) in new[] { ("street", "/places/31.01.15.016"), ("compound", Demo), ("building", Demo + ".b9"), ("unit", Demo + ".b10.u2"), ("room", Demo + ".b8.u1.r602"), ("area", Demo + ".plaza") })
        {
            await tab.GoAsync(address);
            (await tab.TooWideAsync()).ShouldBeEmpty(name);
            if (width < 700) (await tab.TooSmallAsync(40)).ShouldBeEmpty(name);
            foreach (var theme in new[] { "light", "dark" })
            {
                await tab.ThemeAsync(theme);
                (await tab.AxeAsync()).ShouldBeEmpty(name);
                await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(Site.Shots, $"place-{name}-{width}-{theme}.png"), FullPage = true });
            }
        }
        // English is longer: the widest pages once more.
        await tab.Page.GotoAsync("/language/en?back=" + Uri.EscapeDataString(Demo));
        foreach (var (name, address) in new[] { ("compound", Demo), ("building", Demo + ".b9") })
        {
            await tab.GoAsync(address);
            (await tab.TooWideAsync()).ShouldBeEmpty(name);
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(Site.Shots, $"place-{name}-{width}-en.png"), FullPage = true });
        }
        tab.Faults.ShouldBeEmpty();
    }
}
