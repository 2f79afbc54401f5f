using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Places.Features;

/// <summary>The housing board (房态图) of a building or unit: floors from the top down, rooms side by side by unit.</summary>
[Needs(Access.Read)]
internal sealed class ShowBoard(PlacesDb db, IServiceProvider services) : IFeature
{
    /// <summary>A column of rooms: a unit, or the building itself when it has none.</summary>
    public sealed record Column(string Path, string Name);

    /// <summary>One room; its unit is the building itself for rooms without one. <paramref name="Residents"/> is null when nobody counts them here.</summary>
    public sealed record Cell(string Path, string Unit, string Name, string? Floor, RoomUse Use, int? Residents);

    /// <summary>A floor; null for rooms whose floor nobody has written down.</summary>
    public sealed record Row(string? Floor, IReadOnlyList<Cell> Rooms);

    public sealed record Response(string Path, string Name, IReadOnlyList<Column> Columns, IReadOnlyList<Row> Floors, int Closed);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{path}/board", (string path, ShowBoard feature, CancellationToken stop) => feature.RunAsync(path, stop));

    public async Task<Response> RunAsync(string path, CancellationToken stop)
    {
        Actor.Current.Require(Access.Read, path);
        var place = Rule.Found(await db.Places.AsNoTracking().SingleOrDefaultAsync(p => p.Path == path, stop), "places.not-found", path);
        Rule.State(place.Kind is PlaceKind.Building or PlaceKind.Unit, "places.no-board", place.Name);
        var below = await db.Places.AsNoTracking().WhereWithin(p => p.Path, [path]).Where(p => p.Kind == PlaceKind.Room || p.Kind == PlaceKind.Unit).OrderBy(p => p.SortKey).ToListAsync(stop);
        var residents = services.GetService<IRoomOccupancy>() is { } people ? await people.ResidentsPerRoomAsync(path, stop) : null;
        var open = below.Where(p => p.Kind == PlaceKind.Room && p.ClosedAt is null).ToList();
        var columns = below.Where(p => p.Kind == PlaceKind.Unit && p.Path != path && (p.ClosedAt is null || open.Any(r => r.ParentPath == p.Path))).Select(p => new Column(p.Path, p.Name)).ToList();
        // Rooms of the building itself have a column only where there are no units: a basement lies under all of them.
        if (columns.Count == 0) columns.Add(new(path, place.Name));
        var floors = open.GroupBy(r => r.Floor).OrderBy(g => g.Key is null).ThenByDescending(g => Floors.Order(g.Key))
            .Select(g => new Row(g.Key, [.. g.Select(r => new Cell(r.Path, r.ParentPath, r.Name, r.Floor, r.Use ?? RoomUse.Home, residents is null ? null : residents.GetValueOrDefault(r.Path)))])).ToList();
        return new(path, place.Name, columns, floors, below.Count(p => p.Kind == PlaceKind.Room && p.ClosedAt is not null));
    }
}
