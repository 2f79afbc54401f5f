using Liren.Contracts.Organisation;
using Liren.Sdk;

namespace Liren.Organisation.Domain;

/// <summary>Kinds of posts (岗位类型): dispatch, escalation and verification name a kind, never a person. Text keys are "organisation.post.{kind}".</summary>
internal static class PostKinds
{
    public const string GridWorker = "grid-worker", CommunitySecretary = "community-secretary", DutyOfficer = "duty-officer", Checker = "checker",
        PropertyManager = "property-manager", Guard = "guard", CommitteeMember = "committee-member", DutyLeader = "duty-leader",
        PoliceOfficer = "police-officer", HealthWorker = "health-worker", FireFighter = "fire-fighter", Engineer = "engineer";

    public static readonly IReadOnlyList<string> All =
        [GridWorker, CommunitySecretary, DutyOfficer, DutyLeader, Checker, PropertyManager, Guard, Engineer, PoliceOfficer, HealthWorker, FireFighter, CommitteeMember];

    /// <summary>What whoever stands in the post may not be as well: who verifies is never who handles.</summary>
    public static IReadOnlyList<string> Against(string kind) => kind == Checker ? [GridWorker] : [];
}

/// <summary>A post (岗位): a duty at an organisation for a place, whoever stands in it.</summary>
internal sealed class Post : Entity
{
    private Post() { }

    public Guid OrgId { get; private init; }
    /// <summary>One of <see cref="PostKinds"/>.</summary>
    public string Kind { get; private init; } = "";
    public string Name { get; private set; } = "";
    /// <summary>The place it serves.</summary>
    public string PlacePath { get; private set; } = "";
    /// <summary>Somebody must be there at every hour: a gap in the rota is then an empty shift too.</summary>
    public bool AlwaysManned { get; private set; }
    /// <summary>Kinds of posts, joined by blanks, that whoever stands here may not stand in as well.</summary>
    public string Against { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ClosedAt { get; private set; }

    public IReadOnlyList<string> AgainstKinds => Against.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static Post Add(Guid id, OrgUnit org, string kind, string name, string place, bool alwaysManned, IEnumerable<string>? against, DateTimeOffset now)
    {
        Rule.State(org.ClosedAt is null, "organisation.closed", org.Name);
        Rule.Require(PostKinds.All.Contains(kind), "organisation.post-kind", "kind", kind);
        var post = new Post { Id = id, OrgId = org.Id, Kind = kind, CreatedAt = now };
        post.Set(name, place, alwaysManned, against ?? PostKinds.Against(kind));
        post.Raise(new PostChanged(id, place, "added", now));
        return post;
    }

    public void Edit(string name, string place, bool alwaysManned, IEnumerable<string>? against, DateTimeOffset now)
    {
        Rule.State(ClosedAt is null, "organisation.post-closed", Name);
        Set(name, place, alwaysManned, against ?? AgainstKinds);
        Raise(new PostChanged(Id, PlacePath, "details", now));
    }

    public void Close(DateTimeOffset now)
    {
        Rule.State(ClosedAt is null, "organisation.post-closed", Name);
        ClosedAt = now;
        Raise(new PostChanged(Id, PlacePath, "closed", now));
    }

    private void Set(string name, string place, bool alwaysManned, IEnumerable<string> against)
    {
        Rule.Require(name.Trim().Length is >= 2 and <= 40, "organisation.post-name", "name");
        Rule.Require(place.Length == 0 || Contracts.Places.PlacePath.IsValid(place), "organisation.place", "place", place);
        var kinds = against.Distinct().Order().ToList();
        foreach (var kind in kinds) Rule.Require(PostKinds.All.Contains(kind), "organisation.post-kind", "against", kind);
        (Name, PlacePath, AlwaysManned, Against) = (name.Trim(), place, alwaysManned, string.Join(' ', kinds));
    }
}

/// <summary>Somebody stands in a post (在岗), from and until.</summary>
internal sealed class Holding : Entity
{
    private Holding() { }

    public Guid PostId { get; private init; }
    /// <summary>Account to ask; null when the person has none: then one telephones the office.</summary>
    public Guid? AccountId { get; private init; }
    /// <summary>Name of staff without an account; with one, the account's name is shown.</summary>
    public string? PersonName { get; private init; }
    /// <summary>副岗: steps in when those of the post cannot.</summary>
    public bool Deputy { get; private init; }
    public DateTimeOffset Since { get; private init; }
    public DateTimeOffset? Until { get; private set; }

    public bool IsActive(DateTimeOffset at) => Since <= at && (Until is null || Until > at);

    public static Holding Fill(Guid id, Post post, Guid? accountId, string? personName, bool deputy, DateTimeOffset since, DateTimeOffset? until, DateTimeOffset now)
    {
        Rule.State(post.ClosedAt is null, "organisation.post-closed", post.Name);
        personName = string.IsNullOrWhiteSpace(personName) ? null : personName.Trim();
        Rule.Require(accountId is not null || personName is { Length: >= 2 and <= 40 }, "organisation.who-fills", "accountId");
        Rule.Require(until is null || until > since, "organisation.until-before-since", "until");
        Rule.Require(until is null || until > now, "organisation.until-past", "until");
        var holding = new Holding { Id = id, PostId = post.Id, AccountId = accountId, PersonName = accountId is null ? personName : null, Deputy = deputy, Since = since, Until = until };
        holding.Raise(new PostFilled(post.Id, accountId, true, now));
        return holding;
    }

    public void Leave(DateTimeOffset now)
    {
        Rule.State(Until is null || Until > now, "organisation.left-already");
        Until = now;
        Raise(new PostFilled(PostId, AccountId, false, now));
    }
}
