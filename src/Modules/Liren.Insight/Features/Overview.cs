using Liren.Contracts.Insight;
using Liren.Contracts.Places;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.Insight.Features;

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

    public sealed record Below(string Path, string Name, PlaceKind Kind, double? Value, string Said, string? Detail);

    public sealed record Response(string Place, string Name, IReadOnlyList<Step> Above, DateOnly From, DateOnly To, DateTimeOffset AsOf, IReadOnlyList<Tile> Tiles, string Measure, string MeasureName, string Unit, IReadOnlyList<FigurePoint> Points, IReadOnlyList<Below> Places, int Reporting, string Summary, ShowCompleteness.Response Complete);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/overview", (string? place, string? measure, DateOnly? from, DateOnly? to, ShowOverview feature, CancellationToken stop) => feature.RunAsync(place, measure, from, to, stop));

    public async Task<Response> RunAsync(string? place, string? measure, DateOnly? from, DateOnly? to, CancellationToken stop)
    {
        // What counts first, then what must be zero; each in the order of its module.
        var shown = book.Sources.SelectMany(s => s.Measures).Where(m => m.OnOverview).OrderBy(m => m.Must is not null).ToList();
        var asked = await query.ReadAsync(measure ?? shown.FirstOrDefault()?.Id, place, null, from, to, null, false, stop);
        var (chosen, at) = (asked.Measure, asked.Place);
        var tiles = new List<Tile>();
        foreach (var def in shown) tiles.Add(await TileAsync(asked with { Measure = def, By = Period.Total }, stop));
        var series = await query.AnswerAsync(asked with { By = asked.From == asked.To && chosen.HasHours() ? Period.Hour : Period.Day }, stop);
        var points = texts.Points(asked, series);
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
        return new(def.Id, texts[def.Key], texts.Said(def, row), texts.Detail(def, row), def.Tone(row), def.BehindFor(Actor.Current, asked.Place));
    }

    private async Task<IReadOnlyList<Below>> BelowAsync(FactsAsked asked, CancellationToken stop)
    {
        var children = asked.Place.Length == 0 ? await places.WithinAsync("", [PlaceKind.Province], 40, stop) : await places.ChildrenAsync(asked.Place, stop);
        children = [.. children.Where(c => c.Kind is not (PlaceKind.Unit or PlaceKind.Room))];
        if (children.Count == 0) return [];
        FactsAnswer answer;
        try { answer = await query.AnswerAsync(asked with { Level = PlacePath.Depth(asked.Place) + 1, By = Period.Total }, stop); }
        catch (RuleBrokenException gone) when (gone.Code == "insight.people-gone") { return []; }
        var found = answer.Rows.ToDictionary(r => r.Place);
        return [.. children.Select(c => (Card: c, Row: found.GetValueOrDefault(c.Path))).Select(c => new Below(c.Card.Path, c.Card.Name, c.Card.Kind, c.Row is null ? null : Figures.Height(asked.Measure, c.Row), c.Row is null ? "—" : texts.Said(asked.Measure, c.Row),
            asked.Measure.Roll == Roll.Ratio && c.Row is { } r ? texts["insight.of", r.Value ?? 0, r.Per ?? 0] : null)).OrderByDescending(b => b.Value ?? -1)];
    }

    private async Task<IReadOnlyList<Step>> AboveAsync(string at, CancellationToken stop)
    {
        var paths = PlacePath.SelfAndAncestors(at).Reverse().ToList();
        var names = await places.FindManyAsync(paths, stop);
        return [.. paths.Select(p => new Step(p, p.Length == 0 ? texts["insight.everywhere"] : names.TryGetValue(p, out var card) ? card.Name : p, Actor.Current.May("insight.read", p)))];
    }

    private string Summary(MeasureDef def, string name, IReadOnlyList<FigurePoint> points, IReadOnlyList<Below> below)
    {
        var text = texts.Summary(def, name, points);
        return points.Any(p => p.Value > 0) && below.FirstOrDefault(b => b.Value > 0) is { } top ? text + texts["insight.summary-top", top.Name, top.Said] : text;
    }
}
