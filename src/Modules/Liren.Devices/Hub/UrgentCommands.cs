using System.Collections.Concurrent;
using Liren.Contracts.Devices;
using Liren.Devices.Domain;
using Microsoft.Extensions.Logging;

namespace Liren.Devices.Hub;

/// <summary>Sends from memory what its giver has on disk, and remembers what was sent until its row is kept.</summary>
internal sealed partial class UrgentCommands(DeviceBook book, Lazy<MqttHub> hub, TimeProvider clock, ILogger<UrgentCommands> log) : IUrgentCommands
{
    // A row follows within seconds; one whose giver has gone is forgotten.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, Sent> sent = new();

    private sealed record Sent(DateTimeOffset At, TaskCompletionSource Kept);

    public IReadOnlyList<Guid>? At(string place, string kind) => book.At(place, kind);

    public void Send(DeviceCommand command)
    {
        if (book.Find(command.DeviceId) is not { } device || !device.Kind.Commands.TryGetValue(command.Name, out var @class) || @class is CommandClass.Coercive or CommandClass.Safety) return;
        var way = device.Connected || device.Gateway is null ? device : book.FindKnown(device.Gateway);
        if (way is not { Connected: true } || !sent.TryAdd(command.Key, new(clock.GetUtcNow(), new(TaskCreationOptions.RunContinuationsAsynchronously)))) return;
        _ = SendAsync(way, command, device.Code);
    }

    /// <summary>When it was sent this way; null: it was not.</summary>
    public DateTimeOffset? SentAt(string key) => sent.TryGetValue(key, out var known) ? known.At : null;

    /// <summary>Its row is on disk, or will never be.</summary>
    public void Settle(string key)
    {
        if (sent.TryRemove(key, out var known)) known.Kept.SetResult();
    }

    /// <summary>Ends when the row of an order that was sent this way is on disk, or will never be; null: no row is on its way.</summary>
    public Task? Row(string key) => sent.TryGetValue(key, out var known) ? known.Kept.Task : null;

    /// <summary>Forgets orders that nobody gave to be kept.</summary>
    public void Forget()
    {
        var before = clock.GetUtcNow() - Remembered;
        foreach (var (key, known) in sent) if (known.At < before) Settle(key);
    }

    private async Task SendAsync(LiveDevice way, DeviceCommand command, string code)
    {
        try { if (!await hub.Value.SendAsync(way, "cmd", Command.Payload(command.Key, command.Name, command.Args, command.ExpiresAt, command.By, code))) Settle(command.Key); }
        // Its row waits for the device as any other does.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(command.Key, e);
            Settle(command.Key);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key} could not be sent at once")]
    private partial void LogFailed(string key, Exception e);
}
