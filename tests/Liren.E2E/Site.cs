using Liren.E2E;
using Liren.Shared;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Site))]

namespace Liren.E2E;

/// <summary>The real built program with its demo, and one browser: started once for all tests.</summary>
public sealed class Site : IAsyncLifetime
{
    private readonly string data = Directory.CreateTempSubdirectory("liren-e2e-").FullName;
    private readonly Dictionary<string, string> signedIn = [];
    private readonly SemaphoreSlim one = new(1);
    private LirenProcess liren = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    /// <summary>Where pictures of the pages go.</summary>
    public static string Shots { get; } = Directory.CreateDirectory(Path.Combine(LirenProcess.Root, "artifacts", "shots")).FullName;

    /// <summary>The data folder, for verbs that speak to the running server.</summary>
    public string Data => data;

    /// <summary>The console of this run.</summary>
    public Uri Address => liren.Address;

    public async ValueTask InitializeAsync()
    {
        // The page that hands out the authority has something to hand out.
        await LirenProcess.JsonAsync(data, "cert", "make");
        liren = await LirenProcess.UpAsync(data, demo: true);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("LIREN_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A tab of its own for a demo account, or for nobody.</summary>
    public async Task<Tab> OpenAsync(string? user, int width = 1440, int height = 900, bool script = true)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(), ViewportSize = new() { Width = width, Height = height }, Locale = "zh-CN", TimezoneId = "Asia/Shanghai",
            ReducedMotion = ReducedMotion.Reduce, ColorScheme = ColorScheme.Light, HasTouch = width < 700, StorageState = user is null ? null : await StateOfAsync(user), JavaScriptEnabled = script,
        });
        return new Tab(await context.NewPageAsync(), Address);
    }

    /// <summary>A tab on another server, signed in as the administrator there.</summary>
    internal async Task<Tab> OpenOnAsync(LirenProcess other)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = other.Address.ToString(), Locale = "zh-CN" });
        var tab = new Tab(await context.NewPageAsync(), other.Address);
        await SignInAsync(tab, "admin", other.Passwords["admin"]);
        return tab;
    }

    private static async Task SignInAsync(Tab tab, string user, string password)
    {
        await tab.Page.GotoAsync("/sign-in");
        await tab.Page.FillAsync("#userName", user);
        await tab.Page.FillAsync("#password", password);
        await tab.Page.ClickAsync("button[type=submit]");
        await tab.Page.Locator(".frame, .phone").WaitForAsync();
    }

    private async Task<string> StateOfAsync(string user)
    {
        await one.WaitAsync();
        try
        {
            if (signedIn.TryGetValue(user, out var state)) return state;
            await using var tab = await OpenAsync(null);
            await SignInAsync(tab, user, liren.Passwords[user]);
            return signedIn[user] = await tab.Page.Context.StorageStateAsync();
        }
        finally { one.Release(); }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        if (liren is not null) await liren.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
