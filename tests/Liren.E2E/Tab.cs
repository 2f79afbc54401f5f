using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>One browser tab that remembers what went wrong in it.</summary>
public sealed class Tab : IAsyncDisposable
{
    private const string Ready = """
        () => document.querySelector('h1') !== null && document.querySelector('.skeleton, [aria-busy=true]') === null
              && (document.querySelector('.frame') !== null || document.querySelector('script[src*="blazor.web"]') === null)
        """;

    private const string TooWide = """
        () => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
          : [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(-5).map(e => e.outerHTML.slice(0, 90))
        """;

    private const string TooSmall = """
        min => [...document.querySelectorAll('a.button, button:not(.link), input:not([type=checkbox], [type=radio], [type=hidden]), select, textarea')]
          .filter(e => e.checkVisibility() && !e.closest('.visually-hidden, th'))
          .filter(e => { const r = e.getBoundingClientRect(); return r.width < min || r.height < min; }).map(e => e.outerHTML.slice(0, 90))
        """;

    private readonly List<string> faults = [];

    internal Tab(IPage page, Uri origin)
    {
        Page = page;
        page.SetDefaultTimeout(20_000);
        page.Console += (_, message) => { if (message.Type == "error") faults.Add($"console: {message.Text} {message.Location}".TrimEnd()); };
        page.PageError += (_, error) => faults.Add("script: " + error);
        page.Request += (_, request) =>
        {
            var to = new Uri(request.Url);
            if (to.Scheme is "http" or "https" && to.Authority != origin.Authority) faults.Add("leaves the origin: " + request.Url);
        };
    }

    /// <summary>Playwright's page.</summary>
    public IPage Page { get; }

    /// <summary>What the browser complained about.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>Waits until something is shown; a failure says what is shown instead.</summary>
    public async Task SeesAsync(ILocator wanted)
    {
        try { await wanted.WaitForAsync(); }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{wanted} is not shown at {Page.Url}: {await Page.Locator("body").InnerTextAsync()} {string.Join(" | ", faults.TakeLast(5))}", e);
        }
    }

    /// <summary>Opens an address and waits until its data is there; the answer of the server.</summary>
    public async Task<IResponse> GoAsync(string address)
    {
        var answer = await Page.GotoAsync(address);
        await SettleAsync();
        return answer!;
    }

    /// <summary>Waits until the page has its heading and nothing is loading.</summary>
    public async Task SettleAsync()
    {
        await Page.WaitForFunctionAsync(Ready);
        // A page may start loading in the render after its first one.
        await Page.WaitForTimeoutAsync(150);
        await Page.WaitForFunctionAsync(Ready);
    }

    /// <summary>Light or dark.</summary>
    public Task ThemeAsync(string theme) => Page.EvaluateAsync("theme => document.documentElement.dataset.theme = theme", theme);

    /// <summary>Elements that make the page scroll sideways.</summary>
    public async Task<IEnumerable<string>> TooWideAsync() => (await Page.EvaluateAsync<string[]>(TooWide)).Select(e => "too wide: " + e);

    /// <summary>Controls too small for a thumb.</summary>
    public async Task<IEnumerable<string>> TooSmallAsync(int pixels) => (await Page.EvaluateAsync<string[]>(TooSmall, pixels)).Select(e => $"smaller than {pixels} px: {e}");

    /// <summary>Serious and critical findings of axe.</summary>
    public async Task<IEnumerable<string>> AxeAsync()
    {
        AxeResult found = await Page.RunAxe(new AxeRunOptions { ResultTypes = new HashSet<ResultType> { ResultType.Violations } });
        return found.Violations.Where(v => v.Impact is "serious" or "critical")
            .Select(v => $"axe {v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html + " " + string.Join(' ', n.Any.Select(c => c.Message).Take(1))))}");
    }

    /// <summary>Keeps a picture.</summary>
    public Task ShotAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Site.Shots, name + ".png"), Animations = ScreenshotAnimations.Disabled });

    /// <summary>A look at the page as it is: nothing too wide, on a phone nothing too small to touch, nothing against accessibility; and a picture of the whole.</summary>
    public async Task LookAsync(string shot)
    {
        (await TooWideAsync()).ShouldBeEmpty(shot);
        if (Page.ViewportSize!.Width < 700) (await TooSmallAsync(44)).ShouldBeEmpty(shot);
        (await AxeAsync()).ShouldBeEmpty(shot);
        await WholeShotAsync(shot);
    }

    /// <summary>A console page at a desk and on a phone: nothing too wide, nothing against accessibility, a picture of each.</summary>
    public async Task LookAtBothAsync(string shot)
    {
        foreach (var (width, height) in new[] { (390, 844), (1440, 900) })
        {
            await Page.SetViewportSizeAsync(width, height);
            (await TooWideAsync()).ShouldBeEmpty(shot);
            await ShotAsync($"{shot}-{width}");
        }
        (await AxeAsync()).ShouldBeEmpty(shot);
    }

    /// <summary>Keeps a picture of the whole page.</summary>
    public Task WholeShotAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Site.Shots, name + ".png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });

    /// <summary>The browser's person stands there.</summary>
    public async Task StandAtAsync(float longitude, float latitude)
    {
        await Page.Context.GrantPermissionsAsync(["geolocation"]);
        await Page.Context.SetGeolocationAsync(new() { Longitude = longitude, Latitude = latitude });
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
