using System.Text.RegularExpressions;
using Liren.Shared;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>The wall (大屏) as it hangs in a duty room: live, in three sizes, in both themes and languages, and as a story.</summary>
public sealed class WallTests(Site site)
{
    private const string Compound = "31.01.15.016.037.liren", Community = "31.01.15.016.037";

    /// <summary>Texts that are cut, digits that are too small, and marks or tiles that lie outside the screen.</summary>
    private const string Wrong = """
        () => {
          const wrong = [];
          for (const e of document.querySelectorAll('.figure')) if (parseFloat(getComputedStyle(e).fontSize) < 48) wrong.push('digits below 48 px: ' + e.textContent);
          if (document.querySelectorAll('.tile').length > 7) wrong.push('more than seven tiles');
          for (const e of document.querySelectorAll('.tile .label, .tile .number, .tile .detail, .truth, h1, .steps li')) if (e.checkVisibility() && e.scrollWidth > e.clientWidth + 1) wrong.push('cut: ' + e.className + ' ' + e.textContent);
          for (const e of document.querySelectorAll('.tile, .panel, .foot, .head')) { const r = e.getBoundingClientRect(); if (r.right > innerWidth + 1 || r.bottom > innerHeight + 1) wrong.push('outside: ' + e.className); }
          if (document.documentElement.scrollHeight > innerHeight + 1) wrong.push('scrolls');
          return wrong;
        }
        """;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1920, 1080)]
    [InlineData(3840, 2160)]
    public async Task The_wall_is_whole_at_every_size(int width, int height)
    {
        await using var tab = await site.OpenAsync("duty", width, height);
        foreach (var place in new[] { Compound, Community })
        {
            await OpenAsync(tab, $"/wall/{place}");
            await tab.SeesAsync(tab.Page.Locator(".truth", new() { HasText = "实时" }));
            var name = $"wall-{width}{(place == Compound ? "" : "-community")}";
            foreach (var theme in new[] { "light", "dark" })
            {
                await tab.Page.EvaluateAsync("theme => localStorage.setItem('liren-wall-theme', theme)", theme);
                await OpenAsync(tab, $"/wall/{place}");
                await tab.SeesAsync(tab.Page.Locator(".truth", new() { HasText = "实时" }));
                (await tab.Page.EvaluateAsync<string[]>(Wrong)).ShouldBeEmpty($"{width} {theme}");
                (await tab.AxeAsync()).ShouldBeEmpty($"{width} {theme}");
                await tab.ShotAsync(theme == "dark" ? name : name + "-light");
            }
        }
        (await tab.Page.InnerTextAsync("body")).ShouldNotContain("网格员");
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tile_opens_the_list_behind_it_and_the_language_can_be_switched()
    {
        await using var tab = await site.OpenAsync("duty", 1920, 1080);
        await OpenAsync(tab, $"/wall/{Compound}");
        await tab.Page.ClickAsync(".tools button:has-text('English')");
        await tab.SeesAsync(tab.Page.Locator(".tile .label", new() { HasText = "Open incidents" }));
        (await tab.Page.EvaluateAsync<string[]>(Wrong)).ShouldBeEmpty();
        await tab.ShotAsync("wall-english");
        var list = await tab.Page.Context.RunAndWaitForPageAsync(() => tab.Page.ClickAsync("[data-tile=incidents]"));
        await list.ReachesAsync(new Regex("/incidents\\?filter=open"));
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_drill_of_13_February_plays_and_says_that_it_is_one()
    {
        await using var tab = await site.OpenAsync("duty", 1920, 1080);
        await OpenAsync(tab, $"/wall/{Compound}");
        await tab.Page.ClickAsync(".tools button:has-text('回放')");
        await tab.SeesAsync(tab.Page.Locator("dialog.stories"));
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("wall-stories");
        await tab.Page.Locator("dialog .choice", new() { HasText = "2020-02-13" }).Locator("button").First.ClickAsync();
        await tab.Page.ReachesAsync(new Regex("drill=plaza-13-february"));
        await tab.SeesAsync(tab.Page.Locator(".truth", new() { HasText = "演练" }));
        await tab.Page.Locator(".bar .speed").SelectOptionAsync("600");
        await tab.SeesAsync(tab.Page.Locator(".incident"));
        await tab.Page.ClickAsync(".bar .play");
        // Seven minutes in: forty-five people, level III, somebody on the way.
        await OpenAsync(tab, $"/wall/{Compound}?drill=plaza-13-february&at=2020-02-13T16:07:30%2B08:00");
        await tab.SeesAsync(tab.Page.Locator(".banner", new() { HasText = "至少 45 人" }));
        await tab.SeesAsync(tab.Page.Locator(".incident .word", new() { HasText = "已接单" }));
        (await tab.Page.EvaluateAsync<string[]>(Wrong)).ShouldBeEmpty();
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("wall-story");
        (await tab.Page.InnerTextAsync("[data-tile=cases]")).ShouldContain("不在演练中");
        await tab.Page.ClickAsync(".bar .back");
        await tab.SeesAsync(tab.Page.Locator(".truth", new() { HasText = "实时" }));
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_chooses_a_wall_at_the_desk_and_on_the_wall()
    {
        await using var tab = await site.OpenAsync("duty");
        await OpenAsync(tab, "/wall");
        await tab.SeesAsync(tab.Page.Locator(".choices a").First);
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("wall-choose");
        await tab.Page.Locator(".choices a", new() { HasText = "里仁花园" }).ClickAsync();
        await tab.SeesAsync(tab.Page.Locator(".truth", new() { HasText = "实时" }));

        await using var stranger = await site.OpenAsync(null);
        await stranger.Page.GotoAsync($"/wall/{Compound}");
        await stranger.Page.ReachesAsync(new Regex("/sign-in\\?returnUrl=%2Fwall%2F"));

        await using var phone = await site.OpenAsync("duty", 390, 844);
        await OpenAsync(phone, $"/wall/{Compound}");
        (await phone.TooWideAsync()).ShouldBeEmpty();
        (await phone.TooSmallAsync(44)).ShouldBeEmpty();
        await phone.WholeShotAsync("wall-phone");
    }

    [Fact]
    public async Task The_wall_says_when_it_is_cut_off_and_comes_back_by_itself_after_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("liren-wall-").FullName;
        try
        {
            var server = await LirenProcess.UpAsync(data, demo: true);
            await using var tab = await site.OpenOnAsync(server);
            await OpenAsync(tab, $"/wall/{Compound}");
            var truth = tab.Page.Locator(".truth");
            await tab.SeesAsync(truth.Filter(new() { HasText = "实时" }));
            var port = server.Port;
            await server.DisposeAsync();
            await tab.SeesAsync(truth.Filter(new() { HasText = "数字停在" }));
            await tab.ShotAsync("wall-lost");
            await using var again = await LirenProcess.UpAsync(data, port, demo: true);
            await truth.Filter(new() { HasText = "实时" }).WaitForAsync(new() { Timeout = 60_000 });
            (await tab.Page.InnerTextAsync("[data-tile=cases] .figure")).ShouldMatch(@"^\d+$");
        }
        finally { Directory.Delete(data, recursive: true); }
    }

    private static async Task OpenAsync(Tab tab, string address)
    {
        await tab.Page.GotoAsync(address);
        await tab.SeesAsync(tab.Page.Locator("h1"));
        if (address.Length > 6)
        {
            await tab.Page.Locator("[data-tile=incidents] .figure:not(:empty)").WaitForAsync();
            await tab.Page.Locator(".map-canvas canvas").First.WaitForAsync();
            await tab.Page.WaitForTimeoutAsync(400);
        }
    }
}
