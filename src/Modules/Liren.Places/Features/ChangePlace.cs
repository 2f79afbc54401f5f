using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>
/// Adds a compound, building, unit, room or area below a place. Buildings, units and rooms get their code from their name; compounds and
/// areas may bring one, else the next free is taken.
/// </summary>
[Needs(Access.Edit)]
internal sealed class AddPlace(PlacesDb db, IPlaceDirectory directory, TimeProvider clock) : IFeature
{
    public sealed record Request(PlaceKind Kind, string? Name, string? Code = null, string? AreaKind = null, string? Floor = null, RoomUse? Use = null, double? Longitude = null, double? Latitude = null);
    public sealed record Response(Guid Id, string Path);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{parent}/places", async (string parent, Request request, NewId id, AddPlace feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(parent, request, id, stop);
        return TypedResults.Created($"/api/places/{made.Path}", made);
    });

    public async Task<Response> RunAsync(string parent, Request request, NewId id, CancellationToken stop)
    {
        Actor.Current.Require(Access.Edit, parent);
        if (await db.Places.Where(p => p.Id == id.Value).Select(p => new Response(p.Id, p.Path)).SingleOrDefaultAsync(stop) is { } before) return before;
        var above = Rule.Found(await directory.FindAsync(parent, stop), "places.not-found", parent);
        Rule.State(!await db.Places.AnyAsync(p => p.Path == parent && p.ClosedAt != null, stop), "places.closed", above.Name);
        var name = request.Name?.Trim() ?? "";
        Rule.Require(name.Length is >= 1 and <= Place.MaxNameLength, "places.name", "name", Place.MaxNameLength);
        var numbered = request.Kind is PlaceKind.Building or PlaceKind.Unit or PlaceKind.Room;
        var code = numbered ? PlaceCode.Of(request.Kind, name) : string.IsNullOrWhiteSpace(request.Code) ? await NextCodeAsync(parent, request.Kind, stop) : PlaceCode.Check(request.Code);
        var taken = await db.Places.Where(p => p.Path == parent + "." + code).Select(p => new Response(p.Id, p.Path)).SingleOrDefaultAsync(stop);
        if (taken?.Id == id.Value) return taken;
        Rule.Require(taken is null, "places.code-taken", numbered ? "name" : "code", numbered ? name : code);
        var now = clock.GetUtcNow();
        var place = Place.Add(id.Value, parent, above.Kind, request.Kind, code, numbered ? PlaceCode.NameOf(request.Kind, name) : name, now);
        if (request.Kind == PlaceKind.Area) place.DescribeArea(request.AreaKind);
        if (request.Kind == PlaceKind.Room) place.DescribeRoom(request.Floor, request.Use ?? RoomUse.Home);
        place.Locate(request.Longitude, request.Latitude);
        db.Add(place);
        try { await db.SaveChangesAsync(stop); }
        catch (DbUpdateException)
        {
            // The same request, or somebody else, added it in the same moment; anything else is a fault.
            db.ChangeTracker.Clear();
            if (await db.Places.Where(p => p.Id == id.Value).Select(p => new Response(p.Id, p.Path)).SingleOrDefaultAsync(stop) is { } same) return same;
            Rule.Require(!await db.Places.AnyAsync(p => p.Path == place.Path, stop), "places.code-taken", numbered ? "name" : "code", numbered ? name : code);
            throw;
        }
        return new(place.Id, place.Path);
    }

    private async Task<string> NextCodeAsync(string parent, PlaceKind kind, CancellationToken stop)
    {
        var prefix = kind == PlaceKind.Compound ? "c" : "a";
        var taken = (await db.Places.Where(p => p.ParentPath == parent).Select(p => p.Code).ToListAsync(stop)).ToHashSet();
        return Enumerable.Range(1, taken.Count + 1).Select(n => $"{prefix}{n}").First(c => !taken.Contains(c));
    }
}

