using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>What became of a row.</summary>
/// <param name="Row">The row, with its problems and notes.</param>
/// <param name="Outcome">Added, changed, unchanged or refused.</param>
/// <param name="PersonId">Whom it is about.</param>
/// <param name="Met">A person of the register whom a refused row has met: that is a disclosure.</param>
internal sealed record RowResult(RosterRow Row, RowOutcome Outcome, Guid? PersonId, Guid? Met = null);

/// <summary>
/// Lays a chunk of understood rows over the register. Who is meant: the number of the document first, else the name in that room. Nothing is
/// saved here, so that a preview is the same code as the run.
/// </summary>
/// <param name="db">A context of this chunk's own.</param>
/// <param name="sealer">Encrypts and hashes.</param>
/// <param name="mapping">How the sheet is read.</param>
/// <param name="rooms">Paths of the rooms.</param>
/// <param name="seen">Documents met in earlier chunks of a preview, which has not saved them.</param>
/// <param name="actor">Who imports, for consents.</param>
/// <param name="now">The time.</param>
internal sealed class RegisterRows(PeopleDb db, Sealer sealer, RosterMapping mapping, IReadOnlyDictionary<RoomName, string> rooms, HashSet<string>? seen, string actor, DateTimeOffset now)
{
    private readonly DateOnly today = Days.Of(now);
    private readonly Dictionary<string, Person> byDocument = [];
    private readonly Dictionary<Guid, Person> persons = [];
    private readonly Dictionary<string, List<Occupancy>> ofRoom = [];
    private readonly Dictionary<Guid, List<Occupancy>> ofPerson = [];
    private readonly Dictionary<string, Household> households = [];
    private readonly Dictionary<Guid, HashSet<string>> tags = [];

    /// <summary>Applies the good rows of one chunk in order. Rows of one room must be in one chunk, its head first.</summary>
    public async Task<IReadOnlyList<RowResult>> ApplyAsync(IReadOnlyList<RosterRow> rows, CancellationToken stop)
    {
        await LoadAsync(rows, stop);
        var results = new List<RowResult>(rows.Count);
        foreach (var row in rows)
        {
            try { results.Add(Apply(row)); }
            // A rule of the register that reading a roster does not know beforehand: it names the row like any other reason.
            catch (RuleBrokenException rule) { results.Add(Refuse(row, null, rule.Code)); }
        }
        return results;
    }

    private async Task LoadAsync(IReadOnlyList<RosterRow> rows, CancellationToken stop)
    {
        var hashes = rows.Where(r => r.IdNumber is not null).Select(r => sealer.IdentifierHash(r.IdKind, r.IdNumber!)).ToList();
#pragma warning disable CA1309 // Becomes SQL; both databases compare paths byte by byte.
        // A chunk is a range of paths: two parameters instead of hundreds, and the same statement every time.
        var paths = rows.Select(r => rooms[r.Room]).Order(StringComparer.Ordinal).ToList();
        var (first, last) = (paths[0], paths[^1]);
        var ids = (await db.Identifiers.AsNoTracking().Where(i => EF.Parameter(hashes).Contains(i.Hash)).Select(i => i.PersonId).ToListAsync(stop)).ToHashSet();
        ids.UnionWith(await db.Occupancies.Where(o => string.Compare(o.RoomPath, first) >= 0 && string.Compare(o.RoomPath, last) <= 0).Select(o => o.PersonId).ToListAsync(stop));
        if (ids.Count > 0)
        {
            var list = ids.ToList();
            foreach (var person in await db.Persons.Include(p => p.Identifiers).Include(p => p.Contacts).Where(p => EF.Parameter(list).Contains(p.Id)).AsSplitQuery().ToListAsync(stop)) Know(person);
            foreach (var occupancy in await db.Occupancies.Where(o => EF.Parameter(list).Contains(o.PersonId)).ToListAsync(stop)) Know(occupancy);
            if (rows.Any(r => r.Tags.Count > 0))
                foreach (var tag in await db.TagsThatHold(today).AsNoTracking().Where(t => EF.Parameter(list).Contains(t.PersonId)).ToListAsync(stop)) Of(tags, tag.PersonId).Add(tag.Tag);
        }
        foreach (var household in await db.Households.Where(h => h.Until == null && string.Compare(h.RoomPath, first) >= 0 && string.Compare(h.RoomPath, last) <= 0).ToListAsync(stop)) households[household.RoomPath] = household;
#pragma warning restore CA1309
    }

