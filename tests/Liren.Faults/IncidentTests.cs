using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>
/// kill -9 between and in the middle of the steps of the story, again and again; whoever got no answer repeats with the same key. Nothing acknowledged is
/// lost, nothing is done twice, and an offer runs out in time whether the server was up or not.
/// </summary>
public sealed class IncidentTests
{
    /// <summary>Milliseconds promised between a deadline and its effect.</summary>
    private const int Late = 2_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private readonly List<(DateTimeOffset Spawned, DateTimeOffset Ready)> starts = [];
    private readonly Random dice = new(20200213);
    private IReadOnlyDictionary<string, string> passwords = new Dictionary<string, string>();

    [Fact]
    public async Task No_step_of_the_story_is_lost_or_doubled_by_kill_9_and_offers_run_out_in_time()
    {
        using var data = new DataFolder();
        var liren = await UpAsync(data, demo: true);
        passwords = liren.Passwords;
        var key = await LirenProcess.KeyAsync(data.Path, "integration");
        var cookies = new Dictionary<string, CookieContainer>();
        foreach (var user in new[] { "grid1", "grid2", "grid3", "community", "duty", "checker" }) cookies[user] = await SignInAsync(liren, user);

        // This one nobody answers: its offers run out while the others are killed and started again.
        (await EventAsync(liren, key, "b16", Guid.CreateVersion7(), 25)).EnsureSuccessStatusCode();
        var kills = 0;
        for (var story = 0; story < 2; story++)
        {
            var place = $"b{story + 10}";
            var signal = Guid.CreateVersion7();
            liren = await KilledAsync(liren, data, l => EventAsync(l, key, place, signal, 24 + story));
            var id = await IncidentAsync(liren, key, place);
            var who = await AskedAsync(liren, key, id);
            foreach (var act in new[] { "accept", "arrive", "handle" })
            {
                var once = Guid.CreateVersion7().ToString("N");
                liren = await KilledAsync(liren, data, l => ActAsync(l, cookies[who], id, act, once));
            }
            var word = Guid.CreateVersion7().ToString("N");
            liren = await KilledAsync(liren, data, l => ActAsync(l, cookies["checker"], id, "confirm", word));
            var (calm1, calm2) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var now = TimeProvider.System.GetUtcNow();
            (await EventAsync(liren, key, place, calm1, 6, now.AddSeconds(-35))).EnsureSuccessStatusCode();
            liren = await KilledAsync(liren, data, l => EventAsync(l, key, place, calm2, 4, now));
            await UntilAsync(async () => (await StateAsync(liren, key, id)) == "Closed", "closed after sensor and person agreed");
            kills += 6;
            foreach (var (act, times) in new[] { ("Accept", 1), ("Arrive", 1), ("Handle", 1), ("Confirm", 1), ("Close", 1) })
            {
                data.Count($"SELECT count(*) FROM incidents_step WHERE IncidentId = '{Text(id)}' AND Act = '{act}'").ShouldBe(times, act);
                data.Count($"SELECT count(*) FROM sdk_journal WHERE Subject = '{Text(id)}' AND Body LIKE '%\"act\":\"{act.ToLowerInvariant()}\"%'").ShouldBe(times, act);
            }
            data.Count($"SELECT count(*) FROM incidents_observation WHERE PlacePath LIKE '%.liren.{place}' AND ArrivedAt > {starts[0].Spawned.ToUnixTimeMilliseconds()}").ShouldBe(3);
            data.Count($"SELECT count(*) FROM incidents_incident WHERE PlacePath LIKE '%.liren.{place}' AND OpenedAt > {starts[0].Spawned.ToUnixTimeMilliseconds()}").ShouldBe(1);
            data.Count($"SELECT count(*) FROM incidents_photo WHERE IncidentId = '{Text(id)}'").ShouldBe(1);
        }
        kills.ShouldBe(12);
        var since = starts[0].Spawned.ToUnixTimeMilliseconds();
        await UntilAsync(() => Task.FromResult(data.Count($"SELECT count(*) FROM incidents_offer WHERE Result = 'Expired' AND At > {since}") > 0), "an offer ran out");
        foreach (var (until, answered) in Expired(data, since))
            (answered - until < Late || starts.Exists(s => s.Spawned.ToUnixTimeMilliseconds() <= answered && answered <= s.Ready.ToUnixTimeMilliseconds() + Late)).ShouldBeTrue($"{answered - until} ms late");
        await liren.DisposeAsync();
    }

