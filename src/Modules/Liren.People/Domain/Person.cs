using System.Globalization;
using Liren.Contracts.People;
using Liren.Sdk;
using Liren.Sdk.Text;

namespace Liren.People.Domain;

/// <summary>性别.</summary>
internal enum Sex { Male, Female }

/// <summary>Whether the person is still with us (人员状态).</summary>
internal enum PersonState
{
    /// <summary>在册.</summary>
    Present,
    /// <summary>已迁出.</summary>
    MovedAway,
    /// <summary>已故.</summary>
    Deceased,
}

/// <summary>What is needed to register somebody.</summary>
/// <param name="Id">Id of the new person.</param>
/// <param name="Name">Name, normalised.</param>
/// <param name="Sex">Sex; null when not known.</param>
/// <param name="BirthDate">Date of birth, if known.</param>
/// <param name="Source">Where it was learnt: "desk", "import", "demo".</param>
internal sealed record PersonDraft(Guid Id, string Name, Sex? Sex, DateOnly? BirthDate, string Source);

/// <summary>
/// A person (人员) the community knows: resident, owner, tenant, carer. The root of its identifiers and contact points, which lie encrypted
/// with a masked form beside them, so that a masked answer needs no key.
/// </summary>
internal sealed class Person : Entity
{
    /// <summary>Longest name; 少数民族 and foreign names are long.</summary>
    public const int LongestName = 60;

    private static readonly CompareInfo Pinyin = CultureInfo.GetCultureInfo("zh-CN").CompareInfo;
    private readonly List<Identifier> identifiers = [];
    private readonly List<ContactPoint> contacts = [];

    private Person() { }

    public string Name { get; private set; } = "";
    /// <summary>Order of the name by pinyin; neither database sorts Chinese by itself.</summary>
    public byte[] NameOrder { get; private set; } = [];
    public Sex? Sex { get; private set; }
    public DateOnly? BirthDate { get; private set; }
    /// <summary>Room the person lives in, or owns when they live elsewhere; the last one after they have left. Decides who may see them.</summary>
    public string? HomePath { get; private set; }
    public PersonState State { get; private set; }
    public DateOnly? StateSince { get; private set; }
    /// <summary>First telephone, masked; null when there is none.</summary>
    public string? PhoneMasked { get; private set; }
    /// <summary>First identity document, masked; null when there is none.</summary>
    public string? IdMasked { get; private set; }
    public string Source { get; private init; } = "";
    public DateTimeOffset CreatedAt { get; private init; }
    /// <summary>Last change of the person or anything below; makes every such change raise the version.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    public IReadOnlyList<Identifier> Identifiers => identifiers;
    public IReadOnlyList<ContactPoint> Contacts => contacts;

    /// <summary>Registers somebody. A bulk import announces itself by one event of its own instead of one for each person.</summary>
    public static Person Register(PersonDraft draft, DateTimeOffset now, bool announce = true)
    {
        var person = new Person { Id = draft.Id, Source = draft.Source, CreatedAt = now, ChangedAt = now };
        person.Describe(draft.Name, draft.Sex, draft.BirthDate, now);
        if (announce) person.Raise(new PersonRegistered(person.Id, null, now));
        return person;
    }

    /// <summary>Changes name, sex and birth date; true when something changed.</summary>
    public bool Edit(string name, Sex? sex, DateOnly? birthDate, DateTimeOffset now, bool announce = true)
    {
        var before = (Name, Sex, BirthDate);
        Describe(name, sex, birthDate, now);
        var fields = new List<string>(3);
        if (before.Name != Name) fields.Add("name");
        if (before.Sex != Sex) fields.Add("sex");
        if (before.BirthDate != BirthDate) fields.Add("birthDate");
        if (fields.Count > 0) Note(fields, now, announce);
        return fields.Count > 0;
    }

    private void Describe(string name, Sex? sex, DateOnly? birthDate, DateTimeOffset now)
    {
        name = name.Trim();
        Rule.Require(name.Length is >= 1 and <= LongestName && !name.Any(char.IsControl), "people.name", "name", LongestName);
        Rule.Require(birthDate is null || (birthDate >= new DateOnly(1900, 1, 1) && birthDate <= Days.Of(now)), "people.birth-date", "birthDate");
        if (name != Name) (Name, NameOrder) = (name, Pinyin.GetSortKey(name).KeyData);
        (Sex, BirthDate) = (sex, birthDate);
    }

