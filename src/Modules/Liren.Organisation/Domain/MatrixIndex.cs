using Liren.Contracts.Organisation;
using Liren.Contracts.Places;

namespace Liren.Organisation.Domain;

/// <summary>What the matrix decided.</summary>
/// <param name="Rule">The rule that decides; null is a hole.</param>
/// <param name="Tied">Rules equal to it on all four: the lowest number was taken.</param>
/// <param name="Beaten">Other rules that match, in the order in which they would decide.</param>
internal readonly record struct Decision(MatrixRule? Rule, IReadOnlyList<MatrixRule> Tied, IReadOnlyList<MatrixRule> Beaten);

/// <summary>
/// Rules ready for questions. Order of decision: deepest place (属地), then most exact event, then a named mode over any, then higher rank.
/// A question walks the place upwards and looks up the few patterns an event can match: a handful of hash look-ups, no scan.
/// </summary>
internal sealed class MatrixIndex
{
    private readonly Dictionary<(string Place, string Pattern), MatrixRule[]> rules;
    private readonly HashSet<string> places;

    public MatrixIndex(IEnumerable<MatrixRule> all)
    {
        rules = all.GroupBy(r => (r.PlacePath, r.Event)).ToDictionary(g => g.Key,
            g => g.OrderBy(r => r.Mode == RuleMode.Any).ThenByDescending(r => r.Rank).ThenBy(r => r.Number).ToArray());
        places = [.. rules.Keys.Select(k => k.Place)];
    }

    /// <summary>Decides. Pure: depends on nothing but the rules and the question.</summary>
    /// <param name="code">Event type.</param>
    /// <param name="place">Path of the place.</param>
    /// <param name="mode">Peace or emergency.</param>
    /// <param name="day">Expired rules do not count.</param>
    public Decision Decide(string code, string place, Mode mode, DateOnly day)
    {
        var patterns = PatternsOf(code);
        MatrixRule? winner = null;
        List<MatrixRule>? tied = null, beaten = null;
        for (var at = place; ; at = PlacePath.Parent(at))
        {
            if (places.Contains(at))
                foreach (var pattern in patterns)
                {
                    if (!rules.TryGetValue((at, pattern), out var found)) continue;
                    foreach (var rule in found)
                    {
                        if (!rule.AppliesIn(mode) || !rule.HoldsOn(day)) continue;
                        if (winner is null) winner = rule;
                        else if (Equal(winner, rule)) (tied ??= []).Add(rule);
                        else (beaten ??= []).Add(rule);
                    }
                }
            if (at.Length == 0) return new(winner, tied ?? (IReadOnlyList<MatrixRule>)[], beaten ?? (IReadOnlyList<MatrixRule>)[]);
        }
    }

    /// <summary>Equal on all four: then nothing says who decides.</summary>
    public static bool Equal(MatrixRule a, MatrixRule b) =>
        a.PlacePath == b.PlacePath && a.Event == b.Event && a.Mode == RuleMode.Any == (b.Mode == RuleMode.Any) && a.Rank == b.Rank;

    /// <summary>Patterns an event can match, most exact first.</summary>
    private static string[] PatternsOf(string code)
    {
        var dots = code.AsSpan().Count('.');
        var patterns = new string[dots + 2];
        patterns[0] = code;
        var end = code.Length;
        for (var i = 1; i <= dots; i++)
        {
            end = code.LastIndexOf('.', end - 1);
            patterns[i] = string.Concat(code.AsSpan(0, end), ".*");
        }
        patterns[^1] = "*";
        return patterns;
    }
}
