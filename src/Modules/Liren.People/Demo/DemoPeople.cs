using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Demo;

/// <summary>
/// The people of the demo compound, the same on every machine. Nobody is real: identity numbers begin with 310199, an area no authority has
/// ever issued, so they pass every check and belong to nobody; telephones all lie in the one block 1990000xxxx, where a demo number is known
/// at a glance. Ages, not birthdays, are fixed, so that the elders stay elders.
/// </summary>
internal sealed class DemoPeople(PeopleDb db, Sealer sealer, IPlaceDirectory places, TimeProvider clock)
{
    public const string Compound = "31.01.15.016.037.liren";
    private const string FakeArea = "310199";
    private const string FakePhones = "1990000";
    private readonly Random random = new(20200213);
    private readonly Dictionary<(DateOnly, Sex), int> orders = [];
    private readonly Dictionary<Guid, List<Occupancy>> ties = [];
    private DateTimeOffset now;
    private DateOnly today;
    private int people, phones;

    public async Task SeedAsync(CancellationToken cancellation)
    {
        if (await db.Persons.AnyAsync(p => p.Source == "demo", cancellation)) return;
        (now, today) = (clock.GetUtcNow(), Days.Of(clock.GetUtcNow()));
        var rooms = (await places.WithinAsync(Compound, [PlaceKind.Room], cancellation: cancellation)).Select(c => c.Path).Where(p => !p.Contains(".rb", StringComparison.Ordinal)).ToList();
        var homes = rooms.Where(p => !IsShop(p)).ToList();
        // One home in nine stands empty.
        var lived = homes.Where((_, i) => i % 9 != 4).ToList();
        var special = new Queue<(string Name, Sex Sex, int Age, IdentifierKind Kind, string? Number)>(DemoNames.Special);
        for (var i = 0; i < lived.Count; i++)
        {
            if (i % 29 == 7 && special.TryDequeue(out var one)) Lodge(lived[i], one.Name, one.Sex, one.Age, one.Kind, one.Number);
            else Settle(lived[i], random.Next(100));
        }
        foreach (var shop in rooms.Where(IsShop)) Tie(Somebody(25 + random.Next(30)), shop, OccupancyKind.Staff, 3, lives: false);
        Gone(homes.Where((_, i) => i % 9 == 4).ToList());
        foreach (var person in db.Persons.Local) person.HomeFrom(ties[person.Id], today);
        await db.SaveChangesAsync(cancellation);
    }

    private static bool IsShop(string path) => path.StartsWith(Compound + ".b3.", StringComparison.Ordinal) && path[(path.LastIndexOf('.') + 1)..] is ['r', '1', _, _];

    private void Settle(string room, int kind)
    {
        switch (kind)
        {
            case < 9: Alone(room); break;
            case < 24: Elders(room); break;
            case < 34: Rented(room, [Somebody(23 + random.Next(14))], together: false); break;
            case < 39: Rented(room, [Somebody(22 + random.Next(8)), Somebody(22 + random.Next(8)), .. random.Next(2) == 0 ? new[] { Somebody(23 + random.Next(8)) } : []], together: false); break;
            case < 45: Rented(room, [.. Couple(28 + random.Next(8))], together: true); break;
            case < 54: Family(room, 26 + random.Next(12), children: 0, elder: false); break;
            case < 82: Family(room, 30 + random.Next(22), children: 1, elder: false); break;
            case < 90: Family(room, 32 + random.Next(10), children: 2, elder: false); break;
            default: Family(room, 33 + random.Next(14), children: 1, elder: true); break;
        }
    }

    private void Alone(string room)
    {
        var elder = Somebody(68 + random.Next(25));
        Household(room, [(elder, null)], owners: 1);
        List<string> tags = ["lives-alone"];
        if (random.Next(3) == 0) tags.Add("chronic-illness");
        if (random.Next(4) == 0) tags.Add("mobility");
        if (random.Next(2) == 0) tags.Add("no-smartphone");
        Tag(elder, room, tags);
    }

    private void Elders(string room)
    {
        var couple = Couple(62 + random.Next(24));
        Household(room, [(couple[0], null), (couple[1], Relation.Spouse)], owners: 2);
        if (random.Next(5) == 0) Tag(couple[random.Next(2)], room, ["chronic-illness"]);
        if (random.Next(7) == 0) Tie(Somebody(42 + random.Next(14), Sex.Female), room, OccupancyKind.Carer, 2);
    }

    private void Family(string room, int age, int children, bool elder)
    {
        var couple = Couple(age);
        List<(Person, Relation?)> members = [(couple[0], null), (couple[1], Relation.Spouse)];
        var youngest = 99;
        for (var i = 0; i < children; i++)
        {
            var years = Math.Clamp(age - 26 - random.Next(6) - (i * 3), 0, 24);
            youngest = Math.Min(youngest, years);
            members.Add((Child(couple[0], years), Relation.Child));
        }
        if (elder) members.Add((Somebody(age + 24 + random.Next(8)), Relation.Parent));
        Household(room, members, owners: random.Next(3) == 0 ? 2 : 1);
        if (youngest < 6 && random.Next(2) == 0) Tag(couple[1], room, ["child-under-6"]);
        if (children == 0 && age < 36 && random.Next(6) == 0) Tag(couple[1], room, ["pregnant"]);
        if (random.Next(18) == 0) Tag(couple[random.Next(2)], room, ["volunteer"]);
    }