    /// <summary>Adds an identity document. Whether another person has it already is for the caller to ask: the database refuses it too.</summary>
    public Identifier AddIdentifier(IdentifierKind kind, Sealed value, DateTimeOffset now, bool announce = true)
    {
        Rule.State(!identifiers.Exists(i => i.Kind == kind && i.Hash.AsSpan().SequenceEqual(value.Hash)), "people.identifier-twice");
        var identifier = new Identifier(Id, kind, value, now);
        identifiers.Add(identifier);
        Changed("identifier", now, announce);
        return identifier;
    }

    public void RemoveIdentifier(Guid identifier, DateTimeOffset now)
    {
        identifiers.Remove(Rule.Found(identifiers.Find(i => i.Id == identifier), "people.no-identifier"));
        Changed("identifier", now, true);
    }

    /// <summary>Adds a telephone number or another way to reach the person.</summary>
    public ContactPoint AddContact(ContactKind kind, Sealed value, byte[]? tailHash, DateTimeOffset now, bool announce = true)
    {
        Rule.State(!contacts.Exists(c => c.Kind == kind && c.Hash.AsSpan().SequenceEqual(value.Hash)), "people.contact-twice");
        var contact = new ContactPoint(Id, kind, value, tailHash, now);
        contacts.Add(contact);
        Changed("contact", now, announce);
        return contact;
    }

    public void RemoveContact(Guid contact, DateTimeOffset now)
    {
        contacts.Remove(Contact(contact));
        Changed("contact", now, true);
    }

    /// <summary>The contact point or 404.</summary>
    public ContactPoint Contact(Guid contact) => Rule.Found(contacts.Find(c => c.Id == contact), "people.no-contact");

    /// <summary>A contact point was confirmed to reach the person.</summary>
    public void ContactVerified(DateTimeOffset now) => Changed("contact.verified", now, true);

    /// <summary>Chooses the home among all of the person's occupancies: where they live, else what they hold; the last home stays when there is none.</summary>
    public void HomeFrom(IReadOnlyCollection<Occupancy> all, DateOnly today)
    {
        var now = all.Where(o => o.IsCurrent(today)).OrderByDescending(o => o.Lives).ThenByDescending(o => o.Since).FirstOrDefault();
        HomePath ??= all.MaxBy(o => o.Until)?.RoomPath;
        if (now is null) return;
        HomePath = now.RoomPath;
        if (State == PersonState.MovedAway) (State, StateSince) = (PersonState.Present, today);
    }

    /// <summary>Marks as moved away or deceased, or back as present.</summary>
    public void Become(PersonState state, DateOnly since, DateTimeOffset now)
    {
        Rule.State(State != state, "people.already." + state switch { PersonState.Present => "present", PersonState.MovedAway => "moved-away", _ => "deceased" });
        Rule.Require(since <= Days.Of(now) && (BirthDate is null || since >= BirthDate), "people.state-since", "since");
        (State, StateSince) = (state, since);
        Note(["state"], now, true);
    }

    private void Changed(string field, DateTimeOffset now, bool announce)
    {
        PhoneMasked = contacts.OrderByDescending(c => c.VerifiedAt is not null).ThenBy(c => c.AddedAt).FirstOrDefault(c => c.Kind is ContactKind.Mobile or ContactKind.Landline)?.Masked;
        IdMasked = identifiers.OrderBy(i => i.Kind).FirstOrDefault()?.Masked;
        Note([field], now, announce);
    }

    private void Note(IReadOnlyList<string> fields, DateTimeOffset now, bool announce)
    {
        ChangedAt = now;
        if (announce) Raise(new PersonChanged(Id, HomePath, fields, now));
    }
}

/// <summary>Days on the wall calendar of the community.</summary>
internal static class Days
{
    /// <summary>The day it is in Shanghai.</summary>
    public static DateOnly Of(DateTimeOffset at) => DateOnly.FromDateTime(Show.Local(at).DateTime);

    /// <summary>Full years since birth.</summary>
    public static int Age(DateOnly birth, DateOnly today)
    {
        var years = today.Year - birth.Year;
        return birth > today.AddYears(-years) ? years - 1 : years;
    }
}
