using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>
/// Registers somebody with their room. A document that is known already means the same person: with the same name they are taken in, as they
/// have moved here; with another name it is refused. The same name in the same room asks first.
/// </summary>
[Needs("people.edit")]
internal sealed class RegisterPerson(PeopleDb db, PersonAccess access, Sealer sealer, Moves moves, IAccessLog log) : IFeature
{
    /// <param name="Name">Name.</param>
    /// <param name="Sex">Left out when the document tells.</param>
    /// <param name="BirthDate">Left out when the document tells.</param>
    /// <param name="IdKind">Kind of document; a citizen's number when left out.</param>
    /// <param name="IdNo">Its number.</param>
    /// <param name="Phone">Telephone.</param>
    /// <param name="Move">The room and in what capacity.</param>
    /// <param name="Sure">Go on although somebody of this name is in this room already.</param>
    public sealed record Request(string Name, Sex? Sex, DateOnly? BirthDate, IdentifierKind? IdKind, string? IdNo, string? Phone, MoveIn.Request Move, bool Sure = false);

    /// <param name="Id">The person.</param>
    /// <param name="Existing">True when the person was in the register already and has been taken in.</param>
    public sealed record Response(Guid Id, bool Existing);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/persons", async (Request request, NewId id, RegisterPerson feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/people/persons/{made.Id}", made);
    });

    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        if (await db.Persons.AnyAsync(p => p.Id == id.Value, stop)) return new(id.Value, false);
        Rule.Require(request.Move?.Room is not null, "people.room", "room", "");
        Actor.Current.Require(PersonAccess.Edit, request.Move!.Room);
        var now = access.Now;
        var name = Checked.Name(request.Name);
        var document = Checked.Document(request.IdKind, request.IdNo, access.Today);
        var phone = Checked.Phone(request.Phone);
        var known = document is null ? null : await OfDocumentAsync(document, stop);
        if (known is not null)
        {
            await log.RecordAsync([new(known.Id, Purpose.Current ?? Purposes.RegisterKeeping, "idNo", "exists")], stop);
            Rule.Require(new PersonName(known.Name).Key == name.Key, "people.id-other-person", "idNo");
        }
        await using var transaction = await db.LockRoomAsync(request.Move.Room, stop);
        if (known is not null)
        {
            await moves.InAsync(known, request.Move, stop);
            await SaveAsync(transaction, stop);
            return new(known.Id, true);
        }
        if (!request.Sure) Rule.State(!await NamesakeAsync(name, request.Move.Room, stop), "people.namesake");
        var sex = request.Sex ?? (document?.Citizen is { } citizen ? Checked.SexOf(citizen) : null);
        Rule.Require(document?.Citizen is not { } c || (sex == Checked.SexOf(c) && (request.BirthDate ?? c.Birth) == c.Birth), "people.id-differs-details", "idNo");
        var person = Person.Register(new(id.Value, name.Value, sex, request.BirthDate ?? document?.Citizen?.Birth, "desk"), now);
        if (document is not null) person.AddIdentifier(document.Kind, sealer.Identifier(person.Id, document.Kind, document.Number), now, announce: false);
        if (phone is { } number) person.AddContact(number.IsMobile ? ContactKind.Mobile : ContactKind.Landline, sealer.Phone(person.Id, number.Value), sealer.TailHash(number.Value), now, announce: false);
        db.Add(person);
        await moves.InAsync(person, request.Move, stop);
        await SaveAsync(transaction, stop);
        return new(person.Id, false);
    }

    private async Task SaveAsync(Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, CancellationToken stop)
    {
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
    }

    private async Task<Person?> OfDocumentAsync(DocumentNumber document, CancellationToken stop)
    {
        var hash = sealer.IdentifierHash(document.Kind, document.Number);
        var owner = await db.Identifiers.Where(i => i.Hash == hash && i.Kind == document.Kind).Select(i => i.PersonId).ToListAsync(stop);
        return owner.Count == 0 ? null : await db.Persons.SingleAsync(p => p.Id == owner[0], stop);
    }

    private async Task<bool> NamesakeAsync(PersonName name, string room, CancellationToken stop)
    {
        var inRoom = db.Current(access.Today).Where(o => o.RoomPath == room).Select(o => o.PersonId);
        return (await db.Persons.Where(p => inRoom.Contains(p.Id)).Select(p => p.Name).ToListAsync(stop)).Any(n => new PersonName(n).Key == name.Key);
    }
}

/// <summary>Reads what was typed into a form; a bad value names its field.</summary>
internal static class Checked
{
    public static PersonName Name(string? text)
    {
        var read = PersonName.Read(text);
        return read.Value ?? throw new RuleBrokenException(read.Problem!, "name");
    }

    public static Sex SexOf(CitizenId id) => id.IsMale ? Sex.Male : Sex.Female;

    public static DocumentNumber? Document(IdentifierKind? kind, string? text, DateOnly today)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var read = DocumentNumber.Read(kind, text, today);
        return read.Value ?? throw new RuleBrokenException(read.Problem!, "idNo");
    }

    public static PhoneNumber? Phone(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var read = PhoneNumber.Read(text);
        return read.Value ?? throw new RuleBrokenException(read.Problem!, "phone");
    }
}
