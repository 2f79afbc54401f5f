using System.Text.RegularExpressions;
using Liren.Shared;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>A resident's report through the seven steps, each in the browser of who does it.</summary>
public sealed class CasesTests(Site site)
{
    [Fact]
    public async Task A_residents_report_is_registered_assigned_handled_verified_and_rated()
    {
        await using var resident = await site.OpenAsync("resident", 390, 844);
        await resident.GoAsync("/my/report");
        if (await resident.Page.Locator("details:not([open]) > summary", new() { HasText = "我要上报" }).CountAsync() > 0) await resident.Page.ClickAsync("summary");
        await resident.Page.SelectOptionAsync("#type", "environment.rubbish");
        await resident.Page.SelectOptionAsync("#place", new SelectOptionValue { Label = "里仁花园 游泳池" });
        await resident.Page.FillAsync("#text", "泳池边垃圾桶满了两天");
        await resident.Page.SetInputFilesAsync("#photos", new FilePayload { Name = "pool.png", MimeType = "image/png", Buffer = Pictures.Png(Guid.CreateVersion7()) });
        await resident.LookAsync("my-report");
        await resident.Page.Locator("form[action='/my/report'] > button").ClickAsync();
        await resident.Page.ReachesAsync(new Regex("/my/report/[0-9a-f-]+"));
        await resident.SeesAsync(resident.Page.Locator(".notice.ok", new() { HasText = "已收到" }));
        await resident.LookAsync("my-report-made");
        var id = Regex.Match(resident.Page.Url, "report/([0-9a-f-]+)").Groups[1].Value;

        await using var console = await site.OpenAsync("duty");
        await console.GoAsync("/cases?filter=Collected");
        await console.Page.Locator($"tbody a[href='/cases/{id}']").WaitForAsync();
        await console.LookAsync("cases");
        await console.Page.ClickAsync($"tbody a[href='/cases/{id}']");
        await ActAsync(console, "立案");
        await console.Page.Locator("aside button", new() { HasText = "派遣" }).ClickAsync();
        await console.Page.Locator("#a-unit").WaitForAsync();
        await console.LookAsync("case-assign");
        await console.Page.Locator(".act-form button.primary").ClickAsync();
        await console.Page.Locator(".content .badge", new() { HasText = "待接收" }).WaitForAsync();

        await using var unit = await site.OpenAsync("urban", 390, 844);
        await unit.GoAsync("/field/cases");
        await unit.LookAsync("field-cases");
        await unit.Page.ClickAsync($"a[href='/field/cases/{id}']");
        await unit.Page.Locator("form[action$='/accept'] > button").ClickAsync();
        await unit.Page.Locator("form[action$='/feed-back']").WaitForAsync();
        await unit.Page.SetInputFilesAsync("#photos", new FilePayload { Name = "after.png", MimeType = "image/png", Buffer = Pictures.Png(Guid.CreateVersion7()) });
        await unit.Page.FillAsync("#note", "已清运并加了一只桶");
        await unit.LookAsync("field-case-handle");
        await unit.Page.Locator("form[action$='/feed-back'] > button").ClickAsync();
        await unit.SeesAsync(unit.Page.Locator(".notice.ok:not(#outbox)"));

        await using var grid = await site.OpenAsync("grid1", 390, 844);
        await grid.GoAsync($"/field/cases/{id}");
        await grid.LookAsync("field-case-verify");
        await grid.Page.Locator("form[action$='/confirm'] > button").ClickAsync();
        await grid.SeesAsync(grid.Page.Locator(".notice.ok:not(#outbox)", new() { HasText = "已结案" }));

        await resident.GoAsync($"/my/report/{id}");
        await resident.LookAsync("my-report-rate");
        await resident.Page.Locator("input[name=solved][value=yes]").CheckAsync();
        await resident.Page.Locator("input[name=stars][value='5']").CheckAsync();
        await resident.Page.Locator("form[action$='/rate'] > button").ClickAsync();
        await resident.SeesAsync(resident.Page.Locator(".notice.ok", new() { HasText = "谢谢" }));

        await console.GoAsync($"/cases/{id}");
        await console.Page.Locator("dd", new() { HasText = "★★★★★" }).WaitForAsync();
        await ActAsync(console, "综合评价");
        await console.Page.Locator(".content .badge", new() { HasText = "已评价" }).WaitForAsync();
        await console.LookAsync("case-evaluated");
        await console.GoAsync("/cases/limits");
        await console.Page.Locator("tbody tr").First.WaitForAsync();
        await console.LookAsync("case-limits");
        foreach (var tab in new[] { console, resident, unit, grid }) tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_script_a_resident_reports_and_a_collector_too()
    {
        await using var resident = await site.OpenAsync("resident", 390, 844, script: false);
        await resident.Page.GotoAsync("/my/report");
        if (await resident.Page.Locator("details:not([open]) > summary", new() { HasText = "我要上报" }).CountAsync() > 0) await resident.Page.ClickAsync("summary");
        await resident.Page.SelectOptionAsync("#type", "facility.lighting");
        await resident.Page.SelectOptionAsync("#place", new SelectOptionValue { Label = "里仁花园 16号楼" });
        await resident.Page.FillAsync("#text", "楼前路灯不亮");
        await resident.Page.Locator("form[action='/my/report'] > button").ClickAsync();
        await resident.Page.Locator(".notice.ok", new() { HasText = "已收到" }).WaitForAsync();
        await using var grid = await site.OpenAsync("grid2", 390, 844, script: false);
        await grid.Page.GotoAsync("/field/cases/report");
        await grid.Page.SelectOptionAsync("#type", "fire.exit");
        await grid.Page.SelectOptionAsync("#place", new SelectOptionValue { Label = "里仁花园 16号楼" });
        await grid.Page.FillAsync("#text", "楼道堆物");
        await grid.WholeShotAsync("field-case-report");
        await grid.Page.Locator("form[method=post] > button").ClickAsync();
        await grid.Page.Locator("#live [role=status]", new() { HasText = "已上报" }).WaitForAsync();
    }

    private static async Task ActAsync(Tab tab, string act)
    {
        await tab.Page.Locator("aside button", new() { HasText = act }).First.ClickAsync();
        await tab.Page.Locator(".act-form button.primary").ClickAsync();
        await tab.Page.Locator(".act-form").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }
}
