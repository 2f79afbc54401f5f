using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>
/// The matrix as a street leader reads it: event types down, places across, the owner in each cell. Only places where the answer may change are shown:
/// those the matrix must cover and those its rules name.
/// </summary>
[Needs("organisation.read")]
internal sealed class MatrixCoverage(OrganisationDb db, MatrixReader reader, IEventTypes types, Texts texts, TimeProvider clock) : IFeature
{
    /// <summary>Columns a page and a sheet of paper hold.</summary>
    public const int MostPlaces = 8;

    public sealed record Column(string Place, string Name);
    /// <param name="State">ok, hole or tie.</param>
    /// <param name="Owner">Name of the owner.</param>
    /// <param name="Rule">Number of the rule.</param>
    public sealed record Cell(string State, string Owner, int? Rule);
    public sealed record Row(string Code, string Name, IReadOnlyList<Cell> Cells);
    public sealed record Response(int Number, Mode Mode, IReadOnlyList<Column> Columns, IReadOnlyList<Row> Rows, int PlacesLeftOut, int Holes, int Ties);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/matrix/{id:guid}/coverage", (Guid id, string? mode, string? place, MatrixCoverage feature, CancellationToken stop) => feature.RunAsync(id, AskWho.ModeOf(mode) ?? Mode.Peace, place ?? "", stop));

    public async Task<Response> RunAsync(Guid id, Mode mode, string place, CancellationToken stop)
    {
        var version = Rule.Found(await db.Versions.AsNoTracking().SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        var book = await reader.BookAsync(version, stop);
        var may = Actor.Current.ScopesFor("organisation.read");
        var places = book.Settings.Scopes.Concat(book.Rules.Select(r => r.PlacePath)).Distinct().Where(p => PlacePath.IsWithin(p, place) && may.Any(s => PlacePath.IsWithin(p, s)))
            .OrderBy(p => p, StringComparer.Ordinal).ToList();
        var shown = places.Take(MostPlaces).ToList();
        var day = Rota.DayOf(clock.GetUtcNow());
        var language = Show.Language;
        var rows = (await types.AllAsync(stop)).Where(t => t.InUse).Select(t => new Row(t.Code, t.Name(language), [.. shown.Select(p => Of(book, t.Code, p, mode, day))])).ToList();
        return new(version.Number, mode, [.. shown.Select(p => new Column(p, p.Length == 0 ? texts["organisation.everywhere"] : book.PlaceNames.GetValueOrDefault(p, p)))], rows, places.Count - shown.Count,
            rows.Sum(r => r.Cells.Count(c => c.State == "hole")), rows.Sum(r => r.Cells.Count(c => c.State == "tie")));
    }

    private static Cell Of(MatrixBook book, string code, string place, Mode mode, DateOnly day)
    {
        var decision = book.Index.Decide(code, place, mode, day);
        return decision.Rule is not { } rule ? new("hole", "", null)
            : new(decision.Tied.Count > 0 ? "tie" : "ok", book.Orgs.TryGetValue(rule.Lead, out var org) ? org.Card.Name : rule.Lead, rule.Number);
    }
}