    private void Know(Person person)
    {
        persons[person.Id] = person;
        foreach (var identifier in person.Identifiers) byDocument[Key(identifier.Kind, identifier.Hash)] = person;
    }

    private void Know(Occupancy occupancy)
    {
        Of(ofRoom, occupancy.RoomPath).Add(occupancy);
        Of(ofPerson, occupancy.PersonId).Add(occupancy);
    }

    private RowResult Apply(RosterRow row)
    {
        var path = rooms[row.Room];
        var document = row.IdNumber is null ? null : sealer.IdentifierHash(row.IdKind, row.IdNumber);
        var (person, problem, field, met) = Find(row, path, document);
        if (problem is not null) return Refuse(row, field, problem, met);
        if (Conflict(row, path, person) is var (code, at)) return Refuse(row, at, code);
        return person is null ? Register(row, path, document) : Update(row, path, document, person);
    }

    private (Person? Person, string? Problem, RosterField? Field, Guid? Met) Find(RosterRow row, string path, byte[]? document)
    {
        if (document is not null && byDocument.TryGetValue(Key(row.IdKind, document), out var known))
            return SameName(known.Name, row.Name) ? (known, null, null, null) : (null, "people.id-other-person", RosterField.IdNumber, known.Id);
        var inRoom = Of(ofRoom, path).Select(o => o.PersonId).Distinct().Select(id => persons[id]).ToList();
        var named = inRoom.Where(p => KeyOf(p.Name) == row.Name.Key).ToList();
        if (document is not null)
        {
            var other = named.FirstOrDefault(p => p.Identifiers.Any(i => i.Kind == row.IdKind));
            named.RemoveAll(p => p.Identifiers.Any(i => i.Kind == row.IdKind));
            if (named.Count == 0 && other is not null) return (null, "people.id-differs", RosterField.IdNumber, other.Id);
        }
        if (named.Count > 1) return (null, "people.person-ambiguous", RosterField.Name, named[0].Id);
        if (named.Count == 1) return (named[0], null, null, null);
        // 李先生 of this room is known by his telephone.
        if (row.Phones.Count == 0 || !inRoom.Exists(p => row.NameIncomplete || IsIncomplete(p.Name))) return default;
        var hashes = row.Phones.Select(p => sealer.PhoneHash(p.Value)).ToList();
        return (inRoom.Find(p => SameName(p.Name, row.Name) && p.Contacts.Any(c => hashes.Exists(h => h.AsSpan().SequenceEqual(c.Hash)))), null, null, null);
    }

    // What would break a rule of the room, asked before anything is changed.
    private (string Code, RosterField? Field)? Conflict(RosterRow row, string path, Person? person)
    {
        if (row.Tags.Count > 0 && (row.BirthDate ?? person?.BirthDate) is { } born && Days.Age(born, today) < 14) return ("people.consent-guardian", RosterField.Tags);
        if (row.Until is { } until)
            return person is not null && Of(ofPerson, person.Id).Find(o => o.RoomPath == path && o.Until is null) is { } held && until < (row.Since ?? held.Since) ? ("people.until-before-since", RosterField.Until) : null;
        if (row.IsHead && households.TryGetValue(path, out var household) && household.HeadId != person?.Id) return ("people.head-other", RosterField.Relation);
        if (row.Share is not { } share) return null;
        var others = Of(ofRoom, path).Where(o => o.Owns && o.IsCurrent(today) && o.PersonId != person?.Id).Select(o => o.Share).OfType<Share>();
        return Share.Fit(others.Append(share)) ? null : ("people.share-sum", RosterField.Share);
    }

