using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>What a community worker does with residents all day: find, look, register, move out.</summary>
public sealed class PeopleTests(Site site)
{
    private const string Community = "community";

    [Fact]
    public async Task A_resident_is_found_by_their_room_and_their_numbers_are_shown_for_a_reason_then_hidden_again()
    {
        await using var tab = await site.OpenAsync(Community);
        await tab.GoAsync("/people?filter=elder");
        var home = await tab.Page.Locator("tbody tr:first-child td:nth-child(4)").InnerTextAsync();
        var room = string.Join('-', Regex.Matches(home, @"\d+").Select(m => m.Value));
        await tab.Page.Locator("input[data-live]").PressSequentiallyAsync(room);
        await tab.Page.ReachesAsync(new Regex($"q={room}"));
        await tab.Page.Locator("tbody:not(:has(tr:nth-child(7)))").WaitForAsync();
        (await tab.Page.Locator("tbody td:nth-child(4)").AllInnerTextsAsync()).ShouldAllBe(h => h == home);
        await tab.Page.Locator("tbody a").First.ClickAsync();
        await tab.Page.ReachesAsync(new Regex("/people/[0-9a-f-]{36}"));
        await tab.SettleAsync();
        var numbers = tab.Page.Locator("section", new() { HasText = "证件与电话" });
        (await numbers.InnerTextAsync()).ShouldMatch(@"3101\*+");
        await numbers.GetByText("查看明文").ClickAsync();
        var show = tab.Page.Locator(".drawer button.primary");
        (await show.IsDisabledAsync()).ShouldBeTrue();
        await tab.Page.SelectOptionAsync("#why", "community.service");
        await show.ClickAsync();
        await numbers.GetByText(new Regex(@"310199\d{11}")).WaitForAsync();
        await tab.ShotAsync("people-revealed-1440");
        await numbers.GetByText("隐藏", new() { Exact = true }).ClickAsync();
        await numbers.GetByText(new Regex(@"310199\d{11}")).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await tab.Page.GetByText("查看记录").ClickAsync();
        await tab.Page.Locator(".timeline .badge", new() { HasText = "明文" }).First.WaitForAsync();
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_is_registered_into_a_room_and_moves_out_again()
    {
        await using var tab = await site.OpenAsync(Community);
        await tab.GoAsync("/people");
        await tab.Page.Locator(".page-head button").ClickAsync();
        await tab.Page.FillAsync("#rname", "演示·新居民");
        await tab.Page.FillAsync("#rid", "310199199001010019");
        await tab.Page.FillAsync("#mroom", "8-1-101");
        await tab.Page.Locator("#mroom-hits button").First.ClickAsync();
        await tab.Page.SelectOptionAsync("#mkind", "Tenant");
        await tab.ShotAsync("people-register-1440");
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.Page.Locator(".drawer button.primary").ClickAsync();
        // A wrong number is named under its field, and what was typed stays.
        await tab.Page.Locator(".drawer .wrong").WaitForAsync();
        (await tab.Page.InputValueAsync("#rname")).ShouldBe("演示·新居民");
        await tab.Page.FillAsync("#rid", "");
        await tab.Page.Locator(".drawer button.primary").ClickAsync();
        await tab.Page.ReachesAsync(new Regex("/people/[0-9a-f-]{36}"));
        await tab.Page.Locator("td button", new() { HasText = "迁出" }).First.ClickAsync();
        await tab.Page.Locator(".drawer button.danger").ClickAsync();
        await tab.ShotAsync("people-move-out-1440");
        await tab.Page.Locator(".drawer button.danger", new() { HasText = "确定" }).ClickAsync();
        await tab.Page.Locator(".notice", new() { HasText = "已迁出" }).WaitForAsync();
        tab.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("move-in", "迁入")]
    [InlineData("edit", "修改")]
    [InlineData("state", "变更状态")]
    [InlineData("tags", "登记标签")]
    [InlineData("reveal", "查看明文")]
    public async Task Each_drawer_is_accessible_and_fits(string name, string button)
    {
        foreach (var (width, height) in new[] { (1440, 900), (390, 844) })
        {
            await using var tab = await site.OpenAsync(Community, width, height);
            await tab.GoAsync("/people?filter=tag.lives-alone");
            await tab.Page.Locator("tbody a").First.ClickAsync();
            await tab.Page.ReachesAsync(new Regex("/people/[0-9a-f-]{36}"));
            await tab.SettleAsync();
            await tab.Page.Locator("main button", new() { HasTextRegex = new Regex($"^{button}$") }).First.ClickAsync();
            await tab.Page.Locator(".drawer").WaitForAsync();
            (await tab.TooWideAsync()).ShouldBeEmpty();
            if (width < 700) (await tab.TooSmallAsync(40)).ShouldBeEmpty();
            (await tab.AxeAsync()).ShouldBeEmpty();
            await tab.ShotAsync($"people-drawer-{name}-{width}");
        }
    }

    [Fact]
    public async Task A_grid_worker_sees_masked_names_and_no_way_to_more()
    {
        await using var tab = await site.OpenAsync("grid1");
        await tab.GoAsync("/people?filter=Owner");
        (await tab.Page.Locator("tbody a").First.InnerTextAsync()).ShouldContain("*");
        (await tab.Page.Locator(".page-head button").CountAsync()).ShouldBe(0);
        await tab.Page.Locator("tbody a").First.ClickAsync();
        await tab.Page.ReachesAsync(new Regex("/people/[0-9a-f-]{36}"));
        await tab.SettleAsync();
        (await tab.Page.GetByText("查看明文").CountAsync()).ShouldBe(0);
        await tab.ShotAsync("people-grid-worker-1440");
    }
}
