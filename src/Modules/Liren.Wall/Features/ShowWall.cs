using System.Text.Json.Nodes;
using Liren.Contracts.Places;
using Liren.Contracts.Wall;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Wall.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Liren.Wall.Features;

/// <summary>What a wall is of, and which lists the reader may open from it.</summary>
[Needs(Access.View)]
internal sealed class ShowWall(IPlaceDirectory places, IWallDrills drills, IConfiguration configuration, TimeProvider clock) : IFeature
{
    /// <summary>The list behind each tile and the permission it needs.</summary>
    private static readonly (string Tile, string Permission, string Href)[] Lists =
    [
        ("incidents", "incidents.read", "/incidents?filter=open"), ("passages", "passes.gates-read", "/passes/statistics"), ("gates", "passes.gates-read", "/passes/gates?filter=open"),
        ("devices", "devices.read", "/devices"), ("cases", "cases.read", "/cases"), ("modes", "modes.read", "/modes"), ("plans", "incidents.read", "/plans"),
    ];

    /// <param name="Path">Path of the place.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Kind">What it is.</param>
    /// <param name="Above">Names of what it lies in.</param>
    /// <param name="Opens">Lists behind the tiles that the reader may open.</param>
    /// <param name="Tiles">Address of map tiles; null: our own drawing only.</param>
    /// <param name="Drills">Drills that can be shown.</param>
    /// <param name="Today">Today in Shanghai.</param>
    public sealed record Response(string Path, string Name, PlaceKind Kind, string Above, IReadOnlyDictionary<string, string> Opens, string? Tiles, IReadOnlyList<WallDrill> Drills, DateOnly Today);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{path}", (string path, ShowWall feature, CancellationToken stop) => feature.RunAsync(path, stop));

    public async Task<Response> RunAsync(string path, CancellationToken stop)
    {
        var card = await Access.AtAsync(places, path, stop);
        var above = card.Kind <= PlaceKind.Street ? "" : string.Join(' ', (await places.FindManyAsync(PlacePath.SelfAndAncestors(path).Skip(1), stop)).Values.Where(c => c.Kind >= PlaceKind.Street).OrderBy(c => c.Path.Length).Select(c => c.Name));
        return new(card.Path, card.Name, card.Kind, above, Lists.Where(l => Actor.Current.May(l.Permission, path)).ToDictionary(l => l.Tile, l => l.Href),
            configuration["Wall:TileUrl"] is { Length: > 0 } tiles ? tiles : null, drills.All, Show.Day(clock.GetUtcNow()));
    }
}

/// <summary>The map of a wall, from our own register: outlines where they are drawn, points where only those are known. Above a compound only compounds are drawn.</summary>
[Needs(Access.View)]
internal sealed class ShowWallMap(IPlaceDirectory places, IPlaceShapes shapes) : IFeature
{
    private const int Most = 2_000;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{path}/map", async (string path, HttpContext http, ShowWallMap feature, CancellationToken stop) =>
    {
        var map = (await feature.RunAsync(path, stop)).ToJsonString(WallJson.Options);
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Text(map, "application/geo+json");
    });

    public async Task<JsonObject> RunAsync(string path, CancellationToken stop)
    {
        var card = await Access.AtAsync(places, path, stop);
        IReadOnlyCollection<PlaceKind> kinds = card.Kind == PlaceKind.Compound ? [PlaceKind.Compound, PlaceKind.Building, PlaceKind.Area] : [PlaceKind.Compound];
        var drawn = await shapes.WithinAsync(path, kinds, Most, stop);
        var all = card.Kind == PlaceKind.Compound ? drawn.Count : (await places.WithinAsync(path, kinds, Most, stop)).Count;
        return new()
        {
            ["type"] = "FeatureCollection",
            // What the register does not know where it is, the map does not show, and says so.
            ["unplaced"] = all - drawn.Count,
            ["pointsOnly"] = drawn.Count(d => d.GeoJson is null && d.Card.Kind == PlaceKind.Compound),
            ["features"] = new JsonArray([.. drawn.Select(d => new JsonObject
            {
                ["type"] = "Feature",
                ["properties"] = new JsonObject { ["path"] = d.Card.Path, ["kind"] = d.Card.Kind.ToString(), ["name"] = d.Card.Name, ["areaKind"] = d.Card.AreaKind, ["lon"] = d.Card.Longitude, ["lat"] = d.Card.Latitude },
                ["geometry"] = d.GeoJson is { } shape ? JsonNode.Parse(shape) : new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(d.Card.Longitude, d.Card.Latitude) },
            })]),
        };
    }
}