    private RowResult Register(RosterRow row, string path, byte[]? document)
    {
        var id = Guid.CreateVersion7();
        var person = Person.Register(new(id, row.Name.Value, row.Sex, row.BirthDate, "import"), now, announce: false);
        var occupancy = Occupancy.Begin(id, Draft(row, path, null), now, announce: false);
        if (row.Until is { } until) occupancy.End(until, now, announce: false);
        if (row.IdNumber is not null) person.AddIdentifier(row.IdKind, sealer.Identifier(id, row.IdKind, row.IdNumber), now, announce: false);
        foreach (var phone in row.Phones) AddPhone(person, phone);
        // Met in an earlier chunk of a preview: there it was added, here only the room is.
        var before = document is not null && seen?.Add(Key(row.IdKind, document)) == false;
        db.Add(person);
        db.Add(occupancy);
        Know(person);
        Know(occupancy);
        Join(row, path, person, occupancy);
        Tag(row, path, person);
        person.HomeFrom(Of(ofPerson, id), today);
        return new(row, before ? RowOutcome.Changed : RowOutcome.Added, id);
    }

    private RowResult Update(RosterRow row, string path, byte[]? document, Person person)
    {
        var name = IsIncomplete(person.Name) && !row.NameIncomplete ? row.Name.Value : person.Name;
        var sure = person.Identifiers.Any(i => i.Kind is IdentifierKind.CitizenId or IdentifierKind.ResidencePermit or IdentifierKind.ForeignerPermit) && row.IdNumber is null;
        var changed = person.Edit(name, sure ? person.Sex ?? row.Sex : row.Sex ?? person.Sex, sure ? person.BirthDate ?? row.BirthDate : row.BirthDate ?? person.BirthDate, now, announce: false);
        if (row.IdNumber is not null && !person.Identifiers.Any(i => i.Kind == row.IdKind && i.Hash.AsSpan().SequenceEqual(document)))
        {
            person.AddIdentifier(row.IdKind, sealer.Identifier(person.Id, row.IdKind, row.IdNumber), now, announce: false);
            Know(person);
            changed = true;
        }
        foreach (var phone in row.Phones)
        {
            var hash = sealer.PhoneHash(phone.Value);
            if (person.Contacts.Any(c => c.Hash.AsSpan().SequenceEqual(hash))) continue;
            AddPhone(person, phone);
            changed = true;
        }
        changed |= Tie(row, path, person);
        changed |= Tag(row, path, person);
        person.HomeFrom(Of(ofPerson, person.Id), today);
        return new(row, changed ? RowOutcome.Changed : RowOutcome.Unchanged, person.Id);
    }

    private bool Tie(RosterRow row, string path, Person person)
    {
        var here = Of(ofPerson, person.Id).Where(o => o.RoomPath == path).ToList();
        if (here.Find(o => o.Until is null) is { } current)
        {
            var draft = Draft(row, path, current);
            var corrected = (draft.Kind, draft.Since, draft.Lives, draft.Share) != (current.Kind, current.Since, current.Lives, current.Share);
            if (corrected) current.Correct(draft, now, announce: false);
            if (row.Until is { } until)
            {
                current.End(until, now, announce: false);
                return true;
            }
            return Join(row, path, person, current) || corrected;
        }
        if (here.MaxBy(o => o.Until) is { } ended && (row.Since is null || row.Since < ended.Until))
        {
            // Moved out meanwhile, as somebody wrote into the register: an old roster does not bring people back.
            if (row.Until is null) row.Notes.Add(new(row.Number, null, null, "people.moved-out-already"));
            return false;
        }
        var begun = Occupancy.Begin(person.Id, Draft(row, path, null), now, announce: false);
        if (row.Until is { } gone) begun.End(gone, now, announce: false);
        db.Add(begun);
        Know(begun);
        Join(row, path, person, begun);
        return true;
    }

