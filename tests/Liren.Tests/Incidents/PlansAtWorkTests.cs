using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Incidents.Engine;
using Liren.Shared;
using Liren.Tests.Devices;
using Liren.Tests.Vision;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;

namespace Liren.Tests.Incidents;

/// <summary>
/// 13 February 2020 on the plaza, through the real doors: a counter and a speaker over MQTT, staff over HTTP, the shipped plan in force with the parameters of
/// emergency. Sense, decide, act, verify, account for it.
/// </summary>
public sealed class PlansAtWorkTests(DevicesApp app) : DeviceBase(app), IClassFixture<DevicesApp>
{
    private const string Plaza = "31.01.15.016.037.liren.plaza";
    private static readonly string PlanFile = Path.Combine(Repository.Root, "demo", "plans", "plaza-gathering.yaml");
    private readonly DevicesApp app = app;
    private int seq;

    private static string State(JsonElement shown) => shown.GetProperty("row").GetProperty("state").GetString()!;
    private static string Level(JsonElement shown) => shown.GetProperty("row").GetProperty("level").GetString()!;
    private static string? Assignee(JsonElement shown) => shown.GetProperty("row").GetProperty("assignee").GetString();

    private async Task<Guid> InForceAsync(bool emergency, string place = Plaza, string? text = null, Dictionary<string, string>? values = null)
    {
        var written = await app.AsAccount("duty").PostAsJsonAsync("/api/incidents/plans", new { text = text ?? await File.ReadAllTextAsync(PlanFile, Stop) }, Stop);
        written.StatusCode.ShouldBe(HttpStatusCode.OK, await written.Content.ReadAsStringAsync(Stop));
        var id = await written.Content.ReadFromJsonAsync<Guid>(Stop);
        (await app.AsAccount("leader").PostAsJsonAsync($"/api/incidents/plans/{id}/approve", new { }, Stop)).EnsureSuccessStatusCode();
        var put = await app.AsAccount("leader").PostAsJsonAsync($"/api/incidents/plans/{id}/put-in-force", new { places = new[] { place }, emergency, values }, Stop);
        put.IsSuccessStatusCode.ShouldBeTrue(await put.Content.ReadAsStringAsync(Stop));
        await UntilAsync(async () => (await HostAsync()).InForce.All.Any(p => p.Area == place));
        return id;
    }

    private Task<PlanHost> HostAsync() => app.Services.GetRequiredService<PlansAtWork>().HostAsync(Stop);

    private async Task UntilAsync(Func<Task<bool>> holds, Func<Task<string>>? otherwise = null)
    {
        for (var tries = 0; ; tries++)
        {
            await app.SettleAsync();
            if (await holds()) return;
            if (tries > 200) throw new TimeoutException(otherwise is null ? "it did not come about" : await otherwise());
            await Task.Delay(25, Stop);
        }
    }

    // The engine stamps what arrives with the clock: it must have taken a reading before the clock goes on.
    private async Task CountAsync(IMqttClient client, Box box, int apart, params double[] values)
    {
        foreach (var value in values)
        {
            await app.PassAsync(TimeSpan.FromSeconds(apart));
            var before = (await HostAsync()).Feed;
            await SendAsync(client, box, "tm", new { seq = ++seq, ts = Now, v = new Dictionary<string, double> { ["people.count"] = value } });
            await UntilAsync(async () => (await HostAsync()).Feed > before);
        }
    }

    private async Task<JsonElement> ShownAsync(Guid id) => await Office.GetFromJsonAsync<JsonElement>($"/api/incidents/{id}", Stop);

    private async Task<JsonElement> WaitAsync(Guid id, Func<JsonElement, bool> holds)
    {
        JsonElement shown = default;
        await UntilAsync(async () => holds(shown = await ShownAsync(id)), () => Task.FromResult($"{State(shown)} {Level(shown)} {Assignee(shown)}: {string.Join(" | ", shown.GetProperty("timeline").EnumerateArray().Select(s => s.GetProperty("why").GetString()))}"));
        return shown;
    }

    private static string UserOf(string? name) => name switch { "网格员 张强" => "grid1", "网格员 李霞" => "grid2", "网格员 王军" => "grid3", _ => throw new InvalidOperationException(name) };

