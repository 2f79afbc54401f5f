using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>What a plan of buildings would make: exactly what <see cref="GenerateBuildings"/> writes.</summary>
[Needs(Access.Edit)]
internal sealed class PreviewBuildings(PlacesDb db) : IFeature
{
    /// <summary>A floor of the first building: its room numbers as they will read, unit by unit.</summary>
    public sealed record Floor(string Name, IReadOnlyList<IReadOnlyList<string>> Units);

    /// <summary>Counts of what is new; <paramref name="Existing"/> stays as it is. <paramref name="Buildings"/> by name, with a mark for those that stand already.</summary>
    public sealed record Response(int NewBuildings, int NewUnits, int NewRooms, int Existing, IReadOnlyList<string> Buildings, string Sample, IReadOnlyList<string> Units, IReadOnlyList<Floor> Floors);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{compound}/buildings/preview", (string compound, BuildingPlan plan, PreviewBuildings feature, CancellationToken stop) => feature.RunAsync(compound, plan, stop));

    public async Task<Response> RunAsync(string compound, BuildingPlan plan, CancellationToken stop)
    {
        var (items, taken) = await PlannedAsync(db, compound, plan, stop);
        var fresh = items.Where(i => !taken.Contains(i.Path)).ToList();
        int Of(PlaceKind kind) => fresh.Count(i => i.Kind == kind);
        var buildings = items.Where(i => i.Kind == PlaceKind.Building).ToList();
        var first = items.Where(i => i.Kind == PlaceKind.Room && PlacePath.IsWithin(i.Path, buildings[0].Path)).ToList();
        return new(Of(PlaceKind.Building), Of(PlaceKind.Unit), Of(PlaceKind.Room), items.Count - fresh.Count, [.. buildings.Select(b => b.Name)], buildings[0].Name, [.. items.Where(i => i.Kind == PlaceKind.Unit && i.ParentPath == buildings[0].Path).Select(i => i.Name)],
            [.. first.GroupBy(i => i.Floor).OrderByDescending(g => Floors.Order(g.Key)).Select(g => new Floor(g.Key!, [.. g.GroupBy(i => i.ParentPath).Select(u => (IReadOnlyList<string>)[.. u.Select(i => i.Name)])]))]);
    }

    /// <summary>What the plan names, and which of those paths stand already, open or closed.</summary>
    internal static async Task<(IReadOnlyList<BuildingPlan.Item> Items, HashSet<string> Taken)> PlannedAsync(PlacesDb db, string compound, BuildingPlan plan, CancellationToken stop)
    {
        Actor.Current.Require(Access.Edit, compound);
        var place = Rule.Found(await db.Places.AsNoTracking().SingleOrDefaultAsync(p => p.Path == compound, stop), "places.not-found", compound);
        Rule.State(place.Kind == PlaceKind.Compound, "places.not-a-compound", place.Name);
        Rule.State(place.ClosedAt is null, "places.closed", place.Name);
        var items = plan.Expand(compound);
        return (items, (await db.Places.WhereWithin(p => p.Path, [compound]).Select(p => p.Path).ToListAsync(stop)).ToHashSet());
    }
}

/// <summary>Makes buildings, units and rooms by ranges (批量生成楼栋). What stands already stays, so that repeating it changes nothing.</summary>
[Needs(Access.Edit)]
internal sealed class GenerateBuildings(PlacesDb db, TimeProvider clock) : IFeature
{
    private const int MostTries = 5;

    public sealed record Response(int Buildings, int Units, int Rooms, int Existing);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{compound}/buildings", (string compound, BuildingPlan plan, GenerateBuildings feature, CancellationToken stop) => feature.RunAsync(compound, plan, stop));

    public async Task<Response> RunAsync(string compound, BuildingPlan plan, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (items, taken) = await PreviewBuildings.PlannedAsync(db, compound, plan, stop);
            var fresh = items.Where(i => !taken.Contains(i.Path)).ToList();
            var answer = new Response(fresh.Count(i => i.Kind == PlaceKind.Building), fresh.Count(i => i.Kind == PlaceKind.Unit), fresh.Count(i => i.Kind == PlaceKind.Room), items.Count - fresh.Count);
            if (fresh.Count == 0) return answer;
            var now = clock.GetUtcNow();
            foreach (var item in fresh)
            {
                var place = Place.Add(Guid.CreateVersion7(), item.ParentPath, item.ParentKind, item.Kind, item.Code, item.Name, now, tell: false);
                if (item.Kind == PlaceKind.Room) place.DescribeRoom(item.Floor, plan.Use);
                db.Add(place);
            }
            db.Raise(new PlacesAdded(compound, fresh.Count, now));
            try
            {
                await db.SaveChangesAsync(stop);
                return answer;
            }
            // Somebody has just made some of them: look again and make the rest.
            catch (DbUpdateException) when (attempt < MostTries) { db.ChangeTracker.Clear(); }
        }
    }
}
