using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Liren.Shared;
using MQTTnet;
using MQTTnet.Protocol;

namespace Liren.Faults;

/// <summary>kill -9 while devices send: what was acknowledged is on disk, and what is sent again is counted once.</summary>
public sealed class DeviceTests
{
    private const int Devices = 8, Rows = 150;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_acknowledged_reading_is_lost_by_kill_9_and_none_sent_again_is_counted_twice()
    {
        using var data = new DataFolder();
        var port = Ports.Free();
        (string, string)[] settings = [("Devices__Mqtt__Port", port.ToString(CultureInfo.InvariantCulture)), ("Devices__Tenant", "t")];
        var liren = await LirenProcess.UpAsync(data.Path, demo: true, settings);
        var keys = new Dictionary<string, string>();
        for (var d = 0; d < Devices; d++)
            keys[$"cam-{d}"] = (await LirenProcess.JsonAsync(data.Path, "device", "add", $"cam-{d}", "--kind", "camera", "--name", $"相机{d}", "--place", "31.01.15.016.037.liren")).GetProperty("secret").GetString()!;
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var acknowledged = new ConcurrentDictionary<(string Device, int Seq), bool>();
        for (var kill = 0; kill < 3; kill++)
        {
            var sending = keys.Select(k => SendAsync(k.Key, k.Value, port, start, acknowledged, onlyNew: true, upTo: (kill + 1) * Rows / 3)).ToList();
            await Task.Delay(40 + 90 * kill, Stop);
            await liren.KillAsync();
            await Task.WhenAll(sending);
            data.Count("SELECT COUNT(*) FROM devices_reading").ShouldBeGreaterThanOrEqualTo(acknowledged.Count);
            liren = await LirenProcess.UpAsync(data.Path, demo: true, settings);
        }
        // Everything once more: the acknowledged too, as after an answer that was lost.
        await Task.WhenAll(keys.Select(k => SendAsync(k.Key, k.Value, port, start, acknowledged, onlyNew: false, upTo: Rows)));
        acknowledged.Count.ShouldBe(Devices * Rows);
        (data.Count("SELECT COUNT(*) FROM devices_reading"), data.Count("SELECT COUNT(*) FROM (SELECT DISTINCT Device, DeviceSeq FROM devices_reading)"), data.Count("SELECT MAX(Seq) FROM devices_reading")).ShouldBe((Devices * Rows, Devices * Rows, Devices * Rows));
        await liren.DisposeAsync();
    }

    // Sends in order, each after the answer to the one before, until the server dies.
    private static async Task SendAsync(string device, string key, int port, long start, ConcurrentDictionary<(string, int), bool> acknowledged, bool onlyNew, int upTo)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        try
        {
            await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithCredentials(device, key).WithClientId(device).WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).Build(), Stop);
            for (var seq = 1; seq <= upTo; seq++)
            {
                if (onlyNew && acknowledged.ContainsKey((device, seq))) continue;
                var payload = Encoding.UTF8.GetBytes($$$"""{"seq":{{{seq}}},"ts":{{{start + seq}}},"v":{"people.count":{{{seq % 20}}}}}""");
                var answer = await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic($"liren/v1/t/{device}/tm").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), Stop);
                if (answer.IsSuccess) acknowledged[(device, seq)] = true;
            }
        }
        // Killed: what was not acknowledged is sent again.
        catch (Exception e) when (e is not OutOfMemoryException && onlyNew) { }
    }
}
