using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Who may see and change whom: everybody is seen from the places they live in or hold, and from their last home once they have left.</summary>
internal sealed class PersonAccess(PeopleDb db, IAccessLog log, TimeProvider clock)
{
    /// <summary>Names in full, and numbers on request; text key "permission.people.plain".</summary>
    public const string Read = "people.read", Plain = "people.plain", Edit = "people.edit", Tags = "people.tags", Erase = "people.erase";

    public DateTimeOffset Now => clock.GetUtcNow();

    public DateOnly Today => Days.Of(Now);

    /// <summary>Persons of the places, living or holding a room there.</summary>
    public IQueryable<Person> Within(IQueryable<Person> persons, IReadOnlyCollection<string> places)
    {
        if (places.Contains(PlacePath.Root)) return persons;
        var holders = db.Current(Today).WhereWithin(o => o.RoomPath, places).Select(o => o.PersonId);
        var seen = db.Persons.WhereWithin(p => p.HomePath, places).Select(p => p.Id).Union(holders);
        return persons.Where(p => seen.Contains(p.Id));
    }

    /// <summary>Places from which a person is seen.</summary>
    public async Task<IReadOnlyList<string>> PlacesOfAsync(Person person, CancellationToken stop)
    {
        var rooms = await db.Current(Today).Where(o => o.PersonId == person.Id).Select(o => o.RoomPath).ToListAsync(stop);
        return person.HomePath is { } home ? [home, .. rooms] : rooms;
    }

    /// <summary>The person, tracked, with documents and telephones, for somebody who may do this there; a refusal is logged too.</summary>
    public async Task<Person> FindAsync(Guid id, string permission, CancellationToken stop)
    {
        var person = Rule.Found(await db.Persons.Include(p => p.Identifiers).Include(p => p.Contacts).AsSplitQuery().SingleOrDefaultAsync(p => p.Id == id, stop), "people.no-person");
        await RequireAsync(person.Id, permission, await PlacesOfAsync(person, stop), stop);
        return person;
    }

    /// <summary>Throws, and logs the refusal, unless it may be done at one of the places.</summary>
    public async Task RequireAsync(Guid person, string permission, IReadOnlyList<string> places, CancellationToken stop)
    {
        if (May(permission, places)) return;
        await log.RecordAsync([new(person, Purpose.Current ?? Purposes.RegisterKeeping, permission, "exists", Allowed: false)], stop);
        throw new RuleBrokenException("sdk.not-allowed", null, 403, permission, places.Count > 0 ? places[0] : PlacePath.Root);
    }

    /// <summary>May be done at one of the places; where somebody has no place at all, everywhere is needed.</summary>
    public static bool May(string permission, IReadOnlyList<string> places) =>
        places.Count == 0 ? Actor.Current.May(permission, PlacePath.Root) : places.Any(p => Actor.Current.May(permission, p));

    /// <summary>Writes the reads of one answer into the access log: one entry for each person.</summary>
    public ValueTask RecordAsync(IEnumerable<(Guid Person, bool Plain)> read, string fields, bool export, CancellationToken stop) =>
        log.RecordAsync([.. read.Select(r => new AccessEntry(r.Person, Purpose.Required, fields, export ? "export" : r.Plain ? "plain" : "masked"))], stop);
}
