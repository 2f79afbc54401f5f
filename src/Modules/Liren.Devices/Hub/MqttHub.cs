using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Liren.Devices.Adapters;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Sdk.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Liren.Devices.Hub;

/// <summary>
/// The MQTT server devices speak to (设备接入). It hands what they send to the intake and answers when it is on disk; nothing of it is passed on, kept or
/// queued by the broker. A device speaks and listens below its own prefix only.
/// </summary>
internal sealed class MqttHub(HubOptions options, DeviceBook book, Intake intake, EventTranslator translator, OnvifAdapter onvif, StillStore stills, Refusals refusals, IServiceScopeFactory scopes, TimeProvider clock, ILogger<MqttHub> log) : IHostedService, IDisposable
{
    private const string Root = "liren/v1/", Own = "$hub", Key = "device", Onvif = "onvif-ej";
    private const int MostBytes = 64 * 1024, MostBatchBytes = 256 * 1024;
    private X509Certificate2? certificate;
    private MqttServer? server;

    /// <summary>Connections now.</summary>
    public int Connections => book.All.Count(d => d.Connected);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Port is null && options.TlsPort is null) return;
        var factory = new MqttServerFactory();
        var builder = factory.CreateServerOptionsBuilder().WithConnectionBacklog(2_000).WithMaxPendingMessagesPerClient(250);
        if (options.Port is { } port) builder.WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointBoundIPV6Address(IPAddress.None).WithDefaultEndpointPort(port);
        if (options.TlsPort is { } tls)
        {
            certificate = X509Certificate2.CreateFromPemFile(options.Certificate!);
            builder.WithEncryptedEndpoint().WithEncryptedEndpointPort(tls).WithEncryptionCertificate(certificate).WithEncryptionSslProtocol(System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13);
        }
        server = factory.CreateMqttServer(builder.Build());
        server.ValidatingConnectionAsync += AdmitAsync;
        server.InterceptingPublishAsync += ReceiveAsync;
        server.InterceptingSubscriptionAsync += SubscribeAsync;
        server.ClientSubscribedTopicAsync += SubscribedAsync;
        server.ClientDisconnectedAsync += GoneAsync;
        book.Revoked += Disconnect;
        await server.StartAsync();
        log.LogInformation("MQTT: loopback port {Port}, TLS port {TlsPort}, tenant {Tenant}", options.Port, options.TlsPort, options.Tenant);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        book.Revoked -= Disconnect;
        if (server is null) return;
        try { await server.StopAsync(); }
        // The library walks its list of listeners while they leave it. Nothing is lost with the broker, and Dispose closes what is left.
        catch (InvalidOperationException e) { log.LogWarning(e, "The MQTT server did not stop cleanly"); }
    }

    public void Dispose()
    {
        server?.Dispose();
        certificate?.Dispose();
    }

    /// <summary>Sends something to a device; false when it is not connected.</summary>
    public async Task<bool> SendAsync(LiveDevice device, string leaf, byte[] payload)
    {
        if (server is null || !device.Connected) return false;
        var message = new MqttApplicationMessageBuilder().WithTopic($"{Root}{options.Tenant}/{device.Code}/{leaf}").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        await server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = Own });
        return true;
    }

    private async Task AdmitAsync(ValidatingConnectionEventArgs args)
    {
        var address = (args.RemoteEndPoint as IPEndPoint)?.Address;
        var (device, fits) = args.UserName is { Length: > 0 and <= 40 } name ? await book.AdmitAsync(name, args.RawPassword, CancellationToken.None) : (null, false);
        var reason = device is null ? "unknown-device"
            : !fits ? "wrong-key"
            : args.ClientId != device.Code ? "client-id"
            : !device.MaySpeak ? "not-in-service"
            : device.Simulated && !options.AllowsSimulated ? "simulated" : null;
        if (reason is not null)
        {
            refusals.Add(args.UserName, address?.ToString(), reason);
            args.ReasonCode = reason is "unknown-device" or "wrong-key" ? MqttConnectReasonCode.BadUserNameOrPassword : reason == "client-id" ? MqttConnectReasonCode.ClientIdentifierNotValid : MqttConnectReasonCode.NotAuthorized;
            return;
        }
        lock (device!)
        {
            // The same name from two addresses at once: one of the two is a copy.
            if (device.Connected && device.Address is { } other && !other.Equals(address)) refusals.Add(device.Code, address?.ToString(), "cloned");
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            (device.Peer, device.Address, device.ConnectedAt, device.HeardAt) = (args.RemoteEndPoint, address, now, now);
        }
        args.SessionItems[Key] = device;
    }

    private async Task ReceiveAsync(InterceptingPublishEventArgs args)
    {
        if (args.ClientId == Own) return;
        args.ProcessPublish = false;
        if (args.SessionItems[Key] is not LiveDevice device) { args.CloseConnection = true; return; }
        var payload = args.ApplicationMessage.Payload;
        var leaf = Leaf(args.ApplicationMessage.Topic, device);
        var refused = leaf is not ("tm" or "ev" or "st" or "ack" or "b" or "still" or Onvif) || (leaf == "b" && !device.Kind.IsGateway) ? "foreign-topic" : payload.Length > (leaf == "b" ? MostBatchBytes : MostBytes) ? "too-large" : null;
        if (refused is not null)
        {
            refusals.Add(device.Code, device.Address?.ToString(), refused);
            args.Response.ReasonCode = refused == "too-large" ? MqttPubAckReasonCode.QuotaExceeded : MqttPubAckReasonCode.NotAuthorized;
            return;
        }
        try
        {
            var results = leaf switch
            {
                "b" => await intake.TakeBatchAsync(device, payload, args.CancellationToken),
                "st" => State(device, payload),
                "ack" => await AcknowledgeAsync(device, payload),
                Onvif => await OnvifAsync(device, args.ApplicationMessage, args.CancellationToken),
                "still" => [await StillAsync(device, payload, args.CancellationToken)],
                _ => await intake.TakeAsync(device, leaf == "ev", payload, Intake.MostRows, args.CancellationToken),
            };
            if (results.All(r => r.Result == "refused")) args.Response.ReasonCode = MqttPubAckReasonCode.PayloadFormatInvalid;
        }
        // Not on disk: no acknowledgement. The device sends again when it is back.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            log.LogError(e, "What {Device} sent could not be kept; its connection is closed without an acknowledgement", device.Code);
            args.CloseConnection = true;
        }
    }

    private IReadOnlyList<RowResult> State(LiveDevice device, ReadOnlySequence<byte> payload)
    {
        var text = System.Text.Encoding.UTF8.GetString(payload.ToArray());
        try
        {
            using var json = JsonDocument.Parse(text, Intake.Json);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException();
            // The last will of a broken connection says offline; it is no sign of life.
            if (json.RootElement.TryGetProperty("online", out var online) && online.ValueKind == JsonValueKind.False) return [new("stored")];
        }
        catch (JsonException)
        {
            refusals.Add(device.Code, device.Address?.ToString(), "json");
            return [new("refused", "json")];
        }
        lock (device) (device.Reported, device.ReportedChanged, device.HeardAt) = (text.Length <= 4_096 ? text : null, true, clock.GetUtcNow().ToUnixTimeMilliseconds());
        return [new("stored")];
    }

    // The blurred picture of an alarm, of the camera itself or of one behind the gateway.
    private async Task<RowResult> StillAsync(LiveDevice device, ReadOnlySequence<byte> payload, CancellationToken stop)
    {
        string? refused;
        try
        {
            var still = JsonSerializer.Deserialize<Still>(payload.ToArray(), JsonSerializerOptions.Web);
            var camera = still?.D is null ? device : await book.FindAsync(still.D, stop) is { } child && child.Gateway == device.Code ? child : null;
            refused = still is not { Sha256: { Length: 64 } sha256, Jpeg: { } jpeg } ? "still"
                : camera is null ? "unknown-device"
                : !camera.MaySpeak ? "not-in-service"
                : !camera.Kind.Events.Contains("crowd.gathering") ? "still"
                : await stills.KeepAsync(camera.Id, sha256, jpeg, stop);
        }
        catch (JsonException) { refused = "json"; }
        if (refused is null) return new("stored");
        refusals.Add(device.Code, device.Address?.ToString(), refused);
        return new("refused", refused);
    }

    // What a camera keeps for those who come later is how it stands, not what happens.
    private async Task<IReadOnlyList<RowResult>> OnvifAsync(LiveDevice device, MqttApplicationMessage message, CancellationToken stop)
    {
        try
        {
            var said = onvif.Read(System.Text.Encoding.UTF8.GetString(message.Payload.ToArray()), message.Topic[$"{Root}{options.Tenant}/{device.Code}/{Onvif}/".Length..]);
            var refused = await translator.TakeAsync(device, onvif.Kind, [.. said.Select(e => message.Retain ? e with { IsState = true } : e)], stop);
            // A topic that nobody mapped is the operator's business, not a fault of the camera.
            return [.. refused.Select(why => new RowResult(why is null or "unknown-event" ? "stored" : "refused", why))];
        }
        catch (UnreadablePushException e)
        {
            refusals.Add(device.Code, device.Address?.ToString(), e.Reason, onvif.Kind);
            return [new("refused", e.Reason)];
        }
    }

    private sealed record Still(string? D, string? Sha256, byte[]? Jpeg);

    private async Task<IReadOnlyList<RowResult>> AcknowledgeAsync(LiveDevice device, ReadOnlySequence<byte> payload)
    {
        if (CommandAck.Read(payload) is not { } ack)
        {
            refusals.Add(device.Code, device.Address?.ToString(), "ack");
            return [new("refused", "ack")];
        }
        await using var scope = scopes.CreateAsyncScope();
        var known = await scope.ServiceProvider.GetRequiredService<CommandPost>().AcknowledgeAsync(device, ack);
        if (!known) refusals.Add(device.Code, device.Address?.ToString(), "unknown-command");
        return [known ? new("stored") : new("refused", "unknown-command")];
    }

    private Task SubscribeAsync(InterceptingSubscriptionEventArgs args)
    {
        if (args.SessionItems[Key] is LiveDevice device && Leaf(args.TopicFilter.Topic, device) is "cmd" or "cfg") return Task.CompletedTask;
        refusals.Add((args.SessionItems[Key] as LiveDevice)?.Code, null, "foreign-topic");
        args.ProcessSubscription = false;
        args.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
        return Task.CompletedTask;
    }

    private async Task SubscribedAsync(ClientSubscribedTopicEventArgs args)
    {
        if (!args.TopicFilter.Topic.EndsWith("/cmd", StringComparison.Ordinal) || await book.FindAsync(args.ClientId, CancellationToken.None) is not { } device) return;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CommandPost>().SendOpenAsync(device, CancellationToken.None);
    }

    private async Task GoneAsync(ClientDisconnectedEventArgs args)
    {
        if (await book.FindAsync(args.ClientId, CancellationToken.None) is not { } device) return;
        lock (device) if (Equals(device.Peer, args.RemoteEndPoint)) (device.Peer, device.DisconnectedAt) = (null, clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private void Disconnect(LiveDevice device) => _ = server?.DisconnectClientAsync(device.Code, new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.NotAuthorized });

    // What comes after the device's own prefix; null for every other topic, wildcards included.
    private string? Leaf(string topic, LiveDevice device)
    {
        var rest = topic.AsSpan();
        foreach (var part in (ReadOnlySpan<string>)[Root, options.Tenant, "/", device.Code, "/"])
        {
            if (!rest.StartsWith(part, StringComparison.Ordinal)) return null;
            rest = rest[part.Length..];
        }
        if (rest.StartsWith(Onvif, StringComparison.Ordinal) && rest.Length > Onvif.Length && rest[Onvif.Length] == '/') return Onvif;
        return rest switch { "tm" => "tm", "ev" => "ev", "st" => "st", "ack" => "ack", "b" => "b", "still" => "still", "cmd" => "cmd", "cfg" => "cfg", _ => null };
    }
}
