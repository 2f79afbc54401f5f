using Liren.Shared;
using Microsoft.Playwright;

namespace Liren.E2E.Gate;

/// <summary>The gate app on a local network, by the certificate of <c>./liren cert</c>: what needs encryption works, and the page that leads a phone there is readable.</summary>
public sealed class LanTests
{
    [Fact]
    public async Task Over_https_the_gate_app_keeps_itself_for_offline_and_has_camera_and_cryptography()
    {
        var data = Directory.CreateTempSubdirectory("liren-lan-").FullName;
        try
        {
            var made = await LirenProcess.JsonAsync(data, "cert", "make", "--host", "liren.lan");
            await using var liren = await LirenProcess.UpWithHttpsAsync(data);
            using var playwright = await Playwright.CreateAsync();
            // A profile of its own: Chromium takes the pinned key only there. The key stands for the installed authority; names lead to this machine.
            await using var context = await playwright.Chromium.LaunchPersistentContextAsync(Path.Combine(data, "browser"), new()
            {
                ExecutablePath = Environment.GetEnvironmentVariable("LIREN_CHROMIUM") ?? "/usr/bin/chromium",
                Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--host-resolver-rules=MAP liren.lan 127.0.0.1", "--ignore-certificate-errors-spki-list=" + made.GetProperty("server").GetProperty("publicKeySha256").GetString()],
                ViewportSize = new() { Width = 390, Height = 844 }, Locale = "zh-CN", HasTouch = true, ReducedMotion = ReducedMotion.Reduce,
            });
            var page = await context.NewPageAsync();
            await page.GotoAsync($"https://liren.lan:{liren.HttpsPort}/gate/");
            await page.Locator("#code").WaitForAsync();
            (await page.EvaluateAsync<bool>("() => isSecureContext && !!crypto.subtle && !!navigator.mediaDevices")).ShouldBeTrue();
            (await page.EvaluateAsync<string>("async () => (await navigator.serviceWorker.ready).active.scriptURL")).ShouldStartWith($"https://liren.lan:{liren.HttpsPort}/gate/");

            await using var tab = new Tab(await context.NewPageAsync(), new Uri($"https://liren.lan:{liren.HttpsPort}/"));
            await tab.Page.GotoAsync($"https://liren.lan:{liren.HttpsPort}/ca");
            (await tab.Page.Locator("h1").InnerTextAsync()).ShouldBe("让手机信任本服务器");
            await tab.ShotAsync("ca");
            (await tab.TooWideAsync()).Concat(await tab.TooSmallAsync(44)).Concat(await tab.AxeAsync()).ShouldBeEmpty();
            await tab.Page.ClickAsync("a[lang=en]");
            (await tab.Page.Locator("h1").InnerTextAsync()).ShouldBe("Let this device trust the server");
        }
        finally { Directory.Delete(data, recursive: true); }
    }
}
