using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>Peace and emergency in the console: proposed by one, signed by another, seen by everybody there, cut short, destroyed by two.</summary>
public sealed class ModesTests(Site site)
{
    [Fact]
    public async Task An_emergency_is_ordered_by_two_shown_on_every_page_ended_and_its_data_destroyed_by_two()
    {
        await using var leader = await site.OpenAsync("leader");
        await using var duty = await site.OpenAsync("duty");
        var page = leader.Page;
        await leader.GoAsync("/modes/new");
        await page.Locator("button.primary", new() { HasText = "提交待签发" }).ClickAsync();
        await leader.SeesAsync(page.Locator(".wrong").First);
        await page.Locator("#area").PressSequentiallyAsync("里仁花园");
        await page.Locator("#area-hits button").First.ClickAsync();
        await page.SelectOptionAsync("#level", "II");
        await page.FillAsync("#no", "花街应急令〔试〕9号");
        await page.FillAsync("#authority", "花木街道办事处");
        await page.FillAsync("#to", TimeZoneInfo.ConvertTimeBySystemTimeZoneId(TimeProvider.System.GetUtcNow().AddDays(14), "Asia/Shanghai").ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await page.FillAsync("#basis", "突发事件应对法");
        await page.FillAsync("#reason", "出现确诊病例");
        await page.CheckAsync("[id='use-gate.temperature']");
        await page.FillAsync("[id='for-gate.temperature']", "发现发热人员，及时送诊");
        await leader.SeesAsync(page.Locator("p", new() { HasText = "名登记居民" }));
        await leader.LookAtBothAsync("modes-new");
        await page.Locator("button.primary", new() { HasText = "提交待签发" }).ClickAsync();
        await page.ReachesAsync(new Regex("/modes/[0-9a-f-]{36}$"));
        var address = new Uri(page.Url).AbsolutePath;
        await leader.SeesAsync(page.Locator("p", new() { HasText = "须由另一人签发" }));

        await duty.GoAsync(address);
        await duty.Page.Locator("button.danger", new() { HasText = "签发" }).ClickAsync();
        await duty.SeesAsync(duty.Page.Locator("[role=group]", new() { HasText = "进入应急状态" }));
        await duty.LookAtBothAsync("modes-sign");
        await duty.Page.Locator("[role=group] button.danger").First.ClickAsync();
        await duty.SeesAsync(duty.Page.Locator(".shell-line", new() { HasText = "花街应急令〔试〕9号" }));
        await using (var grid = await site.OpenAsync("community", 390, 844))
        {
            await grid.GoAsync("/places");
            await grid.SeesAsync(grid.Page.Locator(".shell-line", new() { HasText = "Ⅱ级" }));
            await grid.ShotAsync("modes-line-390");
            (await grid.TooWideAsync()).ShouldBeEmpty();
        }

        await leader.GoAsync(address);
        await leader.SeesAsync(page.Locator("b", new() { HasText = "还有 13 天" }));
        await leader.LookAtBothAsync("modes-order");
        await page.Locator("summary", new() { HasText = "提前结束" }).ClickAsync();
        await page.FillAsync("#endno", "花街应急令〔试〕10号");
        await page.FillAsync("#endwhy", "病例清零");
        await page.Locator("button.danger", new() { HasText = "提前结束" }).ClickAsync();
        await page.Locator("[role=group] button.danger").First.ClickAsync();
        await leader.SeesAsync(page.Locator("td button", new() { HasText = "登记销毁" }));
        await Assertions.Expect(page.Locator(".shell-line")).ToHaveCountAsync(0);
        await page.Locator("td button", new() { HasText = "登记销毁" }).ClickAsync();
        await page.FillAsync("#dcount", "128");
        await page.FillAsync("#dmethod", "登记簿碎纸");
        await leader.LookAtBothAsync("modes-report");
        await page.Locator(".drawer button.danger").ClickAsync();
        await page.Locator(".drawer [role=group] button.danger").ClickAsync();
        await leader.SeesAsync(page.Locator(".badge", new() { HasText = "待复核" }));

        await duty.GoAsync(address);
        await duty.Page.Locator("td button", new() { HasText = "复核" }).ClickAsync();
        await duty.Page.Locator(".drawer button.danger").First.ClickAsync();
        await duty.Page.Locator(".drawer [role=group] button.danger").ClickAsync();
        await duty.Page.Locator(".actions a", new() { HasText = "销毁证明" }).ClickAsync();
        await duty.SeesAsync(duty.Page.Locator(".badge.ok", new() { HasText = "与日志一致" }));
        await duty.LookAtBothAsync("modes-certificate");
        await duty.GoAsync("/modes/destructions");
        await duty.SeesAsync(duty.Page.Locator("td", new() { HasText = "门岗测温" }).First);
        await duty.LookAtBothAsync("modes-destructions");
        await duty.GoAsync("/modes");
        await duty.SeesAsync(duty.Page.Locator("td a", new() { HasText = "花街应急令〔试〕9号" }));
        await duty.LookAtBothAsync("modes");
        leader.Faults.ShouldBeEmpty();
        duty.Faults.ShouldBeEmpty();
    }
}
