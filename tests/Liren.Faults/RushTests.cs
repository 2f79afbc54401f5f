using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>
/// kill -9 in mid-rush, at random moments: every reservation that was acknowledged exists once, none is sold above what there was, and whoever asks again with the same key gets the same
/// answer. LIREN_FAULT_RUSHES says how often; a few by default, a hundred by hand.
/// </summary>
public sealed class RushTests
{
    private const int Residents = 900, Shares = 400, Clients = 48;
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("LIREN_FAULT_RUSHES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private sealed record Rush(Guid Id, List<string> Tokens, Guid[] Keys, ConcurrentDictionary<int, string> Acknowledged);

    [Fact]
    public async Task No_acknowledged_reservation_is_lost_doubled_or_oversold_by_kill_9()
    {
        using var data = new DataFolder();
        await Roster.CompoundAsync(data.Path);
        var roster = Path.Combine(data.Path, "roster.csv");
        Roster.Write(roster, Residents);
        await LirenProcess.JsonAsync(data.Path, "import", "residents", roster, "--compound", Roster.Compound);
        var key = await LirenProcess.KeyAsync(data.Path);
        var random = new Random(Kills);
        Rush? rush = null;
        var (item, point, acknowledged, inFlight) = (Guid.Empty, Guid.Empty, 0, 0);
        for (var kill = 0; kill <= Kills; kill++)
        {
            var liren = await LirenProcess.UpAsync(data.Path);
            using var http = liren.Client(key);
            if (rush is null) (item, point) = await StockAsync(http);
            else inFlight += await CheckAsync(http, rush);
            if (kill == Kills) { await liren.StopAsync(); break; }
            rush = await BeginAsync(http, item, point);
            var crowd = Enumerable.Range(0, Clients).Select(c => EnterAsync(liren, rush, c)).ToList();
            while (rush.Acknowledged.IsEmpty && crowd.Any(c => !c.IsCompleted)) await Task.Delay(1, Stop);
            await Task.Delay(random.Next(0, 120), Stop);
            await liren.KillAsync();
            await Task.WhenAll(crowd);
            acknowledged += rush.Acknowledged.Count;
        }
        TestContext.Current.SendDiagnosticMessage($"{Kills} kills, {acknowledged} acknowledged before them, {inFlight} that had not been answered asked again");
        acknowledged.ShouldBeGreaterThan(Kills);
    }

    private static async Task<(Guid Item, Guid Point)> StockAsync(HttpClient http)
    {
        var item = (await PostAsync(http, "items", new { place = "31.01.15.016.037", name = "口罩", unit = "只" })).GetProperty("id").GetGuid();
        await PostAsync(http, "stock/receive", new { item, lot = "A", quantity = 1_000_000 });
        return (item, (await PostAsync(http, "points", new { place = "31.01.15.016.037", name = "东门", desks = 2 })).GetProperty("id").GetGuid());
    }

    private static async Task<Rush> BeginAsync(HttpClient http, Guid item, Guid point)
    {
        var now = TimeProvider.System.GetUtcNow();
        var made = await PostAsync(http, "rounds", new { place = "31.01.15.016.037", title = "抢约", item, perShare = 1, mode = "FirstCome", unit = "Resident", opensAt = now, closesAt = now.AddHours(5), pickupFrom = now.AddHours(6), pickupUntil = now.AddDays(2), waitMost = 50, points = new[] { new { point, shares = Shares } } });
        var id = made.GetProperty("id").GetGuid();
        await PostAsync(http, $"rounds/{id}/publish", new { }, made.GetProperty("version").GetInt32());
        var tokens = (await http.GetFromJsonAsync<JsonElement>($"api/supplies/rounds/{id}/invitations?purpose=community.service", Stop)).EnumerateArray().Select(r => r.GetProperty("token").GetString()!).ToList();
        tokens.Count.ShouldBe(Residents);
        return new(id, tokens, [.. tokens.Select(_ => Guid.CreateVersion7())], new());
    }

    // Each client takes its part of the residents, each of whom asks once, until the server dies.
    private static async Task EnterAsync(LirenProcess liren, Rush rush, int client)
    {
        using var http = liren.Client();
        try
        {
            for (var no = client; no < rush.Tokens.Count; no += Clients)
            {
                using var answer = await http.PostAsJsonAsync("api/supplies/enter", new { token = rush.Tokens[no], key = rush.Keys[no] }, Stop);
                var body = await answer.Content.ReadAsStringAsync(Stop);
                if ((int)answer.StatusCode == 201) rush.Acknowledged[no] = body;
            }
        }
        catch (HttpRequestException) { }
        catch (IOException) { }
    }

    // Everybody asks again with the key they had: who was told before hears the same, and in the end all is given out and nothing more.
    private static async Task<int> CheckAsync(HttpClient http, Rush rush)
    {
        var before = await AuditAsync(http, rush);
        before.GetProperty("entries").GetInt32().ShouldBeGreaterThanOrEqualTo(rush.Acknowledged.Count);
        var foundOnDisk = before.GetProperty("entries").GetInt32() - rush.Acknowledged.Count;
        await Parallel.ForAsync(0, rush.Tokens.Count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Stop }, async (no, stop) =>
        {
            using var answer = await http.PostAsJsonAsync("api/supplies/enter", new { token = rush.Tokens[no], key = rush.Keys[no] }, stop);
            var body = await answer.Content.ReadAsStringAsync(stop);
            if (!rush.Acknowledged.TryGetValue(no, out var told)) { ((int)answer.StatusCode).ShouldBeOneOf(200, 201, 410); return; }
            ((int)answer.StatusCode, body).ShouldBe((200, told));
        });
        var after = await AuditAsync(http, rush);
        (after.GetProperty("held").GetInt32(), after.GetProperty("entries").GetInt32()).ShouldBe((Shares, Shares + 50));
        return foundOnDisk;
    }

    private static async Task<JsonElement> AuditAsync(HttpClient http, Rush rush)
    {
        var audit = await http.GetFromJsonAsync<JsonElement>($"api/supplies/rounds/{rush.Id}/audit", Stop);
        (audit.GetProperty("oversold").GetInt32(), audit.GetProperty("duplicates").GetInt32(), audit.GetProperty("foreign").GetInt32()).ShouldBe((0, 0, 0));
        return audit;
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body, int? version = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"api/supplies/{path}") { Content = JsonContent.Create(body) };
        if (version is not null) request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        using var answer = await http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }
}
