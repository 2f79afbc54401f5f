using System.Text.Json;
using Microsoft.Playwright;

namespace Liren.E2E.Gate;

/// <summary>What a guard does at the screen of the gate app.</summary>
internal sealed class GateScreen(Tab tab)
{
    private const string Queued = """
        () => new Promise((done, fail) => { const open = indexedDB.open('liren-gate');
          open.onerror = () => fail(open.error);
          open.onsuccess = () => { const all = open.result.transaction('queue').objectStore('queue').getAll(); all.onsuccess = () => { open.result.close(); done(JSON.stringify(all.result.map(q => q.entry))); }; }; })
        """;

    private IPage Page => tab.Page;

    /// <summary>Pairs by the console's address and waits until everything needed offline is on the device.</summary>
    public async Task PairAsync(string invitation)
    {
        await Page.GotoAsync(invitation);
        await Page.Locator("form button").ClickAsync();
        await Page.Locator("button.guard").First.WaitForAsync();
        await KeptAsync();
    }

    /// <summary>Waits until the whole app lies on the device.</summary>
    public Task KeptAsync() => Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => new Promise(done => { const look = () => navigator.serviceWorker.controller ? done() : setTimeout(look, 50); look(); }))");

    public async Task SignInAsync()
    {
        await Page.Locator("button.guard", new() { HasText = GateWorld.Guard }).ClickAsync();
        foreach (var digit in GateWorld.Pin) await Page.Locator(".pad button", new() { HasTextRegex = new($"^{digit}$") }).ClickAsync();
        await Page.Locator(".pad .primary").ClickAsync();
        await Page.Locator(".gate video").WaitForAsync();
    }

    /// <summary>Waits until the screen says this.</summary>
    public Task SaysAsync(string words, float seconds = 30) => Page.Locator(".verdict", new() { HasText = words }).WaitForAsync(new() { Timeout = seconds * 1000 });

    /// <summary>A code as a USB scanner types it.</summary>
    public async Task ScannerAsync(string code)
    {
        // The keys of a scanner come too fast for one call each.
        await Page.EvaluateAsync("text => { for (const key of [...text, 'Enter']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })); }", code);
    }

    /// <summary>Waits until the server has everything; a failure says how the gate stands.</summary>
    public async Task UploadedAsync()
    {
        try { await Page.Locator(".foot", new() { HasText = "已全部上传" }).WaitForAsync(new() { Timeout = 60_000 }); }
        catch (TimeoutException)
        {
            var said = await Page.Locator(".top, .bands, .foot").AllInnerTextsAsync();
            throw new InvalidOperationException($"not uploaded: {string.Join(" | ", said)}; {string.Join(" | ", tab.Faults.TakeLast(5))}");
        }
    }

    /// <summary>Entries that wait on the device.</summary>
    public async Task<List<JsonElement>> QueuedAsync() => JsonSerializer.Deserialize<List<JsonElement>>(await Page.EvaluateAsync<string>(Queued))!;
}
