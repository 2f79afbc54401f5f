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
    private static readonly ConcurrentDictionary<Guid, (string Root, TagList List)> Lists = new();

    /// <summary>A round as staff sees it.</summary>
    public async Task<Round> OfAsync(Guid id, string permission, CancellationToken stop)
    {
        var round = Rule.Found(await db.Rounds.Include(r => r.Points).Include(r => r.Custodians).AsSplitQuery().SingleOrDefaultAsync(r => r.Id == id, stop), "supplies.no-round");
        Actor.Current.Require(permission, round.PlacePath);
        return round;
    }

    /// <summary>A round everybody may see.</summary>
    public async Task<Round> PublicAsync(Guid id, CancellationToken stop) =>
        Rule.Found(await db.Rounds.AsNoTracking().Include(r => r.Points).Include(r => r.Custodians).AsSplitQuery().SingleOrDefaultAsync(r => r.Id == id && r.State != RoundState.Draft && r.PublishedAt != null, stop), "supplies.no-round");

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

    /// <summary>The list of a closed round's entries, as it was committed to.</summary>
    public async Task<TagList> ListAsync(Round round, CancellationToken stop)
    {
        Rule.State(round.Root is not null, "supplies.no-list-yet");
        if (Lists.TryGetValue(round.Id, out var known) && known.Root == round.Root) return known.List;
        var list = TagList.Of(await CommittedAsync(round, stop));
        if (Hex.Of(list.Root) != round.Root) throw new InvalidOperationException($"The entries of {round.Code} are not those that were committed to");
        if (Lists.Count > 16) Lists.Clear();
        Lists[round.Id] = (round.Root!, list);
        return list;
    }

    // Who cancelled before the list was closed is not on it; who does without a share afterwards stays on it.
    private async Task<List<byte[]>> CommittedAsync(Round round, CancellationToken stop)
    {
        var closed = round.ClosedAt!.Value.ToUnixTimeMilliseconds();
        var entries = await db.Entries.AsNoTracking().Where(e => e.Round == round.Serial && !(e.State == EntryState.Cancelled && e.MovedAt <= closed)).Select(e => e.Tag).ToListAsync(stop);
        return entries;
    }
}