/// <summary>Changes name and details of a place; its path never changes.</summary>
[Needs(Access.Edit)]
internal sealed class EditPlace(PlacesDb db, TimeProvider clock) : IFeature
{
    /// <summary>All details at once; the floor area in square metres.</summary>
    public sealed record Request(string? Name, string? AreaKind = null, string? Floor = null, RoomUse? Use = null, decimal? Area = null, AreaSource? AreaSource = null, double? Longitude = null, double? Latitude = null, string? OtherCodes = null);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/{path}", (string path, Request request, IfMatch match, EditPlace feature, CancellationToken stop) => feature.RunAsync(path, request, match, stop));

    public async Task RunAsync(string path, Request request, IfMatch match, CancellationToken stop)
    {
        var place = await db.ToEditAsync(path, stop);
        match.Check(place);
        Rule.Require(request.Area is null or (> 0 and <= 100_000), "places.floor-area", "area");
        place.Edit(new(request.Name, request.AreaKind, request.Floor, request.Use, request.Area is { } area ? (int)Math.Round(area * 100) : null, request.AreaSource, request.Longitude, request.Latitude, request.OtherCodes), clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Draws a place anew from GeoJSON, or takes its shape away.</summary>
[Needs(Access.Edit)]
internal sealed class DrawPlace(PlacesDb db, TimeProvider clock) : IFeature
{
    /// <summary>GeoJSON as text: geometry, feature, or a collection of one; null takes the shape away.</summary>
    public sealed record Request(string? GeoJson);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/{path}/shape", (string path, Request request, IfMatch match, DrawPlace feature, CancellationToken stop) => feature.RunAsync(path, request, match, stop));

    public async Task RunAsync(string path, Request request, IfMatch match, CancellationToken stop)
    {
        var place = await db.ToEditAsync(path, stop);
        match.Check(place);
        place.Draw(string.IsNullOrWhiteSpace(request.GeoJson) ? null : Shape.Read(request.GeoJson), clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Closes a place (注销): it stays in history with everything below it.</summary>
[Needs(Access.Edit)]
internal sealed class ClosePlace(PlacesDb db, TimeProvider clock) : IFeature
{
    /// <summary>Why; and that what lies below is closed too, without which a place that holds others stays open.</summary>
    public sealed record Request(string? Reason, bool Below = false);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{path}/close", (string path, Request request, IfMatch match, ClosePlace feature, CancellationToken stop) => feature.RunAsync(path, request, match, stop));

    public async Task RunAsync(string path, Request request, IfMatch match, CancellationToken stop)
    {
        var place = await db.ToEditAsync(path, stop);
        match.Check(place);
        var below = await db.Places.Where(p => p.ClosedAt == null && p.Path != path).WhereWithin(p => p.Path, [path]).ToListAsync(stop);
        Rule.State(below.Count == 0 || request.Below, "places.close-below", place.Name, below.Count);
        var now = clock.GetUtcNow();
        place.Close(request.Reason, now);
        foreach (var inner in below) inner.CloseQuietly(request.Reason, now);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Opens a place that was closed by mistake, with everything that was closed together with it.</summary>
[Needs(Access.Edit)]
internal sealed class ReopenPlace(PlacesDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{path}/reopen", (string path, IfMatch match, ReopenPlace feature, CancellationToken stop) => feature.RunAsync(path, match, stop));

    public async Task RunAsync(string path, IfMatch match, CancellationToken stop)
    {
        var place = await db.ToEditAsync(path, stop);
        match.Check(place);
        var closedAt = place.ClosedAt;
        Rule.State(!await db.Places.AnyAsync(p => p.Path == place.ParentPath && p.ClosedAt != null, stop), "places.parent-closed");
        Rule.State(!await db.Lineage.AnyAsync(l => l.FromPath == path, stop), "places.redrawn", place.Name);
        var now = clock.GetUtcNow();
        place.Reopen(now);
        foreach (var inner in await db.Places.Where(p => p.ClosedAt == closedAt && p.Path != path).WhereWithin(p => p.Path, [path]).ToListAsync(stop)) inner.Reopen(now, tell: false);
        await db.SaveChangesAsync(stop);
    }
}
