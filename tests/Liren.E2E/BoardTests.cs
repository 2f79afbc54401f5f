using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>Boards at a desk and on a phone, arranged by the keyboard alone.</summary>
public sealed class BoardTests(Site site)
{
    private const string Tile = ".board-tile h2";

    [Fact]
    public async Task A_street_leader_opens_the_ready_board_copies_it_and_arranges_it_by_keyboard()
    {
        await using var tab = await site.OpenAsync("leader");
        await tab.GoAsync("/insight/boards?all=true");
        await tab.SeesAsync(tab.Page.Locator(".board-list .card").First);
        await tab.LookAtBothAsync("boards");
        await tab.Page.Locator("a[href='/insight/boards/street-leader']").ClickAsync();
        await tab.SeesAsync(tab.Page.Locator(Tile).First);
        await tab.SettleAsync();
        await tab.LookAtBothAsync("board-leader");
        await tab.WholeShotAsync("board-leader-whole");
        await tab.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await tab.WholeShotAsync("board-leader-print");
        await tab.Page.EmulateMediaAsync(new() { Media = Media.Screen });

        await PressAsync(tab, tab.Page.Locator("button", new() { HasText = "复制" }));
        await tab.Page.ReachesAsync(new Regex("/insight/boards/[0-9a-f-]{36}\\?arrange=true"));
        await tab.SeesAsync(tab.Page.Locator(".tile-tools").First);
        await tab.LookAtBothAsync("board-arrange");
        await tab.Page.SetViewportSizeAsync(390, 844);
        await tab.WholeShotAsync("board-arrange-phone");
        (await tab.TooSmallAsync(40)).ShouldBeEmpty();
        await tab.Page.SetViewportSizeAsync(1440, 900);
        await tab.WholeShotAsync("board-arrange-whole");

        var before = await TitlesAsync(tab);
        await PressAsync(tab, tab.Page.Locator("#move-0-Right"));
        // Focus has gone with the tile: the same key moves it on.
        await tab.Page.WaitForFunctionAsync("() => document.activeElement?.id === 'move-1-Right'");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.WaitForFunctionAsync("() => document.activeElement?.id === 'move-2-Right'");
        (await TitlesAsync(tab)).Take(3).ShouldBe([before[1], before[2], before[0]]);
        await PressAsync(tab, tab.Page.Locator("#move-2-Down"));
        await tab.Page.WaitForFunctionAsync("() => document.activeElement?.id.endsWith('-Down') && document.activeElement.id !== 'move-2-Down'");
        (await TitlesAsync(tab)).IndexOf(before[0]).ShouldBeGreaterThan(2);

        await PressAsync(tab, tab.Page.Locator(".board-tile").First.Locator("button.danger"));
        await tab.SeesAsync(tab.Page.Locator(".notice.ok"));
        (await TitlesAsync(tab)).Count.ShouldBe(before.Count - 1);
        await tab.LookAtBothAsync("board-removed");
        await tab.Page.WaitForFunctionAsync("() => document.activeElement?.id === 'restore'");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Locator(".notice.ok").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        (await TitlesAsync(tab)).Count.ShouldBe(before.Count);

        await tab.Page.SelectOptionAsync("#s-with", "role:duty-officer");
        await PressAsync(tab, tab.Page.Locator("button", new() { HasText = "保存共享" }));
        await tab.SeesAsync(tab.Page.Locator("main p.quiet", new() { HasText = "已共享：角色“值班员”" }));
        var address = new Uri(tab.Page.Url).AbsolutePath;
        await using (var other = await site.OpenAsync("duty"))
        {
            await other.GoAsync(address);
            await other.SeesAsync(other.Page.Locator(Tile).First);
            await other.LookAtBothAsync("board-shared");
            (await other.Page.Locator("a", new() { HasText = "编排" }).CountAsync()).ShouldBe(0);
        }

        await PressAsync(tab, tab.Page.Locator("a.button.primary"));
        await PressAsync(tab, tab.Page.Locator("button", new() { HasText = "设为起始" }));
        await tab.SeesAsync(tab.Page.Locator("button[aria-pressed=true]"));
        await tab.GoAsync("/insight/boards");
        await tab.Page.ReachesAsync(new Regex(Regex.Escape(address) + "$"));
        await tab.GoAsync(address + "?arrange=true");
        await PressAsync(tab, tab.Page.Locator("button.danger", new() { HasText = "删除工作台" }));
        await PressAsync(tab, tab.Page.Locator("button", new() { HasText = "确定" }));
        await tab.SeesAsync(tab.Page.Locator(".board-list").First);
        (await tab.Page.Locator($"a[href='{address}']").CountAsync()).ShouldBe(0);
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_board_without_data_says_so_by_night_and_in_English()
    {
        await using var tab = await site.OpenAsync("leader");
        await tab.GoAsync("/language/en?back=/insight/boards/property-manager%3Fplace=31.01.15.016.037.liren.plaza");
        await tab.SeesAsync(tab.Page.Locator(".board-figure.none").First);
        await tab.SettleAsync();
        (await tab.Page.Locator(".board-figure.none").First.InnerTextAsync()).ShouldBe("no data");
        await tab.LookAtBothAsync("board-empty-en");
        await tab.ThemeAsync("dark");
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("board-empty-dark");
        await tab.GoAsync("/insight/boards/nothing");
        await tab.SeesAsync(tab.Page.GetByText("There is no such board, or it is not shared with you."));
        await tab.ShotAsync("board-none");
        await tab.GoAsync("/language/zh?back=/");
    }

    private static async Task<List<string>> TitlesAsync(Tab tab) => [.. await tab.Page.Locator(Tile).AllInnerTextsAsync()];

    /// <summary>By the keyboard: focus, Enter.</summary>
    private static async Task PressAsync(Tab tab, ILocator control)
    {
        await tab.SeesAsync(control.First);
        await control.First.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
    }
}
