namespace Liren.Contracts.Devices;

/// <summary>
/// The quick way out for orders whose giver has them on disk already (紧急指令快速通道): found and sent from memory, within a millisecond. The giver then gives
/// the same order, with the same key, to <see cref="IDeviceCommands.SendAsync"/>, which keeps it and does not send it a second time.
/// </summary>
public interface IUrgentCommands
{
    /// <summary>Devices of a kind at a place and below it that take orders, by their code; null: the devices are not all known yet, ask <see cref="IDeviceDirectory"/>.</summary>
    IReadOnlyList<Guid>? At(string place, string kind);

    /// <summary>Sends it now. Nothing happens when the device is not connected or the order is not one for it; <see cref="IDeviceCommands.SendAsync"/> says so.</summary>
    void Send(DeviceCommand command);
}
