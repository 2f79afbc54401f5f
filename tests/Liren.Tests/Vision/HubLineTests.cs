using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Liren.Shared;
using Liren.Vision.Watching;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Liren.Tests.Vision;

/// <summary>The worker's connection to a hub: what travels, in which order, and what happens while nobody listens.</summary>
public sealed class HubLineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static bool Has(JsonElement row, string field) => row.TryGetProperty(field, out _);

    private static HubRow Reading(int count, DateTimeOffset at, string? device = null) => new(device, at, null, new Dictionary<string, object> { ["people.count"] = count }, count >= 15, "plaza");

    private static HubRow Happening(string type, string? device = null) => new(device, Now, type, new Dictionary<string, object> { ["count"] = 7 }, false, "plaza");

    [Fact]
    public async Task Happenings_go_first_and_of_the_readings_of_a_long_break_the_newest_each_once_and_in_order()
    {
        var port = Ports.Free();
        List<string> words = [];
        using var line = new HubLine(new() { Port = port, Device = "vision-1", Key = "k", Tenant = "t" }, gateway: true, TimeProvider.System, words.Add);
        using var end = new CancellationTokenSource();
        var talking = line.RunAsync(end.Token);
        for (var i = 0; i < 3_650; i++) line.Post(Reading(i % 100, Now.AddMinutes(-2), "cam-1"));
        line.Post(Happening("crowd.gathering", "cam-1"));
        await using var hub = await Hub.StartAsync(port);
        await hub.UntilAsync(() => hub.Rows.Count >= 3_601);
        await end.CancelAsync();
        await talking;
        var rows = hub.Rows.ToList();
        rows.Count.ShouldBe(3_601);
        rows.ShouldAllBe(r => r.Topic == "liren/v1/t/vision-1/b" && r.Row.GetProperty("d").GetString() == "cam-1");
        (rows[0].Row.GetProperty("c").GetString(), rows[0].Row.GetProperty("type").GetString(), rows[0].Row.GetProperty("fields").GetProperty("count").GetInt32()).ShouldBe(("ev", "crowd.gathering", 7));
        var readings = rows.Skip(1).Select(r => r.Row).ToList();
        readings.ShouldAllBe(r => r.GetProperty("late").GetBoolean() && r.GetProperty("c").GetString() == "tm" && r.GetProperty("model").GetString()!.StartsWith("nanodet-g/"));
        readings[0].GetProperty("v").GetProperty("people.count").GetInt32().ShouldBe(50);
        readings.Zip(readings.Skip(1)).ShouldAllBe(p => p.First.GetProperty("seq").GetInt64() < p.Second.GetProperty("seq").GetInt64());
        readings.ShouldAllBe(r => (r.GetProperty("v").GetProperty("people.count").GetInt32() >= 15) == Has(r, "q"));
        (line.Acknowledged, line.Refused, line.Dropped).ShouldBe((3_601, 0, 50));
        // The break is said once, though it was tried more often.
        words.Count(w => w.Contains("connecting", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_camera_speaks_for_itself_answers_orders_and_says_that_it_leaves()
    {
        var port = Ports.Free();
        await using var hub = await Hub.StartAsync(port);
        using var line = new HubLine(new() { Port = port, Device = "cam-1", Key = "k", Tenant = "t" }, gateway: false, TimeProvider.System, _ => { });
        using var end = new CancellationTokenSource();
        var talking = line.RunAsync(end.Token);
        await hub.UntilAsync(() => hub.Subscribed);
        await hub.SendAsync("liren/v1/t/cam-1/cmd", """{"id":"k1","name":"snapshot"}""");
        await hub.SendAsync("liren/v1/t/cam-1/cmd", "no json");
        line.Post(Reading(3, Now));
        line.Post(Happening("video.lost"));
        await hub.UntilAsync(() => hub.Rows.Count >= 2 && hub.Said.Any(s => s.Topic.EndsWith("/ack", StringComparison.Ordinal)));
        await end.CancelAsync();
        await talking;
        hub.Rows.Select(r => r.Topic).Order().ShouldBe(["liren/v1/t/cam-1/ev", "liren/v1/t/cam-1/tm"]);
        hub.Rows.ShouldAllBe(r => !Has(r.Row, "d") && !Has(r.Row, "late"));
        var ack = JsonSerializer.Deserialize<JsonElement>(hub.Said.Single(s => s.Topic == "liren/v1/t/cam-1/ack").Text);
        (ack.GetProperty("id").GetString(), ack.GetProperty("stage").GetString()).ShouldBe(("k1", "failed"));
        hub.Said.Last(s => s.Topic == "liren/v1/t/cam-1/st").Text.ShouldBe("""{"online":false}""");
    }

    [Fact]
    public async Task Rows_the_hub_refuses_are_counted_and_not_sent_for_ever()
    {
        var port = Ports.Free();
        await using var hub = await Hub.StartAsync(port);
        hub.Refuses = true;
        List<string> words = [];
        using var line = new HubLine(new() { Port = port, Device = "vision-1", Key = "k", Tenant = "t" }, gateway: true, TimeProvider.System, words.Add);
        using var end = new CancellationTokenSource();
        var talking = line.RunAsync(end.Token);
        line.Post(Reading(3, Now, "cam-unknown"));
        await hub.UntilAsync(() => line.Refused > 0);
        await end.CancelAsync();
        await talking;
        (line.Acknowledged, line.Refused).ShouldBe((0, 1));
        words.ShouldContain(w => w.StartsWith("the hub refused rows"));
    }

    [Fact]
    public async Task Over_tls_only_a_hub_of_the_named_authority_is_spoken_to()
    {
        using var folder = new Folder();
        var (authority, server) = Certificates();
        using var made = server;
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "ca.crt"), authority, Stop);
        var port = Ports.Free();
        await using var hub = await Hub.StartAsync(port, made);
        foreach (var ca in new[] { Path.Combine(folder.Path, "ca.crt"), null })
        {
            List<string> words = [];
            using var line = new HubLine(new() { Port = port, Tls = true, Ca = ca, Device = "cam-1", Key = "k" }, gateway: false, TimeProvider.System, words.Add);
            using var end = new CancellationTokenSource();
            var talking = line.RunAsync(end.Token);
            line.Post(Reading(3, Now));
            await hub.UntilAsync(() => words.Count > 0);
            if (ca is not null) await hub.UntilAsync(() => line.Acknowledged == 1);
            await end.CancelAsync();
            await talking;
            (line.Acknowledged, words[0].StartsWith("connected", StringComparison.Ordinal)).ShouldBe(ca is null ? (0, false) : (1, true));
        }
    }

    private static (byte[] Authority, X509Certificate2 Server) Certificates()
    {
        using var top = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=test authority", top, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = root.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(9));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hub", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, Now.AddDays(-1), Now.AddDays(8), [1, 2, 3, 4]);
        return (authority.Export(X509ContentType.Cert), signed.CopyWithPrivateKey(key));
    }

    // A broker that lets everybody in and notes what is said.
    private sealed class Hub(MqttServer server) : IAsyncDisposable
    {
        public ConcurrentQueue<(string Topic, string Text)> Said { get; } = [];
        public ConcurrentQueue<(string Topic, JsonElement Row)> Rows { get; } = [];
        public bool Subscribed { get; private set; }
        public bool Refuses { get; set; }

        public static async Task<Hub> StartAsync(int port, X509Certificate2? certificate = null)
        {
            var factory = new MqttServerFactory();
            var options = factory.CreateServerOptionsBuilder();
            if (certificate is null) options.WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointBoundIPV6Address(IPAddress.None).WithDefaultEndpointPort(port);
            else options.WithEncryptedEndpoint().WithEncryptedEndpointBoundIPAddress(IPAddress.Loopback).WithEncryptedEndpointBoundIPV6Address(IPAddress.None).WithEncryptedEndpointPort(port).WithEncryptionCertificate(certificate);
            var hub = new Hub(factory.CreateMqttServer(options.Build()));
            hub.Listen();
            await hub.StartAsync();
            return hub;
        }

        private Task StartAsync() => server.StartAsync();

        private void Listen()
        {
            server.ClientSubscribedTopicAsync += _ => { Subscribed = true; return Task.CompletedTask; };
            server.InterceptingPublishAsync += args =>
            {
                if (args.ClientId == "hub") return Task.CompletedTask;
                args.ProcessPublish = false;
                var (topic, text) = (args.ApplicationMessage.Topic, System.Text.Encoding.UTF8.GetString(args.ApplicationMessage.Payload.ToArray()));
                if (topic[(topic.LastIndexOf('/') + 1)..] is "st" or "ack") Said.Enqueue((topic, text));
                else if (Refuses) args.Response.ReasonCode = MqttPubAckReasonCode.PayloadFormatInvalid;
                else foreach (var row in JsonSerializer.Deserialize<JsonElement>(text).EnumerateArray()) Rows.Enqueue((topic, row));
                return Task.CompletedTask;
            };
        }

        public Task SendAsync(string topic, string text) => server.InjectApplicationMessage(new InjectedMqttApplicationMessage(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(text).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build()) { SenderClientId = "hub" });

        public async Task UntilAsync(Func<bool> isSo)
        {
            for (var wait = 0; wait < 600 && !isSo(); wait++) await Task.Delay(50, Stop);
            isSo().ShouldBeTrue(string.Create(CultureInfo.InvariantCulture, $"{Rows.Count} rows, {Said.Count} other messages came"));
        }

        public async ValueTask DisposeAsync()
        {
            await server.StopAsync();
            server.Dispose();
        }
    }
}
