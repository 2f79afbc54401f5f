using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Notes tags about somebody who agreed: who said so, by what means, for which purpose, until when.</summary>
[Needs("people.tags")]
internal sealed class GiveConsent(PeopleDb db, PersonAccess access) : IFeature
{
    public sealed record Request(IReadOnlyList<string> Tags, string Purpose, string GivenBy, string Means, string? Reference, DateOnly? GivenOn, DateOnly Until);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/persons/{id:guid}/consents", (Guid id, Request request, GiveConsent feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task<Guid> RunAsync(Guid id, Request request, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Tags, stop);
        await access.RequireAsync(id, PersonAccess.Edit, await access.PlacesOfAsync(person, stop), stop);
        Rule.State(person.State == PersonState.Present, "people.gone");
        var wanted = (request.Tags ?? []).Distinct().ToList();
        Rule.Require(wanted.Count > 0, "people.no-tags", "tags");
        var known = await db.TagKinds.Where(t => wanted.Contains(t.Code)).Select(t => t.Code).ToListAsync(stop);
        Rule.Require(known.Count == wanted.Count, "people.unknown-tag", "tags", wanted.Except(known).FirstOrDefault() ?? "");
        var held = await db.TagsThatHold(access.Today).Where(t => t.PersonId == id && wanted.Contains(t.Tag)).AnyAsync(stop);
        Rule.State(!held, "people.tag-already");
        var consent = Consent.Give(id, request.Purpose, request.GivenBy, request.Means, request.Reference, request.GivenOn ?? access.Today, request.Until, person.BirthDate, Actor.Current.Name, person.HomePath, access.Now);
        db.Add(consent);
        // What an expired consent left behind makes room.
        db.RemoveRange(await db.Tags.Where(t => t.PersonId == id && wanted.Contains(t.Tag)).ToListAsync(stop));
        foreach (var tag in wanted) db.Add(new PersonTag { PersonId = id, Tag = tag, ConsentId = consent.Id, AddedAt = access.Now });
        await db.SaveChangesAsync(stop);
        return consent.Id;
    }
}

/// <summary>Takes a consent back: its tags are gone from every list, search and file with the same commit. The consent itself stays as proof, without them.</summary>
[Needs("people.tags")]
internal sealed class WithdrawConsent(PeopleDb db, PersonAccess access) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/persons/{id:guid}/consents/{consent:guid}/withdraw", (Guid id, Guid consent, WithdrawConsent feature, CancellationToken stop) => feature.RunAsync(id, consent, stop));

    public async Task RunAsync(Guid id, Guid consent, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Tags, stop);
        var row = Rule.Found(await db.Consents.SingleOrDefaultAsync(c => c.Id == consent && c.PersonId == id, stop), "people.no-consent");
        row.Withdraw(person.HomePath, access.Now);
        db.RemoveRange(await db.Tags.Where(t => t.ConsentId == consent).ToListAsync(stop));
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Takes one tag off that no longer applies; the consent goes on for the others.</summary>
[Needs("people.tags")]
internal sealed class RemoveTag(PeopleDb db, PersonAccess access) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/persons/{id:guid}/tags/{tag}", (Guid id, string tag, RemoveTag feature, CancellationToken stop) => feature.RunAsync(id, tag, stop));

    public async Task RunAsync(Guid id, string tag, CancellationToken stop)
    {
        await access.FindAsync(id, PersonAccess.Tags, stop);
        db.Remove(Rule.Found(await db.Tags.SingleOrDefaultAsync(t => t.PersonId == id && t.Tag == tag, stop), "people.no-tag"));
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Deletes tags whose consent has run out: hidden at once, gone within a day.</summary>
internal sealed class ForgetExpiredTags(PeopleDb db, PersonAccess access) : IJob
{
    public string Name => "people.forget-expired-tags";

    public TimeSpan Every => TimeSpan.FromHours(6);

    public Task RunAsync(CancellationToken cancellation)
    {
        var today = access.Today;
        var over = db.Consents.Where(c => c.Until <= today || c.WithdrawnAt != null).Select(c => c.Id);
        return db.Tags.Where(t => over.Contains(t.ConsentId)).ExecuteDeleteAsync(cancellation);
    }
}
