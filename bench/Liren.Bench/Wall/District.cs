using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Bench.Wall;

/// <summary>A gate with its device's key.</summary>
internal sealed record BenchGate(Guid Id, string Compound, HttpClient Device);

/// <summary>A district made through the API as people would make it: compounds with outlines, gates with paired devices. Invented, and only for measuring.</summary>
internal sealed class District(LirenProcess liren, HttpClient admin) : IDisposable
{
    /// <summary>宝塔区.</summary>
    public const string Path = "61.06.02";
    private const double Longitude = 109.35, Latitude = 36.50, Step = 0.006;

    public List<BenchGate> Gates { get; } = [];
    public List<string> Compounds { get; } = [];

    /// <summary>Makes compounds on a grid, spread over the district's communities, each with its gates.</summary>
    public async Task MakeAsync(int compounds, int gatesEach, CancellationToken stop)
    {
        var communities = await CommunitiesAsync(stop);
        var across = (int)Math.Ceiling(Math.Sqrt(compounds * 1.7));
        await Parallel.ForEachAsync(Enumerable.Range(0, compounds), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stop }, async (n, cancel) =>
        {
            var (west, south) = (Longitude + (n % across * Step), Latitude + (n / across * Step * 0.8));
            var made = await PostAsync($"api/places/{communities[n % communities.Count]}/places", new { kind = "Compound", name = string.Create(CultureInfo.InvariantCulture, $"小区{n + 1}"), code = string.Create(CultureInfo.InvariantCulture, $"w{n + 1}") }, cancel);
            var path = made.GetProperty("path").GetString()!;
            await DrawAsync(path, west, south, cancel);
            lock (Compounds) Compounds.Add(path);
        });
        // Gates have running numbers: two made at once would be refused.
        foreach (var path in Compounds)
            for (var g = 0; g < gatesEach; g++) await GateAsync(path, g, stop);
    }

    private async Task<List<string>> CommunitiesAsync(CancellationToken stop)
    {
        var found = new List<string>();
        foreach (var street in (await ChildrenAsync(Path, stop)).Take(19)) found.AddRange(await ChildrenAsync(street, stop));
        return found;
    }

    private async Task<List<string>> ChildrenAsync(string path, CancellationToken stop)
    {
        var page = await admin.GetFromJsonAsync<JsonElement>($"api/places?at={path}&size=200", stop);
        var items = page.ValueKind == JsonValueKind.Array ? page : page.GetProperty("items");
        return [.. items.EnumerateArray().Select(i => i.GetProperty("path").GetString()!)];
    }

    private async Task DrawAsync(string path, double west, double south, CancellationToken stop)
    {
        var (east, north) = (west + (Step * 0.7), south + (Step * 0.55));
        var shape = string.Create(CultureInfo.InvariantCulture, $$"""{"type":"Polygon","coordinates":[[[{{west}},{{south}}],[{{east}},{{south}}],[{{east}},{{north}}],[{{west}},{{north}}],[{{west}},{{south}}]]]}""");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"api/places/{path}/shape") { Content = JsonContent.Create(new { geoJson = shape }) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var answer = await admin.SendAsync(request, stop);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"shape of {path}: {await answer.Content.ReadAsStringAsync(stop)}");
    }

    private async Task GateAsync(string compound, int n, CancellationToken stop)
    {
        var gate = (await PostAsync("api/passes/gates", new { compound, policy = new { name = "东南西北"[n % 4] + "门" } }, stop)).GetProperty("id").GetGuid();
        var pairing = await PostAsync($"api/passes/gates/{gate}/pairing", null, stop);
        using var nobody = FromElsewhere(Gates.Count);
        using var answer = await nobody.PostAsJsonAsync("api/passes/gates/pair", new { code = pairing.GetProperty("code").GetString(), name = "bench" }, stop);
        answer.EnsureSuccessStatusCode();
        var device = liren.Client((await answer.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("deviceKey").GetString());
        lock (Gates) Gates.Add(new(gate, compound, device));
    }

    /// <summary>Every gate has an address of its own: from one, only sixty devices a minute are paired.</summary>
    private HttpClient FromElsewhere(int n) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + (n % 250))]), 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, liren.Port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    }) { BaseAddress = liren.Address };

    public Task<JsonElement> PostAsync(string path, object? body, CancellationToken stop) => admin.AskAsync(path, body, stop);

    public void Dispose()
    {
        foreach (var gate in Gates) gate.Device.Dispose();
    }
}
