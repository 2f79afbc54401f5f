namespace Liren.Contracts.Devices;

/// <summary>What a command does to people; decides who may give it.</summary>
public enum CommandClass
{
    /// <summary>Settings.</summary>
    Config,
    /// <summary>Says something (广播).</summary>
    Broadcast,
    /// <summary>Lamps, reservations.</summary>
    Service,
    /// <summary>Opens something.</summary>
    Access,
    /// <summary>Touches data of a person: needs their consent.</summary>
    Personal,
    /// <summary>Touches safety: needs a named person.</summary>
    Safety,
    /// <summary>Restrains people (强制): needs a named person.</summary>
    Coercive,
}

/// <summary>How far a command has come; only forward.</summary>
public enum CommandStage
{
    /// <summary>On disk, not yet sent.</summary>
    Waiting,
    /// <summary>Sent, no answer yet.</summary>
    Sent,
    /// <summary>The device has it.</summary>
    Accepted,
    /// <summary>The device is at it.</summary>
    Playing,
    /// <summary>Done.</summary>
    Done,
    /// <summary>The device could not.</summary>
    Failed,
    /// <summary>Its time passed before it was done.</summary>
    Expired,
    /// <summary>Taken back before it was done.</summary>
    Cancelled,
}

/// <summary>An order to a device.</summary>
/// <param name="Key">Idempotency key: the same key is the same command, however often it is given.</param>
/// <param name="DeviceId">To which device.</param>
/// <param name="Name">What to do ("say"); must be in the device's kind.</param>
/// <param name="Args">Arguments as a JSON object, or null.</param>
/// <param name="ExpiresAt">After this it must not be done any more.</param>
/// <param name="Reason">Why, in words; kept.</param>
/// <param name="By">What gave it ("incident/ID", "plan/ID").</param>
/// <param name="Person">The named person who answers for it; needed for <see cref="CommandClass.Safety"/> and <see cref="CommandClass.Coercive"/>.</param>
public sealed record DeviceCommand(string Key, Guid DeviceId, string Name, string? Args, DateTimeOffset ExpiresAt, string Reason, string By, Guid? Person = null);

/// <summary>Where a command stands.</summary>
/// <param name="Id">Which.</param>
/// <param name="Key">Its key.</param>
/// <param name="Class">Its class, from the kind.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Reason">What the device said about it, if anything.</param>
/// <param name="At">Since when.</param>
public sealed record CommandStatus(Guid Id, string Key, CommandClass Class, CommandStage Stage, string? Reason, DateTimeOffset At);

/// <summary>
/// Gives orders to devices. A command is on disk before the call returns, is sent when the device is online and again whenever it comes back, until it is
/// acknowledged or expired. <see cref="DeviceCommandMoved"/> tells of each stage.
/// </summary>
public interface IDeviceCommands
{
    /// <summary>Gives the order; a known key returns what became of it. Broken rules: unknown device or name (404, 422), expired, no named person for a coercive one.</summary>
    Task<CommandStatus> SendAsync(DeviceCommand command, CancellationToken cancellation = default);

    /// <summary>What became of the command with this key; null when there is none.</summary>
    Task<CommandStatus?> FindAsync(string key, CancellationToken cancellation = default);

    /// <summary>Takes it back, if it is not done yet.</summary>
    Task CancelAsync(string key, string reason, CancellationToken cancellation = default);
}