    /// <summary>Sends, kills in the middle, starts again, and repeats until it is answered; then once more, which must change nothing.</summary>
    private async Task<LirenProcess> KilledAsync(LirenProcess liren, DataFolder data, Func<LirenProcess, Task<HttpResponseMessage>> send)
    {
        var sending = TrySendAsync(liren, send);
        await Task.Delay(dice.Next(0, 60), Stop);
        await liren.KillAsync();
        await sending;
        liren = await UpAsync(data);
        for (var tries = 0; tries < 2; tries++)
        {
            using var answer = await send(liren);
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
        }
        return liren;
    }

    private static async Task TrySendAsync(LirenProcess liren, Func<LirenProcess, Task<HttpResponseMessage>> send)
    {
        try { (await send(liren)).Dispose(); }
        catch (HttpRequestException) { }
        catch (IOException) { }
    }

    private async Task<LirenProcess> UpAsync(DataFolder data, bool demo = false)
    {
        var spawned = TimeProvider.System.GetUtcNow();
        var liren = await LirenProcess.UpAsync(data.Path, demo);
        starts.Add((spawned, TimeProvider.System.GetUtcNow()));
        return liren;
    }

    private static async Task<HttpResponseMessage> EventAsync(LirenProcess liren, string key, string place, Guid id, double value, DateTimeOffset? at = null)
    {
        using var http = liren.Client(key);
        return await http.PostAsJsonAsync("api/incidents/events", new { id, type = "crowd.gathering", place = "31.01.15.016.037.liren." + place, value, at = at ?? TimeProvider.System.GetUtcNow().AddSeconds(-40), source = "counter" }, Stop);
    }

    private async Task<CookieContainer> SignInAsync(LirenProcess liren, string user)
    {
        var cookies = new CookieContainer();
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = liren.Address };
        var token = Regex.Match(await http.GetStringAsync("sign-in", Stop), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        var answer = await http.PostAsync("sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["userName"] = user, ["password"] = passwords[user], ["__RequestVerificationToken"] = token }), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return cookies;
    }

    private static async Task<HttpResponseMessage> ActAsync(LirenProcess liren, CookieContainer cookies, Guid id, string act, string once)
    {
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = liren.Address };
        http.DefaultRequestHeaders.Add("Idempotency-Key", once);
        if (act is not ("handle" or "confirm")) return await http.PostAsJsonAsync($"api/incidents/{id}/{act}", new { reason = "没有定位" }, Stop);
        var form = new MultipartFormDataContent { { new StringContent("已劝离"), "note" } };
        if (act == "handle") form.Add(new ByteArrayContent(Pictures.Png(id)), "photos", "photo.png");
        return await http.PostAsync($"api/incidents/{id}/{act}", form, Stop);
    }

    private static async Task<Guid> IncidentAsync(LirenProcess liren, string key, string place)
    {
        using var http = liren.Client(key);
        var found = Guid.Empty;
        await UntilAsync(async () =>
        {
            var items = (await http.GetFromJsonAsync<JsonElement>($"api/incidents?filter=open&place=31.01.15.016.037.liren.{place}", Stop)).GetProperty("items");
            if (items.GetArrayLength() > 0) found = items[0].GetProperty("id").GetGuid();
            return found != Guid.Empty;
        }, "the incident is open");
        return found;
    }

    private static async Task<string> AskedAsync(LirenProcess liren, string key, Guid id)
    {
        using var http = liren.Client(key);
        var name = (await http.GetFromJsonAsync<JsonElement>($"api/incidents/{id}", Stop)).GetProperty("row").GetProperty("assignee").GetString()!;
        return name.Contains("张强", StringComparison.Ordinal) ? "grid1" : name.Contains("李霞", StringComparison.Ordinal) ? "grid2" : name.Contains("王军", StringComparison.Ordinal) ? "grid3" : name.Contains("吴岚", StringComparison.Ordinal) ? "community" : "duty";
    }

    private static async Task<string> StateAsync(LirenProcess liren, string key, Guid id)
    {
        using var http = liren.Client(key);
        return (await http.GetFromJsonAsync<JsonElement>($"api/incidents/{id}", Stop)).GetProperty("row").GetProperty("state").GetString()!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var i = 0; i < 400; i++)
        {
            if (await holds()) return;
            await Task.Delay(250, Stop);
        }
        throw new TimeoutException($"Not within 100 s: {what}");
    }

    private static string Text(Guid id) => id.ToString().ToUpperInvariant();

    private static List<(long Until, long Answered)> Expired(DataFolder data, long since)
    {
        var list = new List<(long, long)>();
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(data.Path, "liren.db")};Mode=ReadOnly;Pooling=False;Default Timeout=30");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT \"Until\", AnsweredAt FROM incidents_offer WHERE Result = 'Expired' AND At > {since}";
        using var reader = command.ExecuteReader();
        while (reader.Read()) list.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return list;
    }
}
