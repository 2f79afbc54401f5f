using System.Globalization;
using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>People, for other modules: checked, masked and logged like any other read.</summary>
internal sealed class PersonDirectory(PeopleDb db, PersonAccess access, IAccessLog log) : IPersonDirectory, IRoomOccupancy
{
    public async Task<PersonCard?> FindAsync(Guid id, string purpose, CancellationToken cancellation = default)
    {
        var person = await db.Persons.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellation);
        if (person is null) return null;
        var places = await access.PlacesOfAsync(person, cancellation);
        var (allowed, plain) = (PersonAccess.May(PersonAccess.Read, places), PersonAccess.May(PersonAccess.Plain, places));
        await log.RecordAsync([new(id, purpose, "name,home", allowed ? plain ? "plain" : "masked" : "exists", allowed)], cancellation);
        return allowed ? new(id, plain ? person.Name : Mask.Name(person.Name), person.HomePath) : null;
    }

    public Task<int> CountResidentsAsync(string place, CancellationToken cancellation = default) =>
        db.Current(access.Today).Where(o => o.Lives).WhereWithin(o => o.RoomPath, [place]).Select(o => o.PersonId).Distinct().CountAsync(cancellation);

    public async Task<IReadOnlyDictionary<string, int>> ResidentsPerRoomAsync(string place, CancellationToken cancellation = default) =>
        await db.Current(access.Today).Where(o => o.Lives).WhereWithin(o => o.RoomPath, [place]).GroupBy(o => o.RoomPath)
            .Select(g => new { Room = g.Key, Residents = g.Select(o => o.PersonId).Distinct().Count() }).ToDictionaryAsync(g => g.Room, g => g.Residents, cancellation);
}

/// <summary>People in the global search, by name, room, telephone or document. What is shown is a read, so it is logged.</summary>
internal sealed class SearchPersons(PeopleDb db, PersonAccess access, PersonSearch search, RoomNames names, IAccessLog log) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int take, CancellationToken cancellation)
    {
        var scopes = Actor.Current.ScopesFor(PersonAccess.Read);
        if (scopes.Count == 0) return [];
        var present = access.Within(db.Persons.AsNoTracking(), scopes).Where(p => p.State == PersonState.Present);
        var found = await (await search.MatchAsync(present, text, scopes, cancellation)).OrderBy(p => p.HomePath).ThenBy(p => p.Id).Take(take).ToListAsync(cancellation);
        var hits = found.Select(p => (Person: p, Home: p.HomePath is { } h && Actor.Current.May(PersonAccess.Read, h) ? h : null, Plain: p.HomePath is { } home && Actor.Current.May(PersonAccess.Plain, home))).ToList();
        var rooms = await names.OfAsync(hits.Select(h => h.Home), cancellation);
        await log.RecordAsync([.. hits.Select(h => new AccessEntry(h.Person.Id, Purpose.Current ?? PagePurpose.Of(Actor.Current), "name,home", h.Plain ? "plain" : "masked"))], cancellation);
        return [.. hits.Select(h => new SearchHit("search.person", h.Plain ? h.Person.Name : Mask.Name(h.Person.Name), h.Home is null ? "" : rooms[h.Home], $"/people/{h.Person.Id}"))];
    }
}

/// <summary>How many people and households there are: counts, no personal data.</summary>
internal sealed class PeopleTiles(PeopleDb db, PersonAccess access, Texts texts) : IHomeTiles
{
    public IReadOnlyList<TileOffer> Offers { get; } = [new("people.tile.residents", PersonAccess.Read), new("people.tile.households", PersonAccess.Read)];

    public async Task<IReadOnlyList<Tile>> TilesAsync(string place, CancellationToken cancellation)
    {
        var scopes = Actor.Current.ScopesFor(PersonAccess.Read);
        if (scopes.Count == 0) return [];
        var living = db.Current(access.Today).Where(o => o.Lives).WhereWithin(o => o.RoomPath, scopes).WhereWithin(o => o.RoomPath, [place]);
        var households = db.Households.Where(h => h.Until == null).WhereWithin(h => h.RoomPath, scopes).WhereWithin(h => h.RoomPath, [place]);
        var people = await living.Select(o => o.PersonId).Distinct().CountAsync(cancellation);
        var lived = await living.Select(o => o.RoomPath).Distinct().CountAsync(cancellation);
        return
        [
            new("people.tile.residents", people.ToString("N0", CultureInfo.InvariantCulture), texts["people.tile.residents-detail", lived], "/people"),
            new("people.tile.households", (await households.CountAsync(cancellation)).ToString("N0", CultureInfo.InvariantCulture), null, "/people/households"),
        ];
    }
}

/// <summary>Purpose of a look when a page does not ask: what the person's work is.</summary>
internal static class PagePurpose
{
    public static string Of(Actor actor) =>
        actor.May(PersonAccess.Tags) ? Purposes.CommunityService : actor.May(PersonAccess.Edit) ? Purposes.PropertyService : Purposes.CommunityService;
}
