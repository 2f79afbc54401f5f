using Liren.Contracts.Identity;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Everything the register knows of one person (居民档案), as far as one's places go; numbers masked.</summary>
[Needs("people.read"), PersonalData]
internal sealed class ShowFile(PeopleDb db, PersonAccess access, RoomNames names, IPersonAccounts accounts) : IFeature
{
    public sealed record IdentifierRow(Guid Id, IdentifierKind Kind, string Masked, DateTimeOffset AddedAt);
    public sealed record ContactRow(Guid Id, ContactKind Kind, string Masked, DateTimeOffset? VerifiedAt, string? VerifiedBy);
    public sealed record OccupancyRow(Guid Id, string RoomPath, string Room, OccupancyKind Kind, bool Lives, string? Share, DateOnly Since, DateOnly? Until, string? Evidence, string? EvidenceRef,
        Guid? HouseholdId, Relation? Relation, bool Head, bool Current, int Version);
    public sealed record TagRow(string Tag, Guid ConsentId);
    public sealed record ConsentRow(Guid Id, string Purpose, string GivenBy, string Means, string? Reference, DateOnly GivenOn, DateOnly Until, DateTimeOffset? WithdrawnAt, bool Holds, string RecordedBy);
    /// <summary>What the caller may do with this person.</summary>
    public sealed record Rights(bool Plain, bool Edit, bool Tags, bool Erase);
    public sealed record Response(Guid Id, int Version, string Name, Sex? Sex, DateOnly? BirthDate, int? Age, string? HomePath, string Home, PersonState State, DateOnly? StateSince, string Source, DateTimeOffset CreatedAt,
        IReadOnlyList<IdentifierRow> Identifiers, IReadOnlyList<ContactRow> Contacts, IReadOnlyList<OccupancyRow> Occupancies, int Elsewhere,
        IReadOnlyList<TagRow> Tags, IReadOnlyList<ConsentRow> Consents, string? Account, Rights May);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/persons/{id:guid}/file", (Guid id, ShowFile feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var p = await access.FindAsync(id, PersonAccess.Read, stop);
        var places = await access.PlacesOfAsync(p, stop);
        var may = new Rights(PersonAccess.May(PersonAccess.Plain, places), PersonAccess.May(PersonAccess.Edit, places), PersonAccess.May(PersonAccess.Tags, places), PersonAccess.May(PersonAccess.Erase, places));
        var today = access.Today;
        var all = await db.Occupancies.AsNoTracking().Where(o => o.PersonId == id).ToListAsync(stop);
        // What somebody holds in other places is not for the workers of this one.
        var here = all.Where(o => Actor.Current.May(PersonAccess.Read, o.RoomPath)).OrderByDescending(o => o.IsCurrent(today)).ThenByDescending(o => o.Lives).ThenByDescending(o => o.Since).ToList();
        var home = p.HomePath is { } path && Actor.Current.May(PersonAccess.Read, path) ? path : here.FirstOrDefault()?.RoomPath;
        var rooms = await names.OfAsync(here.Select(o => o.RoomPath).Append(home), stop);
        var heads = await db.Households.AsNoTracking().Where(h => h.HeadId == id && h.Until == null).Select(h => h.Id).ToListAsync(stop);
        var (tags, consents) = may.Tags ? await TagsAsync(id, today, stop) : ([], []);
        await access.RecordAsync([(id, may.Plain)], "name,sex,birthDate,home,phone.masked,idNo.masked,occupancies" + (may.Tags ? ",tags,consents" : ""), false, stop);
        return new(p.Id, p.Version, may.Plain ? p.Name : Mask.Name(p.Name), p.Sex, may.Plain ? p.BirthDate : null, p.BirthDate is { } birth ? Days.Age(birth, today) : null, home, home is null ? "" : rooms[home],
            p.State, p.StateSince, p.Source, p.CreatedAt,
            [.. p.Identifiers.OrderBy(i => i.Kind).Select(i => new IdentifierRow(i.Id, i.Kind, i.Masked, i.AddedAt))],
            [.. p.Contacts.OrderBy(c => c.AddedAt).Select(c => new ContactRow(c.Id, c.Kind, c.Masked, c.VerifiedAt, c.VerifiedBy))],
            [.. here.Select(o => new OccupancyRow(o.Id, o.RoomPath, rooms[o.RoomPath], o.Kind, o.Lives, o.Share?.ToString(), o.Since, o.Until, o.Evidence, o.EvidenceRef, o.HouseholdId, o.Relation,
                o.HouseholdId is { } household && heads.Contains(household), o.IsCurrent(today), o.Version))],
            all.Count(o => o.IsCurrent(today)) - here.Count(o => o.IsCurrent(today)), tags, consents,
            may.Edit ? (await accounts.OfPersonAsync(id, stop))?.UserName : null, may);
    }

    private async Task<(IReadOnlyList<TagRow> Tags, IReadOnlyList<ConsentRow> Consents)> TagsAsync(Guid id, DateOnly today, CancellationToken stop)
    {
        var tags = await db.TagsThatHold(today).Where(t => t.PersonId == id).Select(t => new { t.Tag, t.ConsentId }).ToListAsync(stop);
        var consents = await db.Consents.AsNoTracking().Where(c => c.PersonId == id).OrderByDescending(c => c.RecordedAt).ToListAsync(stop);
        return ([.. tags.Select(t => new TagRow(t.Tag, t.ConsentId))],
            [.. consents.Select(c => new ConsentRow(c.Id, c.Purpose, c.GivenBy, c.Means, c.Reference, c.GivenOn, c.Until, c.WithdrawnAt, c.Holds(today), c.RecordedBy))]);
    }
}

/// <summary>Numbers of documents and telephones in full, for a stated purpose; each such look is in the person's access log as plain.</summary>
[Needs("people.plain"), PersonalData]
internal sealed class RevealPerson(PersonAccess access, Sealer sealer) : IFeature
{
    public sealed record Value(Guid Id, string Plain);
    public sealed record Response(IReadOnlyList<Value> Identifiers, IReadOnlyList<Value> Contacts);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/persons/{id:guid}/reveal", async (Guid id, Microsoft.AspNetCore.Http.HttpContext http, RevealPerson feature, CancellationToken stop) =>
    {
        http.Response.Headers.CacheControl = "no-store";
        return await feature.RunAsync(id, stop);
    });

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var person = await access.FindAsync(id, PersonAccess.Plain, stop);
        await access.RecordAsync([(id, true)], "phone,idNo", false, stop);
        return new([.. person.Identifiers.Select(i => new Value(i.Id, sealer.Open(i)))], [.. person.Contacts.Select(c => new Value(c.Id, sealer.Open(c)))]);
    }
}

/// <summary>谁看过: who read this person's data, for a resident who asks at the desk. Looking it up is a read too.</summary>
[Needs("people.edit"), PersonalData]
internal sealed class ShowWhoLooked(PersonAccess access, IAccessHistory history) : IFeature
{
    private const int Most = 200;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/persons/{id:guid}/access", (Guid id, ShowWhoLooked feature, CancellationToken stop) => feature.RunAsync(id, stop));

    /// <summary>The latest reads, newest first.</summary>
    public async Task<IReadOnlyList<AccessLine>> RunAsync(Guid id, CancellationToken stop)
    {
        await access.FindAsync(id, PersonAccess.Edit, stop);
        var lines = await history.OfAsync(id, Most, stop);
        await access.RecordAsync([(id, true)], "access-log", false, stop);
        return lines;
    }
}
