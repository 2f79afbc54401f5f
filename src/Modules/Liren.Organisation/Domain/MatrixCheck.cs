using Liren.Contracts.Organisation;
using Liren.Contracts.Places;

namespace Liren.Organisation.Domain;

/// <summary>Kinds of findings; those of <see cref="Finding.IsError"/> stop an activation.</summary>
internal enum FindingKind
{
    /// <summary>无范围: the version names no place it must cover.</summary>
    NoScope,
    /// <summary>批准已过期.</summary>
    ApprovalExpired,
    /// <summary>并列: rules equal on all four, and one of them would decide.</summary>
    Tie,
    /// <summary>空白: an event type in use without an owner.</summary>
    Hole,
    /// <summary>上级成环.</summary>
    SuperiorCycle,
    /// <summary>兜底成环: a chain that comes back to its lead or to a step it had.</summary>
    FallbackCycle,
    /// <summary>单位不存在.</summary>
    UnknownOrg,
    /// <summary>单位已撤销.</summary>
    ClosedOrg,
    /// <summary>地点不存在.</summary>
    UnknownPlace,
    /// <summary>规则已过期.</summary>
    Expired,
    /// <summary>规则即将过期.</summary>
    ExpiresSoon,
    /// <summary>无对应事件: no event type in use matches.</summary>
    DeadEvent,
    /// <summary>从不生效: others always go before it.</summary>
    Dead,
    /// <summary>遮蔽: a wide rule of a small place takes events from an exact rule of a large one.</summary>
    Shadow,
    /// <summary>无人值班: nobody is on duty at the lead.</summary>
    NobodyOnDuty,
    /// <summary>无兜底.</summary>
    NobodyFollows,
}

/// <summary>Something wrong, or odd, with a matrix.</summary>
/// <param name="Kind">What.</param>
/// <param name="Rules">Numbers of the rules it is about.</param>
/// <param name="Events">Event types it shows at.</param>
/// <param name="Place">Where it shows.</param>
/// <param name="Mode">In which mode; null in both.</param>
/// <param name="Orgs">Codes of organisations it is about.</param>
/// <param name="Line">For circles of superiors: the line.</param>
internal sealed record Finding(FindingKind Kind, IReadOnlyList<int> Rules, IReadOnlyList<string> Events, string? Place = null, Mode? Mode = null, IReadOnlyList<string>? Orgs = null, AuthorityLine? Line = null)
{
    public bool IsError => Kind <= FindingKind.UnknownPlace;
}

/// <summary>
/// Checks a matrix before it may be activated. Asks it every event type in use at every place that matters in both modes. Places that matter are
/// those it must cover and those its rules name: everywhere between them the answer is that of the nearest one above.
/// </summary>
internal sealed class MatrixCheck(MatrixBook book, IReadOnlyCollection<string> eventsInUse, IReadOnlySet<string>? knownPlaces, DateOnly day)
{
    private static readonly Mode[] Modes = [Mode.Peace, Mode.Emergency];
    private readonly List<Finding> found = [];
    private readonly HashSet<int> alive = [];
    private readonly Dictionary<string, (FindingKind Kind, SortedSet<int> Rules)> orgFaults = [];

    /// <summary>Findings, errors first, each once.</summary>
    public static IReadOnlyList<Finding> Run(MatrixBook book, IReadOnlyCollection<string> eventsInUse, IReadOnlySet<string>? knownPlaces, DateOnly day)
    {
        var check = new MatrixCheck(book, eventsInUse, knownPlaces, day);
        check.Header();
        check.Organisations();
        check.Questions();
        check.Cycles();
        check.RulesThatNeverDecide();
        check.Followers();
        return [.. check.found.OrderBy(f => f.Kind).ThenBy(f => f.Rules.Count > 0 ? f.Rules[0] : 0).ThenBy(f => f.Place, StringComparer.Ordinal)];
    }

    private void Header()
    {
        if (book.Settings.Scopes.Count == 0) found.Add(new(FindingKind.NoScope, [], []));
        if (book.Settings.ValidUntil < day) found.Add(new(FindingKind.ApprovalExpired, [], []));
        foreach (var rule in book.Rules)
        {
            if (!rule.HoldsOn(day)) found.Add(new(FindingKind.Expired, [rule.Number], [], rule.PlacePath));
            else if (!rule.HoldsOn(day.AddDays(30))) found.Add(new(FindingKind.ExpiresSoon, [rule.Number], [], rule.PlacePath));
        }
        if (knownPlaces is null) return;
        foreach (var group in book.Rules.Where(r => r.PlacePath.Length > 0 && !knownPlaces.Contains(r.PlacePath)).GroupBy(r => r.PlacePath))
            found.Add(new(FindingKind.UnknownPlace, [.. group.Select(r => r.Number)], [], group.Key));
        foreach (var scope in book.Settings.Scopes.Where(s => s.Length > 0 && !knownPlaces.Contains(s))) found.Add(new(FindingKind.UnknownPlace, [], [], scope));
    }

    private void Organisations()
    {
        foreach (var rule in book.Rules)
            foreach (var code in rule.SupportCodes.Concat(rule.FallbackCodes).Prepend(rule.Lead)) Named(code, rule.Number);
        foreach (var step in book.Settings.Fallback.Where(s => !MatrixVersion.Steps.Contains(s))) Named(step, null);
        foreach (var (code, fault) in orgFaults) found.Add(new(fault.Kind, [.. fault.Rules], [], Orgs: [code]));
        foreach (var group in book.Rules.Where(r => r.HoldsOn(day)).GroupBy(r => r.Lead))
            if (book.Orgs.TryGetValue(group.Key, out var lead) && lead is { Closed: false, OnDuty: false }) found.Add(new(FindingKind.NobodyOnDuty, [.. group.Select(r => r.Number)], [], Orgs: [group.Key]));
    }

