using Liren.Codes;
using Microsoft.Playwright;

namespace Liren.E2E.Gate;

/// <summary>What a guard does with a connection: pairing, questions, temperature, hand entry, visitors, the gate's own code, hand-over; on a phone and on a kiosk.</summary>
public sealed class GuardTests
{
    private static readonly object Strict = new { name = GateWorld.GateName, level = "Nonce", idCheckPercent = 0, questions = new[] { "from", "reason" }, askTemperature = true, temperatureLimit = 373 };

    [Fact]
    public async Task A_guard_pairs_a_phone_asks_measures_registers_and_hands_over()
    {
        await using var world = await GateWorld.CreateAsync(Strict);
        using var phone = SigningKey.Create(SignAlg.Es256);
        var (_, pass) = await world.PhoneAsync("王*英", phone);
        var (_, paper) = await world.PaperAsync("赵*明");
        await using var device = await world.DeviceAsync();
        var (gate, page) = (new GateScreen(device), device.Page);

        await page.GotoAsync("/gate/");
        await CheckAsync(device, "gate-pairing");
        await page.FillAsync("#code", "AAAAAAAA");
        await page.ClickAsync("form button");
        await page.Locator(".problem", new() { HasText = "绑定码不对" }).WaitForAsync();
        var link = await world.InvitationAsync();
        await page.FillAsync("#code", link.Split("pair=")[1][..8]);
        await page.ClickAsync("form button");
        // Typed by hand: the guard compares the root's fingerprint with the console.
        var fingerprint = (await page.Locator(".fingerprint").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        fingerprint.ShouldBe(link.Split("root=")[1]);
        await CheckAsync(device, "gate-fingerprint");
        await page.ClickAsync("button.primary");
        await page.Locator("button.guard").First.WaitForAsync();
        await CheckAsync(device, "gate-sign-in");
        await gate.SignInAsync();
        await page.Locator(".link[data-link=online]").WaitForAsync();
        await page.Locator(".nonce svg").WaitForAsync();
        await CheckAsync(device, "gate-idle");

        // Without the gate's own code a live code is somebody else's.
        await gate.ScannerAsync(LiveProof.Sign(pass, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), [], phone));
        await gate.SaysAsync("码不是给这个门的");
        var nonce = GateNonce.Read((await page.Locator(".nonce").GetAttributeAsync("data-text"))!)!;
        await gate.ScannerAsync(LiveProof.Sign(pass, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), nonce, phone));
        await gate.SaysAsync("码有效，请登记");
        await page.FillAsync("#question-0", "武汉");
        await page.Locator(".chips button", new() { HasText = "上班" }).ClickAsync();
        await page.FillAsync("#temperature", "38.1");
        await page.ClickAsync(".choices .yes");
        await page.Locator(".problem", new() { HasText = "偏高" }).WaitForAsync();
        await CheckAsync(device, "gate-questions");
        await page.FillAsync("#temperature", "36.6");
        await page.ClickAsync(".choices .yes");
        await gate.SaysAsync("可以通行");

        await page.Locator(".acts button", new() { HasText = "访客" }).ClickAsync();
        await page.FillAsync("#visitor-name", "陈小姐");
        await page.FillAsync("#visitor-phone", "138 0000 1234");
        await page.FillAsync("#visitor-unit", "3-1-502");
        await page.FillAsync("#temperature", "36.4");
        await CheckAsync(device, "gate-visitor");
        await page.ClickAsync("dialog button.primary");
        await gate.SaysAsync("可以通行");

        await page.Locator(".acts button", new() { HasText = "手输" }).ClickAsync();
        await page.FillAsync("#hand", "12-3");
        await page.Locator(".found button").First.WaitForAsync();
        await CheckAsync(device, "gate-hand");
        await page.Locator(".found button", new() { HasText = "赵*明" }).ClickAsync();
        await gate.SaysAsync("请核对身份证");
        await page.FillAsync("#temperature", "36.4");
        await CheckAsync(device, "gate-hand-document");
        await page.ClickAsync(".choices .yes");
        await gate.SaysAsync("可以通行");
        await gate.ScannerAsync(paper);
        await gate.SaysAsync("记录显示人已在小区内");
        await CheckAsync(device, "gate-inside");
        await page.ClickAsync(".choices .no");
        await gate.UploadedAsync();

