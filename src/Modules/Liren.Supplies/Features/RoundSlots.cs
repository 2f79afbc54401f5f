using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Slots of a round (领取时段): which still have room, and the change to another. A slot is given, not chosen, so that choosing is no second rush; whoever cannot come then may change it.</summary>
internal sealed class RoundSlots(SuppliesDb db, RoundBook book, TimeProvider clock)
{
    /// <summary>Most slots shown: a week of one point.</summary>
    private const int Most = 300;

    /// <summary>Slots with room that are still to come, at the point where the share is.</summary>
    public async Task<IReadOnlyList<FreeSlot>> FreeAsync(Round round, int no, CancellationToken stop)
    {
        var entry = await db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.Round == round.Serial && e.No == no, stop);
        if (entry?.State != EntryState.Confirmed) return [];
        var taken = await db.Entries.AsNoTracking().Where(e => e.Round == round.Serial && e.Point == entry.Point && e.Turn > 0).Select(e => e.Turn).ToListAsync(stop);
        var now = clock.GetUtcNow();
        return [.. Slots.All(round, await PointAsync(round, entry.Point, stop)).Where(s => s.Begins > now && (entry.Turn < s.FirstTurn || entry.Turn > s.LastTurn))
            .Select(s => new FreeSlot(s.Begins, s.LastTurn - s.FirstTurn + 1 - taken.Count(t => t >= s.FirstTurn && t <= s.LastTurn))).Where(s => s.Free > 0).Take(Most)];
    }

    /// <summary>To another slot.</summary>
    public async Task ChangeAsync(Round round, int no, DateTimeOffset begins, bool once, CancellationToken stop)
    {
        var entry = await db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.Round == round.Serial && e.No == no, stop);
        if (entry?.State != EntryState.Confirmed) throw EnterRound.Refusal(Outcome.NoShare);
        var slot = Slots.All(round, await PointAsync(round, entry.Point, stop)).FirstOrDefault(s => s.Begins == begins);
        Rule.Require(slot.LastTurn > 0 && begins > clock.GetUtcNow(), "supplies.no-slot", "begins");
        var ask = await book.RunAsync(round.Serial, new(Act.ChangeSlot, no) { Turns = (slot.FirstTurn, slot.LastTurn), Once = once, By = once ? null : Actor.Current.Name, Note = "slot" });
        if (ask.Outcome is not (Outcome.Done or Outcome.Same)) throw EnterRound.Refusal(ask.Outcome);
    }

    private Task<PickupPoint> PointAsync(Round round, int no, CancellationToken stop)
    {
        var id = round.Points.Single(p => p.No == no).PointId;
        return db.Points.AsNoTracking().SingleAsync(p => p.Id == id, stop);
    }
}
