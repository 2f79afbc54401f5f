using System.Text.RegularExpressions;

namespace Liren.E2E;

/// <summary>Organisation under a hand: ask who, break and mend a draft, plan a shift.</summary>
public sealed class OrganisationTests(Site site)
{
    private const string Plaza = "31.01.15.016.037.liren.plaza";

    [Theory]
    [InlineData(1440, 900), InlineData(390, 844)]
    public async Task Who_is_answered_with_names_and_reasons(int width, int height)
    {
        await using var tab = await site.OpenAsync("duty", width, height);
        await tab.GoAsync($"/organisation/who?event=crowd.gathering&place={Plaza}&mode=emergency");
        await tab.Page.GetByText("应急 罗刚").First.WaitForAsync();
        (await tab.Page.Locator("main ol li").CountAsync()).ShouldBeGreaterThan(1);
        await tab.Page.Locator("#mode").SelectOptionAsync("Peace");
        await tab.Page.Locator("button.primary").ClickAsync();
        await tab.Page.GetByText("社区工作者 吴岚").First.WaitForAsync();
        (await tab.TooWideAsync()).ShouldBeEmpty();
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync($"organisation-who-answer-{width}");
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hole_planted_in_a_draft_is_named_and_the_mended_draft_is_activated()
    {
        await using var tab = await site.OpenAsync("admin");
        await tab.GoAsync("/organisation/matrix");
        await tab.Page.Locator(".page-head button.primary").ClickAsync();
        await tab.Page.FillAsync("#d-note", "试删一条规则");
        await tab.Page.Locator(".drawer button.primary").ClickAsync();
        await tab.Page.ReachesAsync(new Regex("/organisation/matrix/[0-9a-f-]{36}$"));
        await tab.Page.Locator("#check .badge.ok").WaitForAsync();
        var row = tab.Page.Locator("tbody tr", new() { HasText = "#16" });
        await row.Locator("button.link").ClickAsync();
        await tab.Page.Locator(".drawer button.danger").ClickAsync();
        await tab.Page.Locator(".drawer [role=group] button.danger").ClickAsync();
        await tab.Page.Locator("#check .notice.act", new() { HasText = "宝塔区" }).First.WaitForAsync();
        (await tab.AxeAsync()).ShouldBeEmpty();
        await tab.ShotAsync("organisation-matrix-hole-1440");
        (await tab.Page.Locator(".page-head").GetByText("启用此版").CountAsync()).ShouldBe(0);
        await tab.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "新增规则" }).ClickAsync();
        await tab.Page.FillAsync("#r-event", "*");
        await tab.Page.Locator("#r-place").PressSequentiallyAsync("61.06.02");
        await tab.Page.Locator("#r-place-hits button", new() { HasText = "61.06.02" }).First.ClickAsync();
        await tab.Page.Locator("#r-lead").SelectOptionAsync("baota-command");
        await tab.ShotAsync("organisation-rule-drawer-1440");
        await tab.Page.Locator(".drawer button.primary").ClickAsync();
        await tab.Page.Locator("#check .badge.ok").WaitForAsync();
        await tab.Page.Locator(".page-head").GetByText("启用此版").ClickAsync();
        await tab.Page.Locator(".page-head [role=group] button.danger").ClickAsync();
        await tab.Page.Locator("main .badge.ok", new() { HasText = "生效中" }).WaitForAsync();
        tab.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1440, 900), InlineData(390, 844)]
    public async Task The_faces_of_the_organisation_are_accessible(int width, int height)
    {
        await using var tab = await site.OpenAsync("admin", width, height);
        async Task LookAsync(string name)
        {
            await tab.SettleAsync();
            (await tab.TooWideAsync()).ShouldBeEmpty(name);
            (await tab.AxeAsync()).ShouldBeEmpty(name);
            await tab.ShotAsync($"organisation-{name}-{width}");
        }
        await tab.GoAsync("/organisation?line=Territory");
        await LookAsync("line");
        await tab.GoAsync("/organisation/matrix");
        await tab.Page.Locator("tbody a", new() { HasText = "第 1 版" }).ClickAsync();
        await tab.Page.Locator(".tabs a", new() { HasText = "覆盖总表" }).ClickAsync();
        await tab.Page.Locator(".coverage").WaitForAsync();
        await LookAsync("coverage");
        await tab.GoAsync("/organisation/posts?q=东门");
        await tab.Page.Locator("tbody a").First.ClickAsync();
        await tab.Page.ReachesAsync(new Regex("/organisation/posts/"));
        await LookAsync("post");
        await tab.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "调班" }).First.ClickAsync();
        await tab.Page.Locator("#c-kind").WaitForAsync();
        await LookAsync("change");
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_shift_nobody_stands_is_shown_as_an_error_and_a_cover_mends_it()
    {
        await using var tab = await site.OpenAsync("admin");
        await tab.GoAsync("/organisation/posts?q=东门");
        await tab.Page.Locator("tbody a").First.ClickAsync();
        await tab.Page.ReachesAsync(new Regex("/organisation/posts/"));
        await tab.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "调班" }).First.ClickAsync();
        await tab.Page.Locator("#c-kind").SelectOptionAsync("Absence");
        await tab.Page.Locator(".drawer button.primary").ClickAsync();
        await tab.Page.Locator(".timeline .badge", new() { HasText = "请假" }).First.WaitForAsync();
        await tab.GoAsync("/organisation/rota");
        await tab.Page.Locator("section.notice.act li", new() { HasText = "东门门岗" }).First.WaitForAsync();
        await tab.ShotAsync("organisation-rota-empty-1440");
        await tab.Page.Locator("section.notice.act a").First.ClickAsync();
        await tab.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "撤回" }).First.ClickAsync();
        await tab.Page.Locator(".timeline .badge", new() { HasText = "已撤回" }).First.WaitForAsync();
        tab.Faults.ShouldBeEmpty();
    }
}