        await page.Locator(".acts button", new() { HasText = "更多" }).ClickAsync();
        await CheckAsync(device, "gate-more");
        await page.Locator(".menu button", new() { HasText = "设置" }).ClickAsync();
        await CheckAsync(device, "gate-settings");
        await page.Locator("dialog .title button").ClickAsync();
        await page.Locator(".acts button", new() { HasText = "更多" }).ClickAsync();
        await page.Locator(".menu button", new() { HasText = "交班" }).ClickAsync();
        await page.FillAsync("#handover-note", "东侧栏杆松了");
        await CheckAsync(device, "gate-handover");
        await page.Locator("dialog button.primary").ClickAsync();
        await page.Locator("button.guard").First.WaitForAsync();

        var entries = await world.EntriesAsync();
        entries.Select(e => e.GetProperty("reason").GetString()).Order().ShouldBe(["IdMismatch", "IdRequired", "Ok", "Visitor", "WrongNonce"]);
        device.Faults.Where(f => !f.Contains("422", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task On_a_kiosk_the_camera_stands_left_and_everything_speaks_english_when_asked()
    {
        await using var world = await GateWorld.CreateAsync();
        var (_, paper) = await world.PaperAsync("赵*明");
        await using var device = await world.DeviceAsync(1280, 800);
        var (gate, page) = (new GateScreen(device), device.Page);
        await gate.PairAsync(await world.InvitationAsync());
        await CheckAsync(device, "gate-kiosk-sign-in");
        await gate.SignInAsync();
        await CheckAsync(device, "gate-kiosk-idle");
        await gate.ScannerAsync(paper);
        await gate.SaysAsync("请核对身份证");
        await CheckAsync(device, "gate-kiosk-document");
        await page.ClickAsync(".choices .yes");
        await gate.SaysAsync("可以通行");
        await CheckAsync(device, "gate-kiosk-admit");
        await page.Locator(".acts button", new() { HasText = "更多" }).ClickAsync();
        await page.Locator(".menu button", new() { HasText = "English" }).ClickAsync();
        await page.Locator(".verdict", new() { HasText = "Show your pass" }).WaitForAsync();
        await CheckAsync(device, "gate-kiosk-english");
        device.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_revoked_pass_is_refused_at_an_online_gate_within_seconds_and_a_lost_device_is_told()
    {
        await using var world = await GateWorld.CreateAsync();
        var (id, paper) = await world.PaperAsync("赵*明");
        await using var device = await world.DeviceAsync();
        var gate = new GateScreen(device);
        await gate.PairAsync(await world.InvitationAsync());
        await gate.SignInAsync();
        await gate.ScannerAsync(paper);
        await gate.SaysAsync("请核对身份证");
        await device.Page.ClickAsync(".choices .yes");
        await gate.SaysAsync("请出示通行码");
        await world.ChangeAsync(id, "revoke");
        await device.Page.WaitForTimeoutAsync(3_000);
        await gate.ScannerAsync(paper);
        await gate.SaysAsync("此证已作废", 5);

        // The device is lost: the console parts it from its gate, and it says so.
        await gate.UploadedAsync();
        await world.UnpairAsync();
        await device.Page.Locator(".band", new() { HasText = "服务器不再认识这台设备" }).WaitForAsync(new() { Timeout = 90_000 });
    }

    private static async Task CheckAsync(Tab tab, string name)
    {
        await tab.Page.Locator("h1").First.WaitForAsync();
        await tab.ShotAsync(name);
        (await tab.TooWideAsync()).Concat(await tab.TooSmallAsync(60)).Concat(await tab.AxeAsync()).ShouldBeEmpty(name);
    }
}
