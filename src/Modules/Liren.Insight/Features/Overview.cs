using System.Globalization;
using Liren.Contracts.Insight;
using Liren.Contracts.Places;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.Insight.Features;

/// <summary>Figures as people read them.</summary>
internal static class Figures
{
    /// <summary>A figure in words: 1,204 · 96.5 % · "no data".</summary>
    public static string Said(this Texts texts, MeasureDef def, FactRow? row) => def.Roll switch
    {
        Roll.Ratio => row is { Value: { } of, Per: > 0 and var per } ? $"{Share(of, per)} %" : texts["insight.no-data"],
        Roll.Histogram => row is { Value: > 0, P50: { } half } ? Minutes(texts, half) : texts["insight.no-data"],
        _ => (row?.Value ?? 0).ToString("N0", CultureInfo.InvariantCulture),
    };

    /// <summary>≤ 15 minutes, ≤ 8 hours, more than 10 days: the end of a bin.</summary>
    public static string Minutes(Texts texts, int minutes) => minutes switch
    {
        int.MaxValue => texts["insight.over-days", Bins.Ends[^1] / 1440],
        >= 2_880 => texts["insight.days-at-most", minutes / 1440],
        >= 120 => texts["insight.hours-at-most", minutes / 60],
        _ => texts["insight.minutes-at-most", minutes],
    };

    public static string Share(long of, long per) => (Math.Round(1000.0 * of / per) / 10).ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>One picture of a place (概览): its figures, one of them over time, and the places below, down to the building.</summary>
[Needs("insight.read")]
internal sealed class ShowOverview(FactsQuery query, MeasureBook book, ShowCompleteness completeness, IPlaceDirectory places, Texts texts) : IFeature
{
    /// <param name="Path">Path of the place.</param>
    public sealed record Step(string Path, string Name, bool Open);

    /// <param name="Figure">As people read it.</param>
    /// <param name="Detail">What it is made of.</param>
    /// <param name="Tone">act: it must not be so.</param>
    /// <param name="Behind">Page with the items behind it, for those who may open it.</param>
    public sealed record Tile(string Measure, string Name, string Figure, string Detail, string? Tone, string? Behind);

    /// <param name="Period">2026-11-13, or 2026-11-13T08.</param>
    /// <param name="Value">Height of the bar: a count, for a ratio per cent, for times the median in minutes; null when there is no data.</param>
    /// <param name="Said">As people read it.</param>
    public sealed record Point(string Period, double? Value, string Said);

    public sealed record Below(string Path, string Name, PlaceKind Kind, double? Value, string Said, string? Detail);

    public sealed record Response(string Place, string Name, IReadOnlyList<Step> Above, DateOnly From, DateOnly To, DateTimeOffset AsOf, IReadOnlyList<Tile> Tiles, string Measure, string MeasureName, string Unit, IReadOnlyList<Point> Points, IReadOnlyList<Below> Places, int Reporting, string Summary, ShowCompleteness.Response Complete);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/overview", (string? place, string? measure, DateOnly? from, DateOnly? to, ShowOverview feature, CancellationToken stop) => feature.RunAsync(place, measure, from, to, stop));

    public async Task<Response> RunAsync(string? place, string? measure, DateOnly? from, DateOnly? to, CancellationToken stop)
    {
        // What counts first, then what must be zero; each in the order of its module.
        var shown = book.Sources.SelectMany(s => s.Measures).Where(m => m.OnOverview).OrderBy(m => m.Must is not null).ToList();
        var asked = await query.ReadAsync(measure ?? shown.FirstOrDefault()?.Id, place, null, from, to, null, false, stop);
        var (chosen, at) = (asked.Measure, asked.Place);
        var tiles = new List<Tile>();
        foreach (var def in shown) tiles.Add(await TileAsync(asked with { Measure = def, By = Period.Total }, stop));
        var kept = chosen.Ratio is { } ratio ? book.Get(ratio.Of) : chosen;
        var series = await query.AnswerAsync(asked with { By = asked.From == asked.To && kept is { Grain: Grain.Hour, Roll: Roll.Sum } && chosen.Roll == Roll.Sum ? Period.Hour : Period.Day }, stop);
        var points = Points(chosen, asked, series).ToList();
        var below = await BelowAsync(asked, stop);
        var name = at.Length == 0 ? texts["insight.everywhere"] : await places.FullNameAsync(at, stop);
        return new(at, name, await AboveAsync(at, stop), asked.From, asked.To, series.AsOf, tiles, chosen.Id, texts[chosen.Key], texts[$"insight.unit.{chosen.Unit}"], points, below, below.Count(b => b.Value is not null), Summary(chosen, name, points, below), await completeness.OfAsync(asked, stop));
    }

