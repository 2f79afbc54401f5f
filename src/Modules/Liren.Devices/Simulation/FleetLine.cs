using System.Buffers;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;

namespace Liren.Devices.Simulation;

/// <summary>What a fleet did.</summary>
internal sealed class FleetCount
{
    public long Sent, Acknowledged, Refused, Dropped, Commands;
    public int Connected;
}

/// <summary>One real MQTT connection: reports in its rhythm, makes the faults it is told to, answers commands. The same seed makes the same rows.</summary>
internal sealed class FleetLine(Line line, string server, int port, string tenant, int seed, double speed, FleetCount count, TimeProvider clock)
{
    private readonly Random dice = new(unchecked(seed * 397) ^ StableHash(line.Code));
    private readonly HashSet<string> known = [];
    private long seq;

    public async Task RunAsync(CancellationToken stop)
    {
        // A number that only grows, also over restarts of the simulator.
        seq = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var every = TimeSpan.FromSeconds(line.Group.Every / speed);
        using var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += m => AnswerAsync(client, m.ApplicationMessage, stop);
        await Task.Delay(every * dice.NextDouble(), clock, stop);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!client.IsConnected) await ConnectAsync(client, stop);
                await ReportAsync(client, stop);
                await Task.Delay(every, clock, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { break; }
            // The server is away: as a device does, wait a little and come back.
            catch (Exception e) when (e is MQTTnet.Exceptions.MqttCommunicationException or OperationCanceledException or InvalidOperationException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 + dice.NextDouble() * 4), clock, CancellationToken.None);
            }
        }
    }

    private async Task ConnectAsync(IMqttClient client, CancellationToken stop)
    {
        var result = await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer(server, port).WithCredentials(line.Code, line.Secret).WithClientId(line.Code).WithTimeout(TimeSpan.FromSeconds(30))
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).Build(), stop);
        if (result.ResultCode != MqttClientConnectResultCode.Success) throw new InvalidOperationException($"{line.Code}: {result.ResultCode}");
        Interlocked.Increment(ref count.Connected);
        await client.SubscribeAsync(Topic("cmd"), MqttQualityOfServiceLevel.AtLeastOnce, stop);
    }

    private async Task ReportAsync(IMqttClient client, CancellationToken stop)
    {
        var rows = (line.Children.Count == 0 ? [line.Code] : line.Children).Select(Row).Where(r => r is not null).ToList();
        if (rows.Count == 0) return;
        var payload = JsonSerializer.SerializeToUtf8Bytes<object?>(line.Children.Count == 0 ? rows[0] : rows);
        for (var times = Falls("duplicate") ? 2 : 1; times > 0; times--)
        {
            Interlocked.Add(ref count.Sent, rows.Count);
            var answer = await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(Topic(line.Children.Count == 0 ? "tm" : "b")).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
            Interlocked.Add(ref answer.IsSuccess ? ref count.Acknowledged : ref count.Refused, rows.Count);
        }
    }

    private Dictionary<string, object>? Row(string device)
    {
        if (Falls("drop")) { Interlocked.Increment(ref count.Dropped); return null; }
        var now = clock.GetUtcNow();
        var hour = now.TimeOfDay.TotalHours + 8;
        var values = line.Group.Metrics.ToDictionary(m => m.Key, m => Math.Round(m.Value[0] + (Falls("freeze") ? 0 : (m.Value.Count > 1 ? m.Value[1] : 0) * (Math.Sin((hour - 6) / 24 * 2 * Math.PI) + (dice.NextDouble() - 0.5) / 2)), 1));
        if (values.Count == 0) values["volume"] = 60;
        return new()
        {
            ["d"] = device, ["c"] = "tm", ["seq"] = ++seq, ["ts"] = (now + (Falls("skew") ? TimeSpan.FromHours(1) : TimeSpan.Zero)).ToUnixTimeMilliseconds(), ["v"] = values,
        };
    }

    // A speaker says what it does in stages; a command it knows is answered "duplicate".
    private async Task AnswerAsync(IMqttClient client, MqttApplicationMessage message, CancellationToken stop)
    {
        using var json = JsonDocument.Parse(message.Payload.ToArray());
        var id = json.RootElement.GetProperty("id").GetString()!;
        Interlocked.Increment(ref count.Commands);
        string[] stages = !known.Add(id) ? ["duplicate"] : json.RootElement.GetProperty("exp").GetDateTimeOffset() < clock.GetUtcNow() ? ["expired"] : ["accepted", "playing", "done"];
        _ = Task.Run(async () =>
        {
            foreach (var stage in stages)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(line.Group.AnswerMs / speed), clock, stop);
                await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(Topic("ack")).WithPayload(JsonSerializer.SerializeToUtf8Bytes(new { id, stage })).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
            }
        }, stop);
        await Task.CompletedTask;
    }

    private bool Falls(string fault) => line.Group.Faults.TryGetValue(fault, out var rate) && dice.NextDouble() < rate;

    private string Topic(string leaf) => $"liren/v1/{tenant}/{line.Code}/{leaf}";

    // string.GetHashCode differs from run to run.
    private static int StableHash(string text) => text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
}
