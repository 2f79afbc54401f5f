using System.Text.Json;
using Microsoft.Playwright;

namespace Liren.E2E.Gate;

/// <summary>What a guard does at the screen of the gate app.</summary>
internal sealed class GateScreen(Tab tab)
{
    private const string Queued = """
        () => new Promise((done, fail) => { const open = indexedDB.open('liren-gate');
          open.onerror = () => fail(open.error);
          open.onsuccess = () => { const all = open.result.transaction('queue').objectStore('queue').getAll(); all.onsuccess = () => { open.result.close(); done(JSON.stringify(all.result.map(q => ({ ...q.entry, state: q.state })))); }; }; })
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

    /// <summary>Pairs by holding the console's QR code before the camera.</summary>
    public async Task PairByCameraAsync(GateWorld world)
    {
        await world.Film.WriteAsync(new Scene(null, 0.5), new Scene(new Uri(world.Address, await world.InvitationAsync()).ToString(), 3, 7));
        await Page.GotoAsync("/gate/");
        await Page.Locator("button.primary").First.ClickAsync();
        await Page.Locator("form button.primary").ClickAsync();
        await Page.Locator("button.guard").First.WaitForAsync();
        await world.Film.WriteAsync(new Scene(null, 1));
    }

    /// <summary>Waits until the camera shows a picture.</summary>
    public Task SeesAsync() => Page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 0.5");

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

    /// <summary>Waits until news of a revocation has come: the code is looked at again and again until it is refused as revoked.</summary>
    public async Task RefusesSoonAsync(string code)
    {
        for (var left = 20; left > 0; left--)
        {
            await ScannerAsync(code);
            try { await SaysAsync("此证已作废", 1.5f); return; }
            catch (TimeoutException) when (left > 1) { /* not yet */ }
        }
    }

    /// <summary>Waits until the server has everything; a failure says how the gate stands.</summary>
    public async Task UploadedAsync()
    {
        try { await Page.Locator(".foot", new() { HasText = "已全部上传" }).WaitForAsync(new() { Timeout = 60_000 }); }
        catch (TimeoutException)
        {
            var said = await Page.Locator(".top, .bands, .foot").AllInnerTextsAsync();
            var waiting = (await QueuedAsync()).Select(q => $"{q.GetProperty("state")} {q.GetProperty("verdict")} {q.GetProperty("reason")}");
            throw new InvalidOperationException($"not uploaded: {string.Join(", ", waiting)}; {string.Join(" | ", said)}; {string.Join(" | ", tab.Faults.TakeLast(5))}");
        }
    }

    /// <summary>Entries that wait on the device.</summary>
    public async Task<List<JsonElement>> QueuedAsync() => JsonSerializer.Deserialize<List<JsonElement>>(await Page.EvaluateAsync<string>(Queued))!;
}
