using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Shared;
using Microsoft.Data.Sqlite;
using MQTTnet;
using MQTTnet.Protocol;

namespace Liren.Bench.Devices;

/// <summary>
/// Readings over MQTT at quality 1, each on disk before its acknowledgement, by the real program: one reading in flight on each of many connections, and the
/// same through gateways that send twenty together. Every acknowledged reading is looked for in the table afterwards.
/// </summary>
internal sealed class DevicesBench : IBench
{
    private const string Compound = "31.01.15.016.037.liren";
    private const int Together = 20;

    public string Name => "devices";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var (singles, gateways) = run.Quick ? (32, 4) : (256, 32);
        BenchRun.Say($"{singles} devices and {gateways} gateways of {Together}");
        var data = Directory.CreateTempSubdirectory("liren-bench-").FullName;
        try
        {
            var port = Ports.Free();
            await using var liren = await LirenProcess.UpAsync(data, demo: true, ("Devices__Mqtt__Port", port.ToString(CultureInfo.InvariantCulture)), ("Logging__LogLevel__Default", "Warning"));
            using var http = liren.Client(await LirenProcess.KeyAsync(data));
            var devices = new List<Sender>();
            for (var i = 0; i < singles; i++) devices.Add(await AddAsync(http, port, $"one-{i}", "door", null, [], stop));
            var lines = new List<Sender>();
            for (var i = 0; i < gateways; i++)
            {
                var gateway = await AddAsync(http, port, $"gw-{i}", "gateway", null, [.. Enumerable.Range(0, Together).Select(c => $"gw-{i}-{c}")], stop);
                foreach (var child in gateway.Children) await AddAsync(http, 0, child, "door", gateway.Code, [], stop);
                lines.Add(gateway);
            }
            var time = TimeSpan.FromSeconds(run.Quick ? 2 : 5);
            Task<Load> Singles() => MeasureAsync(devices, time, liren, stop);
            Task<Load> Gateways() => MeasureAsync(lines, time, liren, stop);
            var rounds = await Pairs.RunAsync(run.Rounds, Singles, Gateways);
            run.Report.Figure("devices_per_s", rounds.Select(r => r.Ours.Rate).Median());
            run.Report.Figure("devices_p50_ms", rounds.Select(r => r.Ours.P50Ms).Median());
            run.Report.Figure("devices_p99_ms", rounds.Select(r => r.Ours.P99Ms).Median());
            run.Report.Figure("devices_server_us", rounds.Select(r => r.Ours.ServerMicros).Median());
            run.Report.Figure("gateways_per_s", rounds.Select(r => r.Peer.Rate).Median());
            run.Report.Figure("gateways_server_us", rounds.Select(r => r.Peer.ServerMicros).Median());
            run.Report.Ratio("gateways_vs_devices", rounds.Select(r => r.Peer.Rate / r.Ours.Rate).Median());
            Audit(data, devices.Concat(lines).Sum(s => s.Acknowledged));
        }
        finally { Directory.Delete(data, recursive: true); }
    }

    private static async Task<Load> MeasureAsync(List<Sender> senders, TimeSpan time, LirenProcess liren, CancellationToken stop)
    {
        var (before, cpu, began) = (senders.Sum(s => s.Acknowledged), liren.Processor(), Stopwatch.GetTimestamp());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(time);
        var waits = await Task.WhenAll(senders.Select(s => Task.Run(() => s.SendAsync(end.Token), stop)));
        var (seconds, rows, used) = (Stopwatch.GetElapsedTime(began).TotalSeconds, senders.Sum(s => s.Acknowledged) - before, liren.Processor() - cpu);
        var sorted = waits.SelectMany(w => w).Order().ToArray();
        return new(rows / seconds, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], used.TotalMicroseconds / rows, 0);
    }

    private static void Audit(string data, long acknowledged)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "liren.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*), COUNT(DISTINCT Device * 10000000000 + DeviceSeq) FROM devices_reading";
        using var row = command.ExecuteReader();
        row.Read();
        if (row.GetInt64(0) != acknowledged || row.GetInt64(1) != acknowledged) throw new InvalidOperationException($"Audit failed: {acknowledged} acknowledged, {row.GetInt64(0)} on disk, {row.GetInt64(1)} of them different");
    }

    private static async Task<Sender> AddAsync(HttpClient http, int port, string code, string kind, string? gateway, IReadOnlyList<string> children, CancellationToken stop)
    {
        var id = (await http.AskAsync("api/devices", new { code, kind, name = code, place = Compound, gateway }, stop)).GetProperty("id").GetGuid();
        await http.AskAsync($"api/devices/{id}/state", new { state = "InService" }, stop);
        var sender = new Sender(code, children);
        if (port > 0) await sender.ConnectAsync(port, (await http.AskAsync($"api/devices/{id}/key", null, stop)).GetProperty("secret").GetString()!, stop);
        return sender;
    }

    /// <summary>One connection: sends, waits for the acknowledgement, sends again.</summary>
    private sealed class Sender(string code, IReadOnlyList<string> children)
    {
        private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();
        private long seq;

        public string Code => code;
        public IReadOnlyList<string> Children => children;
        public long Acknowledged { get; private set; }

        public async Task ConnectAsync(int port, string secret, CancellationToken stop)
        {
            // The server looks at most ten times a second whether a key has changed.
            for (var tries = 0; !client.IsConnected && tries < 5; tries++)
            {
                if (tries > 0) await Task.Delay(150, stop);
                await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithCredentials(code, secret).WithClientId(code)
                    .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).WithTimeout(TimeSpan.FromSeconds(60)).WithKeepAlivePeriod(TimeSpan.FromMinutes(10)).Build(), stop);
            }
        }

        public async Task<List<double>> SendAsync(CancellationToken end)
        {
            var waits = new List<double>();
            var topic = $"liren/v1/liren/{code}/{(children.Count == 0 ? "tm" : "b")}";
            while (!end.IsCancellationRequested)
            {
                var (number, now) = (++seq, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
                var text = children.Count == 0 ? Row(null, number, now) : $"[{string.Join(',', children.Select(c => Row(c, number, now)))}]";
                var began = Stopwatch.GetTimestamp();
                // Not cut off in the middle: what is sent is counted.
                var answer = await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(Encoding.UTF8.GetBytes(text)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), CancellationToken.None);
                if (!answer.IsSuccess) throw new InvalidOperationException($"{code}: {answer.ReasonCode}");
                waits.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                Acknowledged += Math.Max(1, children.Count);
            }
            return waits;
        }

        private static string Row(string? device, long number, long now) => $"{{{(device is null ? "" : $"\"d\":\"{device}\",\"c\":\"tm\",")}\"seq\":{number},\"ts\":{now},\"v\":{{\"open\":{number & 1}}}}}";
    }
}
