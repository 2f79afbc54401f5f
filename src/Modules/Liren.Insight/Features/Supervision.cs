using Liren.Contracts.Insight;
using Liren.Contracts.Places;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.Insight.Features;

/// <summary>What supervisors ask for (监督指标): every share and every figure that must be zero, for a place and each place below it, beside the period before.</summary>
[Needs("insight.read")]
internal sealed class ShowSupervision(FactsQuery query, MeasureBook book, IPlaceDirectory places, Texts texts) : IFeature
{
    /// <param name="Said">Now.</param>
    /// <param name="Before">In the period of the same length before.</param>
    /// <param name="Wrong">It must not be so.</param>
    /// <param name="Behind">Page with the items, for those who may open it.</param>
    public sealed record Line(string Measure, string Name, string Meaning, string Said, string Detail, string Before, bool Wrong, string? Behind);

    public sealed record Below(string Path, string Name, IReadOnlyList<string> Said, IReadOnlyList<bool> Wrong);

    public sealed record Response(string Place, string Name, DateOnly From, DateOnly To, DateTimeOffset AsOf, IReadOnlyList<Line> Lines, IReadOnlyList<Below> Places);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/supervision", (string? place, DateOnly? from, DateOnly? to, ShowSupervision feature, CancellationToken stop) => feature.RunAsync(place, from, to, stop));

    public async Task<Response> RunAsync(string? place, DateOnly? from, DateOnly? to, CancellationToken stop)
    {
        var defs = book.All.Where(m => m.Roll == Roll.Ratio || m.Must is not null).OrderBy(m => m.Must is not null).ThenBy(m => m.Id, StringComparer.Ordinal).ToList();
        var asked = await query.ReadAsync(defs[0].Id, place, null, from, to, "total", false, stop);
        var days = asked.To.DayNumber - asked.From.DayNumber + 1;
        var children = (asked.Place.Length == 0 ? await places.WithinAsync("", [PlaceKind.Province], 40, stop) : await places.ChildrenAsync(asked.Place, stop)).Where(c => c.Kind is not (PlaceKind.Unit or PlaceKind.Room)).ToList();
        var (lines, below) = (new List<Line>(), children.ToDictionary(c => c.Path, _ => (Said: new List<string>(), Wrong: new List<bool>())));
        DateTimeOffset asOf = default;
        foreach (var def in defs)
        {
            var answer = await query.AnswerAsync(asked with { Measure = def }, stop);
            var (now, before) = (answer.Rows is [var one, ..] ? one : null, (await query.AnswerAsync(asked with { Measure = def, From = asked.From.AddDays(-days), To = asked.From.AddDays(-1) }, stop)).Rows is [var old, ..] ? old : null);
            asOf = answer.AsOf;
            lines.Add(new(def.Id, texts[def.Key], texts[$"{def.Key}.meaning"], texts.Said(def, now), def.Must is { } must ? texts["insight.must", must] : texts["insight.of", now?.Value ?? 0, now?.Per ?? 0], texts.Said(def, before), def.IsWrong(now),
                def.BehindFor(Actor.Current, asked.Place)));
            var rows = (await query.AnswerAsync(asked with { Measure = def, Level = PlacePath.Depth(asked.Place) + 1 }, stop)).Rows.ToDictionary(r => r.Place);
            foreach (var child in children)
            {
                var row = rows.GetValueOrDefault(child.Path);
                below[child.Path].Said.Add(texts.Said(def, row));
                below[child.Path].Wrong.Add(def.IsWrong(row));
            }
        }
        return new(asked.Place, asked.Place.Length == 0 ? texts["insight.everywhere"] : await places.FullNameAsync(asked.Place, stop), asked.From, asked.To, asOf, lines, [.. children.OrderByDescending(c => below[c.Path].Wrong.Contains(true)).ThenByDescending(c => below[c.Path].Said.Exists(s => s != texts["insight.no-data"] && s != "0")).Select(c => new Below(c.Path, c.Name, below[c.Path].Said, below[c.Path].Wrong))]);
    }
}
