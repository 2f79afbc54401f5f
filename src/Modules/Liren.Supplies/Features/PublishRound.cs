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
internal sealed class PublishRound(SuppliesDb db, RoundFinder finder, IResidentUnits residents, PastRounds past, StockLedger ledger, TimeProvider clock) : IFeature
{
    /// <param name="Entitled">Units on the list.</param>
    /// <param name="CoolingDown">Units that had a share of the same goods too recently.</param>
    /// <param name="OverQuota">Units that would have more than the quota with this share.</param>
    /// <param name="SittingOut">Units that left too many shares uncollected.</param>
    /// <param name="ListHash">SHA-256 over the list.</param>
    /// <param name="Version">For the next edit.</param>
    public sealed record Response(int Entitled, int CoolingDown, int OverQuota, int SittingOut, string ListHash, int Version);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/rounds/{id:guid}/publish", (Guid id, IfMatch match, PublishRound feature, CancellationToken stop) => feature.RunAsync(id, match, stop));

    public async Task<Response> RunAsync(Guid id, IfMatch match, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        match.Check(round);
        Rule.State(round.State == RoundState.Draft, "supplies.published-already");
        var item = await db.Items.SingleAsync(i => i.Id == round.ItemId, stop);
        var all = await UnitsAsync(round, stop);
        var standings = await past.OfAsync(round, item, all, stop);
        var entitled = all.Where(u => standings[u.Id].Bar is null).ToList();
        var list = entitled.Select((u, no) => new Entitlement
        {
            Round = round.Serial, No = no, UnitId = u.Id, Room = u.Room, Point = PointOf(round, no, entitled.Count), Class = u.Class, Losses = standings[u.Id].Losses, Age = BandOf(u),
        }).ToList();
        db.AddRange(list);
        var hash = Hex.Of(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', list.Select(e => $"{e.No} {e.UnitId} {e.Room} {e.Class} {e.TicketsIn(round)}")))));
        round.Publish(list.Count, hash, clock.GetUtcNow());
        await ledger.MoveFirstExpiredAsync(item, StockMove.Store, StockMove.ReservedFor(round.Id), round.Shares * round.PerShare, StockReason.Reserved, round.Code, stop);
        await db.SaveChangesAsync(stop);
        int Barred(Bar bar) => all.Count(u => standings[u.Id].Bar == bar);
        return new(list.Count, Barred(Bar.CoolingDown), Barred(Bar.OverQuota), Barred(Bar.SittingOut), hash, round.Version);
    }

    // In order of rooms, so that neighbours come to one point.
    private async Task<IReadOnlyList<RoundUnit>> UnitsAsync(Round round, CancellationToken stop)
    {
        var living = await residents.LivingAtAsync(round.PlacePath, stop);
        var (tags, classes) = (TagText.Read(round.Tags), round.Classes.OrderBy(c => c.No).ToList());
        var asked = tags.Concat(classes.SelectMany(c => c.TagCodes)).Distinct().ToList();
        var tagged = (asked.Count == 0 ? [] : await residents.TaggedAtAsync(round.PlacePath, asked, Purposes.CommunityService, stop)).ToLookup(t => t.Tag, t => t.PersonId);
        HashSet<Guid> With(IReadOnlyList<string> codes) => [.. codes.SelectMany(c => tagged[c])];
        var (one, ofClass) = (With(tags), classes.ConvertAll(c => With(c.TagCodes)));
        int ClassOf(IEnumerable<ResidentUnit> members) => classes.FirstOrDefault(c => members.Any(m => ofClass[c.No - 1].Contains(m.PersonId) || c.MinAge is { } age && OfAge(m, age)))?.No ?? 0;
        return [.. living.GroupBy(r => RoundFinder.UnitOf(round.Unit, r)).Where(g => (round.MinAge is not { } age || g.Any(r => OfAge(r, age))) && (tags.Count == 0 || g.Any(r => one.Contains(r.PersonId))))
            .Select(g => new RoundUnit(g.Key, g.Select(r => r.Room).Min(StringComparer.Ordinal)!, ClassOf(g), [.. g])).OrderBy(u => u.Room, StringComparer.Ordinal).ThenBy(u => u.Id)];
    }

    private bool OfAge(ResidentUnit r, int age) => r.IsOfAge(age, Show.Day(clock.GetUtcNow()));

    private AgeBand BandOf(RoundUnit unit) =>
        unit.Members.Any(m => OfAge(m, 80)) ? AgeBand.From80 : unit.Members.Any(m => OfAge(m, 60)) ? AgeBand.From60 : unit.Members.Any(m => m.Born is not null) ? AgeBand.Under60 : AgeBand.Unknown;

    // Spread over the points as their shares are.
    private static int PointOf(Round round, int no, int count)
    {
        var at = (long)no * round.Shares / count;
        foreach (var point in round.Points.OrderBy(p => p.No)) if ((at -= point.Shares) < 0) return point.No;
        return 0;
    }
}

/// <summary>One that may have a share, while the list is made.</summary>
internal sealed record RoundUnit(Guid Id, string Room, int Class, IReadOnlyList<ResidentUnit> Members)
{
    /// <summary>Under which ids it may have had shares before, in rounds by resident, household or address.</summary>
    public IEnumerable<Guid> Ids => Members.SelectMany(m => Enum.GetValues<EntitledUnit>().Select(u => RoundFinder.UnitOf(u, m))).Distinct();
}
