using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>Writes the floors of rooms that have none, as a roster's import makes them. A floor that stands is never changed, so that repeating it is harmless.</summary>
[Needs(Access.Edit)]
internal sealed class FillFloors(PlacesDb db, TimeProvider clock) : IFeature
{
    /// <summary>A room at or below the place, by its path, and its floor.</summary>
    public sealed record Item(string? Room, string? Floor);

    public sealed record Request(IReadOnlyList<Item>? Rooms);

    /// <summary>Rooms whose floor was written; those that had one stay as they were.</summary>
    public sealed record Response(int Filled);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{path}/floors", (string path, Request request, FillFloors feature, CancellationToken stop) => feature.RunAsync(path, request, stop));

    public async Task<Response> RunAsync(string path, Request request, CancellationToken stop)
    {
        Actor.Current.Require(Access.Edit, path);
        var items = request.Rooms ?? [];
        Rule.Require(items.Count is >= 1 and <= Domain.BuildingPlan.MostRooms, "places.range-empty", "rooms");
        if (items.FirstOrDefault(i => i.Room is null || !PlacePath.IsWithin(i.Room, path)) is { } outside) throw new RuleBrokenException("places.not-found", "rooms", 404, outside.Room ?? "");
        var rooms = await db.Places.Where(p => p.Kind == PlaceKind.Room && p.ClosedAt == null && p.Floor == null).WhereWithin(p => p.Path, [path]).ToDictionaryAsync(p => p.Path, stop);
        var filled = items.Count(i => rooms.TryGetValue(i.Room!, out var room) && room.FillFloor(i.Floor));
        if (filled > 0) db.Raise(new PlaceChanged(path, clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
        return new(filled);
    }
}
