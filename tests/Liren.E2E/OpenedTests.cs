namespace Liren.E2E;

/// <summary>What opens on top of a page is accessible and fits, at a desk and on a phone.</summary>
public sealed class OpenedTests(Site site)
{
    [Theory]
    [InlineData("drawer", "/identity/accounts", ".page-head button", ".drawer")]
    [InlineData("bell", "/", "header details.pop:not(:has(.name)) summary", "details[open] .pop-panel")]
    [InlineData("person-menu", "/", "header summary.name", "details[open] .pop-panel")]
    [InlineData("not-found", "/no/such/page", null, ".empty .button")]
    public async Task What_opens_is_accessible_and_fits(string name, string address, string? click, string opened)
    {
        foreach (var (width, height) in new[] { (1440, 900), (390, 844) })
        {
            await using var tab = await site.OpenAsync("admin", width, height);
            await tab.Page.GotoAsync(address);
            await tab.SettleAsync();
            if (click is not null) await tab.Page.Locator(click).First.ClickAsync();
            await tab.Page.Locator(opened).First.WaitForAsync();
            (await tab.TooWideAsync()).ShouldBeEmpty();
            foreach (var theme in new[] { "light", "dark" })
            {
                await tab.ThemeAsync(theme);
                (await tab.AxeAsync()).ShouldBeEmpty();
                await tab.ShotAsync($"opened-{name}-{width}-{theme}");
            }
        }
    }

    [Fact]
    public async Task On_a_phone_the_menu_opens_over_the_page_and_closes_when_a_page_is_chosen()
    {
        await using var tab = await site.OpenAsync("admin", 390, 844);
        await tab.GoAsync("/");
        await tab.Page.Locator(".menu-toggle").ClickAsync();
        await tab.Page.Locator("nav.menu.open").WaitForAsync();
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("opened-menu-390-light");
        await tab.Page.Locator("nav.menu a[href='/identity/roles']").ClickAsync();
        await tab.Page.Locator("nav.menu:not(.open)").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Attached });
        new Uri(tab.Page.Url).AbsolutePath.ShouldBe("/identity/roles");
    }
}
