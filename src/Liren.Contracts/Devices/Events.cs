namespace Liren.Contracts.Devices;

/// <summary>A device was registered, changed, moved, given a new key, its key revoked, or moved on in its life.</summary>
/// <param name="DeviceId">Which.</param>
/// <param name="Path">Path of its place.</param>
/// <param name="What">added, edited, moved, new-key, revoked, or the state it is in now.</param>
/// <param name="At">When.</param>
public sealed record DeviceChanged(Guid DeviceId, string Path, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Path;
    /// <inheritdoc/>
    public Guid? Subject => DeviceId;
}

/// <summary>A device can be relied upon again, or no longer (设备健康).</summary>
/// <param name="DeviceId">Which.</param>
/// <param name="Path">Path of its place.</param>
/// <param name="From">Health before.</param>
/// <param name="To">Health now: Online, Offline, Stale, Frozen, Implausible, ClockDoubt, Covered.</param>
/// <param name="Covers">Whether its readings still count for its place.</param>
/// <param name="At">When.</param>
/// <param name="Children">For a gateway: how many devices behind it are silent with it.</param>
public sealed record DeviceHealthChanged(Guid DeviceId, string Path, string From, string To, bool Covers, DateTimeOffset At, int Children = 0) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Path;
    /// <inheritdoc/>
    public Guid? Subject => DeviceId;
}

/// <summary>Somebody opened the blurred picture of an alarm (查看报警留图).</summary>
/// <param name="DeviceId">Of which camera.</param>
/// <param name="Path">Path of its place.</param>
/// <param name="Sha256">Which picture.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record StillOpened(Guid DeviceId, string Path, string Sha256, string Reason, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Path;
    /// <inheritdoc/>
    public Guid? Subject => DeviceId;
}

/// <summary>A command came one stage further.</summary>
/// <param name="CommandId">Which.</param>
/// <param name="Key">Its key.</param>
/// <param name="DeviceId">To which device.</param>
/// <param name="Path">Path of the device's place.</param>
/// <param name="Stage">The stage now.</param>
/// <param name="At">When.</param>
public sealed record DeviceCommandMoved(Guid CommandId, string Key, Guid DeviceId, string Path, CommandStage Stage, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Path;
    /// <inheritdoc/>
    public Guid? Subject => DeviceId;
}
