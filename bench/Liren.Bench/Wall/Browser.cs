using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Liren.Bench.Wall;

/// <summary>One page in headless Chromium with software graphics, driven by its own protocol: what a wall's little computer does.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly Process process;
    private readonly string profile;
    private readonly ClientWebSocket socket = new();
    private readonly SemaphoreSlim one = new(1);
    private int number;
    private string session = "";

    private Browser(Process process, string profile) => (this.process, this.profile) = (process, profile);

    /// <summary>Where Chromium is; null when it is not installed.</summary>
    public static string? Found { get; } = Environment.GetEnvironmentVariable("LIREN_CHROMIUM") is { Length: > 0 } set ? set : File.Exists("/usr/bin/chromium") ? "/usr/bin/chromium" : null;

    /// <summary>Opens an address with a key in every request.</summary>
    public static async Task<Browser> OpenAsync(Uri address, string key, int width, int height, CancellationToken stop)
    {
        var profile = Directory.CreateTempSubdirectory("liren-wall-browser-").FullName;
        var start = new ProcessStartInfo(Found!, ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-precise-memory-info",
            "--remote-debugging-port=0", $"--user-data-dir={profile}", string.Create(CultureInfo.InvariantCulture, $"--window-size={width},{height}"), "about:blank"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var browser = new Browser(Process.Start(start)!, profile);
        _ = browser.process.StandardOutput.ReadToEndAsync(stop);
        string? listening = null;
        while (listening is null && await browser.process.StandardError.ReadLineAsync(stop) is { } line)
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal)) listening = line["DevTools listening on ".Length..];
        _ = browser.process.StandardError.ReadToEndAsync(stop);
        await browser.socket.ConnectAsync(new Uri(listening ?? throw new InvalidOperationException("Chromium did not start")), stop);
        var target = (await browser.SendAsync("Target.createTarget", new { url = "about:blank" }, stop)).GetProperty("targetId").GetString();
        browser.session = (await browser.SendAsync("Target.attachToTarget", new { targetId = target, flatten = true }, stop)).GetProperty("sessionId").GetString()!;
        await browser.SendAsync("Network.enable", new { }, stop);
        await browser.SendAsync("Network.setExtraHTTPHeaders", new { headers = new Dictionary<string, string> { ["Authorization"] = "Bearer " + key } }, stop);
        await browser.SendAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = false }, stop);
        await browser.SendAsync("Page.navigate", new { url = address.ToString() }, stop);
        return browser;
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonElement> AskAsync(string expression, CancellationToken stop)
    {
        var answer = await SendAsync("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true }, stop);
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : throw new InvalidOperationException($"{expression}: {answer}");
    }

    /// <summary>Live bytes of the page after its garbage is gone, and its elements.</summary>
    public async Task<(double HeapMib, int Nodes)> WeighAsync(CancellationToken stop)
    {
        await SendAsync("HeapProfiler.collectGarbage", new { }, stop);
        var used = (await SendAsync("Runtime.getHeapUsage", new { }, stop)).GetProperty("usedSize").GetDouble();
        return (used / 1048576, (await AskAsync("document.querySelectorAll('*').length", stop)).GetInt32());
    }

    private async Task<JsonElement> SendAsync(string method, object parameters, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            var id = ++number;
            var message = session.Length == 0 ? (object)new { id, method, @params = parameters } : new { id, method, @params = parameters, sessionId = session };
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, stop);
            while (true)
            {
                var answer = await ReceiveAsync(stop);
                if (!answer.TryGetProperty("id", out var of) || of.GetInt32() != id) continue;
                return answer.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"{method}: {answer}");
            }
        }
        finally { one.Release(); }
    }

    private async Task<JsonElement> ReceiveAsync(CancellationToken stop)
    {
        var (text, buffer) = (new StringBuilder(), new byte[65_536]);
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, stop);
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (part.EndOfMessage) return JsonDocument.Parse(text.ToString()).RootElement;
        }
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        one.Dispose();
        try { Directory.Delete(profile, recursive: true); }
        catch (IOException) { /* a helper process of the browser was still writing; it lies in the temporary folder */ }
    }
}
