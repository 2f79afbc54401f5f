using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>Figures while the server is killed again and again: every roll-up equals a recount from the gate log and the journal.</summary>
public sealed class InsightTests
{
    private const string Community = "31.01.15.016.037", Compound = Community + ".liren";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_roll_up_equals_a_recount_after_kills_late_lines_and_repeated_ones()
    {
        using var folder = new DataFolder();
        var random = new Random(20_201_113);
        // More kills by a person or a nightly job: LIREN_KILLS=100.
        var kills = int.TryParse(Environment.GetEnvironmentVariable("LIREN_KILLS"), CultureInfo.InvariantCulture, out var set) ? set : 2;
        var sent = new List<object>();
        var acknowledged = new HashSet<Guid>();
        string key, device;
        var liren = await LirenProcess.UpAsync(folder.Path, demo: true);
        try
        {
            key = await LirenProcess.KeyAsync(folder.Path);
            device = await PairAsync(liren, key);
            for (var round = 0; round < kills; round++)
            {
                await BusyAsync(liren, key, device, random, sent, acknowledged);
                await liren.KillAsync();
                await liren.DisposeAsync();
                liren = await LirenProcess.UpAsync(folder.Path, demo: true);
            }
            using var http = liren.Client(key);
            // What gates were told to be safe is counted, and each once; what was in flight may be.
            var (before, total) = (-1L, await TotalAsync(http));
            for (var n = 0; n < 100 && (total < acknowledged.Count || total != before); n++)
            {
                await Task.Delay(500, Stop);
                (before, total) = (total, await TotalAsync(http));
            }
            total.ShouldBeGreaterThanOrEqualTo(acknowledged.Count);
            acknowledged.Count.ShouldBeGreaterThan(50);
            var today = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var check = await LirenProcess.RunAsync(folder.Path, ["insight", "check", "--day", today, "--days", "8", "--json"]);
            check.Code.ShouldBe(0, check.Output + check.Errors);
            JsonDocument.Parse(check.Output.Trim().Split('\n')[^1]).RootElement.GetProperty("rows").GetInt32().ShouldBeGreaterThan(50);
        }
        finally { await liren.DisposeAsync(); }
    }

    private static async Task<string> PairAsync(LirenProcess liren, string key)
    {
        using var http = liren.Client(key);
        var gate = await AnswerAsync(await http.PostAsJsonAsync("api/passes/gates", new { compound = Compound, policy = new { name = "夜门" } }, Stop));
        var pairing = await AnswerAsync(await http.PostAsync($"api/passes/gates/{gate.GetProperty("id").GetGuid()}/pairing", null, Stop));
        using var phone = liren.Client();
        return (await AnswerAsync(await phone.PostAsJsonAsync("api/passes/gates/pair", new { code = pairing.GetProperty("code").GetString(), name = "夜门手机" }, Stop))).GetProperty("deviceKey").GetString()!;
    }

    /// <summary>Gates send, some lines late, some again; somebody reports; and in the middle of it the caller kills the server.</summary>
    private static async Task BusyAsync(LirenProcess liren, string key, string device, Random random, List<object> sent, HashSet<Guid> acknowledged)
    {
        using var gate = liren.Client();
        gate.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", device);
        using var http = liren.Client(key);
        var until = DateTimeOffset.UtcNow.AddMilliseconds(random.Next(700, 2_500));
        while (DateTimeOffset.UtcNow < until)
        {
            var fresh = Enumerable.Range(0, random.Next(1, 12)).Select(_ => (Id: Guid.CreateVersion7(), Ago: random.Next(5) == 0 ? random.Next(1, 6 * 1_440) : random.Next(0, 30))).ToList();
            List<object> lines = [.. fresh.Select(f => (object)new { id = f.Id, at = DateTimeOffset.UtcNow.AddMinutes(-f.Ago).ToUnixTimeMilliseconds(), offset = 0, direction = random.Next(2) == 0 ? "in" : "out", verdict = random.Next(6) == 0 ? "Refuse" : "Admit", reason = "Ok", kind = 1, form = 1, t = 0, members = random.Next(1, 4), listAge = 60 })];
            if (sent.Count > 0 && random.Next(2) == 0) lines.Add(sent[random.Next(sent.Count)]);
            sent.AddRange(lines);
            using var answer = await gate.PostAsJsonAsync("api/passes/gates/events", lines, Stop);
            if (answer.IsSuccessStatusCode) foreach (var f in fresh) acknowledged.Add(f.Id);
            if (random.Next(4) == 0)
            {
                using var form = new MultipartFormDataContent { { new StringContent("1"), "form" }, { new StringContent("environment.rubbish"), "type" }, { new StringContent(Compound + ".plaza"), "place" }, { new StringContent("夜里的垃圾"), "text" } };
                using var report = await http.PostAsync("api/cases", form, Stop);
                report.EnsureSuccessStatusCode();
            }
        }
    }

    private static async Task<long> TotalAsync(HttpClient http)
    {
        var day = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8));
        var answer = await http.GetFromJsonAsync<JsonElement>($"api/insight/facts?measure=passes.scans&place={Compound}&by=total&from={day.AddDays(-10):yyyy-MM-dd}&to={day:yyyy-MM-dd}", Stop);
        return answer.GetProperty("rows").EnumerateArray().Sum(r => r.GetProperty("value").GetInt64());
    }

    private static async Task<JsonElement> AnswerAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        }
    }
}
