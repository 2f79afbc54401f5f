using Liren.Sdk;

namespace Liren.Organisation.Domain;

/// <summary>
/// Lines of authority (权力线), kept apart: who orders whom in one line says nothing in another. The first two are government, seen from the
/// territory (块) and from the branch (条).
/// </summary>
internal enum AuthorityLine
{
    /// <summary>政府·块（属地）: 区 → 街道 → 网格中心.</summary>
    Territory,
    /// <summary>政府·条（条线）: 公安分局 → 派出所.</summary>
    Branch,
    /// <summary>自治: 街道指导居委会.</summary>
    SelfGovernment,
    /// <summary>业主: 业主大会 → 业委会.</summary>
    Owners,
    /// <summary>合同: 委托方 → 物业、承包单位.</summary>
    Contract,
}

/// <summary>An organisation has one superior in a line.</summary>
internal sealed class Superior : Entity
{
    public required Guid OrgId { get; init; }
    public required AuthorityLine Line { get; init; }
    public required Guid SuperiorId { get; init; }
    /// <summary>Law, document or contract it rests on.</summary>
    public string? Basis { get; init; }
    public DateTimeOffset Since { get; init; }
}

/// <summary>What may stand above what, line by line.</summary>
internal static class AuthorityLines
{
    private static readonly OrgKind[] Government =
        [OrgKind.District, OrgKind.Street, OrgKind.GridCentre, OrgKind.PoliceStation, OrgKind.HealthCentre, OrgKind.FireBrigade, OrgKind.Department];

    /// <summary>May an organisation of this kind have a superior of that kind in the line? A company is never the government's arm, a committee never its office.</summary>
    public static bool Allows(AuthorityLine line, OrgKind kind, OrgKind superior) => line switch
    {
        AuthorityLine.Territory or AuthorityLine.Branch => Government.Contains(kind) && Government.Contains(superior),
        AuthorityLine.SelfGovernment => kind is OrgKind.CommunityOffice && superior is OrgKind.Street or OrgKind.District or OrgKind.CommunityOffice,
        AuthorityLine.Owners => kind is OrgKind.OwnersCommittee && superior is OrgKind.OwnersAssembly,
        AuthorityLine.Contract => kind is OrgKind.PropertyCompany or OrgKind.Contractor,
        _ => false,
    };

    /// <summary>Refuses a superior that would close a circle.</summary>
    /// <param name="org">Who gets the superior.</param>
    /// <param name="superior">The superior.</param>
    /// <param name="superiorOf">Present superiors in this line.</param>
    public static void RequireNoCycle(Guid org, Guid superior, IReadOnlyDictionary<Guid, Guid> superiorOf)
    {
        Rule.Require(org != superior, "organisation.superior-self", "superior");
        var seen = new HashSet<Guid> { org };
        for (Guid? at = superior; at is { } step; at = superiorOf.TryGetValue(step, out var next) ? next : null)
            Rule.Require(seen.Add(step), "organisation.superior-cycle", "superior");
    }

    /// <summary>Circles among the superiors of one line, each once, in the order of the chain.</summary>
    public static IReadOnlyList<IReadOnlyList<Guid>> Cycles(IReadOnlyDictionary<Guid, Guid> superiorOf)
    {
        var found = new List<IReadOnlyList<Guid>>();
        var done = new HashSet<Guid>();
        foreach (var start in superiorOf.Keys.Order())
        {
            var chain = new List<Guid>();
            for (Guid? at = start; at is { } step && done.Add(step); at = superiorOf.TryGetValue(step, out var next) ? next : null) chain.Add(step);
            // The chain ended in something seen: a circle only if that lies in this very chain.
            if (chain.Count > 0 && superiorOf.TryGetValue(chain[^1], out var into) && chain.IndexOf(into) is >= 0 and var from) found.Add(chain[from..]);
        }
        return found;
    }
}
