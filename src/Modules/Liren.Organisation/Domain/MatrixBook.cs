using Liren.Contracts.Organisation;
using Liren.Contracts.Places;

namespace Liren.Organisation.Domain;

/// <summary>An organisation as the matrix needs it.</summary>
/// <param name="Card">Who.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Closed">It no longer exists.</param>
/// <param name="OnDuty">Some post of it has somebody on duty; null when that was not looked up.</param>
internal sealed record OrgInfo(OrgCard Card, OrgKind Kind, bool Closed, bool? OnDuty = null);

/// <summary>A version of the matrix with the organisations it names: everything a question needs, nothing that changes.</summary>
internal sealed class MatrixBook
{
    /// <summary>Lines in which a superior answers for those below; contract and owners do not: a client is no superior office.</summary>
    private static readonly AuthorityLine[] Answering = [AuthorityLine.Territory, AuthorityLine.SelfGovernment, AuthorityLine.Branch];

    private readonly Dictionary<(OrgKind, string), OrgCard> officeOf = [];
    private readonly Dictionary<Guid, OrgCard> byId;

    public MatrixBook(int version, IReadOnlyList<MatrixRule> rules, MatrixSettings settings, IReadOnlyCollection<OrgInfo> orgs,
        IReadOnlyDictionary<AuthorityLine, Dictionary<Guid, Guid>> superiors, IReadOnlyDictionary<string, string>? placeNames = null)
    {
        (Version, Rules, Settings, Superiors, PlaceNames) = (version, rules, settings, superiors, placeNames ?? new Dictionary<string, string>());
        Index = new MatrixIndex(rules);
        Orgs = orgs.ToDictionary(o => o.Card.Code);
        byId = orgs.Where(o => !o.Closed).ToDictionary(o => o.Card.Id, o => o.Card);
        SignIn = settings.SignIn;
        // Two offices of a kind for one place: the one with the lower code, so that the answer never depends on the order of reading.
        foreach (var org in orgs.Where(o => !o.Closed).OrderBy(o => o.Card.Code, StringComparer.Ordinal)) officeOf.TryAdd((org.Kind, org.Card.PlacePath), org.Card);
    }

    public int Version { get; }
    public IReadOnlyList<MatrixRule> Rules { get; }
    public MatrixSettings Settings { get; }
    public MatrixIndex Index { get; }
    /// <summary>By code, closed ones too.</summary>
    public IReadOnlyDictionary<string, OrgInfo> Orgs { get; }
    public IReadOnlyDictionary<AuthorityLine, Dictionary<Guid, Guid>> Superiors { get; }
    public IReadOnlyDictionary<string, TimeSpan> SignIn { get; }
    /// <summary>Names of the places rules name.</summary>
    public IReadOnlyDictionary<string, string> PlaceNames { get; }

    /// <summary>The organisation with this code, if it still exists.</summary>
    public OrgCard? Org(string code) => Orgs.TryGetValue(code, out var org) && !org.Closed ? org.Card : null;

    public OrgCard? Org(Guid id) => byId.GetValueOrDefault(id);

    /// <summary>Who follows when the lead refuses or does not sign in, in order: each once, never the lead itself.</summary>
    public IReadOnlyList<OrgCard> Fallback(MatrixRule? rule, string place)
    {
        var lead = rule is null ? null : Org(rule.Lead);
        var chain = new List<OrgCard>(4);
        foreach (var step in rule is { Fallback.Length: > 0 } ? rule.FallbackCodes : Settings.Fallback)
            if (Resolve(step, lead, place) is { } next && next.Id != lead?.Id && !chain.Contains(next)) chain.Add(next);
        return chain;
    }

    /// <summary>The organisation a step of a chain means for this lead and place; null when there is none.</summary>
    public OrgCard? Resolve(string step, OrgCard? lead, string place) => step switch
    {
        MatrixVersion.Community => OfficeAt(OrgKind.CommunityOffice, place),
        MatrixVersion.Street => OfficeAt(OrgKind.Street, place),
        MatrixVersion.District => OfficeAt(OrgKind.District, place),
        MatrixVersion.SuperiorOfLead => lead is null ? null : SuperiorOf(lead.Id),
        _ => Org(step),
    };

    private OrgCard? SuperiorOf(Guid org)
    {
        foreach (var line in Answering)
            if (Superiors.TryGetValue(line, out var links) && links.TryGetValue(org, out var above) && Org(above) is { } card) return card;
        return null;
    }

    private OrgCard? OfficeAt(OrgKind kind, string place)
    {
        for (var at = place; at.Length > 0; at = PlacePath.Parent(at))
            if (officeOf.TryGetValue((kind, at), out var office)) return office;
        return null;
    }
}
