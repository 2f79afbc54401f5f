using FsCheck;
using FsCheck.Fluent;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Domain;

namespace Liren.Tests.Organisation;

/// <summary>Generated matrices on a small tree of places, and the slow way to answer them that nobody can get wrong.</summary>
internal static class Matrices
{
    public static readonly DateOnly Day = new(2026, 11, 25);
    public static readonly string[] Places = ["31", "31.1", "31.2", "31.1.1", "31.1.2", "31.2.1", "31.1.1.a", "31.1.1.b", "31.1.1.a.x", "32"];
    public static readonly string[] Events = ["crowd.gathering", "crowd.dispute", "fire.smoke", "fire.alarm.high", "fire.alarm.low", "noise"];
    public static readonly Mode[] Modes = [Mode.Peace, Mode.Emergency];
    private static readonly string[] Patterns = ["*", "crowd.*", "crowd.gathering", "fire.*", "fire.alarm.*", "fire.alarm.high", "fire.smoke", "noise", "noise.*", "flood.*"];
    private static readonly string[] Leads = ["org-a", "org-b", "org-c", "org-d"];
    public static readonly IReadOnlyList<OrgInfo> Orgs = [.. Leads.Append("street").Select(c => new OrgInfo(new(Guid.CreateVersion7(), c, c, c == "street" ? "Street" : "Department", "31"), c == "street" ? OrgKind.Street : OrgKind.Department, false))];
    public static readonly MatrixSettings Settings = MatrixSettings.Default with { Scopes = ["31"], Fallback = ["@street"] };

    private static readonly Gen<MatrixRule> OneRule =
        from place in Gen.Elements(Places.Append("").ToArray())
        from pattern in Gen.Elements(Patterns)
        from mode in Gen.Elements(Enum.GetValues<RuleMode>())
        from lead in Gen.Elements(Leads)
        from rank in Gen.Choose(0, 2)
        from days in Gen.Choose(-3, 40)
        select Rule(0, pattern, place, mode, lead, rank, days < 0 ? Day.AddDays(days) : null);

    /// <summary>Anything: ties, holes, dead and expired rules as they come.</summary>
    public static readonly Arbitrary<MatrixRule[]> Any = Gen.ListOf(OneRule).Select(Number).ToArbitrary();

    /// <summary>Covers everything, and no two rules are equal on all four.</summary>
    public static readonly Gen<MatrixRule[]> Clean = Gen.ListOf(OneRule)
        .Select(rules => Number(rules.Where(r => !(r.PlacePath is "" or "31" && r.Event == "*")).DistinctBy(r => (r.PlacePath, r.Event, r.Mode, r.Rank)).Append(Rule(0, "*", "31", RuleMode.Any, "street", 0, null))));

    public static MatrixRule Rule(int number, string @event, string place, RuleMode mode, string lead, int rank, DateOnly? expires) =>
        MatrixRule.From(Guid.Empty, number, @event, place, mode, lead, null, rank, null, null, expires);

    public static MatrixRule[] Number(IEnumerable<MatrixRule> rules) =>
        [.. rules.Select((r, i) => MatrixRule.From(Guid.Empty, i + 1, r.Event, r.PlacePath, r.Mode, r.Lead, null, r.Rank, r.FallbackCodes, null, r.Expires))];

    public static MatrixBook Book(IReadOnlyList<MatrixRule> rules, MatrixSettings? settings = null, Dictionary<AuthorityLine, Dictionary<Guid, Guid>>? superiors = null) =>
        new(1, rules, settings ?? Settings, Orgs, superiors ?? []);

    public static IReadOnlyList<Finding> Check(IReadOnlyList<MatrixRule> rules, Dictionary<AuthorityLine, Dictionary<Guid, Guid>>? superiors = null) =>
        MatrixCheck.Run(Book(rules, null, superiors), Events, null, Day);

    /// <summary>Every rule that matches, best first, by the words of the documentation.</summary>
    public static List<MatrixRule> Oracle(IEnumerable<MatrixRule> rules, string code, string place, Mode mode) =>
        [.. rules.Where(r => PlacePath.IsWithin(place, r.PlacePath))
            .Where(r => System.Text.RegularExpressions.Regex.IsMatch(code, "^" + System.Text.RegularExpressions.Regex.Escape(r.Event).Replace("\\*", ".+", StringComparison.Ordinal) + "$"))
            .Where(r => r.Mode == RuleMode.Any || r.Mode.ToString() == mode.ToString())
            .Where(r => r.Expires is null || r.Expires >= Day)
            .OrderByDescending(r => r.PlacePath.Length == 0 ? 0 : r.PlacePath.Split('.').Length)
            .ThenByDescending(r => Exactness(r.Event))
            .ThenByDescending(r => r.Mode != RuleMode.Any)
            .ThenByDescending(r => r.Rank).ThenBy(r => r.Number)];

    public static bool Tied(MatrixRule a, MatrixRule b) =>
        (a.PlacePath, Exactness(a.Event), a.Mode != RuleMode.Any, a.Rank) == (b.PlacePath, Exactness(b.Event), b.Mode != RuleMode.Any, b.Rank);

    // "*" names nothing, each further word names more, and a whole code names the event itself.
    private static int Exactness(string pattern) => pattern.Contains('*', StringComparison.Ordinal) ? pattern.Split('.').Length : 99;
}