    private async Task<Tile> TileAsync(FactsAsked asked, CancellationToken stop)
    {
        var def = asked.Measure;
        FactRow? row;
        try { row = (await query.AnswerAsync(asked, stop)).Rows is [var one, ..] ? one : null; }
        // Sets of people are kept for a time only; the rest of the page does not depend on them.
        catch (RuleBrokenException gone) when (gone.Code == "insight.people-gone") { return new(def.Id, texts[def.Key], "—", texts.Say(gone), null, null); }
        var detail = def.Roll switch
        {
            Roll.Ratio => texts["insight.of", row?.Value ?? 0, row?.Per ?? 0],
            Roll.Histogram => row is { Value: > 0, P90: { } most } ? texts["insight.p90", Figures.Minutes(texts, most), row.Value] : texts["insight.none-timed"],
            _ => texts[$"insight.unit.{def.Unit}"],
        };
        var wrong = def.Must is { } must && (row?.Value ?? 0) != must;
        if (def.Must is { } needed) detail = texts[wrong ? "insight.must-not" : "insight.must", needed];
        return new(def.Id, texts[def.Key], texts.Said(def, row), detail, wrong ? "act" : def.Must is null ? null : "ok", def.Behind is { } behind && Actor.Current.May(behind.Permission) ? behind.Href : null);
    }

    // A day without a row is zero for a count and nothing for a share.
    private IEnumerable<Point> Points(MeasureDef def, FactsAsked asked, FactsAnswer series)
    {
        var found = series.Rows.ToDictionary(r => r.Period);
        var periods = series.By == Period.Hour ? Enumerable.Range(0, 24).Select(h => $"{asked.From:yyyy-MM-dd}T{h:00}") : Enumerable.Range(0, asked.To.DayNumber - asked.From.DayNumber + 1).Select(d => asked.From.AddDays(d).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        foreach (var period in periods)
        {
            var row = found.GetValueOrDefault(period);
            yield return new(period, Height(def, row), texts.Said(def, row));
        }
    }

    private static double? Height(MeasureDef def, FactRow? row) => def.Roll switch
    {
        Roll.Ratio => row is { Value: { } of, Per: > 0 and var per } ? 100.0 * of / per : null,
        Roll.Histogram => row is { Value: > 0, P50: { } half } ? Math.Min(half, Bins.Ends[^1]) : null,
        _ => row?.Value ?? 0,
    };

    private async Task<IReadOnlyList<Below>> BelowAsync(FactsAsked asked, CancellationToken stop)
    {
        var children = asked.Place.Length == 0 ? await places.WithinAsync("", [PlaceKind.Province], 40, stop) : await places.ChildrenAsync(asked.Place, stop);
        children = [.. children.Where(c => c.Kind is not (PlaceKind.Unit or PlaceKind.Room))];
        if (children.Count == 0) return [];
        FactsAnswer answer;
        try { answer = await query.AnswerAsync(asked with { Level = PlacePath.Depth(asked.Place) + 1, By = Period.Total }, stop); }
        catch (RuleBrokenException gone) when (gone.Code == "insight.people-gone") { return []; }
        var found = answer.Rows.ToDictionary(r => r.Place);
        return [.. children.Select(c => (Card: c, Row: found.GetValueOrDefault(c.Path))).Select(c => new Below(c.Card.Path, c.Card.Name, c.Card.Kind, c.Row is null ? null : Height(asked.Measure, c.Row), c.Row is null ? "—" : texts.Said(asked.Measure, c.Row),
            asked.Measure.Roll == Roll.Ratio && c.Row is { } r ? texts["insight.of", r.Value ?? 0, r.Per ?? 0] : null)).OrderByDescending(b => b.Value ?? -1)];
    }

    private async Task<IReadOnlyList<Step>> AboveAsync(string at, CancellationToken stop)
    {
        var paths = PlacePath.SelfAndAncestors(at).Reverse().ToList();
        var names = await places.FindManyAsync(paths, stop);
        return [.. paths.Select(p => new Step(p, p.Length == 0 ? texts["insight.everywhere"] : names.TryGetValue(p, out var card) ? card.Name : p, Actor.Current.May("insight.read", p)))];
    }

    private string Summary(MeasureDef def, string name, IReadOnlyList<Point> points, IReadOnlyList<Below> below)
    {
        var known = points.Where(p => p.Value is not null).ToList();
        if (known.Count == 0 || known.All(p => p.Value == 0)) return texts["insight.summary-none", name, texts[def.Key]];
        var (most, least) = (known.MaxBy(p => p.Value)!, known.MinBy(p => p.Value)!);
        var text = texts["insight.summary", name, texts[def.Key], most.Period, most.Said, least.Period, least.Said];
        return below.FirstOrDefault(b => b.Value > 0) is { } top ? text + texts["insight.summary-top", top.Name, top.Said] : text;
    }
}