    private async Task ActAsync(string user, Guid id, string act, object? body = null)
    {
        var answer = await app.AsAccount(user).PostAsJsonAsync($"/api/incidents/{id}/{act}", body ?? new { }, Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
        await app.SettleAsync();
    }

    private async Task<HttpResponseMessage> FormAsync(string user, Guid id, string act, string note, byte[]? photo, params (string Name, string Value)[] fields)
    {
        var form = Incidents.Plaza.Form(note, photo);
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        var answer = await app.AsAccount(user).PostAsync(new Uri($"/api/incidents/{id}/{act}", UriKind.Relative), form, Stop);
        await app.SettleAsync();
        return answer;
    }

    [Fact]
    public async Task The_story_of_13_February()
    {
        await InForceAsync(emergency: true);
        var camera = await AddAsync("plaza-cam", at: Plaza);
        var speaker = await AddAsync("plaza-spk", "speaker", at: Plaza);
        var (eye, _) = await ConnectAsync(camera.Code, camera.Secret);
        var (mouth, _) = await ConnectAsync(speaker.Code, speaker.Secret);
        using var one = eye;
        using var two = mouth;
        var said = new ConcurrentQueue<string>();
        mouth.ApplicationMessageReceivedAsync += async e =>
        {
            var command = JsonDocument.Parse(e.ApplicationMessage.ConvertPayloadToString()).RootElement;
            said.Enqueue(command.GetProperty("args").GetProperty("text").GetString()!);
            await SendAsync(mouth, speaker.Code, "ack", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { id = command.GetProperty("id").GetString(), stage = "done" })));
        };
        await mouth.SubscribeAsync(new MqttTopicFilterBuilder().WithTopic($"liren/v1/t1/{speaker.Code}/cmd").WithAtLeastOnceQoS().Build(), Stop);

        // Sense: two minutes of twenty and more, no sooner.
        await CountAsync(eye, camera, 20, 5, 12, 21, 24, 26, 25, 23, 23);
        (await Office.GetFromJsonAsync<JsonElement>($"/api/incidents?place={Plaza}&filter=open", Stop)).GetProperty("items").GetArrayLength().ShouldBe(0);
        await CountAsync(eye, camera, 20, 23);
        Guid id = default;
        await UntilAsync(async () =>
        {
            var open = (await Office.GetFromJsonAsync<JsonElement>($"/api/incidents?place={Plaza}&filter=open", Stop)).GetProperty("items");
            if (open.GetArrayLength() == 0) return false;
            id = open[0].GetProperty("id").GetGuid();
            return true;
        });

        // Act: the speaker speaks and says so, the nearest is asked.
        var shown = await WaitAsync(id, s => State(s) == "Dispatched" && Level(s) == "IV");
        await UntilAsync(() => Task.FromResult(!said.IsEmpty));
        said.First().ShouldContain("请保持距离");
        await WaitAsync(id, s => Timeline(s).Contains("“喊话”") && Timeline(s).Contains("已确认"));
        var first = Assignee(shown)!;

        // Nobody answers: the next, and the ladder climbs.
        await app.PassAsync(TimeSpan.FromSeconds(61));
        shown = await WaitAsync(id, s => State(s) == "Dispatched" && Assignee(s) != first);
        await WaitAsync(id, s => Timeline(s).Contains("预案升级"));
        var second = UserOf(Assignee(shown));
        await ActAsync(second, id, "accept");

        // It grows: level III.
        await CountAsync(eye, camera, 20, 45, 45);
        await WaitAsync(id, s => Level(s) == "III" && State(s) == "Accepted");
        var here = new { longitude = shown.GetProperty("longitude").GetDouble(), latitude = shown.GetProperty("latitude").GetDouble() };
        await ActAsync(second, id, "arrive", here);
        await CountAsync(eye, camera, 20, 18, 9);
        (await FormAsync(second, id, "handle", "已劝离", Pictures.Png(Guid.CreateVersion7()))).EnsureSuccessStatusCode();
        await WaitAsync(id, s => State(s) == "Verifying");

