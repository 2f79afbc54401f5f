using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Liren.Vision.Model;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Liren.Vision.Watching;

/// <summary>
/// The worker as a device of the hub: one MQTT connection, rows sent until the hub has them on disk. While the hub is away readings of the last minutes are
/// kept in memory, the oldest thinned out and counted; happenings all.
/// </summary>
internal sealed class HubLine(WatchConfig.HubEntry hub, bool gateway, TimeProvider clock, Action<string> say) : IDisposable
{
    private const int MostReadings = 3_600, MostHappenings = 10_000, MostStills = 20, Batch = 100;
    // With its envelope it must fit a message of 64 KiB.
    private const int MostBytesOfStill = 46 * 1024;
    private static readonly TimeSpan heartbeat = TimeSpan.FromSeconds(30), longest = TimeSpan.FromSeconds(60), farewell = TimeSpan.FromSeconds(10);
    private readonly Queue<HubRow> readings = [], happenings = [];
    private readonly Queue<(string? Device, Still Still)> stills = [];
    private readonly SemaphoreSlim news = new(0, 1);
    private long seq = clock.GetUtcNow().ToUnixTimeMilliseconds();
    private string? trouble;

    /// <summary>Rows the hub has on disk, rows it refused, readings thinned out while it was away.</summary>
    public long Acknowledged { get; private set; }
    public long Refused { get; private set; }
    public long Dropped { get; private set; }

    public void Dispose() => news.Dispose();

    /// <summary>Gives a row to the line; returns at once.</summary>
    public void Post(HubRow row)
    {
        lock (readings)
        {
            var (queue, most) = row.Happening is null ? (readings, MostReadings) : (happenings, MostHappenings);
            queue.Enqueue(row with { Seq = ++seq });
            if (queue.Count > most)
            {
                queue.Dequeue();
                Dropped++;
            }
        }
        Wake();
    }

    /// <summary>Gives the picture of an alarm to the line; returns at once.</summary>
    public void Post(string? device, Still still)
    {
        if (still.Jpeg.Length > MostBytesOfStill) { say($"the picture of an alarm is too large to send ({still.Jpeg.Length} bytes)"); return; }
        lock (readings)
        {
            stills.Enqueue((device, still));
            if (stills.Count > MostStills) stills.Dequeue();
        }
        Wake();
    }

