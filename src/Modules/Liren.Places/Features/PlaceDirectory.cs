using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>Divisions and places as one tree, for other modules and our own pages.</summary>
internal sealed class PlaceDirectory(PlacesDb db) : IPlaceDirectory
{
    private const int Chunk = 400;

    public async Task<PlaceCard?> FindAsync(string path, CancellationToken cancellation = default) => Division.Is(path)
        ? await db.Divisions.Where(d => d.Path == path).Select(d => new PlaceCard(d.Path, d.Kind, d.Name, null, null, null)).SingleOrDefaultAsync(cancellation)
        : await Cards(db.Places.Where(p => p.Path == path)).SingleOrDefaultAsync(cancellation);

    public async Task<IReadOnlyDictionary<string, PlaceCard>> FindManyAsync(IEnumerable<string> paths, CancellationToken cancellation = default)
    {
        var found = new Dictionary<string, PlaceCard>();
        foreach (var chunk in paths.Where(p => p.Length > 0).Distinct().Chunk(Chunk))
        {
            var divisions = chunk.Where(Division.Is).ToList();
            var own = chunk.Where(p => !Division.Is(p)).ToList();
            if (divisions.Count > 0)
                foreach (var card in await db.Divisions.Where(d => divisions.Contains(d.Path)).Select(d => new PlaceCard(d.Path, d.Kind, d.Name, null, null, null)).ToListAsync(cancellation)) found[card.Path] = card;
            if (own.Count > 0)
                foreach (var card in await Cards(db.Places.Where(p => own.Contains(p.Path))).ToListAsync(cancellation)) found[card.Path] = card;
        }
        return found;
    }

    public async Task<string> FullNameAsync(string path, CancellationToken cancellation = default)
    {
        var above = await FindManyAsync(PlacePath.SelfAndAncestors(path), cancellation);
        if (!above.TryGetValue(path, out var self)) return path;
        return self.Kind < PlaceKind.Community ? self.Name : string.Join(' ', above.Values.Where(c => c.Kind >= PlaceKind.Community).OrderBy(c => c.Path.Length).Select(c => c.Name));
    }

    public async Task<IReadOnlyList<PlaceCard>> ChildrenAsync(string path, CancellationToken cancellation = default)
    {
        var divisions = path.Length > 0 && !Division.Is(path) ? []
            : await db.Divisions.Where(d => d.ParentPath == path && d.ClosedAt == null).OrderBy(d => d.SortKey).ThenBy(d => d.Path).Select(d => new PlaceCard(d.Path, d.Kind, d.Name, null, null, null)).ToListAsync(cancellation);
        return [.. divisions, .. await Cards(db.Places.Where(p => p.ParentPath == path && p.ClosedAt == null).OrderBy(p => p.SortKey).ThenBy(p => p.Path)).ToListAsync(cancellation)];
    }

    public async Task<IReadOnlyList<PlaceCard>> WithinAsync(string scope, IReadOnlyCollection<PlaceKind> kinds, int take = 10_000, CancellationToken cancellation = default)
    {
        string[] scopes = [scope];
        var asDivision = kinds.Where(k => k <= PlaceKind.Community).ToList();
        var asPlace = kinds.Where(k => k > PlaceKind.Community).ToList();
        var found = new List<PlaceCard>();
        if (asDivision.Count > 0 && (scope.Length == 0 || Division.Is(scope)))
            found.AddRange(await db.Divisions.Where(d => asDivision.Contains(d.Kind) && d.ClosedAt == null).WhereWithin(d => d.Path, scopes).OrderBy(d => d.Path).Take(take)
                .Select(d => new PlaceCard(d.Path, d.Kind, d.Name, null, null, null)).ToListAsync(cancellation));
        if (asPlace.Count > 0 && found.Count < take)
            found.AddRange(await Cards(db.Places.Where(p => asPlace.Contains(p.Kind) && p.ClosedAt == null).WhereWithin(p => p.Path, scopes).OrderBy(p => p.Path).Take(take - found.Count)).ToListAsync(cancellation));
        return found;
    }

    public async Task<IReadOnlyList<PlaceCard>> SearchAsync(string text, IReadOnlyCollection<string> scopes, int take = 20, CancellationToken cancellation = default)
    {
        text = text.Trim();
        if (text.Length == 0) return [];
        var places = db.Places.Where(p => p.ClosedAt == null).WhereWithin(p => p.Path, scopes);
        var code = text.ToLowerInvariant();
        // "8-1-2602" is how people call a room; anything else is part of a name, or a code.
        var found = RoomNumber.TryRead(text, out var end, out var roomCode)
            ? await Cards(places.Where(p => p.Code == roomCode && EF.Functions.Like(p.Path, "%" + end)).OrderBy(p => p.Path).Take(take)).ToListAsync(cancellation)
            : [];
        if (found.Count == 0)
            found = await Cards(places.Where(p => p.Name.Contains(text) || p.Code == code || p.Path == code)
                .OrderBy(p => p.Kind == PlaceKind.Compound ? 0 : p.Kind == PlaceKind.Area ? 1 : 2).ThenBy(p => p.Path).Take(take)).ToListAsync(cancellation);
        return found.Count >= take ? found : [.. found, .. await DivisionsAsync(text, scopes, take - found.Count, cancellation)];
    }

    private async Task<List<PlaceCard>> DivisionsAsync(string text, IReadOnlyCollection<string> scopes, int take, CancellationToken cancellation)
    {
        var divisions = db.Divisions.Where(d => d.ClosedAt == null).WhereWithin(d => d.Path, scopes);
        var found = new List<PlaceCard>();
        // Level by level: "上海" means the city first, and the 620,000 communities are looked through only for what the levels above do not give.
        foreach (var kinds in (PlaceKind[][])[[PlaceKind.Province, PlaceKind.City, PlaceKind.District], [PlaceKind.Street], [PlaceKind.Community]])
        {
            if (found.Count >= take) break;
            found.AddRange(await DivisionSearch.Matching(divisions.Where(d => kinds.Contains(d.Kind)), text).OrderBy(d => d.Name.Length).ThenBy(d => d.Path).Take(take - found.Count)
                .Select(d => new PlaceCard(d.Path, d.Kind, d.Name, null, null, null)).ToListAsync(cancellation));
        }
        return found;
    }

    private static IQueryable<PlaceCard> Cards(IQueryable<Place> places) => places.Select(p => new PlaceCard(p.Path, p.Kind, p.Name, p.AreaKind, p.Longitude, p.Latitude));
}
