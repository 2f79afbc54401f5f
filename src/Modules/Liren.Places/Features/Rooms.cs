using System.Linq.Expressions;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>Rooms (房屋) of every building one may see.</summary>
[Needs(Access.Read)]
internal sealed class ListRooms(PlacesDb db, IPlaceDirectory directory) : IFeature
{
    /// <summary>One room; the floor area in square metres.</summary>
    public sealed record Row(string Path, string Compound, string Building, string? Unit, string Name, string? Floor, RoomUse Use, decimal? Area, AreaSource? AreaSource, PlaceState State, int Version);

    private static readonly Dictionary<string, Expression<Func<Place, object?>>> Columns = new()
    {
        ["path"] = p => p.PathKey, ["name"] = p => p.SortKey, ["area"] = p => p.Area, ["use"] = p => p.Use, ["addedAt"] = p => p.AddedAt,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/rooms", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListRooms feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "rooms", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Places.AsNoTracking().Where(p => p.Kind == PlaceKind.Room).ICanSee(query.Place);
        if (query.Text is { } text)
        {
            var code = PlaceCode.Of(PlaceKind.Room, text);
            var above = db.Places.Where(b => b.Kind == PlaceKind.Building && b.Name == text).Select(b => b.Path);
#pragma warning disable CA1309 // Becomes SQL, where paths are compared byte by byte
            // "B1-007" may be building B1 or the parking space of that name: both are looked for.
            _ = RoomNumber.TryRead(text, out var end, out var room);
            rows = rows.Where(p => (p.Code == room && EF.Functions.Like(p.Path, "%" + end)) || p.Name.Contains(text) || p.Code == code || above.Any(b => string.Compare(p.Path, b + ".") > 0 && string.Compare(p.Path, b + "/") < 0));
#pragma warning restore CA1309
        }
        rows = query.Filter switch
        {
            "closed" => rows.Where(p => p.ClosedAt != null),
            "no-floor" => rows.Where(p => p.ClosedAt == null && p.Floor == null),
            "no-area" => rows.Where(p => p.ClosedAt == null && p.Area == null),
            { } use when Enum.TryParse<RoomUse>(use, ignoreCase: true, out var kind) => rows.Where(p => p.ClosedAt == null && p.Use == kind),
            _ => rows.Where(p => p.ClosedAt == null),
        };
        var page = await rows.PageAsync(query, Columns, "path", p => p, stop);
        var names = await directory.FindManyAsync(page.Items.SelectMany(p => PlacePath.SelfAndAncestors(p.ParentPath)), stop);
        return new([.. page.Items.Select(p => RowOf(p, names))], page.Total, page.PageNumber, page.Size);
    }

    private static Row RowOf(Place p, IReadOnlyDictionary<string, PlaceCard> names)
    {
        string? Name(PlaceKind kind) => PlacePath.SelfAndAncestors(p.ParentPath).Select(names.GetValueOrDefault).FirstOrDefault(c => c?.Kind == kind)?.Name;
        return new(p.Path, Name(PlaceKind.Compound) ?? "", Name(PlaceKind.Building) ?? "", Name(PlaceKind.Unit), p.Name, p.Floor, p.Use ?? RoomUse.Home, p.Area / 100m, p.AreaSource, p.ClosedAt is null ? PlaceState.Open : PlaceState.Closed, p.Version);
    }
}

/// <summary>Public areas (公共区域): plazas, gates, lifts, pools ...</summary>
[Needs(Access.Read)]
internal sealed class ListAreas(PlacesDb db, IPlaceDirectory directory) : IFeature
{
    public sealed record Row(string Path, string Name, string AreaKind, string In, bool Drawn, double? Longitude, double? Latitude, PlaceState State, int Version);

    private static readonly Dictionary<string, Expression<Func<Place, object?>>> Columns = new()
    {
        ["path"] = p => p.PathKey, ["name"] = p => p.SortKey, ["areaKind"] = p => p.AreaKind,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/areas", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListAreas feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "areas", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Places.AsNoTracking().Where(p => p.Kind == PlaceKind.Area).ICanSee(query.Place);
        if (query.Text is { } text) { var code = text.ToLowerInvariant(); rows = rows.Where(p => p.Name.Contains(text) || p.Code == code); }
        rows = query.Filter switch
        {
            "closed" => rows.Where(p => p.ClosedAt != null),
            "not-drawn" => rows.Where(p => p.ClosedAt == null && p.Geometry == null && p.Longitude == null),
            { } kind => rows.Where(p => p.ClosedAt == null && p.AreaKind == kind),
            _ => rows.Where(p => p.ClosedAt == null),
        };
        var page = await rows.PageAsync(query, Columns, "path", p => p, stop);
        var names = await directory.FindManyAsync(page.Items.SelectMany(p => PlacePath.SelfAndAncestors(p.ParentPath)), stop);
        return new([.. page.Items.Select(p => new Row(p.Path, p.Name, p.AreaKind ?? AreaKinds.Other,
            string.Join(' ', PlacePath.SelfAndAncestors(p.ParentPath).Select(names.GetValueOrDefault).OfType<PlaceCard>().Where(c => c.Kind >= PlaceKind.Community).Reverse().Select(c => c.Name)),
            p.Geometry is not null, p.Longitude, p.Latitude, p.ClosedAt is null ? PlaceState.Open : PlaceState.Closed, p.Version))], page.Total, page.PageNumber, page.Size);
    }
}
