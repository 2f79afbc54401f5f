using System.Text.Json;
using System.Text.Json.Nodes;
using Liren.Contracts.Devices;
using Liren.Sdk;

namespace Liren.Devices.Domain;

/// <summary>An order to a device, kept until it is acknowledged or expired.</summary>
internal sealed class Command : Entity
{
    public string Key { get; private init; } = "";
    public Guid DeviceId { get; private init; }
    public string DeviceCode { get; private init; } = "";
    public string PlacePath { get; private init; } = "";
    public string Name { get; private init; } = "";
    public string? Args { get; private init; }
    public CommandClass Class { get; private init; }
    public CommandStage Stage { get; private set; }
    /// <summary>Why it was given.</summary>
    public string Reason { get; private init; } = "";
    /// <summary>What the device said.</summary>
    public string? Answer { get; private set; }
    public string By { get; private init; } = "";
    public Guid? Person { get; private init; }
    public int Attempts { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset StageAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private init; }

    private Command() { }

    /// <summary>An order that is to be sent, or one that has been at <paramref name="sent"/>.</summary>
    public static Command Give(DeviceCommand given, Device device, DeviceKind kind, DateTimeOffset now, DateTimeOffset? sent = null)
    {
        Rule.Require(given.Key is { Length: > 0 and <= 120 }, "devices.command-key", "key");
        Rule.Require(kind.Commands.TryGetValue(given.Name ?? "", out var @class), "devices.command-name", "name", given.Name ?? "", kind.Code, string.Join(", ", kind.Commands.Keys.Order()));
        Rule.Require(given.Reason?.Trim() is { Length: > 0 and <= 300 }, "devices.command-reason", "reason");
        Rule.Require(given.ExpiresAt > now && given.ExpiresAt <= now.AddDays(7), "devices.command-expiry", "expiresAt");
        Rule.Require(@class is not (CommandClass.Coercive or CommandClass.Safety) || given.Person is not null, "devices.command-person", "person", given.Name!);
        Rule.Require(given.Args is null or { Length: <= 8_192 }, "devices.command-args", "args");
        Rule.State(device.State is not (DeviceState.Stock or DeviceState.Retired), "devices.command-state", device.State);
        var command = new Command
        {
            Key = given.Key, DeviceId = device.Id, DeviceCode = device.Code, PlacePath = device.PlacePath, Name = given.Name!, Args = given.Args, Class = @class, Reason = given.Reason!.Trim(), By = given.By, Person = given.Person,
            CreatedAt = now, StageAt = now, ExpiresAt = given.ExpiresAt,
        };
        if (sent is { } at) command.Sent(at);
        else command.Moved(now);
        return command;
    }

    /// <summary>How a device reads an order.</summary>
    public static byte[] Payload(string key, string name, string? args, DateTimeOffset expiresAt, string by, string device) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = key, ["name"] = name, ["args"] = args is null ? new JsonObject() : JsonNode.Parse(args), ["exp"] = expiresAt.ToString("o"), ["by"] = by, ["d"] = device });

    public bool Open => Stage is CommandStage.Waiting or CommandStage.Sent;

    public void Sent(DateTimeOffset now)
    {
        Attempts++;
        if (Stage == CommandStage.Waiting) Go(CommandStage.Sent, null, now);
    }

    /// <summary>What the device says; a stage it has passed already changes nothing.</summary>
    public void Acknowledge(CommandStage stage, string? answer, DateTimeOffset now)
    {
        if (stage <= Stage || Stage >= CommandStage.Done) return;
        Go(stage, answer, now);
    }

    public void Expire(DateTimeOffset now) { if (Stage < CommandStage.Done) Go(CommandStage.Expired, null, now); }

    public void Cancel(string reason, DateTimeOffset now)
    {
        Rule.State(Stage < CommandStage.Done, "devices.command-over");
        Go(CommandStage.Cancelled, reason, now);
    }

    public CommandStatus Status => new(Id, Key, Class, Stage, Answer, StageAt);

    private void Go(CommandStage stage, string? answer, DateTimeOffset now)
    {
        (Stage, StageAt, Answer) = (stage, now, answer is { Length: > 300 } ? answer[..300] : answer ?? Answer);
        Moved(now);
    }

    private void Moved(DateTimeOffset now) => Raise(new DeviceCommandMoved(Id, Key, DeviceId, PlacePath, Stage, now));
}
