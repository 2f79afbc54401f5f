using Liren.Contracts.Insight;
using Liren.Contracts.Places;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Folding;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.Insight.Features;

/// <summary>How complete figures are (完整性): who should have reported in the days asked for, who did, who was silent. Below nine tenths a figure is provisional.</summary>
[Needs("insight.read")]
internal sealed class ShowCompleteness(FactsQuery query, MeasureBook book, IEnumerable<IReporters> reporters, IPlaceDirectory places, Freshness fresh, InsightDb db) : IFeature
{
    private const int MostSilent = 100, Enough = 90;

    public sealed record Silent(string Place, string PlaceName, string Name);

    /// <param name="Expected">How many should report; null when a source has nothing that could be missing, as with what is written down here.</param>
    /// <param name="Heard">How many did.</param>
    /// <param name="Provisional">Fewer than nine tenths did.</param>
    /// <param name="SilentOnes">Who did not, a hundred at most.</param>
    public sealed record Response(string Measure, string Source, string Place, DateOnly From, DateOnly To, DateTimeOffset AsOf, int? Expected, int? Heard, bool Provisional, IReadOnlyList<Silent> SilentOnes);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/completeness", (string? measure, string? place, DateOnly? from, DateOnly? to, ShowCompleteness feature, CancellationToken stop) => feature.RunAsync(measure, place, from, to, stop));

    public async Task<Response> RunAsync(string? measure, string? place, DateOnly? from, DateOnly? to, CancellationToken stop) =>
        await OfAsync(await query.ReadAsync(measure, place, null, from, to, "total", false, stop), stop);

    /// <summary>Of what was asked and checked already.</summary>
    public async Task<Response> OfAsync(FactsAsked asked, CancellationToken stop)
    {
        var source = book.SourceOf(asked.Measure);
        var asOf = await fresh.AsOfAsync(db, source, stop);
        if (reporters.FirstOrDefault(r => r.Source == source.Name) is not { } who) return new(asked.Measure.Id, source.Name, asked.Place, asked.From, asked.To, asOf, null, null, false, []);
        var all = await who.ReportersAsync(asked.Place, LocalTime.StartOf(asked.From.DayNumber), LocalTime.StartOf(asked.To.DayNumber + 1), stop);
        var heard = all.Count(r => r.Heard);
        var silent = all.Where(r => !r.Heard).OrderBy(r => r.Place, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal).Take(MostSilent).ToList();
        var names = await places.FindManyAsync(silent.Select(s => s.Place).Distinct(), stop);
        return new(asked.Measure.Id, source.Name, asked.Place, asked.From, asked.To, asOf, all.Count, heard, heard * 100 < all.Count * Enough, [.. silent.Select(s => new Silent(s.Place, names.TryGetValue(s.Place, out var card) ? card.Name : s.Place, s.Name))]);
    }
}
