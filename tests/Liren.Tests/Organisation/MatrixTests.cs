using FsCheck;
using FsCheck.Fluent;
using Liren.Contracts.Organisation;
using Liren.Organisation.Domain;
using static Liren.Tests.Organisation.Matrices;

namespace Liren.Tests.Organisation;

/// <summary>Who decides, and what the checker finds, against the slow way and against planted faults.</summary>
public sealed class MatrixTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(40);

    [Fact]
    public void Every_decision_agrees_with_the_slow_way() => Prop.ForAll(Any, rules =>
    {
        var index = new MatrixIndex(rules);
        foreach (var code in Events) foreach (var place in Matrices.Places) foreach (var mode in Matrices.Modes)
        {
            var slow = Oracle(rules, code, place, mode);
            var decision = index.Decide(code, place, mode, Day);
            if (decision.Rule?.Number != slow.FirstOrDefault()?.Number) return false;
            if (decision.Rule is { } winner && !decision.Tied.Select(r => r.Number).SequenceEqual(slow.Skip(1).Where(r => Tied(winner, r)).Select(r => r.Number))) return false;
            if (1 + decision.Tied.Count + decision.Beaten.Count != slow.Count && slow.Count > 0) return false;
        }
        return true;
    }).Check(Runs);

    [Fact]
    public void The_checker_names_exactly_the_ties_and_holes_that_asking_everything_finds() => Prop.ForAll(Any, rules =>
    {
        var found = Check(rules);
        var (ties, holes) = (new HashSet<string>(), new HashSet<string>());
        // The root stands for all the places that no rule of the matrix names.
        foreach (var code in Events) foreach (var place in Matrices.Places.Append("")) foreach (var mode in Matrices.Modes)
        {
            var slow = Oracle(rules, code, place, mode);
            if (slow.Count > 0) { if (slow.Count(r => Tied(slow[0], r)) is > 1 and var n) ties.Add(string.Join(' ', slow.Take(n).Select(r => r.Number).Order())); }
            else if (place == "31" || place.StartsWith("31.", StringComparison.Ordinal)) holes.Add($"{code} {mode}");
        }
        var said = found.Where(f => f.Kind == FindingKind.Hole).SelectMany(f => f.Mode is { } m ? [$"{f.Events[0]} {m}"] : Matrices.Modes.Select(x => $"{f.Events[0]} {x}"));
        return ties.SetEquals(found.Where(f => f.Kind == FindingKind.Tie).Select(f => string.Join(' ', f.Rules))) && holes.SetEquals(said);
    }).Check(Runs);

    [Fact]
    public void A_clean_matrix_has_no_errors() => Prop.ForAll(Clean.ToArbitrary(), rules => !Check(rules).Any(f => f.IsError)).Check(Runs);

    [Fact]
    public void A_planted_tie_is_found() => Prop.ForAll(Clean.SelectMany(r => Gen.Choose(0, r.Length - 1).Select(i => (Rules: r, At: i))).ToArbitrary(), planted =>
    {
        var twin = planted.Rules[planted.At];
        var dead = Check(planted.Rules).Where(f => f.Kind is FindingKind.Dead or FindingKind.DeadEvent or FindingKind.Expired).SelectMany(f => f.Rules.Take(1)).ToHashSet();
        MatrixRule[] rules = [.. planted.Rules, Rule(planted.Rules.Length + 1, twin.Event, twin.PlacePath, twin.Mode, "org-d", twin.Rank, twin.Expires)];
        // Twins that never decide are dead, not tied.
        return dead.Contains(twin.Number) || Check(rules).Any(f => f.Kind == FindingKind.Tie && f.Rules.Contains(twin.Number) && f.Rules.Contains(rules.Length));
    }).Check(Runs);

    [Fact]
    public void A_planted_hole_is_found() => Prop.ForAll(Clean.SelectMany(r => Gen.Elements(Events).Select(e => (Rules: r, Event: e))).ToArbitrary(), planted =>
    {
        var rules = planted.Rules.Where(r => !(r.PlacePath is "31" or "" && EventPattern.Matches(r.Event, planted.Event))).ToArray();
        return Check(rules).Any(f => f.Kind == FindingKind.Hole && f.Events.Contains(planted.Event) && f.Place == "31" && f.Mode is null);
    }).Check(Runs);

    [Fact]
    public void Planted_circles_are_found_and_straight_chains_are_not() => Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 9), 10).SelectMany(a => Gen.Choose(2, 5).Select(n => (Above: a, Length: n))).ToArbitrary(), planted =>
    {
        var ids = Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7()).ToArray();
        // Above is always someone with a smaller number: no circle.
        var straight = Enumerable.Range(1, 9).ToDictionary(i => ids[i], i => ids[planted.Above[i] % i]);
        if (AuthorityLines.Cycles(straight).Count > 0) return false;
        var bent = new Dictionary<Guid, Guid>(straight);
        for (var i = 0; i < planted.Length; i++) bent[ids[i]] = ids[(i + 1) % planted.Length];
        var circles = AuthorityLines.Cycles(bent);
        if (circles.Count != 1 || !circles[0].ToHashSet().SetEquals(ids.Take(planted.Length))) return false;
        var found = Check([Rule(1, "*", "31", RuleMode.Any, "street", 0, null)], new() { [AuthorityLine.Territory] = bent });
        return found.Count(f => f.Kind == FindingKind.SuperiorCycle) == 1;
    }).Check(Runs);

    [Fact]
    public void A_fallback_that_comes_back_is_found()
    {
        MatrixRule With(params string[] fallback) => MatrixRule.From(Guid.Empty, 1, "*", "31", RuleMode.Any, "org-a", null, 0, fallback, null, null);
        Check([With("org-b", "org-a")]).ShouldContain(f => f.Kind == FindingKind.FallbackCycle && f.Rules.Contains(1) && f.Orgs!.Contains("org-a"));
        Check([With("org-b", "org-c", "org-b")]).ShouldContain(f => f.Kind == FindingKind.FallbackCycle);
        Check([With("org-b", "org-c")]).ShouldNotContain(f => f.IsError);
    }

    [Fact]
    public void Unknown_closed_expired_dead_shadowing_and_idle_are_named()
    {
        MatrixRule[] rules =
        [
            Rule(1, "*", "31", RuleMode.Any, "street", 0, null), Rule(2, "fire.*", "31", RuleMode.Any, "org-a", 0, null),
            Rule(3, "*", "31.1", RuleMode.Any, "org-b", 0, null), Rule(4, "*", "31.1", RuleMode.Peace, "ghost", 0, null),
            Rule(5, "noise", "31", RuleMode.Any, "gone", 0, null), Rule(6, "noise", "31", RuleMode.Any, "org-c", 1, Day.AddDays(-1)),
            Rule(7, "flood.*", "31", RuleMode.Any, "org-c", 0, null), Rule(8, "crowd.*", "31", RuleMode.Peace, "org-c", 0, Day.AddDays(5)),
            Rule(9, "noise", "31", RuleMode.Any, "org-d", 5, null),
        ];
        var orgs = Orgs.Append(new OrgInfo(new(Guid.CreateVersion7(), "gone", "gone", "Department", "31"), OrgKind.Department, Closed: true))
            .Select(o => o.Card.Code == "org-a" ? o with { OnDuty = false } : o).ToList();
        var found = MatrixCheck.Run(new(1, rules, Settings, orgs, new Dictionary<AuthorityLine, Dictionary<Guid, Guid>>()), Events, new HashSet<string> { "31" }, Day);
        string Of(FindingKind kind) => string.Join(" | ", found.Where(f => f.Kind == kind).Select(f => $"{string.Join(',', f.Rules)} {string.Join(',', f.Orgs ?? [])}".Trim()));
        Of(FindingKind.UnknownOrg).ShouldBe("4 ghost");
        Of(FindingKind.ClosedOrg).ShouldBe("5 gone");
        Of(FindingKind.UnknownPlace).ShouldBe("3,4");
        Of(FindingKind.Expired).ShouldBe("6");
        Of(FindingKind.ExpiresSoon).ShouldBe("8");
        Of(FindingKind.DeadEvent).ShouldBe("7");
        Of(FindingKind.Dead).ShouldBe("5,9");
        Of(FindingKind.NobodyOnDuty).ShouldBe("2 org-a");
        Of(FindingKind.Shadow).ShouldContain("3,2");
        Of(FindingKind.Hole).ShouldBe("");
        MatrixCheck.Run(Book(rules, Settings with { ValidUntil = Day.AddDays(-1), Scopes = [] }), Events, null, Day).Count(f => f.Kind is FindingKind.ApprovalExpired or FindingKind.NoScope).ShouldBe(2);
    }

    [Fact]
    public void A_pattern_names_what_it_says_and_no_more()
    {
        EventPattern.Matches("fire.*", "fire.smoke").ShouldBeTrue();
        EventPattern.Matches("fire.*", "fire").ShouldBeFalse();
        EventPattern.Matches("fire.*", "firework.show").ShouldBeFalse();
        EventPattern.IsPattern("fire.*.x").ShouldBeFalse();
        EventPattern.IsPattern("Fire").ShouldBeFalse();
    }
}