        // Verify: not without a photo, not from elsewhere; the sensor takes its three minutes.
        var without = await FormAsync("checker", id, "confirm", "没有人了", null);
        without.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await without.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString().ShouldBe("photos");
        (await FormAsync("checker", id, "confirm", "没有人了", Pictures.Png(Guid.CreateVersion7()), ("longitude", "121.0"), ("latitude", "31.0"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await FormAsync("checker", id, "confirm", "没有人了", Pictures.Png(Guid.CreateVersion7()), ("longitude", here.longitude.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("latitude", here.latitude.ToString(System.Globalization.CultureInfo.InvariantCulture)))).EnsureSuccessStatusCode();
        await CountAsync(eye, camera, 30, 4, 2, 2, 2, 2, 2);
        State(await ShownAsync(id)).ShouldBe("Verifying");
        await CountAsync(eye, camera, 30, 2, 2);
        shown = await WaitAsync(id, s => State(s) == "Closed");
        Timeline(shown).ShouldContain("闭环");

        // They come back: the same incident.
        await CountAsync(eye, camera, 20, 22, 25, 25, 25, 25, 25, 25, 25);
        shown = await WaitAsync(id, s => State(s) is "Dispatched" or "Open");
        Timeline(shown).ShouldContain("重新打开");
    }

    [Fact]
    public async Task People_on_a_real_street_are_counted_told_to_disperse_visited_and_checked()
    {
        // Six times a process sees for some seconds; the story of 13 February runs on both databases.
        Assert.SkipWhen(Environment.GetEnvironmentVariable("LIREN_TEST_POSTGRES") is { Length: > 0 }, "looked at once, on SQLite");
        var clip = await Sight.ClipAsync(Stop);
        await Sight.ModelAsync(Stop);
        const string Square = "31.01.15.016.037.liren.square";
        (await Office.PostAsJsonAsync("/api/places/31.01.15.016.037.liren/places", new { kind = "Area", name = "街边小广场", code = "square", areaKind = "plaza", longitude = 121.5432, latitude = 31.2185 }, Stop)).EnsureSuccessStatusCode();
        // The counter's own time is that of the machine; the clock of the test jumps.
        var text = (await File.ReadAllTextAsync(PlanFile, Stop)).Replace("id: plaza-gathering", "id: square-gathering").Replace("{peace: 80, emergency: 20, min: 5,", "{peace: 80, emergency: 2, min: 2,").Replace("emergency: 8, min: 0", "emergency: 0, min: 0").Replace("late: 30s", "late: 20m");
        await InForceAsync(true, Square, text, new() { ["hold"] = "10s" });
        var gateway = await AddAsync("square-gw", "gateway", at: Square);
        var camera = await AddAsync("square-cam", gateway: gateway.Code, at: Square);
        var speaker = await AddAsync("square-spk", "speaker", at: Square);
        var (mouth, _) = await ConnectAsync(speaker.Code, speaker.Secret);
        using var one = mouth;
        var said = 0;
        mouth.ApplicationMessageReceivedAsync += async e =>
        {
            Interlocked.Increment(ref said);
            var id = JsonDocument.Parse(e.ApplicationMessage.ConvertPayloadToString()).RootElement.GetProperty("id").GetString();
            await SendAsync(mouth, speaker.Code, "ack", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { id, stage = "done" })));
        };
        await mouth.SubscribeAsync(new MqttTopicFilterBuilder().WithTopic($"liren/v1/t1/{speaker.Code}/cmd").WithAtLeastOnceQoS().Build(), Stop);
        using var folder = new Folder();
        // The street has six to eight people in all these seconds; the lawn in its corner has none.
        async Task SeeAsync(bool crowd)
        {
            folder.Write("watch.yaml", $$"""
                hub: { port: {{app.Port}}, tenant: t1, device: {{gateway.Code}}, key: "{{gateway.Secret}}" }
                cameras:
                  - name: street
                    file: "{{clip}}"
                    every: 0.5
                    zones: [{ name: seen, device: {{camera.Code}}, gathering: 1000, points: {{(crowd ? "[[0, 0], [1, 0], [1, 1], [0, 1]]" : "[[0, 0.8], [0.3, 0.8], [0.3, 1], [0, 1]]")}} }]
                """);
            var before = (await HostAsync()).Feed;
            var (code, output, errors) = await Worker.LirenAsync(folder.Path, "watch-people", "watch.yaml", "--seconds", "4", "--json");
            code.ShouldBe(0, errors);
            JsonSerializer.Deserialize<JsonElement>(output.Trim().Split('\n')[^1]).GetProperty("acknowledged").GetInt64().ShouldBeGreaterThan(0, output + errors);
            await UntilAsync(async () => (await HostAsync()).Feed > before, () => Task.FromResult(output));
        }

        await SeeAsync(crowd: true);
        (await Office.GetFromJsonAsync<JsonElement>($"/api/incidents?place={Square}&filter=open", Stop)).GetProperty("items").GetArrayLength().ShouldBe(0);
        await app.PassAsync(TimeSpan.FromSeconds(11));
        Guid id = default;
        await UntilAsync(async () =>
        {
            var open = (await Office.GetFromJsonAsync<JsonElement>($"/api/incidents?place={Square}&filter=open", Stop)).GetProperty("items");
            if (open.GetArrayLength() == 0) return false;
            id = open[0].GetProperty("id").GetGuid();
            return true;
        });
        var shown = await WaitAsync(id, s => State(s) == "Dispatched" && Timeline(s).Contains("已确认"));
        said.ShouldBeGreaterThan(0);
        var first = Assignee(shown)!;
        await app.PassAsync(TimeSpan.FromSeconds(61));
        shown = await WaitAsync(id, s => State(s) == "Dispatched" && Assignee(s) != first);
        var second = UserOf(Assignee(shown));
        await ActAsync(second, id, "accept");
        await SeeAsync(crowd: true);
        await WaitAsync(id, s => Level(s) == "III");
        await ActAsync(second, id, "arrive", new { longitude = 121.5432, latitude = 31.2185 });
        await SeeAsync(crowd: false);
        (await FormAsync(second, id, "handle", "已劝离", Pictures.Png(Guid.CreateVersion7()))).EnsureSuccessStatusCode();
        await WaitAsync(id, s => State(s) == "Verifying");
        (await FormAsync("checker", id, "confirm", "没有人了", Pictures.Png(Guid.CreateVersion7()), ("longitude", "121.5432"), ("latitude", "31.2185"))).EnsureSuccessStatusCode();
        // Three calm minutes prove it: two are not enough, and at the third the clock alone may do it, before the next look.
        for (var i = 0; i < 3; i++)
        {
            await app.PassAsync(TimeSpan.FromSeconds(62));
            if (i < 2) State(await ShownAsync(id)).ShouldBe("Verifying");
            await SeeAsync(crowd: false);
        }
        await WaitAsync(id, s => State(s) == "Closed");
    }