    private void Named(string code, int? rule)
    {
        if (book.Orgs.TryGetValue(code, out var org) && !org.Closed) return;
        if (!orgFaults.TryGetValue(code, out var fault)) orgFaults[code] = fault = (org is null ? FindingKind.UnknownOrg : FindingKind.ClosedOrg, []);
        if (rule is { } number) fault.Rules.Add(number);
    }

    private void Questions()
    {
        var holes = new Dictionary<(string Place, string Event), List<Mode>>();
        var ties = new Dictionary<string, (SortedSet<int> Rules, SortedSet<string> Events, string Place, HashSet<Mode> Modes)>();
        var shadows = new Dictionary<(int Winner, int Beaten), (SortedSet<string> Events, string Place)>();
        var scopes = book.Settings.Scopes.ToHashSet();
        foreach (var place in scopes.Union(book.Rules.Select(r => r.PlacePath)))
            foreach (var code in eventsInUse)
                foreach (var mode in Modes)
                {
                    var decision = book.Index.Decide(code, place, mode, day);
                    if (decision.Rule is not { } rule)
                    {
                        // A hole below a scope is a hole of the scope itself: no rule above either of them matches.
                        if (scopes.Contains(place)) (holes.TryGetValue((place, code), out var modes) ? modes : holes[(place, code)] = []).Add(mode);
                        continue;
                    }
                    alive.Add(rule.Number);
                    if (decision.Tied.Count > 0)
                    {
                        var numbers = new SortedSet<int>(decision.Tied.Select(r => r.Number)) { rule.Number };
                        alive.UnionWith(numbers);
                        var key = string.Join(' ', numbers);
                        if (!ties.TryGetValue(key, out var tie)) ties[key] = tie = (numbers, [], rule.PlacePath, []);
                        tie.Events.Add(code);
                        tie.Modes.Add(mode);
                    }
                    foreach (var beaten in decision.Beaten)
                        if (beaten.Lead != rule.Lead && EventPattern.Depth(beaten.Event) > EventPattern.Depth(rule.Event))
                        {
                            if (!shadows.TryGetValue((rule.Number, beaten.Number), out var shadow)) shadows[(rule.Number, beaten.Number)] = shadow = ([], rule.PlacePath);
                            shadow.Events.Add(code);
                        }
                }
        foreach (var ((place, code), modes) in holes) found.Add(new(FindingKind.Hole, [], [code], place, modes.Count == 1 ? modes[0] : null));
        foreach (var tie in ties.Values) found.Add(new(FindingKind.Tie, [.. tie.Rules], [.. tie.Events], tie.Place, tie.Modes.Count == 1 ? tie.Modes.First() : null));
        foreach (var (pair, shadow) in shadows) found.Add(new(FindingKind.Shadow, [pair.Winner, pair.Beaten], [.. shadow.Events], shadow.Place));
    }

    private void Cycles()
    {
        foreach (var (line, superiors) in book.Superiors)
            foreach (var circle in AuthorityLines.Cycles(superiors))
                found.Add(new(FindingKind.SuperiorCycle, [], [], Orgs: [.. circle.Select(id => book.Orgs.Values.FirstOrDefault(o => o.Card.Id == id)?.Card.Code ?? id.ToString())], Line: line));
        foreach (var rule in book.Rules)
            if (Repeated(rule.FallbackCodes.Prepend(rule.Lead)) is { } again) found.Add(new(FindingKind.FallbackCycle, [rule.Number], [], rule.PlacePath, Orgs: [again]));
        if (Repeated(book.Settings.Fallback) is { } twice) found.Add(new(FindingKind.FallbackCycle, [], [], Orgs: [twice]));
    }

    private static string? Repeated(IEnumerable<string> chain)
    {
        var seen = new HashSet<string>();
        return chain.FirstOrDefault(step => !seen.Add(step));
    }

    private void RulesThatNeverDecide()
    {
        foreach (var rule in book.Rules.Where(r => r.HoldsOn(day) && !alive.Contains(r.Number)))
        {
            var events = eventsInUse.Where(e => EventPattern.Matches(rule.Event, e)).ToList();
            if (events.Count == 0) { found.Add(new(FindingKind.DeadEvent, [rule.Number], [], rule.PlacePath)); continue; }
            var before = events.SelectMany(e => Modes.Where(rule.AppliesIn).Select(m => book.Index.Decide(e, rule.PlacePath, m, day).Rule?.Number)).OfType<int>().Distinct().Order().ToList();
            found.Add(new(FindingKind.Dead, [rule.Number, .. before], events, rule.PlacePath));
        }
    }

    private void Followers()
    {
        foreach (var rule in book.Rules.Where(r => alive.Contains(r.Number)))
        {
            // A rule for everywhere is looked at from each place the matrix covers.
            var places = book.Settings.Scopes.Where(s => PlacePath.IsWithin(s, rule.PlacePath) && s != rule.PlacePath).DefaultIfEmpty(rule.PlacePath);
            if (places.FirstOrDefault(p => book.Fallback(rule, p).Count == 0) is { } bare) found.Add(new(FindingKind.NobodyFollows, [rule.Number], [], bare));
        }
    }
}
