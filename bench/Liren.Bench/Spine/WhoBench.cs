using System.Diagnostics;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation;
using Liren.Organisation.Domain;
using Liren.Organisation.Features;
using Liren.Sdk.Text;

namespace Liren.Bench.Spine;

/// <summary>
/// Who answers for what, through the interface other modules use: one street with 47 communities, 487 compounds and 100 event types; random
/// questions, each answered with its reasons. The peer is the plain way: filter and sort all rules. Both must give the same owner.
/// </summary>
internal static class WhoBench
{
    private const int Communities = 47, Compounds = 487, Families = 20, TypesOfFamily = 5;

    public static async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        BenchRun.Say($"who: {Communities} communities, {Compounds} compounds, {Families * TypesOfFamily} event types");
        var random = new Random(1);
        var communities = Enumerable.Range(1, Communities).Select(i => $"31.01.15.016.{i:D3}").ToArray();
        var compounds = Enumerable.Range(0, Compounds).Select(i => $"{communities[i % Communities]}.c{i:D3}").ToArray();
        var types = Enumerable.Range(0, Families * TypesOfFamily).Select(i => $"family{i / TypesOfFamily}.type{i % TypesOfFamily}").ToArray();
        var book = Book(communities, compounds);
        IResponsibilityMatrix matrix = new ResponsibilityMatrix(new ActiveMatrix(null!, book), new Texts([typeof(OrganisationModule).Assembly]), TimeProvider.System);
        var asked = Enumerable.Range(0, run.Quick ? 2_000 : 20_000)
            .Select(_ => (Type: types[random.Next(types.Length)], Place: compounds[random.Next(Compounds)] + ".b8.u1", Mode: (Mode)random.Next(2))).ToArray();
        await AskAsync(matrix, asked, stop);
        var (ours, owners) = await AskAsync(matrix, asked, stop);
        var naive = asked.Take(run.Quick ? 200 : 1_000).ToArray();
        Naive(book.Rules, naive);
        var (peer, expected) = Naive(book.Rules, naive);
        if (!owners.Take(naive.Length).SequenceEqual(expected)) throw new InvalidOperationException("The compiled matrix and the plain way disagree");
        run.Report.Figure("who_us", ours.Median());
        run.Report.Figure("who_p99_us", ours.Percentile(0.99));
        run.Report.Figure("who_rules", book.Rules.Count);
        run.Report.Ratio("who_vs_scan", ours.Median() / peer.Median());
    }

    private static MatrixBook Book(string[] communities, string[] compounds)
    {
        var orgs = new List<OrgInfo> { Org("street", OrgKind.Street, "31.01.15.016"), Org("district", OrgKind.District, "31.01.15") };
        var rules = new List<MatrixRule>();
        void Add(string pattern, string place, RuleMode mode, string lead) =>
            rules.Add(MatrixRule.From(Guid.Empty, rules.Count + 1, pattern, place, mode, lead, ["street"], 0, null, "清单", null));
        Add("*", "31.01.15.016", RuleMode.Any, "street");
        for (var f = 0; f < Families; f++)
        {
            orgs.Add(Org($"office{f}", OrgKind.Department, "31.01.15.016"));
            Add($"family{f}.*", "31.01.15.016", RuleMode.Peace, $"office{f}");
            Add($"family{f}.*", "31.01.15.016", RuleMode.Emergency, "street");
        }
        foreach (var (place, i) in communities.Select((p, i) => (p, i)))
        {
            orgs.Add(Org($"community{i}", OrgKind.CommunityOffice, place));
            Add($"family{i % Families}.type1", place, RuleMode.Any, $"community{i}");
        }
        foreach (var (place, i) in compounds.Select((p, i) => (p, i)))
        {
            orgs.Add(Org($"property{i}", OrgKind.PropertyCompany, place));
            Add("family3.*", place, RuleMode.Any, $"property{i}");
            Add("family7.type2", place, RuleMode.Peace, $"property{i}");
        }
        return new MatrixBook(1, rules, MatrixSettings.Default with { Scopes = ["31.01.15.016"] }, orgs, new Dictionary<AuthorityLine, Dictionary<Guid, Guid>>());
    }

    private static OrgInfo Org(string code, OrgKind kind, string place) => new(new(Guid.CreateVersion7(), code, code, kind.ToString(), place), kind, false);

    private static async Task<(double[] Microseconds, string?[] Owners)> AskAsync(IResponsibilityMatrix matrix, (string Type, string Place, Mode Mode)[] asked, CancellationToken stop)
    {
        var (times, owners) = (new double[asked.Length], new string?[asked.Length]);
        for (var i = 0; i < asked.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var answer = await matrix.WhoAsync(asked[i].Type, asked[i].Place, asked[i].Mode, stop);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            owners[i] = answer.Owner?.Code;
        }
        return (times, owners);
    }

    private static (double[] Microseconds, string?[] Owners) Naive(IReadOnlyList<MatrixRule> rules, (string Type, string Place, Mode Mode)[] asked)
    {
        var (times, owners) = (new double[asked.Length], new string?[asked.Length]);
        for (var i = 0; i < asked.Length; i++)
        {
            var (type, place, mode) = asked[i];
            var start = Stopwatch.GetTimestamp();
            owners[i] = rules.Where(r => PlacePath.IsWithin(place, r.PlacePath) && EventPattern.Matches(r.Event, type) && r.AppliesIn(mode))
                .OrderByDescending(r => PlacePath.Depth(r.PlacePath)).ThenByDescending(r => EventPattern.Depth(r.Event)).ThenBy(r => r.Mode == RuleMode.Any).ThenByDescending(r => r.Rank).FirstOrDefault()?.Lead;
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        return (times, owners);
    }
}
