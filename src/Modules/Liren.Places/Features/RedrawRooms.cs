using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>Splits one room into several (拆分).</summary>
[Needs(Access.Edit)]
internal sealed class SplitRoom(PlacesDb db, RoomRedrawing redrawing) : IFeature
{
    public sealed record Request(IReadOnlyList<string>? Names);
    public sealed record Response(IReadOnlyList<string> Rooms);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{path}/split", (string path, Request request, NewId id, IfMatch match, SplitRoom feature, CancellationToken stop) => feature.RunAsync(path, request, id, match, stop));

    public async Task<Response> RunAsync(string path, Request request, NewId id, IfMatch match, CancellationToken stop)
    {
        var room = await db.ToEditAsync(path, stop);
        if (await redrawing.DoneAsync(id, stop) is { } done) return new(done);
        match.Check(room);
        return new(await redrawing.RunAsync([room], request.Names ?? [], id, LineageKind.Split, stop));
    }
}

/// <summary>Merges rooms of one unit or building into one (合并).</summary>
[Needs(Access.Edit)]
internal sealed class MergeRooms(PlacesDb db, RoomRedrawing redrawing) : IFeature
{
    /// <summary>Codes of the rooms below the unit or building ("r601"), and what the new room is called.</summary>
    public sealed record Request(IReadOnlyList<string>? Rooms, string? Name);
    public sealed record Response(string Room);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{parent}/merge", (string parent, Request request, NewId id, MergeRooms feature, CancellationToken stop) => feature.RunAsync(parent, request, id, stop));

    public async Task<Response> RunAsync(string parent, Request request, NewId id, CancellationToken stop)
    {
        Actor.Current.Require(Access.Edit, parent);
        if (await redrawing.DoneAsync(id, stop) is { } done) return new(done[0]);
        var codes = (request.Rooms ?? []).Distinct().ToList();
        Rule.Require(codes.Count is >= 2 and <= 20, "places.merge-rooms", "rooms");
        Rule.Require(codes.All(c => !c.Contains('.', StringComparison.Ordinal)), "places.merge-apart", "rooms");
        var rooms = await db.Places.Where(p => p.ParentPath == parent && p.Kind == PlaceKind.Room && codes.Contains(p.Code)).OrderBy(p => p.SortKey).ToListAsync(stop);
        if (codes.FirstOrDefault(c => rooms.All(r => r.Code != c)) is { } missing) throw new RuleBrokenException("places.not-found", "rooms", 404, $"{parent}.{missing}");
        return new((await redrawing.RunAsync(rooms, [request.Name ?? ""], id, LineageKind.Merge, stop))[0]);
    }
}

/// <summary>What splitting and merging share: the new rooms, the lines of descent and the event, in one commit.</summary>
internal sealed class RoomRedrawing(PlacesDb db, Texts texts, IPlaceDirectory directory, TimeProvider clock)
{
    /// <summary>The rooms that the same request made before, or null.</summary>
    public async Task<IReadOnlyList<string>?> DoneAsync(NewId id, CancellationToken stop)
    {
        var made = FirstId(id);
        if (await db.Places.Where(p => p.Id == made).Select(p => p.Path).SingleOrDefaultAsync(stop) is not { } first) return null;
        var before = db.Lineage.Where(l => l.ToPath == first).Select(l => l.FromPath);
        return [first, .. await db.Lineage.Where(l => before.Contains(l.FromPath) && l.ToPath != first).Select(l => l.ToPath).Distinct().OrderBy(p => p).ToListAsync(stop)];
    }

    /// <summary>A caller who uses one key for several acts must not be given the compound instead of the rooms.</summary>
    private static Guid FirstId(NewId id) => id.Repeatable ? NewId.Of($"redraw:{id.Value}", null).Value : id.Value;

    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<Place> before, IReadOnlyList<string> names, NewId id, LineageKind kind, CancellationToken stop)
    {
        var field = kind == LineageKind.Split ? "names" : "name";
        var wanted = names.Select(n => n?.Trim() ?? "").ToList();
        Rule.Require(wanted.All(n => n.Length is >= 1 and <= Place.MaxNameLength), "places.name", field, Place.MaxNameLength);
        foreach (var room in before) Rule.State(room.ClosedAt is null, "places.closed", room.Name);
        var now = clock.GetUtcNow();
        var parent = before[0].ParentPath;
        var parentKind = Rule.Found(await directory.FindAsync(parent, stop), "places.not-found", parent).Kind;
        var after = Place.Redraw(before, wanted, parentKind, FirstId(id), texts.In("zh", kind == LineageKind.Split ? "places.split-into" : "places.merged-into", string.Join('、', wanted)), now);
        var paths = after.Select(r => r.Path).ToList();
        var taken = await db.Places.Where(p => paths.Contains(p.Path)).Select(p => p.Name).ToListAsync(stop);
        Rule.Require(taken.Count == 0, "places.code-taken", field, taken.FirstOrDefault() ?? "");
        db.AddRange(after);
        foreach (var from in before)
            foreach (var to in after)
                db.Lineage.Add(new() { FromPath = from.Path, ToPath = to.Path, Kind = kind, At = now, ByAccount = Actor.Current.Id });
        db.Raise(new RoomsRedrawn(parent, [.. before.Select(r => r.Path)], paths, now));
        try { await db.SaveChangesAsync(stop); }
        catch (DbUpdateException)
        {
            // The same request, or another one for these rooms, came in the same moment.
            db.ChangeTracker.Clear();
            return await DoneAsync(id, stop) ?? throw new RuleBrokenException("sdk.changed-meanwhile", null, 412);
        }
        return paths;
    }
}
