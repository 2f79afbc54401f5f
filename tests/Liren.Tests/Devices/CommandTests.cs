using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Contracts.Devices;
using Liren.Devices.Hub;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;

namespace Liren.Tests.Devices;

/// <summary>Orders to devices, and how devices stand.</summary>
public sealed class CommandTests(DevicesApp app) : DeviceBase(app), IClassFixture<DevicesApp>
{
    private readonly DevicesApp app = app;

    private Task<CommandStatus> GiveAsync(Box box, string key, string name = "say", Guid? person = null, int seconds = 60) => app.InScopeAsync(s =>
        s.GetRequiredService<IDeviceCommands>().SendAsync(new(key, box.Id, name, """{"text":"请保持距离"}""", app.Clock.GetUtcNow().AddSeconds(seconds), "聚集", "incident/1", person), Stop));

    private Task<CommandStatus?> FindAsync(string key) => app.InScopeAsync(s => s.GetRequiredService<IDeviceCommands>().FindAsync(key, Stop));

    private async Task<(IMqttClient Client, BlockingCollection<JsonElement> Heard)> SpeakerAsync(Box box)
    {
        var heard = new BlockingCollection<JsonElement>();
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        client.ApplicationMessageReceivedAsync += m => { heard.Add(JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(System.Buffers.BuffersExtensions.ToArray(m.ApplicationMessage.Payload)))); return Task.CompletedTask; };
        await client.SubscribeAsync($"liren/v1/t1/{box.Code}/cmd", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce, Stop);
        return (client, heard);
    }

    // Until the hub has noticed: while the broker tidies up after a connection it may close a new one of the same device.
    private async Task LeaveAsync(IMqttClient client, Box box)
    {
        await client.DisconnectAsync(cancellationToken: Stop);
        var live = (await app.Services.GetRequiredService<DeviceBook>().FindAsync(box.Code, Stop)).ShouldNotBeNull();
        for (var tries = 0; live.Connected && tries < 200; tries++) await Task.Delay(50, Stop);
    }

    private static JsonElement Next(BlockingCollection<JsonElement> heard) => heard.TryTake(out var next, TimeSpan.FromSeconds(20)) ? next : throw new TimeoutException();

    [Fact]
    public async Task An_order_given_while_the_device_is_away_is_sent_when_it_comes_and_again_until_acknowledged()
    {
        var box = await AddAsync("spk-away", "speaker");
        (await GiveAsync(box, "k-away")).Stage.ShouldBe(CommandStage.Waiting);
        await app.SettleAsync();
        var (client, heard) = await SpeakerAsync(box);
        Next(heard).GetProperty("id").GetString().ShouldBe("k-away");
        await LeaveAsync(client, box);
        (client, heard) = await SpeakerAsync(box);
        Next(heard).GetProperty("args").GetProperty("text").GetString().ShouldBe("请保持距离");
        (await SendAsync(client, box, "ack", new { id = "k-away", stage = "playing" })).IsSuccess.ShouldBeTrue();
        (await FindAsync("k-away"))!.Stage.ShouldBe(CommandStage.Playing);
        (await SendAsync(client, box, "ack", new { id = "k-away", stage = "done" })).IsSuccess.ShouldBeTrue();
        (await SendAsync(client, box, "ack", new { id = "k-away", stage = "accepted" })).IsSuccess.ShouldBeTrue();
        (await FindAsync("k-away"))!.Stage.ShouldBe(CommandStage.Done);
        await LeaveAsync(client, box);
        (client, heard) = await SpeakerAsync(box);
        heard.TryTake(out _, TimeSpan.FromMilliseconds(300)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_end_of_an_old_connection_does_not_end_the_new_one()
    {
        var box = await AddAsync("spk-again", "speaker");
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        var live = (await app.Services.GetRequiredService<DeviceBook>().FindAsync(box.Code, Stop)).ShouldNotBeNull();
        for (var again = 0; again < 20; again++)
        {
            var old = client;
            // Half leave by themselves, half are taken over by the new connection.
            if (again % 2 == 0 && old.IsConnected) await old.DisconnectAsync(cancellationToken: Stop);
            (client, _) = await ConnectAsync(box.Code, box.Secret);
            // The broker may close the new one when it tidies up after the old; then the device comes again. But the hub must know it.
            await AgreeAsync();
        }
        await client.DisconnectAsync(cancellationToken: Stop);
        await AgreeAsync();
        live.Connected.ShouldBeFalse();

        async Task AgreeAsync()
        {
            await Task.Delay(50, Stop);
            for (var tries = 0; live.Connected != client.IsConnected && tries < 100; tries++) await Task.Delay(50, Stop);
            live.Connected.ShouldBe(client.IsConnected);
        }
    }

    [Fact]
    public async Task The_same_key_is_the_same_order_and_goes_out_at_once_to_a_device_that_is_there()
    {
        var box = await AddAsync("spk-there", "speaker");
        var (_, heard) = await SpeakerAsync(box);
        var (first, second) = (await GiveAsync(box, "k-same"), await GiveAsync(box, "k-same"));
        second.Id.ShouldBe(first.Id);
        await app.SettleAsync();
        Next(heard).GetProperty("id").GetString().ShouldBe("k-same");
        heard.TryTake(out _, TimeSpan.FromMilliseconds(300)).ShouldBeFalse();
        (await FindAsync("k-same"))!.Stage.ShouldBe(CommandStage.Sent);
    }

    [Fact]
    public async Task An_order_whose_time_has_passed_is_not_sent_and_one_device_cannot_answer_for_another()
    {
        var (box, other) = (await AddAsync("spk-late", "speaker"), await AddAsync("spk-other", "speaker"));
        await GiveAsync(box, "k-late", seconds: 10);
        var (client, _) = await SpeakerAsync(other);
        (await SendAsync(client, other, "ack", new { id = "k-late", stage = "done" })).IsSuccess.ShouldBeFalse();
        await app.PassAsync(TimeSpan.FromSeconds(11));
        await app.InScopeAsync(async s => { await s.GetRequiredService<HealthWatch>().RunAsync(Stop); return 0; });
        (await FindAsync("k-late"))!.Stage.ShouldBe(CommandStage.Expired);
        (_, var heard) = await SpeakerAsync(box);
        heard.TryTake(out JsonElement _, TimeSpan.FromMilliseconds(300)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_coercive_order_needs_a_named_person_and_every_order_a_reason()
    {
        var gate = await AddAsync("gate-1", "gate");
        (await Should.ThrowAsync<Liren.Sdk.RuleBrokenException>(() => GiveAsync(gate, "k-lock", "lock"))).Code.ShouldBe("devices.command-person");
        (await GiveAsync(gate, "k-lock", "lock", Guid.CreateVersion7())).Class.ShouldBe(CommandClass.Coercive);
        (await Should.ThrowAsync<Liren.Sdk.RuleBrokenException>(() => GiveAsync(gate, "k-fly", "fly"))).Field.ShouldBe("name");
        var answer = await Office.PostAsJsonAsync($"/api/devices/{gate.Id}/commands", new { name = "open" }, Stop);
        (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString()).ShouldBe((HttpStatusCode.UnprocessableEntity, "devices.command-reason"));
        (await Office.PostAsJsonAsync($"/api/devices/{gate.Id}/commands", new { name = "open", reason = "救护车进入" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ShowAsync(gate)).GetProperty("commands").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ShouldBe(["open", "lock"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_device_that_falls_silent_goes_stale_and_one_whose_connection_broke_offline()
    {
        var box = await AddAsync("cam-silent");
        async Task<string?> HealthAsync()
        {
            await app.InScopeAsync(async s => { await s.GetRequiredService<HealthWatch>().RunAsync(Stop); return 0; });
            return (await ShowAsync(box)).GetProperty("health").GetString();
        }
        (await HealthAsync()).ShouldBe("Unknown");
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        await SendAsync(client, box, "tm", new { seq = 1, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 5 } });
        (await HealthAsync()).ShouldBe("Online");
        await app.PassAsync(TimeSpan.FromSeconds(100));
        (await HealthAsync()).ShouldBe("Stale");
        await SendAsync(client, box, "tm", new { seq = 2, ts = Now + 600_000, v = new Dictionary<string, double> { ["people.count"] = 5 } });
        (await HealthAsync()).ShouldBe("ClockDoubt");
        await SendAsync(client, box, "tm", new { seq = 3, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 99999 } });
        (await HealthAsync()).ShouldBe("Implausible");
        await SendAsync(client, box, "ev", new { seq = 4, ts = Now, type = "video.covered" });
        (await HealthAsync()).ShouldBe("Covered");
        await SendAsync(client, box, "ev", new { seq = 5, ts = Now, type = "video.clear" });
        for (var i = 0; i < 62; i++)
        {
            await app.PassAsync(TimeSpan.FromMinutes(1));
            await SendAsync(client, box, "tm", new { seq = 6 + i, ts = Now, v = new Dictionary<string, double> { ["people.count"] = 5 } });
        }
        (await HealthAsync()).ShouldBe("Frozen");
        await client.DisconnectAsync(cancellationToken: Stop);
        await app.PassAsync(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 100 && (await HealthAsync()) != "Offline"; i++) { await Task.Delay(20, Stop); await app.PassAsync(TimeSpan.FromSeconds(5)); }
        (await HealthAsync()).ShouldBe("Offline");
    }

    [Fact]
    public async Task A_table_is_registered_whole_or_not_at_all_and_a_label_claims_its_device()
    {
        var place = await PlaceAsync();
        var bad = await (await Office.PostAsJsonAsync("/api/devices/import", new { csv = $"code,kind,name,place\nimp-1,camera,一号,{place}\nIMP 2,camera,二号,{place}\nimp-3,rocket,三号,{place}" }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        bad.GetProperty("added").GetInt32().ShouldBe(0);
        bad.GetProperty("faults").EnumerateArray().Select(f => (f.GetProperty("line").GetInt32(), f.GetProperty("field").GetString())).ShouldBe([(3, "code"), (4, "kind")]);
        var good = await (await Office.PostAsJsonAsync("/api/devices/import", new { csv = $"code,kind,name,place\nimp-1,camera,一号,{place}\nimp-2,camera,二号,{place}" }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        good.GetProperty("added").GetInt32().ShouldBe(2);
        var id = (await Office.GetFromJsonAsync<JsonElement>("/api/devices?q=imp-1", Stop)).GetProperty("items")[0].GetProperty("id").GetGuid();
        var label = (await (await Office.PostAsync($"/api/devices/{id}/label", null, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("label").GetString()!;
        (await Office.PostAsJsonAsync("/api/devices/claim", new { label = label[..^1] + (label[^1] == 'x' ? 'y' : 'x') }, Stop)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Office.PostAsJsonAsync("/api/devices/claim", new { label }, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Office.PostAsJsonAsync("/api/devices/claim", new { label }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }
}
