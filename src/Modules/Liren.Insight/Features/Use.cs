using Liren.Contracts.Places;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Features;

/// <summary>
/// What Liren is used for and whether it helps (利用与成效), for a month: who uses which part where, which part lies idle, how long from sensing to close, and what
/// must be zero. From the journal and the roll-ups; nothing can be entered, nothing switched off.
/// </summary>
[Needs("insight.read")]
internal sealed class ShowUse(InsightDb db, ActsQuery acting, FactsQuery query, MeasureBook book, ModuleList modules, IPlaceDirectory places, Texts texts, TimeProvider clock) : IFeature
{
    private const int IdleDays = 30, CommunityDepth = 5;

    /// <param name="Acts">Things people did that changed something: one per subject, kind and day. No sign-ins, no looks at pages, no machine.</param>
    /// <param name="People">Accounts that did them.</param>
    /// <param name="BusiestShare">Per cent of the acts by the busiest account.</param>
    /// <param name="Communities">Communities where there was an act.</param>
    /// <param name="LastAt">The last act.</param>
    /// <param name="Idle">No act for thirty days; never before the installation is thirty days old.</param>
    public sealed record Part(string Module, string Name, int Acts, int People, int BusiestShare, int Communities, DateTimeOffset? LastAt, bool Idle);

    /// <param name="Must">A figure that must be so and is not.</param>
    public sealed record Figure(string Said, bool Wrong);

    public sealed record Community(string Path, string Name, int Acts, IReadOnlyDictionary<string, Figure> Figures);

    public sealed record Response(string Place, string Name, DateOnly From, DateOnly To, IReadOnlyList<Part> Parts, IReadOnlyList<string> Measures, IReadOnlyDictionary<string, string> MeasureNames, IReadOnlyList<Community> Communities, DateTimeOffset AsOf);

    private static readonly string[] Effects = ["incidents.opened", "incidents.sense-to-close", "incidents.closed-alone", "incidents.no-owner", "cases.closed", "cases.response-rate", "cases.solved-rate", "cases.closed-alone", "passes.residents"];

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/use", (string? place, DateOnly? month, ShowUse feature, CancellationToken stop) => feature.RunAsync(place, month, stop));

    public async Task<Response> RunAsync(string? place, DateOnly? month, CancellationToken stop)
    {
        var at = await query.PlaceAsync(place, stop);
        var (now, today) = (clock.GetUtcNow(), DateOnly.FromDayNumber(LocalTime.DayOf(clock.GetUtcNow())));
        var from = month is { } m ? new DateOnly(m.Year, m.Month, 1) : new DateOnly(today.Year, today.Month, 1);
        Rule.Require(from <= today && from >= today.AddMonths(-24), "insight.month", "month");
        var to = from.AddMonths(1).AddDays(-1) is var end && end > today ? today : end;
        var acts = await acting.OfAsync(at, LocalTime.StartOf(from.DayNumber), LocalTime.StartOf(to.DayNumber + 1), stop);
        // Idle is judged by the thirty days up to the end of the month, so that the first of a month does not make everything idle.
        var recent = await acting.OfAsync(at, LocalTime.StartOf(to.DayNumber + 1 - IdleDays), LocalTime.StartOf(to.DayNumber + 1), stop);
        var young = await db.Journal.MinAsync(j => (DateTimeOffset?)j.At, stop) is not { } first || first > LocalTime.StartOf(to.DayNumber + 1 - IdleDays);
        var parts = modules.All.Select(x => x.Name).Where(n => n != "insight").Select(name =>
        {
            var mine = acts.Where(a => a.Module == name).ToList();
            var people = mine.GroupBy(a => a.ActorId).Select(g => g.Sum(a => a.Acts)).ToList();
            var lately = recent.Where(a => a.Module == name).ToList();
            return new Part(name, texts[$"insight.module.{name}"] is var said && said.StartsWith("insight.", StringComparison.Ordinal) ? name : said, mine.Sum(a => a.Acts), people.Count, people.Count == 0 ? 0 : (int)Math.Round(100.0 * people.Max() / people.Sum()),
                mine.Select(a => CommunityOf(a.Place)).OfType<string>().Distinct().Count(), lately.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(lately.Max(a => a.Last)), lately.Count == 0 && !young);
        }).OrderByDescending(p => p.Acts).ThenBy(p => p.Module, StringComparer.Ordinal).ToList();
        var communities = await CommunitiesAsync(at, from, to, acts, stop);
        var shown = Effects.Where(e => book.Find(e) is not null).ToList();
        return new(at, at.Length == 0 ? texts["insight.everywhere"] : await places.FullNameAsync(at, stop), from, to, parts, shown, shown.ToDictionary(e => e, e => texts[book.Get(e).Key]), communities, now);
    }

    private async Task<IReadOnlyList<Community>> CommunitiesAsync(string at, DateOnly from, DateOnly to, IReadOnlyList<Act> acts, CancellationToken stop)
    {
        // Below a community its own parts are the rows.
        var depth = Math.Max(CommunityDepth, PlacePath.Depth(at));
        var figures = new Dictionary<string, Dictionary<string, Figure>>();
        foreach (var id in Effects)
        {
            if (book.Find(id) is not { } def) continue;
            foreach (var row in (await query.AnswerAsync(new(def, at, depth, from, to, def.Roll == Contracts.Insight.Roll.Distinct ? Period.Month : Period.Total, false), stop)).Rows)
            {
                if (!figures.TryGetValue(row.Place, out var mine)) figures.Add(row.Place, mine = []);
                mine[id] = new(def.Roll == Contracts.Insight.Roll.Histogram && row is { P90: { } most } ? $"{texts.Said(def, row)} / {Figures.Minutes(texts, most)}" : texts.Said(def, row), def.Must is { } must && row.Value != must);
            }
        }
        var done = acts.GroupBy(a => CommunityOf(a.Place)).Where(g => g.Key is not null).ToDictionary(g => g.Key!, g => g.Sum(a => a.Acts));
        var names = await places.FindManyAsync(figures.Keys.Union(done.Keys), stop);
        return [.. figures.Keys.Union(done.Keys).Order(StringComparer.Ordinal).Select(p => new Community(p, names.TryGetValue(p, out var card) ? card.Name : p, done.GetValueOrDefault(p), figures.GetValueOrDefault(p) ?? []))];
    }

    private static string? CommunityOf(string? place)
    {
        if (place is null || PlacePath.Depth(place) < CommunityDepth) return null;
        while (PlacePath.Depth(place) > CommunityDepth) place = PlacePath.Parent(place);
        return place;
    }
}
