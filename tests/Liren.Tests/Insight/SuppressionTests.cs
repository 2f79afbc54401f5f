using Liren.Insight.Domain;

namespace Liren.Tests.Insight;

/// <summary>Small counts are hidden so that an attacker with the whole published table learns none of them.</summary>
public sealed class SuppressionTests
{
    private const int K = 5;

    private static Cube Table(int seed, int streets, int communities, int categories, int most, int periods = 1)
    {
        var random = new Random(seed);
        var leaves = new Dictionary<CellKey, long>();
        for (var s = 0; s < streets; s++)
            for (var c = 0; c < communities; c++)
                for (var d = 0; d < periods; d++)
                    for (var g = 0; g < categories; g++) leaves[new($"d.s{s}.c{c}", $"p{d}", $"g{g}")] = (long)(most * Math.Pow(random.NextDouble(), 2));
        return Cube.Of("d", leaves);
    }

    /// <summary>The attacker: all equations, all shown numbers, exact rational elimination of what is hidden. Returns what can be worked out.</summary>
    private static Dictionary<int, System.Numerics.BigInteger> Attack(Cube cube, bool[] hidden)
    {
        var unknown = Enumerable.Range(0, hidden.Length).Where(i => hidden[i]).ToList();
        var column = unknown.Select((u, i) => (u, i)).ToDictionary(p => p.u, p => p.i);
        var rows = new List<System.Numerics.BigInteger[]>();
        foreach (var equation in cube.Equations)
        {
            var row = new System.Numerics.BigInteger[unknown.Count + 1];
            for (var i = 0; i < equation.Length; i++)
            {
                var sign = i == 0 ? -1 : 1;
                if (hidden[equation[i]]) row[column[equation[i]]] += sign;
                else row[^1] -= sign * cube.Values[equation[i]];
            }
            if (row.Take(unknown.Count).Any(v => !v.IsZero)) rows.Add(row);
        }
        var done = 0;
        for (var c = 0; c < unknown.Count && done < rows.Count; c++)
        {
            var pivot = rows.FindIndex(done, r => !r[c].IsZero);
            if (pivot < 0) continue;
            (rows[done], rows[pivot]) = (rows[pivot], rows[done]);
            for (var r = 0; r < rows.Count; r++)
            {
                if (r == done || rows[r][c].IsZero) continue;
                var (a, b) = (rows[done][c], rows[r][c]);
                for (var i = 0; i <= unknown.Count; i++) rows[r][i] = (rows[r][i] * a) - (rows[done][i] * b);
                var common = rows[r].Aggregate(System.Numerics.BigInteger.Zero, System.Numerics.BigInteger.GreatestCommonDivisor);
                if (common > 1) for (var i = 0; i <= unknown.Count; i++) rows[r][i] /= common;
            }
            done++;
        }
        var found = new Dictionary<int, System.Numerics.BigInteger>();
        foreach (var row in rows)
            if (row.Take(unknown.Count).Count(v => !v.IsZero) == 1)
            {
                var c = Array.FindIndex(row, v => !v.IsZero);
                found[unknown[c]] = row[^1] / row[c];
            }
        return found;
    }

    [Fact]
    public void The_totals_give_back_most_of_what_is_hidden_alone()
    {
        // So that the tests below attack something: the attacker does succeed against the naive way.
        var cube = Table(1, 3, 5, 4, 40);
        bool[] naive = [.. cube.Values.Select(v => v is > 0 and < K)];
        var found = Attack(cube, naive);
        found.ShouldNotBeEmpty();
        found.ShouldAllBe(f => f.Value == cube.Values[f.Key]);
    }

    [Theory]
    [InlineData(20, 3, 5, 4, 40, 1)]
    [InlineData(8, 2, 4, 3, 30, 3)]
    public void An_attacker_with_every_total_works_out_nothing(int tables, int streets, int communities, int categories, int most, int periods)
    {
        for (var seed = 0; seed < tables; seed++)
        {
            var cube = Table(seed, streets, communities, categories, most, periods);
            var hidden = new Suppression(cube.Values, cube.Depths, cube.Equations, K);
            hidden.Protect().ShouldBeTrue();
            for (var i = 0; i < cube.Values.Length; i++) if (cube.Values[i] is > 0 and < K) hidden.Hidden[i].ShouldBeTrue();
            Attack(cube, hidden.Hidden).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_leak_across_lines_that_hide_two_each_is_found_and_repaired()
    {
        // The table of docs/developers/insight.md: x(2,3) = r1 + r2 - c1 - c2 although every line hides at least two.
        string[] rows = ["t.r1", "t.r2", "t.r3", "t.r4"];
        bool[][] stars = [[true, true, false, false], [true, true, true, false], [false, false, true, true], [false, false, true, true]];
        var leaves = new Dictionary<CellKey, long>();
        for (var r = 0; r < 4; r++) for (var c = 0; c < 4; c++) leaves[new(rows[r], "p", $"c{c + 1}")] = stars[r][c] ? 3 : 20 + r + c;
        var cube = Cube.Of("t", leaves);
        var audit = new Suppression(cube.Values, cube.Depths, cube.Equations, K);
        audit.Leaks().Select(i => cube.Keys[i]).ShouldBe([new CellKey("t.r2", "p", "c3")]);
        Attack(cube, audit.Hidden).Keys.Select(i => cube.Keys[i]).ShouldBe([new CellKey("t.r2", "p", "c3")]);
        audit.Protect().ShouldBeTrue();
        Attack(cube, audit.Hidden).ShouldBeEmpty();
    }

    [Fact]
    public void A_second_release_does_not_give_back_what_the_first_one_hid()
    {
        for (var seed = 100; seed < 110; seed++)
        {
            var first = Table(seed, 2, 4, 3, 40);
            var before = new Suppression(first.Values, first.Depths, first.Equations, K);
            before.Protect().ShouldBeTrue();
            // The same table again: the shown stay shown, the hidden stay hidden, even with another k.
            var again = new Suppression(first.Values, first.Depths, first.Equations, 2, before: before.Hidden, shown: [.. before.Hidden.Select(h => !h)]);
            again.Protect().ShouldBeTrue();
            again.Hidden.ShouldBe(before.Hidden);
            Attack(first, again.Hidden).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Zero_is_hidden_where_it_says_something_and_a_table_of_small_counts_only_is_given_up()
    {
        var cube = Table(5, 2, 3, 2, 30);
        var sensitive = new Suppression(cube.Values, cube.Depths, cube.Equations, K, sensitive: true);
        sensitive.Protect();
        for (var i = 0; i < cube.Values.Length; i++) if (cube.Values[i] == 0) sensitive.Hidden[i].ShouldBeTrue();
        var tiny = Cube.Of("d", new Dictionary<CellKey, long> { [new("d.a", "p", "")] = 2, [new("d.b", "p", "")] = 90 });
        var given = new Suppression(tiny.Values, tiny.Depths, tiny.Equations, K);
        given.Protect().ShouldBeTrue();
        // Nothing of it is left but the total: the caller publishes one level higher.
        given.Lost().ShouldBeGreaterThan(0.2);
    }
}
