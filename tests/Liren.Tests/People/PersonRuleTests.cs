using FsCheck;
using FsCheck.Fluent;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;

namespace Liren.Tests.People;

/// <summary>Rules of persons, occupancies, households and consents.</summary>
public sealed class PersonRuleTests
{
    private const string Room = "31.01.15.016.037.liren.b8.u1.r2602";
    private static readonly DateTimeOffset Now = new(2020, 2, 13, 14, 0, 0, TimeSpan.FromHours(8));
    private static readonly DateOnly Today = new(2020, 2, 13);

    private static Person Somebody(DateOnly? birth = null) => Person.Register(new(Guid.CreateVersion7(), "王小英", Sex.Female, birth, "desk"), Now);

    private static string Broken(Action act) => Should.Throw<RuleBrokenException>(act).Code;

    [Theory]
    [InlineData("1/3", 1, 3)]
    [InlineData("50%", 1, 2)]
    [InlineData("0.25", 1, 4)]
    [InlineData("100", 1, 1)]
    [InlineData("33.33%", 3333, 10000)]
    [InlineData("1", 1, 1)]
    public void A_share_is_read_as_people_write_it(string text, int part, int whole) => Share.Parse(text).ShouldBe(new Share(part, whole));

    [Theory]
    [InlineData("0")]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("1/0")]
    [InlineData("-1/2")]
    [InlineData("101")]
    [InlineData("一半")]
    [InlineData("")]
    [InlineData("1/2/3")]
    public void What_is_no_share_is_not_taken_for_one(string text) => Share.Parse(text).ShouldBeNull();

    [Fact]
    public void Equal_shares_of_any_number_of_heirs_fit_exactly_and_one_more_does_not() =>
        Prop.ForAll(Gen.Choose(1, 200).ToArbitrary(), heirs =>
        {
            var shares = Enumerable.Repeat(new Share(1, heirs), heirs).ToList();
            return Share.Fit(shares) && !Share.Fit([.. shares, new Share(1, Share.LargestWhole)]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Owners_cannot_hold_more_than_the_whole_home_together_but_former_owners_do_not_count()
    {
        var half = Occupancy.Begin(Guid.CreateVersion7(), new(Room, OccupancyKind.Owner, Today.AddYears(-3), Share: new Share(1, 2)), Now);
        var all = Occupancy.Begin(Guid.CreateVersion7(), new(Room, OccupancyKind.Owner, Today, Share: Share.All), Now);
        Broken(() => Occupancy.CheckShares([half, all], Today)).ShouldBe("people.shares-sum");
        half.End(Today, Now);
        Occupancy.CheckShares([half, all], Today);
    }

    [Fact]
    public void A_tenant_has_no_share_and_nobody_leaves_before_they_came()
    {
        Broken(() => Occupancy.Begin(Guid.CreateVersion7(), new(Room, OccupancyKind.Tenant, Today, Share: Share.All), Now)).ShouldBe("people.share-owner");
        var tenant = Occupancy.Begin(Guid.CreateVersion7(), new(Room, OccupancyKind.Tenant, Today), Now);
        Broken(() => tenant.End(Today.AddDays(-1), Now)).ShouldBe("people.until");
        tenant.End(Today, Now);
        Broken(() => tenant.End(Today, Now)).ShouldBe("people.occupancy-ended");
    }

    [Fact]
    public void Home_is_where_one_lives_and_stays_known_after_one_has_left()
    {
        var person = Somebody();
        var owned = Occupancy.Begin(person.Id, new("31.01.15.016.037.liren.b1.r101", OccupancyKind.Owner, Today.AddYears(-9), Lives: false), Now);
        person.HomeFrom([owned], Today);
        person.HomePath.ShouldBe(owned.RoomPath);
        var rented = Occupancy.Begin(person.Id, new(Room, OccupancyKind.Tenant, Today.AddYears(-20)), Now);
        person.HomeFrom([owned, rented], Today);
        person.HomePath.ShouldBe(Room);
        rented.End(Today, Now);
        owned.End(Today, Now);
        person.HomeFrom([owned, rented], Today);
        person.HomePath.ShouldBe(Room);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("王\u0000英")]
    public void A_person_has_a_name(string name) =>
        Broken(() => Person.Register(new(Guid.CreateVersion7(), name, null, null, "desk"), Now)).ShouldBe("people.name");

    [Fact]
    public void Nobody_is_born_tomorrow() => Broken(() => Somebody(Today.AddDays(1))).ShouldBe("people.birth-date");

    [Fact]
    public void For_a_child_under_fourteen_a_guardian_consents()
    {
        Consent Give(DateOnly birth, string by) => Consent.Give(Guid.CreateVersion7(), Purposes.CommunityService, by, "paper", null, Today, Today.AddYears(1), birth, "吴岚", null, Now);
        Broken(() => Give(Today.AddYears(-14).AddDays(1), "self")).ShouldBe("people.consent-guardian");
        Give(Today.AddYears(-14).AddDays(1), "guardian").Holds(Today).ShouldBeTrue();
        Give(Today.AddYears(-14), "self").Holds(Today).ShouldBeTrue();
    }

    [Fact]
    public void A_consent_ends_by_itself_or_when_it_is_taken_back()
    {
        var consent = Consent.Give(Guid.CreateVersion7(), Purposes.CommunityService, "self", "paper", null, Today, Today.AddDays(30), null, "吴岚", null, Now);
        consent.Holds(Today.AddDays(29)).ShouldBeTrue();
        consent.Holds(Today.AddDays(30)).ShouldBeFalse();
        consent.Withdraw(null, Now);
        consent.Holds(Today).ShouldBeFalse();
        Broken(() => consent.Withdraw(null, Now)).ShouldBe("people.consent-withdrawn");
    }

    [Fact]
    public void A_code_is_good_once_for_ten_minutes_and_five_tries()
    {
        byte[] right = [1], wrong = [2];
        ContactPoint Asked()
        {
            var contact = Somebody().AddContact(ContactKind.Mobile, new([], [9], "199****0001"), null, Now);
            contact.Ask(right, Now);
            return contact;
        }
        var contact = Asked();
        contact.Answer(wrong, "吴岚", Now).ShouldBeFalse();
        contact.Answer(right, "吴岚", Now).ShouldBeTrue();
        contact.VerifiedAt.ShouldBe(Now);
        Broken(() => contact.Answer(right, "吴岚", Now)).ShouldBe("people.code-gone");
        Broken(() => Asked().Answer(right, "吴岚", Now + ContactPoint.CodeLives)).ShouldBe("people.code-gone");
        var guessed = Asked();
        for (var i = 0; i < ContactPoint.MostTries; i++) guessed.Answer(wrong, "吴岚", Now);
        Broken(() => guessed.Answer(right, "吴岚", Now)).ShouldBe("people.code-gone");
    }

    [Fact]
    public void A_new_head_is_a_member_and_relations_are_asked_anew()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var household = Household.Found(Room, first, Today, Now);
        Occupancy[] members = [Occupancy.Begin(first, new(Room, OccupancyKind.Owner, Today), Now), Occupancy.Begin(second, new(Room, OccupancyKind.Family, Today), Now)];
        members[0].Join(household, Relation.Other);
        members[1].Join(household, Relation.Child);
        members[0].Relation.ShouldBeNull();
        Broken(() => household.ChangeHead(Guid.CreateVersion7(), members, Now)).ShouldBe("people.not-member");
        household.ChangeHead(second, members, Now);
        household.HeadId.ShouldBe(second);
        members[1].Relation.ShouldBeNull();
    }
}
