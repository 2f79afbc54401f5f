using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>What the acts on a household share: find it, check the place, lock its room.</summary>
internal static class HouseholdActs
{
    public static async Task<Household> OpenAsync(PeopleDb db, Guid id, CancellationToken stop)
    {
        var household = Rule.Found(await db.Households.SingleOrDefaultAsync(h => h.Id == id, stop), "people.no-household");
        Actor.Current.Require(PersonAccess.Edit, household.RoomPath);
        Rule.State(household.Until is null, "people.household-ended");
        return household;
    }
}

/// <summary>Another member becomes head (变更户主).</summary>
[Needs("people.edit")]
internal sealed class ChangeHead(PeopleDb db, PersonAccess access, Moves moves) : IFeature
{
    public sealed record Request(Guid Person);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/households/{id:guid}/head", (Guid id, Request request, IfMatch match, ChangeHead feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var household = await HouseholdActs.OpenAsync(db, id, stop);
        match.Check(household);
        var members = (await moves.OfRoomAsync(household.RoomPath, stop)).Where(o => o.HouseholdId == id).ToList();
        household.ChangeHead(request.Person, members, access.Now);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Members found a household of their own in the same room (分户).</summary>
[Needs("people.edit")]
internal sealed class SplitHousehold(PeopleDb db, PersonAccess access, Moves moves) : IFeature
{
    /// <param name="Persons">Who leaves; the first becomes head of the new household.</param>
    public sealed record Request(IReadOnlyList<Guid> Persons);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/households/{id:guid}/split", (Guid id, Request request, IfMatch match, SplitHousehold feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task<Guid> RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var household = await HouseholdActs.OpenAsync(db, id, stop);
        match.Check(household);
        var members = (await moves.OfRoomAsync(household.RoomPath, stop)).Where(o => o.HouseholdId == id).ToList();
        var leaving = (request.Persons ?? []).Distinct().ToList();
        Rule.Require(leaving.Count > 0, "people.split-nobody", "persons");
        Rule.Require(leaving.All(p => members.Exists(m => m.PersonId == p)), "people.not-member", "persons");
        Rule.Require(!leaving.Contains(household.HeadId), "people.split-head", "persons");
        var founded = Household.Found(household.RoomPath, leaving[0], access.Today, access.Now);
        db.Add(founded);
        foreach (var member in members.Where(m => leaving.Contains(m.PersonId))) member.Join(founded, null);
        household.MembersChanged(access.Now);
        await db.SaveChangesAsync(stop);
        return founded.Id;
    }
}

/// <summary>Somebody who lives in the room joins the household, or a member's relation to the head is noted.</summary>
[Needs("people.edit")]
internal sealed class JoinHousehold(PeopleDb db, PersonAccess access, Moves moves) : IFeature
{
    public sealed record Request(Guid Person, Relation? Relation);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/households/{id:guid}/members", (Guid id, Request request, IfMatch match, JoinHousehold feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var household = await HouseholdActs.OpenAsync(db, id, stop);
        match.Check(household);
        var ofRoom = await moves.OfRoomAsync(household.RoomPath, stop);
        var theirs = ofRoom.Where(o => o.PersonId == request.Person && o.Lives).ToList();
        Rule.Require(theirs.Count > 0, "people.not-in-room", "person");
        if (theirs.Find(o => o.HouseholdId is { } other && other != id)?.HouseholdId is { } before)
        {
            var old = await db.Households.SingleAsync(h => h.Id == before, stop);
            var left = ofRoom.Where(o => o.HouseholdId == before && o.PersonId != request.Person).ToList();
            Rule.State(left.Count == 0 || old.HeadId != request.Person, "people.head-leaves");
            if (left.Count == 0) old.End(access.Today, access.Now);
            else old.MembersChanged(access.Now);
        }
        foreach (var occupancy in theirs) occupancy.Join(household, request.Relation);
        household.MembersChanged(access.Now);
        await db.SaveChangesAsync(stop);
    }
}
