using Liren.Contracts.People;
using Liren.Sdk;

namespace Liren.People.Domain;

/// <summary>A household (户): people who live together in one room, with one head (户主). Its members are the occupancies that name it.</summary>
internal sealed class Household : Entity
{
    private Household() { }

    public string RoomPath { get; private init; } = "";
    /// <summary>户主.</summary>
    public Guid HeadId { get; private set; }
    public DateOnly Since { get; private init; }
    public DateOnly? Until { get; private set; }

    /// <summary>Founds a household; its head joins it like every other member.</summary>
    public static Household Found(string roomPath, Guid headId, DateOnly since, DateTimeOffset now, bool announce = true)
    {
        var household = new Household { RoomPath = roomPath, HeadId = headId, Since = since };
        if (announce) household.Raise(new HouseholdChanged(household.Id, roomPath, "founded", now));
        return household;
    }

    /// <summary>Another member becomes head; relations are to the head, so they are asked anew.</summary>
    public void ChangeHead(Guid person, IReadOnlyCollection<Occupancy> members, DateTimeOffset now)
    {
        Rule.State(Until is null, "people.household-ended");
        Rule.Require(members.Any(m => m.PersonId == person && m.HouseholdId == Id), "people.not-member", "person");
        Rule.State(person != HeadId, "people.already-head");
        HeadId = person;
        foreach (var member in members) member.Join(this, null);
        Raise(new HouseholdChanged(Id, RoomPath, "head", now));
    }

    /// <summary>A member joined or left.</summary>
    public void MembersChanged(DateTimeOffset now) => Raise(new HouseholdChanged(Id, RoomPath, "members", now));

    /// <summary>The last member has left.</summary>
    public void End(DateOnly until, DateTimeOffset now)
    {
        if (Until is not null) return;
        Until = until < Since ? Since : until;
        Raise(new HouseholdChanged(Id, RoomPath, "ended", now));
    }
}
