using System.Text.RegularExpressions;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Codes;
using Liren.Shared;
using Microsoft.Playwright;

namespace Liren.E2E.Gate;

/// <summary>A server of its own that can be stopped and comes back, a gate with a guard, passes of its community, and a browser whose camera plays a film.</summary>
internal sealed class GateWorld : IAsyncDisposable
{
    public const string Pin = "8253", Guard = "张师傅", GateName = "西北门";
    private readonly string data = Directory.CreateTempSubdirectory("liren-gate-").FullName;
    private LirenProcess liren = null!;
    private HttpClient http = null!;
    private string key = "";
    private IPlaywright playwright = null!;
    private IBrowser studio = null!;
    private IBrowser browser = null!, residents = null!;

    /// <summary>Path of the compound the gate stands in, and of another one.</summary>
    public string Compound { get; private set; } = "";
    public string OtherCompound { get; private set; } = "";
    public Guid Gate { get; private set; }
    public Film Film { get; private set; } = null!;
    public Uri Address => liren.Address;

    public static async Task<GateWorld> CreateAsync(object? policy = null)
    {
        var world = new GateWorld();
        world.liren = await LirenProcess.UpAsync(world.data, demo: true);
        world.key = await LirenProcess.KeyAsync(world.data);
        world.http = world.liren.Client(world.key);
        world.Compound = (await world.GetAsync("/api/places/compounds?size=1")).GetProperty("items")[0].GetProperty("path").GetString()!;
        var community = world.Compound[..world.Compound.LastIndexOf('.')];
        world.OtherCompound = (await world.PostAsync($"/api/places/{community}/places", new { kind = "Compound", name = "听涛园" })).GetProperty("path").GetString()!;
        world.Gate = (await world.PostAsync("/api/passes/gates", new { compound = world.Compound, policy = policy ?? new { name = GateName, idCheckPercent = 0 } })).GetProperty("id").GetGuid();
        await world.PostAsync("/api/passes/guards", new { compound = world.Compound, name = Guard, pin = Pin });
        await world.OpenBrowsersAsync();
        return world;
    }

    private async Task OpenBrowsersAsync()
    {
        playwright = await Playwright.CreateAsync();
        var path = Environment.GetEnvironmentVariable("LIREN_CHROMIUM") ?? "/usr/bin/chromium";
        string[] quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
        studio = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = quiet });
        Film = new Film(studio, Path.Combine(data, "film.mjpeg"));
        await Film.WriteAsync(new Scene(null, 1));
        BrowserTypeLaunchOptions filmed = new()
        {
            ExecutablePath = path,
            Args = [.. quiet, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--use-file-for-fake-video-capture=" + Film.Path],
        };
        browser = await playwright.Chromium.LaunchAsync(filmed);
        // A browser has one camera, which goes on with the film it was opened with: two people with cameras are two browsers.
        residents = await playwright.Chromium.LaunchAsync(filmed);
    }

    /// <summary>A guard's telephone, or a kiosk.</summary>
    public Task<Tab> DeviceAsync(int width = 390, int height = 844) => DeviceAsync(browser, width, height);

    private async Task<Tab> DeviceAsync(IBrowser on, int width, int height)
    {
        var context = await on.NewContextAsync(new()
        {
            BaseURL = Address.ToString(), ViewportSize = new() { Width = width, Height = height }, Locale = "zh-CN", TimezoneId = "Asia/Shanghai", ReducedMotion = ReducedMotion.Reduce,
            HasTouch = width < 700, Permissions = ["camera"],
        });
        // How far the device's clock is ahead, for tests of days that pass without network.
        await context.AddInitScriptAsync("const real = Date.now.bind(Date); Date.now = () => real() + Number(localStorage.getItem('test-ahead') ?? 0);");
        return new Tab(await context.NewPageAsync(), Address);
    }

    /// <summary>The demo's resident, signed in on a phone.</summary>
    public async Task<Tab> ResidentAsync()
    {
        var tab = await DeviceAsync(residents, 390, 844);
        await tab.Page.GotoAsync("/my");
        await tab.Page.FillAsync("#userName", "resident");
        await tab.Page.FillAsync("#password", liren.Passwords["resident"]);
        await tab.Page.ClickAsync("button[type=submit]");
        await tab.Page.ReachesAsync(new Regex("/my$"));
        return tab;
    }

    /// <summary>What the console's QR code says.</summary>
    public async Task<string> InvitationAsync() => (await PostAsync($"/api/passes/gates/{Gate}/pairing", new { })).GetProperty("link").GetString()!;

    /// <summary>A paper pass, issued by the server; its text.</summary>
    public async Task<(Guid Id, string Code)> PaperAsync(string name, string? compound = null, string kind = "Staff", int days = 14)
    {
        var made = await PostAsync("/api/passes", new { kind, form = "Paper", name, compound = compound ?? Compound, unit = "12-3-601", days });
        return (made.GetProperty("id").GetGuid(), made.GetProperty("code").GetString()!);
    }

    /// <summary>A phone's pass, bound to a key; its COSE bytes, for live proofs.</summary>
    public async Task<(Guid Id, byte[] Pass)> PhoneAsync(string name, SigningKey phone)
    {
        var made = await PostAsync("/api/passes", new { kind = "Staff", form = "Phone", name, compound = Compound, unit = "12-3-601", days = 30 });
        var id = made.GetProperty("id").GetGuid();
        var enrolled = await PostAsync($"/api/passes/{id}/device", new { key = Convert.ToHexStringLower(phone.Spki.AsSpan(27)) });
        return (id, Base45.Decode(enrolled.GetProperty("code").GetString().AsSpan(4))!);
    }

    public Task ChangeAsync(Guid pass, string act) => PostAsync($"/api/passes/{pass}/{act}", new { reason = "测试" });

    /// <summary>The console parts the device from its gate.</summary>
    public Task UnpairAsync() => ReadAsync(http.DeleteAsync($"/api/passes/gates/{Gate}/device"));

    public Task StopAsync() => liren.StopAsync();

    public async Task RestartAsync()
    {
        var port = liren.Port;
        await liren.DisposeAsync();
        liren = await LirenProcess.UpAsync(data, port, demo: true);
        http = liren.Client(key);
    }

    /// <summary>The lines of this gate in the log, as the console shows it; the demo has others.</summary>
    public async Task<List<JsonElement>> EntriesAsync() =>
        [.. (await GetAsync("/api/passes/entries?size=500")).GetProperty("items").EnumerateArray().Where(e => e.GetProperty("gate").GetString() == GateName)];

    public Task<JsonElement> GetAsync(string address) => ReadAsync(http.GetAsync(address));

    public Task<JsonElement> PostAsync(string address, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
        return ReadAsync(http.SendAsync(request));
    }

    private static async Task<JsonElement> ReadAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{answer.RequestMessage!.RequestUri}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        if (residents is not null) await residents.DisposeAsync();
        if (studio is not null) await studio.DisposeAsync();
        playwright?.Dispose();
        http?.Dispose();
        if (liren is not null) await liren.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
