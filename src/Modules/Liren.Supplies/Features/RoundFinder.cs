using System.Collections.Concurrent;
using Liren.Contracts.People;
using Liren.Draws;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Finds rounds for those who may, and who stands for which unit.</summary>
internal sealed class RoundFinder(SuppliesDb db, IResidentUnits residents)
{
    private static readonly ConcurrentDictionary<Guid, (string Root, RoundTickets Tickets)> Lists = new();

    /// <summary>A round as staff sees it.</summary>
    public async Task<Round> OfAsync(Guid id, string permission, CancellationToken stop)
    {
        var round = Rule.Found(await db.RoundsWithRules.Include(r => r.Custodians).SingleOrDefaultAsync(r => r.Id == id, stop), "supplies.no-round");
        Actor.Current.Require(permission, round.PlacePath);
        return round;
    }

    /// <summary>A round everybody may see.</summary>
    public async Task<Round> PublicAsync(Guid id, CancellationToken stop) =>
        Rule.Found(await db.RoundsWithRules.AsNoTracking().Include(r => r.Custodians).SingleOrDefaultAsync(r => r.Id == id && r.State != RoundState.Draft && r.PublishedAt != null, stop), "supplies.no-round");

    /// <summary>What a resident is in each kind of round: themselves, their household, their room; empty when they live nowhere here.</summary>
    public async Task<IReadOnlyDictionary<EntitledUnit, Guid>> UnitsOfAsync(Guid person, CancellationToken stop) =>
        await residents.OfAsync(person, stop) is { } home ? Enum.GetValues<EntitledUnit>().ToDictionary(u => u, u => UnitOf(u, home)) : [];

    /// <summary>The unit somebody belongs to.</summary>
    public static Guid UnitOf(EntitledUnit unit, ResidentUnit home) => unit switch
    {
        EntitledUnit.Resident => home.PersonId,
        // Who has no household on record shares with the others of the room who have none.
        EntitledUnit.Household when home.HouseholdId is { } household => household,
        _ => NewId.Made($"supplies:room\n{home.Room}"),
    };

    /// <summary>Number of a resident's unit in a round.</summary>
    public async Task<int> NoOfAsync(Round round, Guid person, CancellationToken stop)
    {
        var home = await residents.OfAsync(person, stop);
        var unit = home is null ? Guid.Empty : UnitOf(round.Unit, home);
        var found = await db.Entitlements.AsNoTracking().SingleOrDefaultAsync(e => e.Round == round.Serial && e.UnitId == unit, stop);
        return found?.No ?? throw new RuleBrokenException("supplies.not-entitled", null, 403);
    }

    /// <summary>The tickets of a closed round, as they were committed to.</summary>
    public async Task<RoundTickets> TicketsAsync(Round round, CancellationToken stop)
    {
        Rule.State(round.Root is not null, "supplies.no-list-yet");
        if (Lists.TryGetValue(round.Id, out var known) && known.Root == round.Root) return known.Tickets;
        var tickets = await RoundTickets.ReadAsync(db, round, stop);
        if (Hex.Of(tickets.List.Root) != round.Root) throw new InvalidOperationException($"The entries of {round.Code} are not those that were committed to");
        if (Lists.Count > 16) Lists.Clear();
        Lists[round.Id] = (round.Root!, tickets);
        return tickets;
    }
}

/// <summary>The tickets of a round's entries: the list that is committed to, and to whom and to which class each belongs.</summary>
/// <param name="List">All tickets.</param>
/// <param name="Units">Number of the entitlement for each ticket on the list.</param>
/// <param name="Classes">Class of each, by its number within the round; 0: none.</param>
internal sealed record RoundTickets(TagList List, int[] Units, int[] Classes)
{
    /// <summary>Reads them. Who cancelled before the list was closed is not on it; who does without a share afterwards stays on it.</summary>
    public static async Task<RoundTickets> ReadAsync(SuppliesDb db, Round round, CancellationToken stop)
    {
        var closed = round.ClosedAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        var rows = await (from e in db.Entries.AsNoTracking() join l in db.Entitlements.AsNoTracking() on new { e.Round, e.No } equals new { l.Round, l.No }
                          where e.Round == round.Serial && !(e.State == EntryState.Cancelled && e.MovedAt <= closed) select new { e.Tag, Listed = l }).ToListAsync(stop);
        var tickets = rows.SelectMany(r => Tickets.Of(r.Tag, r.Listed.TicketsIn(round)).Select(t => (Tag: t, r.Listed.No, r.Listed.Class))).ToList();
        var list = TagList.Of(tickets.Select(t => t.Tag));
        var (units, classes) = (new int[list.Count], new int[list.Count]);
        foreach (var (tag, no, of) in tickets)
        {
            var at = list.IndexOf(tag);
            (units[at], classes[at]) = (no, of);
        }
        return new(list, units, classes);
    }

    /// <summary>What each class came to, by its number.</summary>
    public IReadOnlyDictionary<int, (int Units, int Tickets, string Root)> ByClass() =>
        Numbers().ToDictionary(g => g.Key, g => (g.Value.Select(i => Units[i]).Distinct().Count(), g.Value.Count, Hex.Of(TagList.Of(g.Value.Select(i => List[i].ToArray())).Root)));

    /// <summary>Numbers on the list of each class.</summary>
    public IReadOnlyDictionary<int, List<int>> Numbers() => Enumerable.Range(0, List.Count).Where(i => Classes[i] > 0).GroupBy(i => Classes[i]).ToDictionary(g => g.Key, g => g.ToList());

    /// <summary>Reserved shares as they are published; with the numbers once it is drawn.</summary>
    public static IReadOnlyList<PublishedReserve> Reserves(Round round, RoundTickets? tickets = null)
    {
        var numbers = tickets?.Numbers();
        return [.. round.Classes.OrderBy(c => c.No).Where(c => c.Winners > 0).Select(c => new PublishedReserve(c.Name, c.Winners, c.Entries, c.Root!, numbers?[c.No]))];
    }
}