    private OccupancyDraft Draft(RosterRow row, string path, Occupancy? current)
    {
        var kind = row.Kind ?? current?.Kind ?? mapping.DefaultKind;
        var owns = kind is OccupancyKind.Owner or OccupancyKind.CoOwner;
        return new(path, kind, row.Since ?? current?.Since ?? (row.Until < today ? row.Until.Value : today), row.Lives ?? current?.Lives ?? true, owns ? row.Share ?? current?.Share : null, current?.Evidence ?? "roster", current?.EvidenceRef);
    }

    // Family and owners who live there form the household of their head; tenants and staff keep to themselves unless a relation is written.
    private bool Join(RosterRow row, string path, Person person, Occupancy occupancy)
    {
        if (!occupancy.Lives || occupancy.Until is not null) return false;
        if (row.IsHead && !households.ContainsKey(path))
        {
            var founded = Household.Found(path, person.Id, occupancy.Since, now, announce: false);
            db.Add(founded);
            households[path] = founded;
        }
        if (!households.TryGetValue(path, out var household)) return false;
        if (!row.IsHead && row.Relation is null && occupancy.Kind is not (OccupancyKind.Family or OccupancyKind.Owner or OccupancyKind.CoOwner)) return false;
        var relation = household.HeadId == person.Id ? null : row.Relation ?? occupancy.Relation;
        if (occupancy.HouseholdId == household.Id && occupancy.Relation == relation) return false;
        occupancy.Join(household, relation);
        return true;
    }

    private bool Tag(RosterRow row, string path, Person person)
    {
        var held = Of(tags, person.Id);
        var fresh = row.Tags.Where(t => !held.Contains(t)).ToList();
        if (fresh.Count == 0 || row.ConsentMeans is not { Length: > 0 } means) return false;
        var consent = Consent.Give(person.Id, Liren.Sdk.Security.Purposes.CommunityService, "self", means, null, today, today.AddYears(1), person.BirthDate, actor, path, now);
        db.Add(consent);
        foreach (var tag in fresh)
        {
            db.Add(new PersonTag { PersonId = person.Id, Tag = tag, ConsentId = consent.Id, AddedAt = now });
            held.Add(tag);
        }
        return true;
    }

    private void AddPhone(Person person, PhoneNumber phone) =>
        person.AddContact(phone.IsMobile ? ContactKind.Mobile : ContactKind.Landline, sealer.Phone(person.Id, phone.Value), sealer.TailHash(phone.Value), now, announce: false);

    private RowResult Refuse(RosterRow row, RosterField? field, string code, Guid? met = null)
    {
        row.Problems.Add(new(row.Number, field is null ? null : mapping.Of(field.Value), null, code));
        return new(row, RowOutcome.Refused, null, met);
    }

    private static bool SameName(string known, PersonName written) => KeyOf(known) == written.Key
        || (IsIncomplete(known) && written.Key.StartsWith(KeyOf(known)[..^1], StringComparison.Ordinal))
        || (IsIncomplete(written.Value) && KeyOf(known).StartsWith(written.Key[..^1], StringComparison.Ordinal));

    private static bool IsIncomplete(string name) => name.EndsWith('*');

    private static string KeyOf(string name) => new PersonName(name).Key;

    private static string Key(IdentifierKind kind, byte[] hash) => $"{kind}:{Convert.ToHexString(hash)}";

    private static TValue Of<TKey, TValue>(Dictionary<TKey, TValue> map, TKey key) where TKey : notnull where TValue : new() => map.TryGetValue(key, out var value) ? value : map[key] = new();
}
