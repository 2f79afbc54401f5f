using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Writes the ledger: every line with both of its accounts; whatever would go below nothing is refused, and two at one account do not pass each other by.</summary>
internal sealed class StockLedger(SuppliesDb db, TimeProvider clock)
{
    /// <summary>Moves pieces of one lot.</summary>
    public async Task<StockMove> MoveAsync(Guid id, StockItem item, string lot, DateOnly? expiry, string from, string to, int quantity, StockReason reason, string? note, CancellationToken stop)
    {
        var move = StockMove.Write(id, item, lot, expiry, from, to, quantity, reason, note, Actor.Current.Name, clock.GetUtcNow());
        (await BalanceAsync(item.Id, from, lot, expiry, stop)).Change(-quantity);
        (await BalanceAsync(item.Id, to, lot, expiry, stop)).Change(quantity);
        db.Add(move);
        return move;
    }

    /// <summary>Moves pieces out of an account whatever their lots: first expired, first out (先到期先出).</summary>
    public async Task MoveFirstExpiredAsync(StockItem item, string from, string to, int quantity, StockReason reason, string? note, CancellationToken stop)
    {
        var lots = (await db.Balances.Where(b => b.ItemId == item.Id && b.Account == from && b.Quantity > 0).ToListAsync(stop)).OrderBy(b => b.Expiry ?? DateOnly.MaxValue).ThenBy(b => b.Lot, StringComparer.Ordinal).ToList();
        var there = lots.Sum(l => l.Quantity);
        Rule.State(there >= quantity, "supplies.not-enough", there);
        foreach (var lot in lots)
        {
            var take = Math.Min(lot.Quantity, quantity);
            if (take == 0) break;
            quantity -= take;
            await MoveAsync(Guid.CreateVersion7(clock.GetUtcNow()), item, lot.Lot, lot.Expiry, from, to, take, reason, note, stop);
        }
    }

    /// <summary>Moves pieces to the store of another place, in which the item is noted when it is not yet. Both books are written in the same transaction.</summary>
    /// <param name="id">Id of the first line.</param>
    /// <param name="from">The item here.</param>
    /// <param name="to">Place of the other store.</param>
    /// <param name="lot">Batch; null: first expired, first out.</param>
    /// <param name="quantity">Pieces.</param>
    /// <param name="note">Why.</param>
    /// <param name="stop">Stops.</param>
    public async Task SendAsync(Guid id, StockItem from, string to, string? lot, int quantity, string? note, CancellationToken stop)
    {
        Rule.Require(quantity is > 0 and <= 10_000_000, "supplies.quantity", "quantity");
        var there = db.Items.Local.FirstOrDefault(i => i.PlacePath == to && i.Name == from.Name) ?? await db.Items.SingleOrDefaultAsync(i => i.PlacePath == to && i.Name == from.Name, stop);
        if (there is null) db.Add(there = StockItem.Note(Guid.CreateVersion7(clock.GetUtcNow()), to, from.Name, from.Unit, from.GroupName));
        var lots = (await db.Balances.Where(b => b.ItemId == from.Id && b.Account == StockMove.Store && b.Quantity > 0 && (lot == null || b.Lot == lot)).ToListAsync(stop)).OrderBy(b => b.Expiry ?? DateOnly.MaxValue).ThenBy(b => b.Lot, StringComparer.Ordinal).ToList();
        Rule.State(lots.Sum(l => l.Quantity) >= quantity, "supplies.not-enough", lots.Sum(l => l.Quantity));
        foreach (var at in lots)
        {
            var take = Math.Min(at.Quantity, quantity);
            if (take == 0) break;
            quantity -= take;
            await MoveAsync(id, from, at.Lot, at.Expiry, StockMove.Store, StockMove.StoreOf(there.Id), take, StockReason.Moved, note, stop);
            await MoveAsync(Guid.CreateVersion7(clock.GetUtcNow()), there, at.Lot, at.Expiry, StockMove.StoreOf(from.Id), StockMove.Store, take, StockReason.Moved, note, stop);
            id = Guid.CreateVersion7(clock.GetUtcNow());
        }
    }

    /// <summary>Pieces in an account.</summary>
    public Task<int> OnHandAsync(Guid item, string account, CancellationToken stop) => db.Balances.Where(b => b.ItemId == item && b.Account == account).SumAsync(b => b.Quantity, stop);

    private async Task<StockBalance> BalanceAsync(Guid item, string account, string lot, DateOnly? expiry, CancellationToken stop)
    {
        var known = db.Balances.Local.FirstOrDefault(b => b.ItemId == item && b.Account == account && b.Lot == lot) ?? await db.Balances.SingleOrDefaultAsync(b => b.ItemId == item && b.Account == account && b.Lot == lot, stop);
        if (known is not null) return known;
        var fresh = new StockBalance { ItemId = item, Account = account, Lot = lot, Expiry = expiry };
        db.Add(fresh);
        return fresh;
    }
}
