using Liren.Contracts.People;
using Liren.Sdk;
using Liren.Sdk.Security;

namespace Liren.People.Domain;

/// <summary>A kind of tag (标签): what the community may note about somebody who agreed to it. Kinds are data.</summary>
internal sealed class TagKind
{
    /// <summary>"lives-alone".</summary>
    public required string Code { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    /// <summary>Sensitive in the sense of the law: health, children.</summary>
    public bool Sensitive { get; init; }
    public int Order { get; init; }

    /// <summary>Kinds every installation starts with.</summary>
    public static readonly IReadOnlyList<TagKind> BuiltIn =
    [
        new() { Code = "lives-alone", NameZh = "独居", NameEn = "Lives alone", Order = 10 },
        new() { Code = "mobility", NameZh = "行动不便", NameEn = "Limited mobility", Sensitive = true, Order = 20 },
        new() { Code = "chronic-illness", NameZh = "慢性病", NameEn = "Chronic illness", Sensitive = true, Order = 30 },
        new() { Code = "disability", NameZh = "持残疾证", NameEn = "Disability certificate", Sensitive = true, Order = 40 },
        new() { Code = "pregnant", NameZh = "孕妇", NameEn = "Pregnant", Sensitive = true, Order = 50 },
        new() { Code = "child-under-6", NameZh = "家有六岁以下儿童", NameEn = "Child under 6 at home", Sensitive = true, Order = 60 },
        new() { Code = "low-income", NameZh = "低保", NameEn = "On minimum allowance", Sensitive = true, Order = 70 },
        new() { Code = "no-smartphone", NameZh = "不用智能手机", NameEn = "No smartphone", Order = 80 },
        new() { Code = "language", NameZh = "需要语言帮助", NameEn = "Needs language help", Order = 90 },
        new() { Code = "volunteer", NameZh = "志愿者", NameEn = "Volunteer", Order = 100 },
    ];
}

/// <summary>What a person agreed to (同意): who said so, when, by what means, for which purpose and how long.</summary>
internal sealed class Consent : Entity
{
    /// <summary>By what means: signed paper, by word before a witness, in the person's own account.</summary>
    public static readonly IReadOnlyList<string> AllMeans = ["paper", "spoken", "online"];

    /// <summary>Who may agree for a person.</summary>
    public static readonly IReadOnlyList<string> AllGivers = ["self", "guardian"];

    /// <summary>Longest time a consent holds before it is asked again.</summary>
    public const int MostYears = 5;

    private Consent() { }

    public Guid PersonId { get; private init; }
    /// <summary>One of <see cref="Purposes"/>.</summary>
    public string Purpose { get; private init; } = "";
    public string GivenBy { get; private init; } = "";
    public string Means { get; private init; } = "";
    /// <summary>Number of the paper, or the witness's office; never a health fact.</summary>
    public string? Reference { get; private init; }
    public DateOnly GivenOn { get; private init; }
    /// <summary>First day it no longer holds.</summary>
    public DateOnly Until { get; private init; }
    public string RecordedBy { get; private init; } = "";
    public DateTimeOffset RecordedAt { get; private init; }
    public DateTimeOffset? WithdrawnAt { get; private set; }

    public static Consent Give(Guid personId, string purpose, string givenBy, string means, string? reference, DateOnly givenOn, DateOnly until, DateOnly? birthDate, string recordedBy, string? home, DateTimeOffset now, bool announce = true)
    {
        var today = Days.Of(now);
        Rule.Require(Purposes.All.Contains(purpose), "purpose.unknown", "purpose", purpose);
        Rule.Require(AllGivers.Contains(givenBy), "people.consent-giver", "givenBy");
        // 个人信息保护法 31: for a child under 14 a guardian decides.
        Rule.Require(birthDate is null || Days.Age(birthDate.Value, today) >= 14 || givenBy == "guardian", "people.consent-guardian", "givenBy");
        Rule.Require(AllMeans.Contains(means), "people.consent-means", "means");
        Rule.Require(reference is null or { Length: <= 60 }, "people.consent-reference", "reference");
        Rule.Require(givenOn <= today && givenOn >= today.AddYears(-MostYears), "people.consent-given-on", "givenOn");
        Rule.Require(until > today && until <= givenOn.AddYears(MostYears), "people.consent-until", "until", MostYears);
        var consent = new Consent
        {
            PersonId = personId, Purpose = purpose, GivenBy = givenBy, Means = means, Reference = string.IsNullOrWhiteSpace(reference) ? null : reference.Trim(),
            GivenOn = givenOn, Until = until, RecordedBy = recordedBy, RecordedAt = now,
        };
        if (announce) consent.Raise(new ConsentGiven(consent.Id, personId, home, now));
        return consent;
    }

    public bool Holds(DateOnly today) => WithdrawnAt is null && Until > today;

    public void Withdraw(string? home, DateTimeOffset now)
    {
        Rule.State(WithdrawnAt is null, "people.consent-withdrawn");
        WithdrawnAt = now;
        Raise(new ConsentWithdrawn(Id, PersonId, home, now));
    }
}

/// <summary>A tag on a person. Lives only as long as its consent; a withdrawn consent takes the row away.</summary>
internal sealed class PersonTag
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid PersonId { get; init; }
    /// <summary>Code of a <see cref="TagKind"/>.</summary>
    public required string Tag { get; init; }
    public Guid ConsentId { get; init; }
    public DateTimeOffset AddedAt { get; init; }
}
