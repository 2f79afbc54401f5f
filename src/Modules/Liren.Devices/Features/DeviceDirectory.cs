using Liren.Contracts.Devices;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Features;

/// <summary>Devices as other modules see them.</summary>
internal sealed class DeviceDirectory(DevicesDb db) : IDeviceDirectory
{
    public async Task<IReadOnlyList<DeviceCard>> AtAsync(string place, string kind, CancellationToken cancellation) =>
        [.. (await db.Devices.AsNoTracking().Where(d => d.Kind == kind && (d.State == DeviceState.Commissioning || d.State == DeviceState.InService)).WhereWithin(d => d.PlacePath, [place])
            .OrderBy(d => d.Code).ToListAsync(cancellation)).Select(CardOf)];

    public async Task<DeviceCard?> FindAsync(Guid id, CancellationToken cancellation) =>
        await db.Devices.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id, cancellation) is { } device ? CardOf(device) : null;

    private static DeviceCard CardOf(Device device) => new(device.Id, device.Code, device.Kind, device.Name, device.PlacePath);
}
