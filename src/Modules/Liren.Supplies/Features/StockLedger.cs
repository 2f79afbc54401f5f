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
