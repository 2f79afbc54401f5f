using System.Security.Cryptography;
using System.Text;
using Liren.Contracts.People;
using Liren.Draws;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Publishes a round (发布): the list of who may have a share is made and frozen, the stock is set aside, and from here on nothing of it can be changed.</summary>
[Needs("supplies.rounds")]
internal sealed class PublishRound(SuppliesDb db, RoundFinder finder, IResidentUnits residents, StockLedger ledger, TimeProvider clock) : IFeature
{
    /// <param name="Entitled">Units on the list.</param>
    /// <param name="CoolingDown">Units that had a share of the same item too recently.</param>
    /// <param name="ListHash">SHA-256 over the list.</param>
    /// <param name="Version">For the next edit.</param>
    public sealed record Response(int Entitled, int CoolingDown, string ListHash, int Version);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/rounds/{id:guid}/publish", (Guid id, IfMatch match, PublishRound feature, CancellationToken stop) => feature.RunAsync(id, match, stop));

    public async Task<Response> RunAsync(Guid id, IfMatch match, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        match.Check(round);
        Rule.State(round.State == RoundState.Draft, "supplies.published-already");
        var item = await db.Items.SingleAsync(i => i.Id == round.ItemId, stop);
        var all = Units(round, await residents.LivingAtAsync(round.PlacePath, stop));
        var cooling = await CoolingAsync(round, stop);
        var entitled = all.Where(u => !cooling.Contains(u.Unit)).ToList();
        var list = entitled.Select((u, no) => new Entitlement { Round = round.Serial, No = no, UnitId = u.Unit, Room = u.Room, Point = PointOf(round, no, entitled.Count) }).ToList();
        db.AddRange(list);
        var hash = Hex.Of(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', list.Select(e => $"{e.No} {e.UnitId} {e.Room}")))));
        round.Publish(list.Count, hash, clock.GetUtcNow());
        await ledger.MoveFirstExpiredAsync(item, StockMove.Store, StockMove.ReservedFor(round.Id), round.Shares * round.PerShare, StockReason.Reserved, round.Code, stop);
        await db.SaveChangesAsync(stop);
        return new(list.Count, all.Count - list.Count, hash, round.Version);
    }

    // In order of rooms, so that neighbours come to one point.
    private List<(Guid Unit, string Room)> Units(Round round, IReadOnlyList<ResidentUnit> living)
    {
        var today = Show.Day(clock.GetUtcNow());
        return [.. living.GroupBy(r => RoundFinder.UnitOf(round.Unit, r)).Where(g => round.MinAge is not { } age || g.Any(r => r.Born is { } born && born.AddYears(age) <= today))
            .Select(g => (g.Key, Room: g.Select(r => r.Room).Min(StringComparer.Ordinal)!)).OrderBy(u => u.Room, StringComparer.Ordinal).ThenBy(u => u.Key)];
    }

    private async Task<HashSet<Guid>> CoolingAsync(Round round, CancellationToken stop)
    {
        if (round.CoolDownDays == 0) return [];
        var since = round.OpensAt.AddDays(-round.CoolDownDays);
        var serials = await db.Rounds.Where(r => r.ItemId == round.ItemId && r.Id != round.Id && r.State != RoundState.Cancelled && r.OpensAt >= since).Select(r => r.Serial).ToListAsync(stop);
        var had = from e in db.Entries join l in db.Entitlements on new { e.Round, e.No } equals new { l.Round, l.No }
                  where serials.Contains(e.Round) && (e.State == EntryState.Confirmed || e.State == EntryState.Collected) select l.UnitId;
        return [.. await had.ToListAsync(stop)];
    }

    // Spread over the points as their shares are.
    private static int PointOf(Round round, int no, int count)
    {
        var at = (long)no * round.Shares / count;
        foreach (var point in round.Points.OrderBy(p => p.No)) if ((at -= point.Shares) < 0) return point.No;
        return 0;
    }
}
