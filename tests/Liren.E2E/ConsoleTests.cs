using System.Text.RegularExpressions;
using Liren.Shared;

namespace Liren.E2E;

/// <summary>How the console behaves under a hand: lists, drawer, keys, languages, refusals.</summary>
public sealed class ConsoleTests(Site site)
{
    [Fact]
    public async Task A_list_keeps_its_search_sort_and_page_in_the_address_and_the_back_key_undoes_them()
    {
        await using var tab = await site.OpenAsync("admin");
        await tab.GoAsync("/identity/accounts");
        var rows = tab.Page.Locator("tbody tr");
        var all = await rows.CountAsync();
        await tab.Page.Locator("input[data-live]").PressSequentiallyAsync("grid");
        await tab.Page.ReachesAsync(new Regex(@"\?q=grid$"));
        await tab.Page.Locator("tbody:not(:has(tr:nth-child(4)))").WaitForAsync();
        (await rows.CountAsync()).ShouldBe(3);
        await tab.Page.Locator("th button").First.ClickAsync();
        await tab.Page.Locator("th button").First.ClickAsync();
        await tab.Page.ReachesAsync(new Regex("sort=-userName"));
        await tab.Page.Locator("tbody tr:first-child", new() { HasText = "grid3" }).WaitForAsync();
        for (var i = 0; i < 3; i++) await tab.Page.GoBackAsync();
        await tab.Page.Locator($"tbody tr:nth-child({all})").WaitForAsync();
        (await tab.Page.Locator("input[data-live]").InputValueAsync()).ShouldBe("");
        await tab.GoAsync("/identity/accounts?q=grid2");
        (await rows.CountAsync()).ShouldBe(1);
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_list_exports_is_what_it_shows()
    {
        await using var tab = await site.OpenAsync("admin");
        await tab.GoAsync("/identity/accounts?q=grid");
        var download = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.Locator(".export a").Last.ClickAsync());
        var lines = await File.ReadAllLinesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        lines.Count(l => l.Contains("grid", StringComparison.Ordinal)).ShouldBe(3);
        lines.Length.ShouldBe(4);
    }

    [Fact]
    public async Task Focus_goes_into_a_drawer_and_back_and_escape_closes_it()
    {
        await using var tab = await site.OpenAsync("admin");
        await tab.GoAsync("/identity/accounts");
        var opener = tab.Page.Locator(".page-head button");
        await opener.ClickAsync();
        await tab.Page.WaitForFunctionAsync("() => document.activeElement.id === 'drawer-title'");
        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.Page.WaitForFunctionAsync("() => !document.querySelector('.drawer') && document.activeElement.closest('.page-head')");
    }

    [Fact]
    public async Task The_slash_key_searches_and_the_question_mark_lists_the_keys()
    {
        await using var tab = await site.OpenAsync("admin");
        await tab.GoAsync("/identity/roles");
        await tab.Page.Keyboard.PressAsync("?");
        await tab.Page.Locator("dialog[open]").WaitForAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.Page.Keyboard.PressAsync("/");
        await tab.Page.WaitForFunctionAsync("() => document.activeElement.id === 'search-all'");
        await tab.Page.Keyboard.TypeAsync("grid2");
        await tab.Page.Locator("#search-hits a").First.WaitForAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.ReachesAsync(new Regex("/identity/accounts/"));
    }

    [Fact]
    public async Task The_language_switch_comes_back_to_the_same_page_in_English()
    {
        await using var tab = await site.OpenAsync("admin");
        await tab.GoAsync("/identity/roles");
        await tab.Page.Locator("header a[lang=en]").ClickAsync();
        await tab.Page.WaitForFunctionAsync("() => document.documentElement.lang.startsWith('en') && document.querySelector('h1')");
        new Uri(tab.Page.Url).AbsolutePath.ShouldBe("/identity/roles");
        (await tab.Page.Locator("h1").InnerTextAsync()).ShouldMatch("^[A-Za-z ]+$");
        (await tab.AxeAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_without_permission_names_what_is_missing_and_who_can_help()
    {
        await using var tab = await site.OpenAsync("grid1");
        await tab.GoAsync("/identity/accounts");
        var sentence = await tab.Page.Locator("[role=alert].notice").InnerTextAsync();
        sentence.ShouldContain("权限");
        sentence.ShouldContain("管理员");
        sentence.ShouldNotContain("identity.accounts");
        (await tab.Page.Locator("nav.menu a[href='/identity/accounts']").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_is_sent_to_sign_in_and_then_back_to_the_page_asked_for()
    {
        await using var tab = await site.OpenAsync(null);
        await tab.Page.GotoAsync("/identity/roles");
        await tab.Page.ReachesAsync(new Regex(@"/sign-in\?returnUrl=%2Fidentity%2Froles"));
    }

    [Fact]
    public async Task A_lost_connection_is_said_in_a_banner_as_long_as_it_lasts()
    {
        var data = Directory.CreateTempSubdirectory("liren-lost-").FullName;
        try
        {
            await using var other = await LirenProcess.UpAsync(data, demo: true);
            await using var tab = await site.OpenOnAsync(other);
            await tab.SettleAsync();
            await other.KillAsync();
            var banner = tab.Page.Locator("#components-reconnect-modal");
            await banner.WaitForAsync();
            (await banner.InnerTextAsync()).ShouldContain("正在重连");
            await tab.Page.Locator("#components-reconnect-modal.components-reconnect-retrying").WaitForAsync();
            (await banner.IsVisibleAsync()).ShouldBeTrue();
        }
        finally { Directory.Delete(data, recursive: true); }
    }
}
