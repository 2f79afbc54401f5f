using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Contracts.Devices;
using Liren.Devices.Data;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;

namespace Liren.Tests.Devices;

/// <summary>Devices over MQTT and HTTP: who is let in, what is kept, what is refused and why.</summary>
public sealed class HubTests(DevicesApp app) : DeviceBase(app), IClassFixture<DevicesApp>
{
    private readonly DevicesApp app = app;

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_reading_is_on_disk_when_it_is_acknowledged(bool v5)
    {
        var box = await AddAsync(v5 ? "cam-v5" : "cam-v3");
        var (client, code) = await ConnectAsync(box.Code, box.Secret, v5);
        code.ShouldBe(MqttClientConnectResultCode.Success);
        (await SendAsync(client, box, "tm", new { seq = 1, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 23 } })).IsSuccess.ShouldBeTrue();
        (await ValuesAsync(box)).ShouldBe([23]);
        await client.DisconnectAsync(cancellationToken: Stop);
    }

    [Fact]
    public async Task A_message_sent_again_is_acknowledged_and_counted_once()
    {
        var box = await AddAsync("cam-twice");
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        for (var i = 0; i < 3; i++) (await SendAsync(client, box, "tm", new { seq = 5, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 7 } })).IsSuccess.ShouldBeTrue();
        (await ValuesAsync(box)).ShouldBe([7]);
        // Began to count anew after a restart: the number was used, the time is later.
        (await SendAsync(client, box, "tm", new { seq = 1, ts = Now + 1_000, v = new Dictionary<string, double> { ["people.count"] = 8 } })).IsSuccess.ShouldBeTrue();
        (await ValuesAsync(box)).ShouldBe([7, 8]);
    }

    [Fact]
    public async Task A_stranger_a_wrong_key_and_a_false_client_id_are_refused_and_the_operator_sees_why()
    {
        var box = await AddAsync("cam-lock");
        (await ConnectAsync("nobody", "x")).Code.ShouldBe(MqttClientConnectResultCode.BadUserNameOrPassword);
        (await ConnectAsync(box.Code, "wrong")).Code.ShouldBe(MqttClientConnectResultCode.BadUserNameOrPassword);
        (await ConnectAsync(box.Code, box.Secret, clientId: "other")).Code.ShouldBe(MqttClientConnectResultCode.ClientIdentifierNotValid);
        (await RefusedAsync("nobody")).ShouldBe(["unknown-device"]);
        (await RefusedAsync(box.Code)).ShouldBe(["wrong-key", "client-id"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_device_speaks_and_listens_below_its_own_name_only()
    {
        var (mine, other) = (await AddAsync("cam-mine"), await AddAsync("cam-other"));
        var (client, _) = await ConnectAsync(mine.Code, mine.Secret);
        (await SendAsync(client, other, "tm", new { seq = 1, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 9 } })).IsSuccess.ShouldBeFalse();
        foreach (var topic in (string[])[$"liren/v1/t1/{other.Code}/cmd", "liren/v1/t1/+/cmd", "#", "$SYS/#", $"liren/v1/t2/{mine.Code}/cmd"])
            (await client.SubscribeAsync(topic, cancellationToken: Stop)).Items.Single().ResultCode.ShouldBe(MqttClientSubscribeResultCode.NotAuthorized, topic);
        (await client.SubscribeAsync($"liren/v1/t1/{mine.Code}/cmd", cancellationToken: Stop)).Items.Single().ResultCode.ShouldBe(MqttClientSubscribeResultCode.GrantedQoS0);
        (await ValuesAsync(other)).ShouldBeEmpty();
        (await RefusedAsync(mine.Code)).ShouldContain("foreign-topic");
    }

    [Theory]
    [InlineData("{", "json")]
    [InlineData("""{"seq":1,"v":{"people.count":"many"}}""", "value")]
    [InlineData("""{"seq":1,"v":{"people.count":1e999}}""", "value")]
    [InlineData("""{"seq":1,"v":[]}""", "v")]
    [InlineData("""{"seq":1,"v":{}}""", "v")]
    [InlineData("""{"v":{"people.count":1}}""", "seq")]
    [InlineData("""{"seq":-1,"v":{"people.count":1}}""", "seq")]
    [InlineData("""{"seq":1,"ts":"yesterday","v":{"people.count":1}}""", "ts")]
    [InlineData("""[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]""", "json")]
    [InlineData("7", "json")]
    public async Task Bad_content_is_refused_with_a_reason_and_the_device_stays_connected(string content, string reason)
    {
        var box = await AddAsync("bad-" + Math.Abs(content.GetHashCode(StringComparison.Ordinal)));
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        (await SendAsync(client, box, "tm", Encoding.UTF8.GetBytes(content))).IsSuccess.ShouldBeFalse();
        (await RefusedAsync(box.Code)).ShouldBe([reason]);
        (await SendAsync(client, box, "tm", new { seq = 2, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 3 } })).IsSuccess.ShouldBeTrue();
        (await ValuesAsync(box)).ShouldBe([3]);
    }

    [Fact]
    public async Task Too_large_a_packet_is_refused()
    {
        var box = await AddAsync("cam-large");
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        (await SendAsync(client, box, "tm", new byte[65 * 1024])).IsSuccess.ShouldBeFalse();
        (await RefusedAsync(box.Code)).ShouldBe(["too-large"]);
    }

    [Fact]
    public async Task A_time_to_come_and_an_implausible_value_are_kept_and_marked()
    {
        var box = await AddAsync("cam-odd");
        var seen = new Seen();
        using var listening = app.Services.GetRequiredService<IDeviceReadings>().Listen(seen);
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        await SendAsync(client, box, "tm", new { seq = 1, ts = Now + 3_600_000, v = new Dictionary<string, double> { ["people.count"] = 2 } });
        await SendAsync(client, box, "tm", new { seq = 2, ts = Now, v = new Dictionary<string, double> { ["people.count"] = -4 } });
        await SendAsync(client, box, "tm", new { seq = 3, ts = Now, v = new Dictionary<string, double> { ["strange.metric"] = 1 } });
        await SendAsync(client, box, "tm", new { seq = 4, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 20 }, q = new[] { "lowerBound" } });
        var mine = seen.All.Where(r => r.Device == box.Code).ToList();
        mine.Select(r => r.Quality).ShouldBe([ReadingQuality.ClockDoubt, ReadingQuality.Suspect, ReadingQuality.Suspect, ReadingQuality.LowerBound]);
        mine[0].At.ShouldBe(mine[0].ArrivedAt);
        mine.Select(r => r.Seq).ShouldBeInOrder();
        var again = await app.Services.GetRequiredService<IDeviceReadings>().ReadAsync(mine[0].Seq - 1, null, 4, Stop);
        again.Where(r => r.Device == box.Code).ShouldBe(mine);
    }

    [Fact]
    public async Task Those_behind_a_gateway_speak_through_it_and_a_bad_row_refuses_only_itself()
    {
        var gateway = await AddAsync("gw-1", "gateway");
        var (a, b) = (await AddAsync("cam-a", gateway: "gw-1"), await AddAsync("cam-b"));
        var (client, _) = await ConnectAsync(gateway.Code, gateway.Secret);
        object Row(string d, int seq, double v) => new { d, c = "tm", seq, ts = Now, v = new Dictionary<string, double> { ["people.count"] = v } };
        (await SendAsync(client, gateway, "b", new[] { Row("cam-a", 1, 11), Row("cam-b", 1, 12), Row("cam-?", 1, 13), Row("cam-a", 2, 14) })).IsSuccess.ShouldBeTrue();
        ((await ValuesAsync(a)).Length, (await ValuesAsync(b)).Length).ShouldBe((2, 0));
        (await RefusedAsync(gateway.Code)).ShouldBe(["unknown-device"]);
    }

    [Fact]
    public async Task Over_http_each_row_has_its_result()
    {
        var box = await AddAsync("cam-http");
        using var http = app.CreateClient();
        object[] rows = [new { seq = 1, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 1 } }, new { seq = 1, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 1 } },
            new { seq = 2, ts = Now, v = new Dictionary<string, double> { ["people.count"] = -1 } }, new { ts = Now }];
        var answer = await http.SendAsync(Ingest(box, rows), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Stop));
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("results").EnumerateArray().Select(r => r.GetProperty("result").GetString()).ShouldBe(["stored", "duplicate", "suspect", "refused"]);
        (await http.SendAsync(Ingest(box, rows, "wrong"), Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.SendAsync(Ingest(box, "{"), Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Office.PostAsJsonAsync($"/api/devices/{box.Id}/state", new { state = "Retired" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await http.SendAsync(Ingest(box, rows), Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Simulated_rows_are_refused_in_production()
    {
        var box = await AddAsync("sim-1", simulated: true);
        (await ConnectAsync(box.Code, box.Secret)).Code.ShouldBe(MqttClientConnectResultCode.NotAuthorized);
        using var http = app.CreateClient();
        (await http.SendAsync(Ingest(box, new { seq = 1 }), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await RefusedAsync(box.Code)).ShouldContain("simulated");
    }

    [Fact]
    public async Task Two_keys_are_good_for_a_day_and_a_revoked_one_closes_the_connection()
    {
        var box = await AddAsync("cam-key");
        var made = await (await Office.PostAsync($"/api/devices/{box.Id}/key", null, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        await app.SettleAsync();
        (await ConnectAsync(box.Code, box.Secret)).Code.ShouldBe(MqttClientConnectResultCode.Success);
        await app.PassAsync(TimeSpan.FromHours(25));
        (await ConnectAsync(box.Code, box.Secret)).Code.ShouldBe(MqttClientConnectResultCode.BadUserNameOrPassword);
        var (client, code) = await ConnectAsync(box.Code, made.GetProperty("secret").GetString()!);
        code.ShouldBe(MqttClientConnectResultCode.Success);
        var gone = new TaskCompletionSource();
        client.DisconnectedAsync += _ => { gone.TrySetResult(); return Task.CompletedTask; };
        (await Office.PostAsync($"/api/devices/{box.Id}/revoke", null, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        (await ConnectAsync(box.Code, made.GetProperty("secret").GetString()!)).Code.ShouldBe(MqttClientConnectResultCode.BadUserNameOrPassword);
    }

    private sealed class Seen : IReadingListener
    {
        private readonly List<DeviceReading> all = [];
        public IReadOnlyList<DeviceReading> All { get { lock (all) return [.. all]; } }
        public void OnReadings(ReadOnlySpan<DeviceReading> batch) { lock (all) all.AddRange(batch); }
    }
}
