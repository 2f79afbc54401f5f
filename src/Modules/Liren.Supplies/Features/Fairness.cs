using Liren.Draws;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Who got what, by the way they asked and by age (中签率): in a fair draw these agree within chance.</summary>
[Needs("supplies.read")]
internal sealed class FairnessReport(SuppliesDb db, RoundFinder finder) : IFeature
{
    /// <param name="Name">Channel, age or class.</param>
    /// <param name="Entered">Units that entered.</param>
    /// <param name="Got">Units that got a share, collected or not.</param>
    /// <param name="Percent">Got, in a hundred.</param>
    public sealed record Line(string Name, int Entered, int Got, double Percent);

    /// <param name="Lines">Lines.</param>
    /// <param name="Likely">How likely differences as large as these are by chance alone, 0 to 1; null when there is too little to say.</param>
    public sealed record Table(IReadOnlyList<Line> Lines, double? Likely);

    /// <param name="ByChannel">By the way they asked.</param>
    /// <param name="ByAge">By the oldest of the unit; those with reserved shares left out, who have stock of their own.</param>
    /// <param name="ByClass">By class with reserved shares; "" is everybody else.</param>
    public sealed record Response(Table ByChannel, Table ByAge, Table ByClass);

    private sealed record Row(EntryState State, EntryChannel Channel, AgeBand Age, int Class);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rounds/{id:guid}/fairness", (Guid id, FairnessReport feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.read", stop);
        var rows = await (from e in db.Entries.AsNoTracking() join l in db.Entitlements.AsNoTracking() on new { e.Round, e.No } equals new { l.Round, l.No }
                          where e.Round == round.Serial && e.State != EntryState.Cancelled && e.State != EntryState.Requested select new Row(e.State, e.Channel, l.Age, l.Class)).ToListAsync(stop);
        var open = rows.Where(r => r.Class == 0 || round.Classes.Find(c => c.No == r.Class) is null or { Shares: 0 }).ToList();
        return new(Of(open, r => r.Channel.ToString()), Of(open, r => r.Age.ToString()), Of(rows, r => round.Classes.Find(c => c.No == r.Class && c.Shares > 0)?.Name ?? ""));
    }

    private static Table Of(IReadOnlyList<Row> rows, Func<Row, string> by)
    {
        var lines = rows.GroupBy(by).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (Name: g.Key, Entered: g.Count(), Got: g.Count(r => r.State is EntryState.Confirmed or EntryState.Collected or EntryState.NoShow))).ToList();
        return new([.. lines.Select(l => new Line(l.Name, l.Entered, l.Got, Math.Round(100.0 * l.Got / l.Entered, 1)))], Chance.Likely([.. lines.Select(l => (l.Entered, l.Got))]));
    }
}

/// <summary>Whether groups differ more than chance would have it: Pearson's chi-squared test of shares got against shares missed.</summary>
internal static class Chance
{
    /// <summary>Probability of differences at least as large by chance alone; null where a group is too small to say.</summary>
    public static double? Likely(IReadOnlyList<(int Entered, int Got)> groups)
    {
        double entered = groups.Sum(g => g.Entered), got = groups.Sum(g => g.Got), rate = got / entered;
        if (groups.Count < 2 || rate is 0 or 1 || groups.Any(g => g.Entered * Math.Min(rate, 1 - rate) < 5)) return null;
        var square = groups.Sum(g => Math.Pow(g.Got - g.Entered * rate, 2) / (g.Entered * rate * (1 - rate)));
        return Above(square, groups.Count - 1);
    }

    /// <summary>Upper tail of the chi-squared distribution.</summary>
    public static double Above(double square, int freedom)
    {
        var (a, x, log) = (freedom / 2.0, square / 2, 0.0);
        if (x <= 0) return 1;
        // Logarithm of the gamma function at a whole or a half number, from 1 or the root of pi upwards.
        for (var at = freedom % 2 == 0 ? 1.0 : 0.5; at < a; at++) log += Math.Log(at);
        if (freedom % 2 != 0) log += Math.Log(Math.PI) / 2;
        var density = Math.Exp(a * Math.Log(x) - x - log);
        if (x < a + 1)
        {
            // The lower tail as a power series.
            double term = 1 / a, sum = term;
            for (var n = 1; term > sum * 1e-12; n++) sum += term *= x / (a + n);
            return Math.Max(0, 1 - density * sum);
        }
        // The upper tail as a continued fraction, from the inside out.
        var fraction = 0.0;
        for (var n = 200; n > 0; n--) fraction = n * (n - a) / (x + 2 * n + 1 - a - fraction);
        return Math.Min(1, density / (x + 1 - a - fraction));
    }
}

/// <summary>The order in which those who asked within the window were put (限时登记排序): the secret that was promised with the round, and all that follows from it.</summary>
[OpenToAll("it is published once the window has ended; tags say nothing of whose they are")]
internal sealed class WindowDraw(SuppliesDb db, RoundFinder finder, RoundBook book, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rounds/{id:guid}/window", async (Guid id, WindowDraw feature, CancellationToken stop) => TypedResults.Text((await feature.RunAsync(id, stop)).Write(), "application/json"));

    public async Task<DrawFile> RunAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.PublicAsync(id, stop);
        Rule.State(round.Mode == RoundMode.Windowed && clock.GetUtcNow() >= round.WindowEndsAt, "supplies.no-window-yet");
        // Drawn with the first look after its end: not before that may the secret be known.
        await book.RunAsync(round.Serial, new(Act.Look));
        var drawn = await (from m in db.EntryMoves.AsNoTracking() join e in db.Entries.AsNoTracking() on new { m.Round, m.No } equals new { e.Round, e.No }
                           where m.Round == round.Serial && m.From == EntryState.Requested && m.To != EntryState.Cancelled orderby m.Seq select e.Tag).ToListAsync(stop);
        Rule.State(drawn.Count > 0, "supplies.nobody-in-window");
        var secret = Convert.FromHexString(round.WindowSecret);
        var list = TagList.Of(drawn);
        var winners = Math.Min(list.Count, round.Shares);
        return DrawFile.Make(round.Code, list, winners, list.Count - winners, [new(RoundMind.WindowCustodian, Custodian.CommitTo(secret), secret)], RoundMind.WindowBeacon, RoundMind.WindowBeacon);
    }
}
