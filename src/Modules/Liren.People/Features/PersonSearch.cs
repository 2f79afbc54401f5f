using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>
/// Finds people by what is known of them: a whole document or telephone number (by its keyed hash, never by comparing the number itself),
/// the last four digits, a room as people write it, or part of the name.
/// </summary>
internal sealed class PersonSearch(PeopleDb db, PersonAccess access, Sealer sealer, IPlaceDirectory places)
{
    /// <summary>Rooms and buildings taken from one search text.</summary>
    private const int MostPlaces = 60;

    /// <summary>Those of the persons whom the text means.</summary>
    public async Task<IQueryable<Person>> MatchAsync(IQueryable<Person> persons, string text, IReadOnlyCollection<string> scopes, CancellationToken stop)
    {
        if (DocumentNumber.Read(null, text, access.Today).Value is { } document)
        {
            // A short number may be a passport or a permit; the letters do not say which.
            var hashes = Enum.GetValues<IdentifierKind>().Select(k => sealer.IdentifierHash(k, document.Number)).ToList();
            return persons.Where(p => db.Identifiers.Any(i => i.PersonId == p.Id && hashes.Contains(i.Hash)));
        }
        if (PhoneNumber.Read(text).Value is { } phone)
        {
            var hash = sealer.PhoneHash(phone.Value);
            return persons.Where(p => db.Contacts.Any(c => c.PersonId == p.Id && c.Hash == hash));
        }
        var byName = persons.Where(p => p.Name.Contains(text));
        if (!text.Any(char.IsDigit) && !text.EndsWith('楼')) return byName;
        var rooms = (await places.SearchAsync(text, scopes, MostPlaces, stop)).Where(c => c.Kind is PlaceKind.Building or PlaceKind.Unit or PlaceKind.Room).Select(c => c.Path).ToList();
        if (text.Length == 4 && text.All(char.IsAsciiDigit) && sealer.TailHash("0000000" + text) is { } tail)
        {
            var owners = db.Contacts.Where(c => c.TailHash == tail).Select(c => c.PersonId);
            if (rooms.Count > 0) owners = owners.Union(access.Within(db.Persons, rooms).Select(p => p.Id));
            return persons.Where(p => owners.Contains(p.Id));
        }
        return rooms.Count > 0 ? access.Within(persons, rooms) : byName;
    }
}
