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

/// <summary>One place: what is known of it, what lies above and below, and how its rooms came to be.</summary>
[Needs(Access.Read)]
internal sealed class ShowPlace(PlacesDb db, IPlaceDirectory directory, IServiceProvider services) : IFeature
{
    public sealed record Crumb(string Path, string Name, PlaceKind Kind);

    /// <summary>How many of each kind lie below, without those closed.</summary>
    public sealed record Counts(int Compounds, int Buildings, int Units, int Rooms, int Parking, int Areas);

    /// <summary>A room that this one was, or became.</summary>
    public sealed record Kin(string Path, string Name, LineageKind Kind, DateTimeOffset At);

    /// <summary>The place. Floor area in square metres; residents is null when nobody counts them here.</summary>
    public sealed record Response(string Path, PlaceKind Kind, string Name, string FullName, string Code, IReadOnlyList<Crumb> Above, Counts Below, int? Residents,
        string? AreaKind, string? Floor, RoomUse? Use, decimal? Area, AreaSource? AreaSource, double? Longitude, double? Latitude, string? Geometry, string? OtherCodes,
        DateTimeOffset? AddedAt, DateTimeOffset? ClosedAt, string? CloseReason, IReadOnlyList<Kin> Before, IReadOnlyList<Kin> After, bool MayEdit, int Version);

    /// <summary>What lies directly below.</summary>
    public sealed record Child(string Path, string Name, PlaceKind Kind, string? AreaKind);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{path}", (string path, ShowPlace feature, CancellationToken stop) => feature.RunAsync(path, stop));

    public async Task<Response> RunAsync(string path, CancellationToken stop)
    {
        Access.RequireWalk(path);
        var above = await directory.FindManyAsync(PlacePath.SelfAndAncestors(PlacePath.Parent(path)), stop);
        IReadOnlyList<Crumb> crumbs = [.. PlacePath.SelfAndAncestors(PlacePath.Parent(path)).Where(above.ContainsKey).Reverse().Select(p => new Crumb(p, above[p].Name, above[p].Kind))];
        if (Division.Is(path))
        {
            var division = Rule.Found(await db.Divisions.AsNoTracking().SingleOrDefaultAsync(d => d.Path == path, stop), "places.not-found", path);
            return new(path, division.Kind, division.Name, string.Join("", crumbs.Append(new(path, division.Name, division.Kind)).Where(c => c.Name is not ("市辖区" or "县")).Select(c => c.Name)), division.Code, crumbs, await CountAsync(path, stop), null,
                null, null, null, null, null, null, null, null, null, null, division.ClosedAt, null, [], [], false, 0);
        }
        var place = Rule.Found(await db.Places.AsNoTracking().SingleOrDefaultAsync(p => p.Path == path, stop), "places.not-found", path);
        int? residents = Actor.Current.May(Access.Read, path) && services.GetService<IPersonDirectory>() is { } people ? await people.CountResidentsAsync(path, stop) : null;
        return new(path, place.Kind, place.Name, await directory.FullNameAsync(path, stop), place.Code, crumbs, await CountAsync(path, stop), residents,
            place.AreaKind, place.Floor, place.Use, place.Area / 100m, place.AreaSource, place.Longitude, place.Latitude, place.Geometry, place.OtherCodes,
            place.AddedAt, place.ClosedAt, place.CloseReason, await KinAsync(db.Lineage.Where(l => l.ToPath == path), l => l.FromPath, stop), await KinAsync(db.Lineage.Where(l => l.FromPath == path), l => l.ToPath, stop),
            Actor.Current.May(Access.Edit, path), place.Version);
    }

    /// <summary>What lies directly below, in natural order; programs read it page by page from the list of places.</summary>
    public async Task<IReadOnlyList<Child>> ChildrenAsync(string path, CancellationToken stop)
    {
        Actor.Current.Require(Access.Read, path);
        return [.. (await directory.ChildrenAsync(path, stop)).Select(c => new Child(c.Path, c.Name, c.Kind, c.AreaKind))];
    }

    private async Task<Counts> CountAsync(string path, CancellationToken stop)
    {
        // Rooms of a whole province are nobody's question on a page that must open at once.
        var deep = !Division.Is(path) || PlacePath.Depth(path) >= 4;
        var below = db.Places.Where(p => p.ClosedAt == null && p.Path != path).ICanSee(path);
        if (!deep) return new(await below.CountAsync(p => p.Kind == PlaceKind.Compound, stop), 0, 0, 0, 0, 0);
        var counts = (await below.GroupBy(p => new { p.Kind, Aside = p.Use == RoomUse.Parking || p.Use == RoomUse.Store }).Select(g => new { g.Key.Kind, g.Key.Aside, Count = g.Count() }).ToListAsync(stop))
            .ToLookup(c => (c.Kind, c.Kind == PlaceKind.Room && c.Aside), c => c.Count);
        int Of(PlaceKind kind, bool aside = false) => counts[(kind, aside)].Sum();
        return new(Of(PlaceKind.Compound), Of(PlaceKind.Building), Of(PlaceKind.Unit), Of(PlaceKind.Room), Of(PlaceKind.Room, true), Of(PlaceKind.Area));
    }

    private async Task<IReadOnlyList<Kin>> KinAsync(IQueryable<RoomLineage> lines, Func<RoomLineage, string> other, CancellationToken stop)
    {
        var found = await lines.AsNoTracking().ToListAsync(stop);
        if (found.Count == 0) return [];
        var names = await directory.FindManyAsync(found.Select(other), stop);
        return [.. found.Select(l => new Kin(other(l), names.TryGetValue(other(l), out var card) ? card.Name : other(l), l.Kind, l.At)).OrderBy(k => k.Path)];
    }
}