    /// <summary>Connects, sends, comes back after a break; ends when stopped, after a last try to send what is left.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var pause = TimeSpan.FromSeconds(1);
        // What is under way when the end comes is waited for, a while: cut off, it may be at the hub and nobody would know.
        using var end = new CancellationTokenSource();
        await using var soon = stop.Register(() => end.CancelAfter(farewell));
        while (!stop.IsCancellationRequested)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            try
            {
                await ConnectAsync(client, stop);
                pause = TimeSpan.FromSeconds(1);
                await SendAsync(client, stop, end.Token);
                if (stop.IsCancellationRequested) await LeaveAsync(client, end.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or InvalidOperationException or VisionException or IOException or System.Security.Authentication.AuthenticationException or System.Security.Cryptography.CryptographicException) { Trouble(e.Message); }
            if (stop.IsCancellationRequested) return;
            // Many workers must not come back in the same moment.
            try { await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), clock, stop); }
            catch (OperationCanceledException) { return; }
            pause = pause * 2 < longest ? pause * 2 : longest;
        }
    }

    private async Task ConnectAsync(IMqttClient client, CancellationToken stop)
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer(hub.Server, hub.Port).WithCredentials(hub.Device, hub.Key).WithClientId(hub.Device).WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTimeout(TimeSpan.FromSeconds(30)).WithKeepAlivePeriod(heartbeat).WithWillTopic(Topic("st")).WithWillPayload("""{"online":false}""").WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (hub.Tls)
            options.WithTlsOptions(tls =>
            {
                tls.UseTls().WithTargetHost(hub.Server);
                if (hub.Ca is not { } ca) return;
                tls.WithTrustChain([X509CertificateLoader.LoadCertificateFromFile(ca)]);
            });
        client.ApplicationMessageReceivedAsync += m => AnswerAsync(client, m.ApplicationMessage);
        var result = await client.ConnectAsync(options.Build(), stop);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
            throw new VisionException($"the hub does not let {hub.Device} in: {result.ResultCode}. Is it registered, in service, and the key the latest? (liren device list, liren device key {hub.Device})");
        await client.SubscribeAsync(Topic("cmd"), MqttQualityOfServiceLevel.AtLeastOnce, stop);
        trouble = null;
        say($"connected to {hub.Server}:{hub.Port} as {hub.Device}");
    }

    private async Task SendAsync(IMqttClient client, CancellationToken stop, CancellationToken end)
    {
        await StateAsync(client, end);
        var told = clock.GetUtcNow();
        while (client.IsConnected && !stop.IsCancellationRequested)
        {
            // A gateway is heard when its cameras see nothing. A single camera must fall silent then: that is how the hub knows.
            if (gateway && clock.GetUtcNow() - told >= heartbeat)
            {
                await StateAsync(client, end);
                told = clock.GetUtcNow();
            }
            if (await SendOnceAsync(client, end)) continue;
            try { await news.WaitAsync(heartbeat / 3, stop); }
            catch (OperationCanceledException) { return; }
        }
        if (!stop.IsCancellationRequested) Trouble("the hub closed the connection");
    }

    // The first rows of a queue; they leave it when the hub has answered. False: nothing to send.
    private async Task<bool> SendOnceAsync(IMqttClient client, CancellationToken stop)
    {
        Queue<HubRow> queue;
        List<HubRow> rows;
        lock (readings)
        {
            queue = happenings.Count > 0 ? happenings : readings;
            rows = [.. queue.Take(Batch)];
        }
        if (happenings.Count == 0 && await SendStillAsync(client, stop)) return true;
        if (rows.Count == 0) return false;
        var leaf = gateway ? "b" : queue == happenings ? "ev" : "tm";
        var answer = await client.PublishAsync(Message(leaf, HubRow.ToJson(rows, clock.GetUtcNow(), Provenance.NanoDet.ModelId)), stop);
        lock (readings)
        {
            // Thinning out may have taken some of them meanwhile.
            while (queue.TryPeek(out var first) && first.Seq <= rows[^1].Seq) queue.Dequeue();
            if (answer.IsSuccess) Acknowledged += rows.Count;
            else Refused += rows.Count;
        }
        if (!answer.IsSuccess) Trouble($"the hub refused rows ({answer.ReasonCode}): are the cameras of the zones registered behind {hub.Device}, and in service?");
        return true;
    }

    private async Task<bool> SendStillAsync(IMqttClient client, CancellationToken stop)
    {
        (string? Device, Still Still) next;
        lock (readings) if (!stills.TryPeek(out next)) return false;
        var answer = await client.PublishAsync(Message("still", JsonSerializer.SerializeToUtf8Bytes(new { d = next.Device, sha256 = next.Still.Sha256, jpeg = next.Still.Jpeg })), stop);
        lock (readings) if (stills.TryPeek(out var first) && first.Still == next.Still) stills.Dequeue();
        if (!answer.IsSuccess) Trouble($"the hub did not take the picture of an alarm ({answer.ReasonCode})");
        return true;
    }

    private async Task LeaveAsync(IMqttClient client, CancellationToken end)
    {
        while (await SendOnceAsync(client, end)) { /* what is left */ }
        await client.PublishAsync(Message("st", """{"online":false}"""u8.ToArray()), end);
        await client.DisconnectAsync(new MqttClientDisconnectOptions(), end);
    }

    private Task StateAsync(IMqttClient client, CancellationToken stop) =>
        client.PublishAsync(Message("st", JsonSerializer.SerializeToUtf8Bytes(new { online = true, model = Provenance.NanoDet.ModelId, waiting = readings.Count })), stop);

    // We only count: an order would otherwise be sent again at each reconnect until it expires.
    private async Task AnswerAsync(IMqttClient client, MqttApplicationMessage message)
    {
        string? id = null;
        try
        {
            using var order = JsonDocument.Parse(message.Payload.ToArray());
            id = order.RootElement.GetProperty("id").GetString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException) { say("an order of the hub could not be read"); }
        if (id is null) return;
        try { await client.PublishAsync(Message("ack", JsonSerializer.SerializeToUtf8Bytes(new { id, stage = "failed", reason = "this camera only counts" }))); }
        catch (Exception e) when (e is MqttCommunicationException or InvalidOperationException) { Trouble(e.Message); }
    }

    private MqttApplicationMessage Message(string leaf, byte[] payload) =>
        new MqttApplicationMessageBuilder().WithTopic(Topic(leaf)).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    private string Topic(string leaf) => $"liren/v1/{hub.Tenant}/{hub.Device}/{leaf}";

    // Said once, not at each try.
    private void Trouble(string words)
    {
        if (trouble == words) return;
        trouble = words;
        say(words);
    }

    private void Wake()
    {
        if (news.CurrentCount == 0)
            try { news.Release(); }
            catch (SemaphoreFullException) { /* it is awake already */ }
    }
}
