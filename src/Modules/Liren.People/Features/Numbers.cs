using System.Globalization;
using System.Security.Cryptography;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Adds an identity document. A number that somebody else has is refused.</summary>
[Needs("people.edit")]
internal sealed class AddIdentifier(PeopleDb db, PersonAccess access, Sealer sealer) : IFeature
{
    public sealed record Request(IdentifierKind? Kind, string IdNo);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/persons/{id:guid}/identifiers", (Guid id, Request request, AddIdentifier feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task<Guid> RunAsync(Guid id, Request request, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Edit, stop);
        var document = Checked.Document(request.Kind, request.IdNo, access.Today);
        Rule.Require(document is not null, CitizenId.Length, "idNo");
        var value = sealer.Identifier(id, document!.Kind, document.Number);
        Rule.Require(!await db.Identifiers.AnyAsync(i => i.Hash == value.Hash && i.Kind == document.Kind && i.PersonId != id, stop), "people.id-taken", "idNo");
        Rule.Require(document.Citizen is not { } c || ((person.Sex ?? Checked.SexOf(c)) == Checked.SexOf(c) && (person.BirthDate ?? c.Birth) == c.Birth), "people.id-differs-details", "idNo");
        var added = person.AddIdentifier(document.Kind, value, access.Now);
        if (document.Citizen is { } told) person.Edit(person.Name, Checked.SexOf(told), told.Birth, access.Now);
        await db.SaveChangesAsync(stop);
        return added.Id;
    }
}

/// <summary>Takes a document off a person: wrongly entered, or given back.</summary>
[Needs("people.edit")]
internal sealed class RemoveIdentifier(PeopleDb db, PersonAccess access) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/persons/{id:guid}/identifiers/{identifier:guid}", (Guid id, Guid identifier, RemoveIdentifier feature, CancellationToken stop) => feature.RunAsync(id, identifier, stop));

    public async Task RunAsync(Guid id, Guid identifier, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Edit, stop);
        person.RemoveIdentifier(identifier, access.Now);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Adds a telephone.</summary>
[Needs("people.edit")]
internal sealed class AddContact(PeopleDb db, PersonAccess access, Sealer sealer) : IFeature
{
    public sealed record Request(string Phone);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/persons/{id:guid}/contacts", (Guid id, Request request, AddContact feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task<Guid> RunAsync(Guid id, Request request, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Edit, stop);
        var phone = Checked.Phone(request.Phone);
        Rule.Require(phone is not null, PhoneNumber.Shape, "phone");
        var number = phone!.Value;
        var added = person.AddContact(number.IsMobile ? ContactKind.Mobile : ContactKind.Landline, sealer.Phone(id, number.Value), sealer.TailHash(number.Value), access.Now);
        await db.SaveChangesAsync(stop);
        return added.Id;
    }
}

/// <summary>Takes a telephone off a person.</summary>
[Needs("people.edit")]
internal sealed class RemoveContact(PeopleDb db, PersonAccess access) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/persons/{id:guid}/contacts/{contact:guid}", (Guid id, Guid contact, RemoveContact feature, CancellationToken stop) => feature.RunAsync(id, contact, stop));

    public async Task RunAsync(Guid id, Guid contact, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Edit, stop);
        person.RemoveContact(contact, access.Now);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>
/// Makes a code that the worker says over this telephone and the resident reads back: nothing else shows that a number written on paper
/// reaches the person. Any call or message channel will do, and none is needed beside a telephone.
/// </summary>
[Needs("people.edit")]
internal sealed class AskContactCode(PeopleDb db, PersonAccess access, Sealer sealer) : IFeature
{
    public sealed record Response(string Code, DateTimeOffset Until);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/persons/{id:guid}/contacts/{contact:guid}/code", (Guid id, Guid contact, AskContactCode feature, CancellationToken stop) => feature.RunAsync(id, contact, stop));

    public async Task<Response> RunAsync(Guid id, Guid contact, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Edit, stop);
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        person.Contact(contact).Ask(sealer.CodeHash(contact, code), access.Now);
        await db.SaveChangesAsync(stop);
        return new(code, access.Now + ContactPoint.CodeLives);
    }
}

/// <summary>Takes the code as it was read back; the telephone is then verified.</summary>
[Needs("people.edit")]
internal sealed class VerifyContact(PeopleDb db, PersonAccess access, Sealer sealer) : IFeature
{
    public sealed record Request(string Code);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/persons/{id:guid}/contacts/{contact:guid}/verify", (Guid id, Guid contact, Request request, VerifyContact feature, CancellationToken stop) => feature.RunAsync(id, contact, request, stop));

    public async Task RunAsync(Guid id, Guid contact, Request request, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Edit, stop);
        var right = person.Contact(contact).Answer(sealer.CodeHash(contact, CellText.WithoutBlanks(CellText.Fold(request.Code))), Actor.Current.Name, access.Now);
        if (right) person.ContactVerified(access.Now);
        // A wrong code counts, so it is saved too.
        await db.SaveChangesAsync(stop);
        Rule.Require(right, "people.code-wrong", "code");
    }
}
