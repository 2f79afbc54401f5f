using Liren.Contracts.People;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Corrects name, sex and birth date.</summary>
[Needs("people.edit")]
internal sealed class EditPerson(PeopleDb db, PersonAccess access) : IFeature
{
    public sealed record Request(string Name, Sex? Sex, DateOnly? BirthDate);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/persons/{id:guid}", (Guid id, Request request, IfMatch match, EditPerson feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Edit, stop);
        match.Check(person);
        person.Edit(Checked.Name(request.Name).Value, request.Sex, request.BirthDate, access.Now);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>
/// Marks somebody as moved away, deceased, or present again. Who is gone lives nowhere and has no tags; what a deceased person owned stays
/// theirs until it is transferred.
/// </summary>
[Needs("people.edit")]
internal sealed class ChangePersonState(PeopleDb db, PersonAccess access, Moves moves) : IFeature
{
    public sealed record Request(PersonState State, DateOnly? Since);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/persons/{id:guid}/state", (Guid id, Request request, IfMatch match, ChangePersonState feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Edit, stop);
        match.Check(person);
        var since = request.Since ?? access.Today;
        person.Become(request.State, since, access.Now);
        if (request.State != PersonState.Present)
        {
            foreach (var occupancy in await moves.OfPersonAsync(id, stop))
            {
                var keep = request.State == PersonState.Deceased && occupancy.Owns;
                if (!keep || occupancy.Lives) await moves.OutAsync(occupancy, since < occupancy.Since ? occupancy.Since : since, keep, stop);
            }
            foreach (var consent in await db.Consents.Where(c => c.PersonId == id && c.WithdrawnAt == null).ToListAsync(stop)) consent.Withdraw(person.HomePath, access.Now);
            db.RemoveRange(await db.Tags.Where(t => t.PersonId == id).ToListAsync(stop));
        }
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>
/// Erases somebody who is no longer here and asks for it (个人信息保护法 47): everything the register holds of them. Journal and access log keep
/// the bare id, which then points at nobody.
/// </summary>
[Needs("people.erase")]
internal sealed class ErasePerson(PeopleDb db, PersonAccess access) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/persons/{id:guid}", (Guid id, IfMatch match, ErasePerson feature, CancellationToken stop) => feature.RunAsync(id, match, stop));

    public async Task RunAsync(Guid id, IfMatch match, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Erase, stop);
        match.Check(person);
        Rule.State(!await db.Current(access.Today).AnyAsync(o => o.PersonId == id, stop), "people.still-here");
        db.RemoveRange(await db.Tags.Where(t => t.PersonId == id).ToListAsync(stop));
        db.RemoveRange(await db.Consents.Where(c => c.PersonId == id).ToListAsync(stop));
        db.RemoveRange(await db.Occupancies.Where(o => o.PersonId == id).ToListAsync(stop));
        db.Remove(person);
        db.Raise(new PersonErased(id, person.HomePath, access.Now));
        await db.SaveChangesAsync(stop);
    }
}
