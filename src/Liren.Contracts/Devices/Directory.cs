namespace Liren.Contracts.Devices;

/// <summary>A device as other modules see it.</summary>
/// <param name="Id">Which.</param>
/// <param name="Code">Its name in topics.</param>
/// <param name="Kind">Its kind ("speaker").</param>
/// <param name="Name">What people call it.</param>
/// <param name="Place">Path of the place it stands at.</param>
public sealed record DeviceCard(Guid Id, string Code, string Kind, string Name, string Place);

/// <summary>Finds devices (设备名录).</summary>
public interface IDeviceDirectory
{
    /// <summary>Devices of a kind at a place or below it that are at work, in the order of their names in topics.</summary>
    Task<IReadOnlyList<DeviceCard>> AtAsync(string place, string kind, CancellationToken cancellation = default);

    /// <summary>The device, or null.</summary>
    Task<DeviceCard?> FindAsync(Guid id, CancellationToken cancellation = default);
}
