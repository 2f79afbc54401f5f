using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Moving in and out, with everything that follows: household, head, home, state. Saves nothing; the caller holds the room's lock.</summary>
internal sealed class Moves(PeopleDb db, PersonAccess access, IPlaceDirectory places)
{
    /// <summary>Moves somebody into a room.</summary>
    public async Task<Occupancy> InAsync(Person person, MoveIn.Request request, CancellationToken stop)
    {
        Rule.State(person.State != PersonState.Deceased, "people.deceased");
        Rule.Require(await places.FindAsync(request.Room, stop) is { Kind: PlaceKind.Room }, "people.room", "room", request.Room);
        var (now, today) = (access.Now, access.Today);
        var ofRoom = await OfRoomAsync(request.Room, stop);
        Rule.State(!ofRoom.Exists(o => o.PersonId == person.Id && o.Kind == request.Kind), "people.in-room-already");
        var occupancy = Occupancy.Begin(person.Id, request.ToDraft(today), now);
        Occupancy.CheckShares(ofRoom.Append(occupancy), today);
        db.Add(occupancy);
        var all = await OfPersonAsync(person.Id, stop);
        if (request.LeaveOthers)
            foreach (var other in all.Where(o => o.Lives && o.RoomPath != request.Room)) await OutAsync(other, occupancy.Since < other.Since ? other.Since : occupancy.Since, keep: other.Owns, stop);
        if (occupancy.Lives) await JoinAsync(occupancy, request, ofRoom, stop);
        person.HomeFrom([.. all.Where(o => o.IsCurrent(today)), occupancy], today);
        return occupancy;
    }

    /// <summary>Ends an occupancy, or, for an owner who keeps the home, only the living there.</summary>
    public async Task OutAsync(Occupancy occupancy, DateOnly until, bool keep, CancellationToken stop)
    {
        var household = occupancy.HouseholdId;
        if (keep)
        {
            Rule.State(occupancy.Owns && occupancy.Lives, "people.nothing-to-keep");
            occupancy.LeaveHousehold();
            occupancy.Correct(new(occupancy.RoomPath, occupancy.Kind, occupancy.Since, false, occupancy.Share, occupancy.Evidence, occupancy.EvidenceRef), access.Now);
        }
        else occupancy.End(until, access.Now);
        if (household is { } id) await ThinOutAsync(id, occupancy, until, stop);
    }

    /// <summary>Settles home and state of somebody after moves.</summary>
    public async Task SettleAsync(Person person, DateOnly on, CancellationToken stop)
    {
        var all = await OfPersonAsync(person.Id, stop);
        person.HomeFrom(all, access.Today);
        if (person.State == PersonState.Present && !all.Exists(o => o.IsCurrent(access.Today))) person.Become(PersonState.MovedAway, on > access.Today ? access.Today : on, access.Now);
    }

    /// <summary>Occupancies of a room that hold, with the changes of this act.</summary>
    public async Task<List<Occupancy>> OfRoomAsync(string room, CancellationToken stop)
    {
        await db.Current(access.Today).Where(o => o.RoomPath == room).LoadAsync(stop);
        return [.. db.Occupancies.Local.Where(o => o.RoomPath == room && o.IsCurrent(access.Today))];
    }

    /// <summary>All occupancies of a person that hold, with the changes of this act.</summary>
    public async Task<List<Occupancy>> OfPersonAsync(Guid person, CancellationToken stop)
    {
        await db.Current(access.Today).Where(o => o.PersonId == person).LoadAsync(stop);
        return [.. db.Occupancies.Local.Where(o => o.PersonId == person && o.IsCurrent(access.Today))];
    }

    // Into the household that is there; who keeps to themselves, or is the first, founds one.
    private async Task JoinAsync(Occupancy occupancy, MoveIn.Request request, List<Occupancy> ofRoom, CancellationToken stop)
    {
        var known = await db.Households.Where(h => h.RoomPath == occupancy.RoomPath && h.Until == null).OrderBy(h => h.Since).ToListAsync(stop);
        Rule.Require(request.Household is null || known.Exists(h => h.Id == request.Household), "people.no-household", "household");
        var household = request.OwnHousehold ? null : known.Find(h => h.Id == request.Household) ?? known.FirstOrDefault();
        // Living here twice (owner and staff, say) is one member.
        if (ofRoom.Exists(o => o.PersonId == occupancy.PersonId && o.HouseholdId is not null)) return;
        if (household is null) db.Add(household = Household.Found(occupancy.RoomPath, occupancy.PersonId, occupancy.Since, access.Now));
        else household.MembersChanged(access.Now);
        occupancy.Join(household, request.Relation);
    }

    // Without its head a household goes to its eldest member; without members it ends.
    private async Task ThinOutAsync(Guid householdId, Occupancy gone, DateOnly on, CancellationToken stop)
    {
        var household = await db.Households.SingleAsync(h => h.Id == householdId, stop);
        var left = (await OfRoomAsync(household.RoomPath, stop)).Where(o => o.HouseholdId == householdId && o.Id != gone.Id).ToList();
        if (left.Count == 0) { household.End(on, access.Now); return; }
        household.MembersChanged(access.Now);
        if (household.HeadId != gone.PersonId) return;
        var ids = left.Select(o => o.PersonId).ToList();
        var births = await db.Persons.Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.BirthDate }).ToListAsync(stop);
        household.ChangeHead(births.OrderBy(b => b.BirthDate ?? DateOnly.MaxValue).ThenBy(b => b.Id).First().Id, left, access.Now);
    }
}
