using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Why a unit is not on the list of a round.</summary>
internal enum Bar
{
    /// <summary>冷却期: it had a share of the same goods too recently.</summary>
    CoolingDown,
    /// <summary>超限额: with this share it would have more than the quota.</summary>
    OverQuota,
    /// <summary>爽约: it left too many shares uncollected, and sits out this one.</summary>
    SittingOut,
}

/// <summary>What rounds before mean for a unit in the next one.</summary>
/// <param name="Bar">Why it may not take part; null when it may.</param>
/// <param name="Losses">Lotteries lost in a row, as far as they count.</param>
internal readonly record struct UnitStanding(Bar? Bar, int Losses);

/// <summary>What came of rounds before for the same goods (往轮): over all places and ways, so that nobody is served twice by asking elsewhere.</summary>
internal sealed class PastRounds(SuppliesDb db)
{
    private const int NoShowDays = 60;

    private sealed record Past(Round Round, EntryState State, long MovedAt, bool Exact);

    /// <summary>How each unit stands.</summary>
    public async Task<IReadOnlyDictionary<Guid, UnitStanding>> OfAsync(Round round, StockItem item, IReadOnlyList<RoundUnit> units, CancellationToken stop)
    {
        var since = round.OpensAt.AddDays(-Math.Max(Math.Max(round.CoolDownDays, round.QuotaDays), Math.Max(round.CarryDays, round.NoShowLimit > 0 ? NoShowDays : 0)));
        var same = await db.SameGoods(item).ToListAsync(stop);
        var rounds = since == round.OpensAt ? [] : await db.Rounds.AsNoTracking().Where(r => same.Contains(r.ItemId) && r.Id != round.Id && r.PublishedAt != null && r.State != RoundState.Cancelled && r.OpensAt >= since).ToDictionaryAsync(r => r.Serial, stop);
        if (rounds.Count == 0) return units.ToDictionary(u => u.Id, _ => new UnitStanding(null, 0));
        var serials = rounds.Keys.ToList();
        var came = (await (from e in db.Entries.AsNoTracking() join l in db.Entitlements.AsNoTracking() on new { e.Round, e.No } equals new { l.Round, l.No }
                           where serials.Contains(e.Round) && (e.State != EntryState.Cancelled || e.Channel == EntryChannel.Carried) select new { e.Round, e.State, e.MovedAt, l.UnitId }).ToListAsync(stop)).ToLookup(e => e.UnitId);
        return units.ToDictionary(u => u.Id, u => Standing(round, [.. u.Ids.SelectMany(id => came[id]).Select(e => new Past(rounds[e.Round], e.State, e.MovedAt, e.UnitId == u.Id)).OrderByDescending(p => p.Round.Serial)], rounds.Values));
    }

    private static UnitStanding Standing(Round round, List<Past> past, IEnumerable<Round> rounds)
    {
        bool Within(Past p, int days) => p.Round.OpensAt >= round.OpensAt.AddDays(-days);
        var had = past.Where(p => p.State is EntryState.Confirmed or EntryState.Collected).ToList();
        if (round.CoolDownDays > 0 && had.Any(p => Within(p, round.CoolDownDays))) return new(Bar.CoolingDown, 0);
        if (round.QuotaPieces > 0 && had.Where(p => Within(p, round.QuotaDays)).Sum(p => p.Round.PerShare) + round.PerShare > round.QuotaPieces) return new(Bar.OverQuota, 0);
        if (round.NoShowLimit > 0 && past.Where(p => p.State == EntryState.NoShow).Take(round.NoShowLimit).ToList() is var left && left.Count == round.NoShowLimit)
        {
            // One round that was published after the last of them has been sat out already.
            var last = DateTimeOffset.FromUnixTimeMilliseconds(left.Max(p => p.MovedAt));
            if (!rounds.Any(r => r.NoShowLimit > 0 && r.PublishedAt >= last)) return new(Bar.SittingOut, 0);
        }
        // In a row: a share won ends it, also one that was left uncollected; so does cancelling where one had been entered by itself.
        var losses = round.CarryOver == CarryOver.None ? 0 : past.Where(p => p.Exact && p.Round.Mode == RoundMode.Lottery && Within(p, round.CarryDays) && Decided(p)).TakeWhile(Lost).Count();
        return new(null, losses);
    }

    private static bool Decided(Past p) => p.State != EntryState.Requested && (p.State != EntryState.Waiting || p.Round.State == RoundState.Settled);

    // Whoever waited and never moved up has lost, once no share can come any more.
    private static bool Lost(Past p) => p.State is EntryState.NotDrawn or EntryState.Waiting;
}
