using System.Text.Json.Nodes;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>What is drawn of a place: itself, its buildings and areas; as GeoJSON for programs.</summary>
[Needs(Access.Read)]
internal sealed class ShowMap(PlacesDb db) : IFeature
{
    private const int Most = 2_000;

    public sealed record Item(string Path, PlaceKind Kind, string Name, string? AreaKind, double? Longitude, double? Latitude, string? Geometry);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{path}/geojson", async (string path, ShowMap feature, CancellationToken stop) =>
        TypedResults.Text(Collection(await feature.RunAsync(path, stop)).ToJsonString(), "application/geo+json"));

    public async Task<IReadOnlyList<Item>> RunAsync(string path, CancellationToken stop)
    {
        Actor.Current.Require(Access.Read, path);
        return await db.Places.AsNoTracking().WhereWithin(p => p.Path, [path]).Where(p => p.ClosedAt == null && (p.Geometry != null || p.Longitude != null))
            .OrderBy(p => p.Kind == PlaceKind.Compound ? 0 : p.Kind == PlaceKind.Area && p.Geometry != null ? 1 : p.Kind == PlaceKind.Building ? 2 : 3).ThenBy(p => p.PathKey).Take(Most)
            .Select(p => new Item(p.Path, p.Kind, p.Name, p.AreaKind, p.Longitude, p.Latitude, p.Geometry)).ToListAsync(stop);
    }

    private static JsonObject Collection(IEnumerable<Item> items) => new()
    {
        ["type"] = "FeatureCollection",
        ["features"] = new JsonArray([.. items.Select(i => new JsonObject
        {
            ["type"] = "Feature",
            ["id"] = i.Path,
            ["properties"] = new JsonObject { ["path"] = i.Path, ["kind"] = i.Kind.ToString(), ["name"] = i.Name, ["areaKind"] = i.AreaKind },
            ["geometry"] = i.Geometry is { } shape ? JsonNode.Parse(shape) : new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(i.Longitude, i.Latitude) },
        })]),
    };
}
