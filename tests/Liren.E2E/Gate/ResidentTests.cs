using Microsoft.Playwright;

namespace Liren.E2E.Gate;

/// <summary>A resident's phone and a guard's phone, from the application to the lost phone.</summary>
public sealed class ResidentTests
{
    private static readonly object Level = new { name = GateWorld.GateName, level = "Nonce", idCheckPercent = 0 };

    [Fact]
    public async Task A_resident_applies_carries_a_living_code_passes_without_network_and_loses_the_phone()
    {
        await using var world = await GateWorld.CreateAsync(Level);
        await using var guard = await world.DeviceAsync();
        var gate = new GateScreen(guard);
        await gate.PairAsync(await world.InvitationAsync());
        await gate.SignInAsync();
        await guard.Page.Locator(".nonce svg").WaitForAsync();

        await using var phone = await world.ResidentAsync();
        var page = phone.Page;
        await CheckAsync(phone, "my-first");
        await page.ClickAsync("form[action='/my/apply'] button");
        await page.Locator(".notice.ok").WaitForAsync();
        await page.ClickAsync("a.show-pass");
        await page.ClickAsync("button.primary");
        var code = page.Locator(".code[data-text]");
        await code.WaitForAsync();
        await CheckAsync(phone, "my-pass");

        // Without the gate's own code the gate takes it for somebody else's; scanned from its screen, it opens.
        await gate.ScannerAsync(await code.GetAttributeAsync("data-text") ?? "");
        await gate.SaysAsync("码不是给这个门的");
        await world.Film.WriteAsync(new Scene(await guard.Page.Locator(".nonce").GetAttributeAsync("data-text"), 1));
        await page.Locator("button", new() { HasText = "扫门岗屏幕上的码" }).ClickAsync();
        await page.Locator(".good").WaitForAsync(new() { Timeout = 40_000 });
        await gate.ScannerAsync(await code.GetAttributeAsync("data-text") ?? "");
        await gate.SaysAsync("可以通行");
        await gate.UploadedAsync();

        // Kept on the phone: the page starts and signs without network.
        await gate.KeptAsync();
        await page.EvaluateAsync("() => navigator.serviceWorker.ready");
        await page.ReloadAsync();
        await page.Context.SetOfflineAsync(true);
        await page.ReloadAsync();
        await code.WaitForAsync();
        var before = await code.GetAttributeAsync("data-text");
        await page.WaitForFunctionAsync("before => document.querySelector('.code').dataset.text !== before", before, new() { Timeout = 15_000 });
        await CheckAsync(phone, "my-pass-offline");
        await page.Context.SetOfflineAsync(false);

        await page.GotoAsync("/my/entries");
        await page.Locator(".timeline li", new() { HasText = GateWorld.GateName }).First.WaitForAsync();
        await CheckAsync(phone, "my-entries");
        await page.GotoAsync("/my/visitors");
        await page.FillAsync("#name", "王大明");
        await page.ClickAsync("form[action='/my/visitors'] button.primary");
        await page.Locator("a[data-share]").WaitForAsync();
        await CheckAsync(phone, "my-visitors");
        await page.GotoAsync(await page.Locator("a[data-share]").GetAttributeAsync("href") ?? "");
        await page.Locator(".visit-code img").WaitForAsync();
        await CheckAsync(phone, "my-visit");

        await page.GotoAsync("/my/letters?large=1");
        await CheckAsync(phone, "my-large");
        await page.Locator("summary", new() { HasText = "手机丢了" }).ClickAsync();
        await page.Locator("form[action='/my/lost'] button").ClickAsync();
        await page.Locator(".notice.ok", new() { HasText = "全部作废" }).WaitForAsync();
        await gate.RefusesSoonAsync(before!);
        phone.Faults.Where(f => !f.Contains("ERR_INTERNET_DISCONNECTED", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static async Task CheckAsync(Tab tab, string name)
    {
        await tab.ShotAsync(name);
        (await tab.TooWideAsync()).Concat(await tab.TooSmallAsync(44)).Concat(await tab.AxeAsync()).ShouldBeEmpty(name);
    }
}
