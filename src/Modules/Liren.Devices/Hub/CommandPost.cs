using System.Buffers;
using System.Text.Json;
using Liren.Contracts.Devices;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Hub;

/// <summary>What a device says about a command.</summary>
internal sealed record CommandAck(string Id, CommandStage Stage, string? Reason)
{
    public static CommandAck? Read(ReadOnlySequence<byte> payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload, Intake.Json);
            if (json.RootElement.ValueKind != JsonValueKind.Object || Text(json.RootElement, "id") is not { Length: > 0 and <= 120 } id) return null;
            // "duplicate" answers a command that came twice: it says no more than that the device has it.
            CommandStage? stage = Text(json.RootElement, "stage") switch
            {
                "accepted" or "duplicate" => CommandStage.Accepted, "playing" => CommandStage.Playing, "done" => CommandStage.Done, "failed" => CommandStage.Failed, "expired" => CommandStage.Expired, _ => null,
            };
            return stage is { } known ? new(id, known, Text(json.RootElement, "reason")) : null;
        }
        catch (JsonException) { return null; }

        static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}

/// <summary>Takes orders, sends them, hears what became of them.</summary>
internal sealed class CommandPost(DevicesDb db, DeviceBook book, DeviceKinds kinds, Lazy<MqttHub> hub, UrgentCommands urgent, TimeProvider clock) : IDeviceCommands
{
    private const int AckTries = 5;
    private static readonly TimeSpan RowFollows = TimeSpan.FromSeconds(20);

    public async Task<CommandStatus> SendAsync(DeviceCommand command, CancellationToken cancellation = default)
    {
        try { return await KeepAsync(command, cancellation); }
        finally { urgent.Settle(command.Key); }
    }

    private async Task<CommandStatus> KeepAsync(DeviceCommand command, CancellationToken cancellation)
    {
        if (await FindAsync(command.Key, cancellation) is { } known) return known;
        var device = Rule.Found(await db.Devices.AsNoTracking().SingleOrDefaultAsync(d => d.Id == command.DeviceId, cancellation), "devices.no-device");
        var kind = Rule.Found(kinds.Find(device.Kind), "devices.kind", device.Kind);
        var given = Command.Give(command, device, kind, clock.GetUtcNow(), urgent.SentAt(command.Key));
        db.Add(given);
        try { await db.SaveChangesAsync(cancellation); }
        catch (DbUpdateException) when (db.ChangeTracker.Entries().Any())
        {
            // Given twice at the same moment: the first counts.
            db.ChangeTracker.Clear();
            return await FindAsync(command.Key, cancellation) ?? throw new RuleBrokenException("sdk.changed-meanwhile", null, 409);
        }
        return given.Status;
    }

    public async Task<CommandStatus?> FindAsync(string key, CancellationToken cancellation = default) => (await db.Commands.AsNoTracking().SingleOrDefaultAsync(c => c.Key == key, cancellation))?.Status;

    public async Task CancelAsync(string key, string reason, CancellationToken cancellation = default)
    {
        Rule.Found(await db.Commands.SingleOrDefaultAsync(c => c.Key == key, cancellation), "devices.no-command").Cancel(reason, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Sends what a device, or those behind a gateway, have not acknowledged.</summary>
    public async Task SendOpenAsync(LiveDevice device, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var open = await db.Commands.Where(c => (c.Stage == CommandStage.Waiting || c.Stage == CommandStage.Sent) && c.ExpiresAt > now
            && (c.DeviceId == device.Id || (device.Kind.IsGateway && db.Devices.Any(d => d.Id == c.DeviceId && d.Gateway == device.Code)))).OrderBy(c => c.CreatedAt).ToListAsync(cancellation);
        foreach (var command in open)
        {
            if (!await hub.Value.SendAsync(device, "cmd", Payload(command))) break;
            command.Sent(now);
        }
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Notes what the device said; false when it has no such command.</summary>
    // A quick device answers before "sent" is written down, or even before the order is when it went the quick way.
    public async Task<bool> AcknowledgeAsync(LiveDevice device, CommandAck ack)
    {
        var row = urgent.Row(ack.Id);
        if (await NoteAsync(device, ack)) return true;
        if (row is null) return false;
        try { await row.WaitAsync(RowFollows, TimeProvider.System); }
        catch (TimeoutException) { return false; }
        return await NoteAsync(device, ack);
    }

    private Task<bool> NoteAsync(LiveDevice device, CommandAck ack) => db.AgainAsync(AckTries, async () =>
    {
        if (await db.Commands.SingleOrDefaultAsync(c => c.Key == ack.Id) is not { } command || await book.FindAsync(command.DeviceCode, default) is not { } target) return false;
        if (target != device && target.Gateway != device.Code) return false;
        command.Acknowledge(ack.Stage, ack.Reason, clock.GetUtcNow());
        await db.SaveChangesAsync();
        return true;
    });

    /// <summary>Commands whose time has passed.</summary>
    public async Task ExpireAsync(CancellationToken cancellation)
    {
        urgent.Forget();
        var now = clock.GetUtcNow();
        foreach (var command in await db.Commands.Where(c => (c.Stage == CommandStage.Waiting || c.Stage == CommandStage.Sent || c.Stage == CommandStage.Accepted || c.Stage == CommandStage.Playing) && c.ExpiresAt <= now).Take(1_000).ToListAsync(cancellation)) command.Expire(now);
        await db.SaveChangesAsync(cancellation);
    }

    private static byte[] Payload(Command command) => Command.Payload(command.Key, command.Name, command.Args, command.ExpiresAt, command.By, command.DeviceCode);
}

/// <summary>A command that was given goes out at once, when its device, or its gateway, is connected.</summary>
internal sealed class SendCommands(CommandPost post, DeviceBook book, DevicesDb db) : IHandle<DeviceCommandMoved>
{
    public async Task HandleAsync(DeviceCommandMoved @event, CancellationToken cancellation)
    {
        if (@event.Stage != CommandStage.Waiting) return;
        var code = await db.Devices.Where(d => d.Id == @event.DeviceId).Select(d => d.Code).SingleOrDefaultAsync(cancellation);
        if (code is null || await book.FindAsync(code, cancellation) is not { } device) return;
        var way = device.Connected || device.Gateway is null ? device : await book.FindAsync(device.Gateway, cancellation);
        if (way is { Connected: true }) await post.SendOpenAsync(way, cancellation);
    }
}
