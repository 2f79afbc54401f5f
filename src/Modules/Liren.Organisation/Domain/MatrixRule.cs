using Liren.Contracts.Organisation;
using Liren.Sdk;

namespace Liren.Organisation.Domain;

/// <summary>The mode a rule is for.</summary>
internal enum RuleMode
{
    /// <summary>不限.</summary>
    Any,
    /// <summary>平时.</summary>
    Peace,
    /// <summary>急时.</summary>
    Emergency,
}

/// <summary>One rule of the responsibility matrix: who leads on these events at this place in this mode.</summary>
internal sealed class MatrixRule
{
    public Guid VersionId { get; init; }
    /// <summary>Stays with the rule from version to version.</summary>
    public int Number { get; init; }
    /// <summary>"crowd.*".</summary>
    public required string Event { get; init; }
    /// <summary>Subtree; "" is everywhere.</summary>
    public required string PlacePath { get; init; }
    public RuleMode Mode { get; init; }
    /// <summary>Code of the organisation that leads (牵头).</summary>
    public required string Lead { get; init; }
    /// <summary>Codes of those who help (协同), joined by blanks.</summary>
    public string Support { get; init; } = "";
    /// <summary>Among equals the higher one decides.</summary>
    public int Rank { get; init; }
    /// <summary>Codes of those who follow when the lead does not act, instead of the version's chain; joined by blanks.</summary>
    public string Fallback { get; init; } = "";
    /// <summary>Legal basis (依据).</summary>
    public string? Basis { get; init; }
    /// <summary>Last day it holds.</summary>
    public DateOnly? Expires { get; init; }

    public IReadOnlyList<string> SupportCodes => Split(Support);
    public IReadOnlyList<string> FallbackCodes => Split(Fallback);

    public bool AppliesIn(Mode mode) => Mode == RuleMode.Any || (Mode == RuleMode.Peace) == (mode == Contracts.Organisation.Mode.Peace);

    public bool HoldsOn(DateOnly day) => !(Expires < day);

    /// <summary>Same decision, whatever version it stands in.</summary>
    public bool SameAs(MatrixRule other) => (Event, PlacePath, Mode, Lead, Support, Rank, Fallback, Basis, Expires) ==
        (other.Event, other.PlacePath, other.Mode, other.Lead, other.Support, other.Rank, other.Fallback, other.Basis, other.Expires);

    /// <summary>Makes a rule of what somebody typed or a sheet says. Whether the organisations exist is for the checker: a draft may be ahead of the list.</summary>
    public static MatrixRule From(Guid version, int number, string @event, string place, RuleMode mode, string lead, IEnumerable<string>? support, int rank, IEnumerable<string>? fallback, string? basis, DateOnly? expires)
    {
        @event = @event.Trim().ToLowerInvariant();
        place = place.Trim() is "*" ? "" : place.Trim();
        Rule.Require(EventPattern.IsPattern(@event), "organisation.rule-event", "event", @event);
        Rule.Require(place.Length == 0 || Contracts.Places.PlacePath.IsValid(place), "organisation.place", "place", place);
        Rule.Require(Enum.IsDefined(mode), "organisation.rule-mode", "mode");
        Rule.Require(OrgUnit.IsCode(lead.Trim()), "organisation.rule-lead", "lead", lead);
        Rule.Require(rank is >= 0 and <= 1000, "organisation.rule-rank", "rank");
        Rule.Require(basis is null or { Length: <= 200 }, "organisation.rule-basis", "basis");
        return new()
        {
            VersionId = version, Number = number, Event = @event, PlacePath = place, Mode = mode, Lead = lead.Trim(), Rank = rank, Expires = expires,
            Support = Codes(support, "support"), Fallback = Codes(fallback, "fallback"), Basis = string.IsNullOrWhiteSpace(basis) ? null : basis.Trim(),
        };
    }

    public MatrixRule CopyTo(Guid version) => new()
    {
        VersionId = version, Number = Number, Event = Event, PlacePath = PlacePath, Mode = Mode, Lead = Lead, Support = Support, Rank = Rank, Fallback = Fallback, Basis = Basis, Expires = Expires,
    };

    private static string Codes(IEnumerable<string>? codes, string field)
    {
        var list = (codes ?? []).Select(c => c.Trim()).Where(c => c.Length > 0).ToList();
        foreach (var code in list) Rule.Require(OrgUnit.IsCode(code), "organisation.rule-code", field, code);
        return string.Join(' ', list);
    }

    private static string[] Split(string codes) => codes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
