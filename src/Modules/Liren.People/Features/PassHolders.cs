using Liren.Contracts.People;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>People as a pass shows them: always masked, whoever asks. Each is logged.</summary>
internal sealed class PassHolders(PeopleDb db, PersonAccess access, PersonSearch search, RoomNames names, IAccessLog log) : IPassHolders
{
    private const string Fields = "name,idTail,home";

    public async Task<PassHolder?> FindAsync(Guid person, string purpose, CancellationToken cancellation = default)
    {
        if (await db.Persons.AsNoTracking().SingleOrDefaultAsync(p => p.Id == person, cancellation) is not { } found) return null;
        var allowed = PersonAccess.May(PersonAccess.Read, await access.PlacesOfAsync(found, cancellation));
        await log.RecordAsync([new(person, purpose, Fields, allowed ? "masked" : "exists", allowed)], cancellation);
        return allowed ? Of(found, await names.OfAsync([found.HomePath], cancellation)) : null;
    }

    public async Task<IReadOnlyList<PassHolder>> SearchAsync(string text, int take, string purpose, CancellationToken cancellation = default)
    {
        var scopes = Actor.Current.ScopesFor(PersonAccess.Read);
        if (scopes.Count == 0) return [];
        var present = access.Within(db.Persons.AsNoTracking(), scopes).Where(p => p.State == PersonState.Present && p.HomePath != null);
        var found = await (await search.MatchAsync(present, text, scopes, cancellation)).OrderBy(p => p.HomePath).ThenBy(p => p.Id).Take(take).ToListAsync(cancellation);
        await log.RecordAsync([.. found.Select(p => new AccessEntry(p.Id, purpose, Fields, "masked"))], cancellation);
        var rooms = await names.OfAsync(found.Select(p => p.HomePath), cancellation);
        return [.. found.Select(p => Of(p, rooms))];
    }

    public async Task<PassHolder?> SelfAsync(Guid person, CancellationToken cancellation = default)
    {
        if (await PresentAsync(person, cancellation) is not { } self) return null;
        await log.RecordAsync([new(person, Purposes.DataSubject, Fields, "masked")], cancellation);
        return Of(self, await names.OfAsync([self.HomePath], cancellation));
    }

    public async Task<IReadOnlyList<PassHolder>> HouseholdAsync(Guid person, CancellationToken cancellation = default)
    {
        if (await PresentAsync(person, cancellation) is not { } self) return [];
        var members = new List<Person> { self };
        if (self.HomePath is { } home)
        {
            var here = await db.Current(access.Today).Where(o => o.Lives && o.RoomPath == home).Select(o => new { o.PersonId, o.HouseholdId }).ToListAsync(cancellation);
            // Flatmates share a room, not a household.
            var household = here.FirstOrDefault(o => o.PersonId == person)?.HouseholdId;
            var ids = here.Where(o => o.HouseholdId == household && o.PersonId != person).Select(o => o.PersonId).ToList();
            members.AddRange(await db.Persons.AsNoTracking().Where(p => ids.Contains(p.Id) && p.State == PersonState.Present).OrderBy(p => p.Id).ToListAsync(cancellation));
        }
        await log.RecordAsync([.. members.Select(p => new AccessEntry(p.Id, Purposes.DataSubject, Fields, "masked"))], cancellation);
        var rooms = await names.OfAsync([self.HomePath], cancellation);
        return [.. members.Select(p => Of(p, rooms))];
    }

    public async Task<IReadOnlyList<PassHolder>> LivingAtAsync(string place, string purpose, CancellationToken cancellation = default)
    {
        Actor.Current.Require(PersonAccess.Read, place);
        var living = db.Current(access.Today).Where(o => o.Lives).WhereWithin(o => o.RoomPath, [place]).Select(o => o.PersonId);
        var persons = await db.Persons.AsNoTracking().Where(p => p.State == PersonState.Present && living.Contains(p.Id)).OrderBy(p => p.HomePath).ThenBy(p => p.Id).ToListAsync(cancellation);
        await log.RecordAsync([.. persons.Select(p => new AccessEntry(p.Id, purpose, Fields, "masked"))], cancellation);
        var rooms = await names.OfAsync(persons.Select(p => p.HomePath), cancellation);
        return [.. persons.Select(p => Of(p, rooms))];
    }

    private Task<Person?> PresentAsync(Guid person, CancellationToken cancellation) => db.Persons.AsNoTracking().SingleOrDefaultAsync(p => p.Id == person && p.State == PersonState.Present, cancellation);

    // The masked number keeps its last four characters: exactly what a pass shows.
    private static PassHolder Of(Person person, IReadOnlyDictionary<string, string> rooms) =>
        new(person.Id, Mask.Name(person.Name), person.IdMasked is { Length: >= 8 } id ? id[^4..] : null, person.HomePath, person.HomePath is { } home ? WithoutCompound(rooms[home]) : null);

    // A pass names its compound apart.
    private static string WithoutCompound(string room) => room.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 ? room[(space + 1)..] : room;
}
