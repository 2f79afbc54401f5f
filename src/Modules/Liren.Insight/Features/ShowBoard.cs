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

/// <summary>A board with its figures at a place (打开工作台). A shared board shows each viewer their own places, never its owner's.</summary>
[Needs("insight.read")]
internal sealed class ShowBoard(InsightDb db, BoardBook boards, TileReader reader, FactsQuery query, AudienceNames names, IPlaceDirectory places, Texts texts, TimeProvider clock) : IFeature
{
    /// <param name="Sharing">Whom it is shared with, in words.</param>
    /// <param name="SharedWith">The same as the API takes it.</param>
    /// <param name="Version">For <c>If-Match</c> of the next change.</param>
    /// <param name="Start">It is what the caller begins with.</param>
    /// <param name="Place">Path of the place the figures are of.</param>
    public sealed record Response(string Id, string Name, BoardKind Kind, string? Owner, string? SharedWith, string? Sharing, int Version, bool Start, string Place, string PlaceName, DateTimeOffset AsOf, IReadOnlyList<TileShown> Tiles);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/boards/{board}", (string board, string? place, ShowBoard feature, CancellationToken stop) => feature.RunAsync(board, place, stop));

    public async Task<Response> RunAsync(string board, string? place, CancellationToken stop)
    {
        var seen = await boards.GetAsync(board, stop);
        var (me, at) = (Actor.Current.Id, await query.PlaceAsync(place, stop));
        var name = at.Length == 0 ? texts["insight.everywhere"] : await places.FullNameAsync(at, stop);
        var tiles = new List<TileShown>();
        foreach (var tile in seen.Tiles) tiles.Add(await reader.ReadAsync(tile, at, name, stop));
        return new(seen.Id, seen.Name, seen.Kind, seen.Owner, seen.SharedWith, await names.OfAsync(seen.SharedWith, stop), seen.Version, await db.StartBoards.AnyAsync(s => s.AccountId == me && s.Board == seen.Id, stop), at, name, clock.GetUtcNow(), tiles);
    }
}

/// <summary>Every figure a tile may show (可选的指标).</summary>
[Needs("insight.read")]
internal sealed class ListBoardFigures(FigureBook figures, Texts texts) : IFeature
{
    /// <param name="Group">What it belongs to, in words.</param>
    /// <param name="Days">Whether it is of so many days; otherwise of this moment.</param>
    /// <param name="Bars">Whether it can be shown as bars by day.</param>
    /// <param name="Hours">Whether one day can be shown as bars by hour.</param>
    public sealed record Row(string Id, string Group, string Name, bool Days, bool Bars, bool Hours);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/boards/figures", (ListBoardFigures feature) => feature.Run());

    public IReadOnlyList<Row> Run() => [.. figures.All.Select(f => new Row(f.Id, texts[f.Group], f.Name, !f.IsOfNow, f.Measure is not null, f.Measure?.HasHours() == true))];
}
