using System.Text.RegularExpressions;
using Liren.Shared;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>The first loop in three browsers at once: a duty officer at the console, a grid worker and a checker on their phones. Nobody refreshes.</summary>
public sealed class IncidentsTests(Site site)
{
    [Fact]
    public async Task The_gathering_opens_is_handled_verified_and_closed_before_everybodys_eyes()
    {
        await using var console = await site.OpenAsync("duty");
        await using var phone = await site.OpenAsync("grid1", 390, 844);
        await using var check = await site.OpenAsync("checker", 390, 844);
        await console.GoAsync("/incidents");
        await phone.GoAsync("/field");
        await check.GoAsync("/field/verify");
        await phone.StandAtAsync(121.5548f, 31.2259f);
        (await LirenProcess.RunAsync(site.Data, ["demo", "gathering", "--speed", "40"])).Code.ShouldBe(0);

        var card = console.Page.Locator(".incident-card", new() { HasText = "中心广场" });
        await card.WaitForAsync();
        (await card.InnerTextAsync()).ShouldContain("联洋第一居民委员会");
        await console.ShotAsync("incidents");
        // Other tests may have asked the same grid worker about something else.
        var accept = phone.Page.Locator("article", new() { HasText = "人员聚集" }).Locator("form[action$='/accept'] button");
        await accept.WaitForAsync();
        await phone.LookAsync("field-offer");
        await accept.ClickAsync();
        var arrived = phone.Page.Locator("form[action$='/arrive'] > button");
        await arrived.WaitForAsync();
        await phone.LookAsync("field-accepted");
        await card.Locator(".badge", new() { HasText = "已接单" }).WaitForAsync();
        await arrived.ClickAsync();
        await phone.Page.Locator("form[action$='/handle']").WaitForAsync();
        // The page renews itself while somebody takes a photo: the field the photo is for must not go with the old page.
        var (live, field) = (await phone.Page.QuerySelectorAsync("#live"), await phone.Page.QuerySelectorAsync("#photos"));
        await phone.Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await phone.Page.WaitForFunctionAsync("old => !old.isConnected", live);
        (await field!.EvaluateAsync<bool>("field => field.isConnected")).ShouldBeTrue();
        await phone.Page.SetInputFilesAsync("#photos", new FilePayload { Name = "plaza.png", MimeType = "image/png", Buffer = Pictures.Png(Guid.CreateVersion7()) });
        await phone.Page.FillAsync("#note", "已劝离，广场恢复正常");
        await phone.LookAsync("field-on-scene");
        await phone.Page.Locator("form[action$='/handle'] > button").ClickAsync();
        await phone.SeesAsync(phone.Page.Locator(".notice.ok"));

        await card.Locator(".badge", new() { HasText = "待核验" }).WaitForAsync();
        await card.ClickAsync();
        await console.Page.Locator(".steps").WaitForAsync();
        await console.Page.Locator(".shots img").First.WaitForAsync();
        await console.SettleAsync();
        await console.LookAsync("incident-verifying");
        await check.Page.Locator("article", new() { HasText = "人员聚集" }).Locator("a[href^='/field/verify/'].primary").ClickAsync();
        await check.Page.Locator("form[action$='/confirm'] > button").WaitForAsync();
        await check.LookAsync("field-verify-one");
        await check.Page.Locator("form[action$='/confirm'] > button").ClickAsync();
        await check.Page.Locator("[role=status].notice.wait:not(#outbox)").WaitForAsync();
        (await LirenProcess.RunAsync(site.Data, ["demo", "gathering", "--clear"])).Code.ShouldBe(0);
        await console.Page.Locator(".content .badge", new() { HasText = "已闭环" }).First.WaitForAsync();
        await console.SettleAsync();
        await console.LookAsync("incident-closed");
        await check.Page.Locator(".notice.ok:not(#outbox)", new() { HasText = "已闭环" }).WaitForAsync();
        await console.Page.Locator("a[href$='/certificate']").ClickAsync();
        await console.Page.ReachesAsync(new Regex("/certificate$"));
        await console.Page.Locator(".paper .badge.ok", new() { HasText = "校验一致" }).WaitForAsync();
        await console.LookAsync("incident-certificate");
        console.Faults.ShouldBeEmpty();
        phone.Faults.ShouldBeEmpty();
        check.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_report_survives_a_lost_network_and_is_made_once()
    {
        await using var phone = await site.OpenAsync("grid2", 390, 844);
        await phone.GoAsync("/field/report");
        await phone.Page.SelectOptionAsync("#type", "environment.noise");
        await phone.Page.SelectOptionAsync("#place", new SelectOptionValue { Label = "里仁花园 游泳池" });
        await phone.Page.FillAsync("#text", "泳池边音响声音很大");
        var sent = 0;
        await phone.Page.RouteAsync("**/field/report", async route =>
        {
            if (route.Request.Method != "POST") { await route.ContinueAsync(); return; }
            // The first is lost on its way, the second on the way back: the server has it, the phone does not know.
            sent++;
            if (sent == 1) { await route.AbortAsync(); return; }
            if (sent == 2) { await route.FetchAsync(new() { MaxRedirects = 0 }); await route.AbortAsync(); return; }
            await route.ContinueAsync();
        });
        await phone.Page.Locator("form[action='/field/report'][method=post] > button").ClickAsync();
        await phone.Page.Locator("#outbox button").WaitForAsync();
        await phone.LookAsync("field-waiting");
        await phone.Page.Locator("#outbox button").ClickAsync();
        await phone.Page.Locator("#live [role=status]", new() { HasText = "已受理" }).WaitForAsync();
        var code = Regex.Match(await phone.Page.Locator("#live [role=status]").InnerTextAsync(), @"\d{4}-[0-9A-Z]{4}").Value;
        await using var console = await site.OpenAsync("duty");
        await console.GoAsync($"/incidents?q={code}");
        (await console.Page.Locator("tbody tr").CountAsync()).ShouldBe(1);
        await console.Page.Locator("tbody a", new() { HasText = code }).ClickAsync();
        await console.Page.Locator(".timeline li").First.WaitForAsync();
        (await console.Page.Locator(".timeline li", new() { HasText = "泳池边音响声音很大" }).CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Without_script_the_forms_still_work()
    {
        await using var phone = await site.OpenAsync("community", 390, 844, script: false);
        await phone.Page.GotoAsync("/field/report");
        await phone.Page.SelectOptionAsync("#type", "environment.smell");
        await phone.Page.SelectOptionAsync("#place", new SelectOptionValue { Label = "里仁花园 17号楼" });
        await phone.Page.FillAsync("#text", "楼道有异味");
        await phone.Page.Locator("form[method=post] > button").ClickAsync();
        await phone.Page.Locator("#live [role=status]", new() { HasText = "已受理" }).WaitForAsync();
    }
}
