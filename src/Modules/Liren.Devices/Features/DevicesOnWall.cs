using System.Text.Json;
using Liren.Contracts.Devices;
using Liren.Contracts.Wall;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Features;

/// <summary>Devices at work for the wall (大屏): by kind, never by name, which may be that of a home.</summary>
internal sealed class DevicesOnWall(DevicesDb db, Texts texts) : IWallSource
{
    private static readonly string Changed = typeof(DeviceHealthChanged).FullName!;

    public string Kind => WallKinds.Device;

    public IReadOnlyDictionary<string, bool> Notes { get; } = new Dictionary<string, bool> { [nameof(DeviceHealthChanged)] = true, [nameof(DeviceChanged)] = true };

    public TimeSpan Recount => TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<WallThing>> ReadAsync(IReadOnlyCollection<Guid>? only, CancellationToken cancellation = default)
    {
        var rows = AtWork();
        if (only is not null) rows = rows.Where(d => only.Contains(d.Id));
        return [.. (await rows.Select(d => new { d.Id, d.PlacePath, d.Kind, d.Health, d.HealthAt, d.CreatedAt }).ToListAsync(cancellation))
            .Select(d => Thing(d.Id, d.PlacePath, d.Kind, d.Health, d.HealthAt ?? d.CreatedAt))];
    }

    public async Task<IReadOnlyList<WallChange>?> HistoryAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default)
    {
        var devices = await AtWork().WhereWithin(d => d.PlacePath, [place]).Select(d => new { d.Id, d.PlacePath, d.Kind, d.CreatedAt, d.Health, d.HealthAt }).ToListAsync(cancellation);
        // Only from the begin on, to now: what was before follows from the first change, or from how the device is now.
        var events = (await db.Journal.AsNoTracking().Where(j => j.Type == Changed && j.At >= from).WhereWithin(j => j.Place, [place]).OrderBy(j => j.Seq).Select(j => new { j.At, j.Body }).ToListAsync(cancellation))
            .Select(j => (j.At, Event: JsonSerializer.Deserialize<DeviceHealthChanged>(j.Body, EventTypes.Json)!)).ToLookup(j => j.Event.DeviceId);
        var changes = new List<WallChange>();
        foreach (var d in devices.Where(d => d.CreatedAt < to))
        {
            var first = events[d.Id].Any() ? Enum.Parse<DeviceHealth>(events[d.Id].First().Event.From) : d.Health;
            var begun = d.CreatedAt > from ? d.CreatedAt : from;
            changes.AddRange(History.From(from, Kind, d.Id, [(begun, Thing(d.Id, d.PlacePath, d.Kind, first, d.HealthAt is { } since && since < begun ? since : begun)),
                .. events[d.Id].Where(e => e.At < to).Select(e => (e.At, (WallThing?)Thing(d.Id, d.PlacePath, d.Kind, Enum.Parse<DeviceHealth>(e.Event.To), e.At)))]));
        }
        return changes;
    }

    private IQueryable<Device> AtWork() => db.Devices.AsNoTracking().Where(d => d.State == DeviceState.InService);

    private WallThing Thing(Guid id, string place, string kind, DeviceHealth health, DateTimeOffset since) => new(Kind, id, place, health.ToString(), since)
    {
        Name = new(texts.In("zh", $"devices.kind.{kind}"), texts.In("en", $"devices.kind.{kind}")), Trouble = !Device.Covers(health),
    };
}
