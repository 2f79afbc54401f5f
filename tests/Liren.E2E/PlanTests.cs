using System.Text.RegularExpressions;
using Liren.Shared;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>A plan is written, signed and put into force in the browser; then it runs before everybody's eyes: the counter, the worker's phone, the checker's phone.</summary>
public sealed class PlanTests(Site site)
{
    private const string Pool = "31.01.15.016.037.liren.pool";

    // The shipped plan for the pool, with times a test can wait for.
    private static string Text => File.ReadAllText(Path.Combine(LirenProcess.Root, "demo", "plans", "plaza-gathering.yaml"))
        .Replace("id: plaza-gathering", "id: pool-gathering").Replace("{zh: 广场人员聚集处置预案, en: Plaza gathering}", "{zh: 泳池人员聚集处置预案, en: Pool gathering}").Replace("tagged: plaza", "tagged: pool")
        .Replace("emergency: 2m, min: 10s", "emergency: 4s, min: 1s").Replace("emergency: 3m, min: 1m", "emergency: 5s, min: 1s").Replace("accept: 60s, arrive: 8m", "accept: 50s, arrive: 8m");

    [Fact]
    public async Task A_plan_is_written_signed_put_into_force_and_brings_a_gathering_to_its_verified_end()
    {
        await using var duty = await site.OpenAsync("duty");
        await using var leader = await site.OpenAsync("leader");
        await duty.GoAsync("/incidents/plans/write");
        await duty.Page.FillAsync("#plan-text", Text.Replace("min(people.count, over=$hold)", "mim(people.count, over=$hold)"));
        await duty.SeesAsync(duty.Page.Locator(".findings li").First);
        await duty.LookAtBothAsync("plan-write-wrong");
        await duty.Page.FillAsync("#plan-text", Text);
        await duty.SeesAsync(duty.Page.Locator(".plan-write .plan-picture"));
        await duty.LookAtBothAsync("plan-write");
        await duty.Page.Locator(".page-head button.primary").ClickAsync();
        await duty.Page.ReachesAsync(new Regex("/incidents/plans/[0-9a-f-]{36}$"));
        await duty.Page.Locator("h1", new() { HasText = "泳池人员聚集处置预案" }).WaitForAsync();

        await leader.GoAsync("/incidents/plans");
        await leader.Page.Locator("td a", new() { HasText = "泳池人员聚集处置预案" }).ClickAsync();
        await leader.Page.Locator(".page-head button", new() { HasText = "批准" }).ClickAsync();
        await leader.Page.Locator("[role=group] button.danger").ClickAsync();
        await leader.Page.Locator(".page-head button", new() { HasText = "启用" }).ClickAsync();
        await leader.Page.Locator("#p-place").PressSequentiallyAsync("游泳池");
        await leader.Page.Locator("#p-place-hits button").First.ClickAsync();
        await leader.Page.Locator(".drawer input[type=checkbox]").CheckAsync();
        // Outside the plan's limits: the field says so, and nothing is put into force.
        await leader.Page.FillAsync("#v-people", "501");
        await leader.Page.Locator(".drawer button.primary").ClickAsync();
        await leader.SeesAsync(leader.Page.Locator(".drawer .wrong"));
        await leader.LookAtBothAsync("plan-put");
        await leader.Page.FillAsync("#v-people", "21");
        await leader.Page.Locator(".drawer button.primary").ClickAsync();
        await leader.SeesAsync(leader.Page.Locator("td", new() { HasText = "people = 21" }));
        await leader.LookAtBothAsync("plan-in-force");

        await duty.GoAsync("/incidents");
        (await LirenProcess.RunAsync(site.Data, ["demo", "gathering", "--place", Pool, "--speed", "20", "--hold", "6"])).Code.ShouldBe(0);
        var card = duty.Page.Locator(".incident-card", new() { HasText = "游泳池" });
        await card.Locator(".badge", new() { HasText = "待接单" }).WaitForAsync(new() { Timeout = 60_000 });
        await card.ClickAsync();
        var name = await duty.Page.Locator(".timeline li", new() { HasTextRegex = new Regex("请 .+ 接单") }).First.InnerTextAsync();
        (await duty.Page.Locator(".timeline").InnerTextAsync()).ShouldContain("按预案“泳池人员聚集处置预案”");
        var pool = await duty.Page.EvaluateAsync<float[]>("async () => { const i = await (await fetch('/api' + location.pathname)).json(); return [i.longitude, i.latitude]; }");
        await using var phone = await site.OpenAsync(name.Contains("张强") ? "grid1" : name.Contains("李霞") ? "grid2" : "grid3", 390, 844);
        await phone.StandAtAsync(pool[0], pool[1]);
        await phone.GoAsync("/field");
        await phone.Page.Locator("article", new() { HasText = "游泳池" }).Locator("form[action$='/accept'] button").ClickAsync();
        await phone.Page.Locator("form[action$='/arrive'] > button").ClickAsync();
        var clearing = LirenProcess.RunAsync(site.Data, ["demo", "gathering", "--place", Pool, "--speed", "20", "--clear"]);
        await phone.Page.SetInputFilesAsync("#photos", new FilePayload { Name = "pool.png", MimeType = "image/png", Buffer = Pictures.Png(Guid.CreateVersion7()) });
        await phone.Page.FillAsync("#note", "已劝离");
        // Said while they are still there it would be contradicted by the counter.
        await duty.Page.EvaluateAsync("async () => { while ((await (await fetch('/api' + location.pathname)).json()).row.lastValue > 8) await new Promise(r => setTimeout(r, 200)); }");
        await phone.Page.Locator("form[action$='/handle'] > button").ClickAsync();
        await phone.SeesAsync(phone.Page.Locator(".notice.ok"));

        await using var check = await site.OpenAsync("checker", 390, 844);
        await check.StandAtAsync(pool[0], pool[1]);
        await check.GoAsync("/field/verify");
        await check.Page.Locator("article", new() { HasText = "游泳池" }).Locator("a[href^='/field/verify/'].primary").ClickAsync();
        await check.Page.SetInputFilesAsync("#photos", new FilePayload { Name = "empty.png", MimeType = "image/png", Buffer = Pictures.Png(Guid.CreateVersion7()) });
        await check.Page.Locator("form[action$='/confirm'] > button").ClickAsync();
        await check.SeesAsync(check.Page.Locator("[role=status].notice:not(#outbox)"));
        (await clearing).Code.ShouldBe(0);
        await duty.Page.Locator(".content .badge", new() { HasText = "已闭环" }).First.WaitForAsync();
        await duty.SettleAsync();
        await duty.LookAtBothAsync("plan-incident-closed");
        duty.Faults.ShouldBeEmpty();
        leader.Faults.ShouldBeEmpty();
        phone.Faults.ShouldBeEmpty();
        check.Faults.ShouldBeEmpty();
    }
}