    [Fact]
    public async Task Counts_that_a_program_sends_are_readings_too_and_a_place_may_set_its_own_threshold()
    {
        const string Pool = "31.01.15.016.037.liren.pool";
        var text = (await File.ReadAllTextAsync(PlanFile, Stop)).Replace("id: plaza-gathering", "id: pool-gathering").Replace("tagged: plaza", "tagged: pool");
        await InForceAsync(true, Pool, text, new() { ["people"] = "21", ["hold"] = "10s" });
        using var counter = app.As(Liren.Sdk.Security.BuiltInRoles.Integration);
        foreach (var value in new[] { 12, 21, 24, 26, 26 })
        {
            await app.PassAsync(TimeSpan.FromSeconds(4));
            (await counter.PostAsJsonAsync("/api/incidents/events", new { id = Guid.CreateVersion7(), type = "crowd.gathering", place = Pool, value, at = app.Clock.GetUtcNow(), source = "counter 1" }, Stop)).EnsureSuccessStatusCode();
            await app.SettleAsync();
        }
        await UntilAsync(async () => (await Office.GetFromJsonAsync<JsonElement>($"/api/incidents?place={Pool}&filter=open", Stop)).GetProperty("items").GetArrayLength() == 1);
    }

    [Fact]
    public async Task An_order_of_emergency_turns_the_plans_of_its_places_to_their_other_parameters()
    {
        const string Playground = "31.01.15.016.037.liren.playground";
        var text = (await File.ReadAllTextAsync(PlanFile, Stop)).Replace("id: plaza-gathering", "id: playground-gathering").Replace("tagged: plaza", "tagged: playground");
        await InForceAsync(false, Playground, text);
        async Task<string> ModeAsync() => (await HostAsync()).InForce.All.Single(p => p.Area == Playground).Plan.Mode;
        (await ModeAsync()).ShouldBe("peace");
        var now = app.Clock.GetUtcNow();
        var order = await app.As(Liren.Sdk.Security.BuiltInRoles.StreetLeader, "31.01.15.016").PostAsJsonAsync("/api/modes", new
        {
            area = "31.01.15.016.037.liren", level = "III", orderNo = "花街应急令〔2020〕9号", authority = "花木街道办事处", basis = "突发事件应对法", reason = "出现确诊病例", from = now, to = now.AddDays(10), collections = Array.Empty<object>(),
        }, Stop);
        order.IsSuccessStatusCode.ShouldBeTrue(await order.Content.ReadAsStringAsync(Stop));
        var id = (await order.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        using var officer = app.As(Liren.Sdk.Security.BuiltInRoles.DutyOfficer, "31.01.15.016");
        officer.DefaultRequestHeaders.IfMatch.Add(new("\"1\""));
        (await officer.PostAsJsonAsync($"/api/modes/{id}/sign", new { }, Stop)).EnsureSuccessStatusCode();
        await UntilAsync(async () => await ModeAsync() == "emergency");
        // It ends by itself, and so do the parameters.
        await app.PassAsync(TimeSpan.FromDays(11));
        await UntilAsync(async () => await ModeAsync() == "peace");
    }

    private static string Timeline(JsonElement shown) => string.Join('\n', shown.GetProperty("timeline").EnumerateArray().Select(s => s.GetProperty("why").GetString()));
}
