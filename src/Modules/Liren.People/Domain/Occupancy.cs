using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.People.Domain;

/// <summary>In what capacity somebody is tied to a room (居住关系).</summary>
internal enum OccupancyKind
{
    /// <summary>业主.</summary>
    Owner,
    /// <summary>共有人.</summary>
    CoOwner,
    /// <summary>租户.</summary>
    Tenant,
    /// <summary>家属.</summary>
    Family,
    /// <summary>照护人员: live-in carer or nanny.</summary>
    Carer,
    /// <summary>工作人员: staff of a shop or office.</summary>
    Staff,
}

/// <summary>Relation to the head of the household (与户主关系).</summary>
internal enum Relation { Spouse, Child, Parent, Sibling, Grandchild, Grandparent, Other }

/// <summary>What an occupancy says.</summary>
/// <param name="RoomPath">The room.</param>
/// <param name="Kind">In what capacity.</param>
/// <param name="Since">First day.</param>
/// <param name="Lives">True when the person lives there; an owner who lets the home does not.</param>
/// <param name="Share">Share of an owner, if known.</param>
/// <param name="Evidence">What proves it: "title", "contract", "register", "statement", "roster"; null when nothing was seen.</param>
/// <param name="EvidenceRef">Number of that paper.</param>
internal sealed record OccupancyDraft(string RoomPath, OccupancyKind Kind, DateOnly Since, bool Lives = true, Share? Share = null, string? Evidence = null, string? EvidenceRef = null);

/// <summary>A person's tie to a room over a time (居住关系): from <see cref="Since"/> up to, not including, <see cref="Until"/>. Ended ones stay as history.</summary>
internal sealed class Occupancy : Entity
{
    /// <summary>What may prove it.</summary>
    public static readonly IReadOnlyList<string> Evidences = ["title", "contract", "register", "statement", "roster"];

    private Occupancy() { }

    public Guid PersonId { get; private init; }
    public string RoomPath { get; private init; } = "";
    public OccupancyKind Kind { get; private set; }
    public bool Lives { get; private set; }
    public int? SharePart { get; private set; }
    public int? ShareWhole { get; private set; }
    public DateOnly Since { get; private set; }
    public DateOnly? Until { get; private set; }
    public string? Evidence { get; private set; }
    public string? EvidenceRef { get; private set; }
    /// <summary>The household in this room, for those who live there.</summary>
    public Guid? HouseholdId { get; private set; }
    /// <summary>Relation to its head; null for the head, and when not asked.</summary>
    public Relation? Relation { get; private set; }

    /// <summary>Share of an owner; null when not known, or no owner.</summary>
    public Share? Share => SharePart is { } part && ShareWhole is { } whole ? new(part, whole) : null;

    /// <summary>Holds a share of the home.</summary>
    public bool Owns => Kind is OccupancyKind.Owner or OccupancyKind.CoOwner;

    public bool IsCurrent(DateOnly today) => Until is null || Until > today;

    /// <summary>Begins an occupancy. Shares of the room together (<see cref="CheckShares"/>) are for the caller, who knows the others.</summary>
    public static Occupancy Begin(Guid personId, OccupancyDraft draft, DateTimeOffset now, bool announce = true)
    {
        Rule.Require(PlacePath.IsValid(draft.RoomPath), "people.room", "room", draft.RoomPath);
        Rule.Require(draft.Since >= new DateOnly(1900, 1, 1) && draft.Since <= Days.Of(now).AddYears(1), "people.since", "since");
        var occupancy = new Occupancy { PersonId = personId, RoomPath = draft.RoomPath };
        occupancy.Set(draft);
        if (announce) occupancy.Raise(new OccupancyBegan(personId, draft.RoomPath, draft.Kind.ToString(), now));
        return occupancy;
    }

    /// <summary>Corrects what was written down; who and which room stay.</summary>
    public void Correct(OccupancyDraft draft, DateTimeOffset now, bool announce = true)
    {
        Rule.Require(draft.Since >= new DateOnly(1900, 1, 1) && draft.Since <= Days.Of(now).AddYears(1) && (Until is null || draft.Since < Until), "people.since", "since");
        Set(draft);
        if (announce) Raise(new PersonChanged(PersonId, RoomPath, ["occupancy"], now));
    }

    private void Set(OccupancyDraft draft)
    {
        Rule.Require(draft.Share is null || draft.Share.Value.IsValid, "people.share", "share");
        Rule.Require(draft.Share is null || draft.Kind is OccupancyKind.Owner or OccupancyKind.CoOwner, "people.share-owner", "share");
        Rule.Require(draft.Evidence is null || Evidences.Contains(draft.Evidence), "people.evidence", "evidence");
        Rule.Require(draft.EvidenceRef is null or { Length: <= 60 }, "people.evidence-ref", "evidenceRef");
        (Kind, Lives, Since, Evidence, EvidenceRef) = (draft.Kind, draft.Lives, draft.Since, draft.Evidence, string.IsNullOrWhiteSpace(draft.EvidenceRef) ? null : draft.EvidenceRef.Trim());
        (SharePart, ShareWhole) = (draft.Share?.Part, draft.Share?.Whole);
    }

    /// <summary>Ends it: <paramref name="until"/> is the first day it no longer holds.</summary>
    public void End(DateOnly until, DateTimeOffset now, bool announce = true)
    {
        Rule.State(Until is null, "people.occupancy-ended");
        Rule.Require(until >= Since && until <= Days.Of(now).AddDays(1), "people.until", "until");
        (Until, HouseholdId, Relation) = (until, null, null);
        if (announce) Raise(new OccupancyEnded(PersonId, RoomPath, now));
    }

    /// <summary>Puts it into a household of the same room.</summary>
    public void Join(Household household, Relation? relation)
    {
        Rule.Require(household.RoomPath == RoomPath, "people.other-room", "household");
        (HouseholdId, Relation) = (household.Id, household.HeadId == PersonId ? null : relation);
    }

    /// <summary>Takes it out of its household.</summary>
    public void LeaveHousehold() => (HouseholdId, Relation) = (null, null);

    /// <summary>Owners' shares of one room, together, are at most the whole.</summary>
    public static void CheckShares(IEnumerable<Occupancy> ofRoom, DateOnly today) =>
        Rule.Require(Domain.Share.Fit(ofRoom.Where(o => o.Owns && o.IsCurrent(today)).Select(o => o.Share).OfType<Share>()), "people.shares-sum", "share");
}
