using Liren.Contracts.Identity;
using Liren.Contracts.Modes;
using Liren.Contracts.Places;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Liren.Sdk.Events;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;

namespace Liren.Modes.Features;

/// <summary>
/// Carries orders through their times. Which mode holds follows from the clock alone; this announces it, tells people, and plans the destruction.
/// Timers are durable: after a crash what is overdue happens at the next start, once.
/// </summary>
internal sealed class TurnOrders(ModesDb db, ModeBook book, IAccountDirectory accounts, IPlaceDirectory places, TimeProvider clock) : IHandle<ModeOrderMoved>, IHandle<OrderClock>
{
    private static readonly TimeSpan Near = TimeSpan.FromDays(1);

    public async Task HandleAsync(ModeOrderMoved @event, CancellationToken cancellation)
    {
        book.Forget();
        if (await FindAsync(@event.OrderId, cancellation) is not { } order) return;
        var now = clock.GetUtcNow();
        if (@event.What == "proposed") await TellAsync(order, "modes.confirm", "modes.bell.proposed", now, cancellation, order.AuthorId);
        if (order.SignedAt is null || order.ClosedAt is not null) return;
        if (@event.What == "cut")
        {
            await db.CancelTimerAsync(Key(order.Id, "begin"), cancellation);
            await db.CancelTimerAsync(Key(order.Id, "near"), cancellation);
        }
        else
        {
            await ScheduleAsync(order, "begin", order.StartsAt!.Value, cancellation);
            if (order.EndsAt - Near > order.StartsAt) await ScheduleAsync(order, "near", order.EndsAt - Near, cancellation);
        }
        await ScheduleAsync(order, "end", order.EndsAt, cancellation);
    }

    public async Task HandleAsync(OrderClock @event, CancellationToken cancellation)
    {
        if (await FindAsync(@event.OrderId, cancellation) is not { } order) return;
        var now = clock.GetUtcNow();
        switch (@event.Which)
        {
            case "begin" when order.BegunAt is null:
                order.Begin(now);
                if (order.BegunAt is not null) await TellAsync(order, "modes.read", "modes.bell.begun", now, cancellation);
                break;
            case "near" when order.StateAt(now) == OrderState.InForce:
                await TellAsync(order, "modes.order", "modes.bell.near", now, cancellation);
                break;
            case "end" when order.ClosedAt is null:
                db.AddRange(order.Close(now));
                if (order.EverHeld) await TellAsync(order, "modes.read", "modes.bell.ended", now, cancellation);
                break;
        }
    }

    private static string Key(Guid order, string which) => $"modes.{which}:{order}";

    private Task<ModeOrder?> FindAsync(Guid id, CancellationToken stop) => db.Orders.Include(o => o.Collections).SingleOrDefaultAsync(o => o.Id == id, stop);

    private Task ScheduleAsync(ModeOrder order, string which, DateTimeOffset due, CancellationToken stop) => db.ScheduleAsync(Key(order.Id, which), due, new OrderClock(order.Id, order.AreaPath, which, due), stop);

    private async Task TellAsync(ModeOrder order, string permission, string text, DateTimeOffset now, CancellationToken stop, Guid? except = null)
    {
        var told = (await accounts.WithPermissionAsync(permission, order.AreaPath, stop)).Where(a => !a.Disabled && a.Id != except).Select(a => a.Id);
        db.Tell(told, text, $"/modes/{order.Id}", now, (await places.FindAsync(order.AreaPath, stop))?.Name ?? order.AreaPath, order.OrderNo, Show.Full(order.EndsAt)[..16]);
    }
}

/// <summary>The last collection of an order is destroyed: the certificate is issued.</summary>
internal sealed class CertifyOrder(ModesDb db, TimeProvider clock) : IHandle<DestructionMoved>
{
    public async Task HandleAsync(DestructionMoved @event, CancellationToken cancellation)
    {
        if (@event.What != "destroyed" || await db.Orders.SingleOrDefaultAsync(o => o.Id == @event.OrderId, cancellation) is not { } order) return;
        order.Certify(await db.Destructions.AsNoTracking().Where(t => t.OrderId == order.Id).ToListAsync(cancellation), clock.GetUtcNow());
    }
}