    // Tenants, and the owner who lives elsewhere.
    private void Rented(string room, IReadOnlyList<Person> tenants, bool together)
    {
        Tie(Somebody(40 + random.Next(30)), room, OccupancyKind.Owner, 8, lives: false, Share.All);
        if (together) { Household(room, [(tenants[0], null), (tenants[1], Relation.Spouse)], owners: 0); return; }
        // Who only shares a flat is a household each.
        foreach (var tenant in tenants) Household(room, [(tenant, null)], owners: 0);
    }

    private void Lodge(string room, string name, Sex sex, int age, IdentifierKind kind, string? number)
    {
        var person = Somebody(age, sex, name, kind, number);
        Household(room, [(person, null)], owners: kind == IdentifierKind.Passport ? 0 : 1);
        if (kind == IdentifierKind.Passport) Tag(person, room, ["language"]);
    }

    // Empty homes have a past: heirs who own a third each, somebody who has died, somebody who moved on.
    private void Gone(List<string> empty)
    {
        var surname = DemoNames.Surname(random);
        foreach (var age in new[] { 58, 55, 51 }) Tie(Somebody(age, Sex.Male, surname + DemoNames.Given(random, Sex.Male, today.Year - age)), empty[0], OccupancyKind.CoOwner, 1, lives: false, new Share(1, 3));
        var father = Somebody(84, Sex.Male, surname + DemoNames.Given(random, Sex.Male, today.Year - 84));
        Tie(father, empty[0], OccupancyKind.Owner, 20, until: 1);
        father.Become(PersonState.Deceased, today.AddYears(-1), now);
        for (var i = 1; i < Math.Min(empty.Count, 12); i++)
        {
            var person = Somebody(30 + random.Next(30));
            Tie(person, empty[i], OccupancyKind.Tenant, 4, until: 1);
            person.Become(PersonState.MovedAway, today.AddYears(-1), now);
        }
    }

    private void Household(string room, IReadOnlyList<(Person Person, Relation? Relation)> members, int owners)
    {
        var years = 1 + random.Next(14);
        Household? household = null;
        for (var i = 0; i < members.Count; i++)
        {
            var (person, relation) = members[i];
            var kind = i < owners ? i == 0 ? OccupancyKind.Owner : OccupancyKind.CoOwner : owners == 0 ? OccupancyKind.Tenant : OccupancyKind.Family;
            var tie = Tie(person, room, kind, years, share: i >= owners ? null : owners == 1 ? Share.All : new Share(1, 2));
            if (household is null) db.Add(household = Domain.Household.Found(room, person.Id, tie.Since, now, announce: false));
            tie.Join(household, relation);
        }
    }

    private Occupancy Tie(Person person, string room, OccupancyKind kind, int years, bool lives = true, Share? share = null, int? until = null)
    {
        var born = person.BirthDate!.Value;
        var since = today.AddYears(-years).AddDays(-random.Next(300));
        var tie = Occupancy.Begin(person.Id, new(room, kind, since < born ? born : since, lives, share, share is not null ? "title" : kind == OccupancyKind.Tenant ? "contract" : "register"), now, announce: false);
        if (until is { } ago) tie.End(today.AddYears(-ago), now, announce: false);
        db.Add(tie);
        (ties.TryGetValue(person.Id, out var all) ? all : ties[person.Id] = []).Add(tie);
        return tie;
    }

    private void Tag(Person person, string room, IReadOnlyList<string> tags)
    {
        var consent = Consent.Give(person.Id, Purposes.CommunityService, "self", random.Next(3) == 0 ? "spoken" : "paper", null, today.AddDays(-random.Next(200)), today.AddYears(1), person.BirthDate, "社区工作者 吴岚", room, now, announce: false);
        db.Add(consent);
        foreach (var tag in tags) db.Add(new PersonTag { PersonId = person.Id, Tag = tag, ConsentId = consent.Id, AddedAt = now });
    }

    private Person[] Couple(int age) => [Somebody(age, Sex.Male), Somebody(Math.Max(20, age - random.Next(5)), Sex.Female)];

    private Person Child(Person father, int age)
    {
        var sex = random.Next(2) == 0 ? Sex.Male : Sex.Female;
        return Somebody(age, sex, DemoNames.SurnameOf(father.Name) + DemoNames.Given(random, sex, today.Year - age));
    }

    private Person Somebody(int age, Sex? wanted = null, string? name = null, IdentifierKind kind = IdentifierKind.CitizenId, string? number = null)
    {
        var sex = wanted ?? (random.Next(2) == 0 ? Sex.Male : Sex.Female);
        var born = new DateOnly(today.Year - age, 1, 1).AddDays(random.Next(365));
        if (born > today) born = today.AddDays(-1 - random.Next(200));
        var person = Person.Register(new(NewId.Of($"demo:person:{++people}", null).Value, name ?? DemoNames.Surname(random) + DemoNames.Given(random, sex, born.Year), sex, born, "demo"), now, announce: false);
        person.AddIdentifier(kind, sealer.Identifier(person.Id, kind, number ?? FakeId(born, sex)), now, announce: false);
        if (age >= 12 && (age < 80 || random.Next(2) == 0))
        {
            var phone = $"{FakePhones}{++phones:D4}";
            person.AddContact(ContactKind.Mobile, sealer.Phone(person.Id, phone), sealer.TailHash(phone), now, announce: false);
        }
        db.Add(person);
        return person;
    }

    private string FakeId(DateOnly born, Sex sex)
    {
        var order = orders[(born, sex)] = orders.GetValueOrDefault((born, sex)) + 1;
        var first = $"{FakeArea}{born:yyyyMMdd}{(order * 2) - (sex == Sex.Male ? 1 : 0):D3}";
        return first + CitizenId.Check(first);
    }
}
