using Liren.Contracts.Places;
using Liren.Contracts.Modes;
using Liren.Contracts.Wall;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Modes.Features;

/// <summary>Emergency orders (平急状态令) for the wall: number, level, end.</summary>
internal sealed class OrdersOnWall(ModesDb db, TimeProvider clock) : IWallSource
{
    public string Kind => WallKinds.Order;

    public IReadOnlyDictionary<string, bool> Notes { get; } = new Dictionary<string, bool> { [nameof(ModeChanged)] = false, [nameof(ModeOrderMoved)] = false };

    public TimeSpan Recount => TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<WallThing>> ReadAsync(IReadOnlyCollection<Guid>? only, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        return [.. (await db.Orders.AsNoTracking().Where(o => o.StartsAt != null && o.StartsAt <= now && o.EndsAt > now && o.WithdrawnAt == null).ToListAsync(cancellation)).Select(Thing)];
    }

    public async Task<IReadOnlyList<WallChange>?> HistoryAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default)
    {
        var orders = await db.Orders.AsNoTracking().Where(o => o.StartsAt != null && o.StartsAt < to && o.EndsAt > from && o.WithdrawnAt == null).ToListAsync(cancellation);
        return [.. orders.Where(o => PlacePath.Overlap(o.AreaPath, place))
            .SelectMany(o => History.From(from, Kind, o.Id, o.EndsAt < to ? [(o.StartsAt!.Value, Thing(o)), (o.EndsAt, null)] : [(o.StartsAt!.Value, Thing(o))]))];
    }

    private WallThing Thing(ModeOrder o) => new(Kind, o.Id, o.AreaPath, nameof(OrderState.InForce), o.StartsAt!.Value) { Level = o.Level.ToString(), Name = new(o.OrderNo, o.OrderNo), Due = o.EndsAt };
}
