using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Somebody moves into a room, or comes to hold it (迁入).</summary>
[Needs("people.edit")]
internal sealed class MoveIn(PeopleDb db, PersonAccess access, Moves moves) : IFeature
{
    /// <param name="Room">Path of the room.</param>
    /// <param name="Kind">In what capacity.</param>
    /// <param name="Since">First day; today when left out.</param>
    /// <param name="Lives">False for an owner who lets the home.</param>
    /// <param name="Share">Share of an owner: "1/2", "50%".</param>
    /// <param name="Evidence">title, contract, register, statement or roster.</param>
    /// <param name="EvidenceRef">Its number.</param>
    /// <param name="Household">Which household of the room to join; the first when left out.</param>
    /// <param name="Relation">Relation to its head.</param>
    /// <param name="OwnHousehold">Founds a household of one's own: flat-sharing tenants.</param>
    /// <param name="LeaveOthers">Moves out of wherever the person lived before.</param>
    public sealed record Request(string Room, OccupancyKind Kind, DateOnly? Since = null, bool Lives = true, string? Share = null, string? Evidence = null, string? EvidenceRef = null,
        Guid? Household = null, Relation? Relation = null, bool OwnHousehold = false, bool LeaveOthers = false)
    {
        internal OccupancyDraft ToDraft(DateOnly today)
        {
            var share = string.IsNullOrWhiteSpace(Share) ? null : Domain.Share.Parse(Share);
            Rule.Require(share is not null || string.IsNullOrWhiteSpace(Share), "people.share", "share");
            return new(Room, Kind, Since ?? today, Lives, share, string.IsNullOrEmpty(Evidence) ? null : Evidence, EvidenceRef);
        }
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/persons/{id:guid}/occupancies", (Guid id, Request request, MoveIn feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task<Guid> RunAsync(Guid id, Request request, CancellationToken stop)
    {
        Rule.Require(!string.IsNullOrEmpty(request.Room), "people.room", "room", "");
        Actor.Current.Require(PersonAccess.Edit, request.Room);
        var person = await access.FindAsync(id, PersonAccess.Edit, stop);
        await using var transaction = await db.LockRoomAsync(request.Room, stop);
        var occupancy = await moves.InAsync(person, request, stop);
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
        return occupancy.Id;
    }
}

/// <summary>Somebody moves out (迁出); an owner may keep the home without living there.</summary>
[Needs("people.edit")]
internal sealed class MoveOut(PeopleDb db, PersonAccess access, Moves moves) : IFeature
{
    /// <param name="Until">First day the person is no longer there; today when left out.</param>
    /// <param name="KeepOwnership">The owner moves out but goes on holding the home.</param>
    public sealed record Request(DateOnly? Until = null, bool KeepOwnership = false);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/occupancies/{id:guid}/end", (Guid id, Request request, IfMatch match, MoveOut feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var room = Rule.Found(await db.Occupancies.Where(o => o.Id == id).Select(o => o.RoomPath).SingleOrDefaultAsync(stop), "people.no-occupancy");
        Actor.Current.Require(PersonAccess.Edit, room);
        await using var transaction = await db.LockRoomAsync(room, stop);
        var occupancy = await db.Occupancies.SingleAsync(o => o.Id == id, stop);
        match.Check(occupancy);
        var until = request.Until ?? access.Today;
        await moves.OutAsync(occupancy, until, request.KeepOwnership, stop);
        await moves.SettleAsync(await db.Persons.SingleAsync(p => p.Id == occupancy.PersonId, stop), until, stop);
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
    }
}

/// <summary>Corrects what was written about an occupancy: capacity, share, dates, evidence.</summary>
[Needs("people.edit")]
internal sealed class CorrectOccupancy(PeopleDb db, PersonAccess access, Moves moves) : IFeature
{
    public sealed record Request(OccupancyKind Kind, DateOnly Since, bool Lives, string? Share, string? Evidence, string? EvidenceRef, Relation? Relation);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/occupancies/{id:guid}", (Guid id, Request request, IfMatch match, CorrectOccupancy feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var room = Rule.Found(await db.Occupancies.Where(o => o.Id == id).Select(o => o.RoomPath).SingleOrDefaultAsync(stop), "people.no-occupancy");
        Actor.Current.Require(PersonAccess.Edit, room);
        await using var transaction = await db.LockRoomAsync(room, stop);
        var ofRoom = await moves.OfRoomAsync(room, stop);
        var occupancy = Rule.Found(ofRoom.Find(o => o.Id == id), "people.occupancy-over");
        match.Check(occupancy);
        Rule.State(!ofRoom.Exists(o => o.Id != id && o.PersonId == occupancy.PersonId && o.Kind == request.Kind), "people.in-room-already");
        Rule.State(request.Lives || !occupancy.Lives || occupancy.HouseholdId is null, "people.use-move-out");
        occupancy.Correct(new MoveIn.Request(room, request.Kind, request.Since, request.Lives, request.Share, request.Evidence, request.EvidenceRef).ToDraft(access.Today), access.Now);
        if (occupancy.HouseholdId is { } household) occupancy.Join(await db.Households.SingleAsync(h => h.Id == household, stop), request.Relation);
        Occupancy.CheckShares(ofRoom, access.Today);
        (await db.Persons.SingleAsync(p => p.Id == occupancy.PersonId, stop)).HomeFrom(await moves.OfPersonAsync(occupancy.PersonId, stop), access.Today);
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
    }
}

/// <summary>An owner's share goes to somebody else (过户): sold, inherited, given.</summary>
[Needs("people.edit")]
internal sealed class TransferOwnership(PeopleDb db, PersonAccess access, Moves moves) : IFeature
{
    /// <param name="To">Who gets it.</param>
    /// <param name="On">Day of the transfer; today when left out.</param>
    /// <param name="Lives">The new owner lives there.</param>
    /// <param name="Evidence">What proves it.</param>
    /// <param name="EvidenceRef">Its number.</param>
    public sealed record Request(Guid To, DateOnly? On, bool Lives, string? Evidence, string? EvidenceRef);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/occupancies/{id:guid}/transfer", (Guid id, Request request, IfMatch match, TransferOwnership feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task<Guid> RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var room = Rule.Found(await db.Occupancies.Where(o => o.Id == id).Select(o => o.RoomPath).SingleOrDefaultAsync(stop), "people.no-occupancy");
        Actor.Current.Require(PersonAccess.Edit, room);
        var to = await access.FindAsync(request.To, PersonAccess.Read, stop);
        await using var transaction = await db.LockRoomAsync(room, stop);
        var occupancy = await db.Occupancies.SingleAsync(o => o.Id == id, stop);
        match.Check(occupancy);
        Rule.State(occupancy.Owns, "people.not-owner");
        Rule.Require(request.To != occupancy.PersonId, "people.transfer-self", "to");
        var on = request.On ?? access.Today;
        await moves.OutAsync(occupancy, on, keep: false, stop);
        var begun = await moves.InAsync(to, new(room, occupancy.Kind, on, request.Lives, occupancy.Share?.ToString(), request.Evidence, request.EvidenceRef), stop);
        await moves.SettleAsync(await db.Persons.SingleAsync(p => p.Id == occupancy.PersonId, stop), on, stop);
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
        return begun.Id;
    }
}
