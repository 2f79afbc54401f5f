using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>One level of the tree of places; with a search text everything below that is called so.</summary>
[Needs(Access.Read)]
internal sealed class ListPlaces(PlacesDb db, IPlaceDirectory directory) : IFeature
{
    private const int Few = 500;

    public sealed record Row(string Path, string Name, PlaceKind Kind, string Code, string? In, int Below, int Compounds, bool Closed);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/", (string? at, [AsParameters] ListQuery query, HttpContext http, Texts texts, ListPlaces feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "places", query, q => feature.RunAsync(at ?? PlacePath.Root, q, stop)));

    public async Task<Page<Row>> RunAsync(string at, ListQuery query, CancellationToken stop)
    {
        if (at.Length == 0 && query.Place is { Length: > 0 } chosen) at = chosen;
        Access.RequireWalk(at);
        Rule.Require(query.Sort is null or "name" or "-name" or "path" or "-path", "sdk.unknown-sort", "sort", query.Sort ?? "", "name, path");
        var (size, page) = (query.PageSize, query.PageNumber);
        var (places, divisions) = query.Text is { } text ? Search(at, text) : Level(at);
        // For choosers: where a compound may be added.
        if (query.Filter == "community") (places, divisions) = (places.Where(p => false), divisions.Where(d => d.Kind == PlaceKind.Community || d.Kind == PlaceKind.Street));
        var ownCount = await places.CountAsync(stop);
        int count;
        (count, divisions) = query.Text is null ? (await divisions.CountAsync(stop), divisions) : await CountFoundAsync(divisions, stop);
        // One list out of two tables: divisions come first on a level, places first among what was found.
        var skip = (page - 1) * size;
        var found = new List<Row>();
        async Task TakeOwn(int from) { if (size > found.Count && from < ownCount) found.AddRange(await Sorted(places, query.Sort).Skip(Math.Max(0, from)).Take(size - found.Count).Select(p => new Row(p.Path, p.Name, p.Kind, p.Code, null, 0, 0, p.ClosedAt != null)).ToListAsync(stop)); }
        async Task TakeDivisions(int from) { if (size > found.Count && from < count) found.AddRange(await Sorted(divisions, query.Sort).Skip(Math.Max(0, from)).Take(size - found.Count).Select(d => new Row(d.Path, d.Name, d.Kind, d.Code, null, 0, 0, d.ClosedAt != null)).ToListAsync(stop)); }
        if (query.Text is null) { await TakeDivisions(skip); await TakeOwn(skip - count); }
        else { await TakeOwn(skip); await TakeDivisions(skip - ownCount); }
        return new(await WithCountsAsync(found, query.Text is not null, stop), ownCount + count, page, size);
    }

    private (IQueryable<Place>, IQueryable<Division>) Level(string at)
    {
        var scopes = Actor.Current.ScopesFor(Access.Read);
        var places = db.Places.AsNoTracking().Where(p => p.ParentPath == at).ICanSee(null);
        var divisions = db.Divisions.AsNoTracking().Where(d => d.ParentPath == at);
        // Above one's own places only the way to them is shown.
        if (!scopes.Any(s => PlacePath.IsWithin(at, s)))
        {
            var ways = scopes.SelectMany(PlacePath.SelfAndAncestors).Where(p => p.Length > 0).Distinct().ToList();
            divisions = divisions.Where(d => ways.Contains(d.Path));
        }
        return (places, divisions);
    }

    private (IQueryable<Place>, IQueryable<Division>) Search(string at, string text)
    {
        var scopes = Actor.Current.ScopesFor(Access.Read);
        var code = text.ToLowerInvariant();
        var places = db.Places.AsNoTracking().ICanSee(at);
        _ = RoomNumber.TryRead(text, out var end, out var room);
        places = places.Where(p => (p.Code == room && EF.Functions.Like(p.Path, "%" + end)) || p.Name.Contains(text) || p.Code == code || p.Path == code);
        var divisions = db.Divisions.AsNoTracking().WhereWithin(d => d.Path, scopes).WhereWithin(d => d.Path, [at]);
        return (places, DivisionSearch.Matching(divisions, text));
    }

    /// <summary>Names are looked through once, not once for the count and once for the page, unless very many match.</summary>
    private async Task<(int, IQueryable<Division>)> CountFoundAsync(IQueryable<Division> divisions, CancellationToken stop)
    {
        var few = await divisions.OrderBy(d => d.Kind).ThenBy(d => d.Name).Select(d => d.Path).Take(Few + 1).ToListAsync(stop);
        return few.Count > Few ? (await divisions.CountAsync(stop), divisions) : (few.Count, db.Divisions.AsNoTracking().Where(d => few.Contains(d.Path)));
    }

    private static IQueryable<Place> Sorted(IQueryable<Place> rows, string? sort) => sort switch
    {
        "-name" => rows.OrderByDescending(p => p.SortKey).ThenBy(p => p.Path),
        "path" => rows.OrderBy(p => p.PathKey),
        "-path" => rows.OrderByDescending(p => p.PathKey),
        _ => rows.OrderBy(p => p.Kind == PlaceKind.Compound ? 0 : p.Kind == PlaceKind.Building ? 1 : p.Kind == PlaceKind.Area ? 3 : 2).ThenBy(p => p.SortKey).ThenBy(p => p.Path),
    };

    private static IQueryable<Division> Sorted(IQueryable<Division> rows, string? sort) => sort switch
    {
        "name" => rows.OrderBy(d => d.Name).ThenBy(d => d.Path),
        "-name" => rows.OrderByDescending(d => d.Name).ThenBy(d => d.Path),
        "path" => rows.OrderBy(d => d.Path),
        "-path" => rows.OrderByDescending(d => d.Path),
        _ => rows.OrderBy(d => d.SortKey).ThenBy(d => d.Path),
    };

    private async Task<List<Row>> WithCountsAsync(List<Row> rows, bool sayWhere, CancellationToken stop)
    {
        var paths = rows.Select(r => r.Path).ToList();
        var below = new Dictionary<string, int>();
        var compounds = new Dictionary<string, int>();
        foreach (var chunk in paths.Chunk(400))
        {
            var some = chunk.ToList();
            foreach (var c in await db.Divisions.Where(d => some.Contains(d.ParentPath) && d.ClosedAt == null).GroupBy(d => d.ParentPath).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(stop)) below[c.Key] = c.Count;
            foreach (var c in await db.Places.Where(p => some.Contains(p.ParentPath) && p.ClosedAt == null).ICanSee(null).GroupBy(p => p.ParentPath).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(stop)) below[c.Key] = below.GetValueOrDefault(c.Key) + c.Count;
            // Divisions of one level have paths of one length, so that compounds are counted by the beginning of theirs.
            foreach (var length in some.Where(Division.Is).Select(p => p.Length).Distinct())
            {
                var here = some.Where(p => p.Length == length).ToList();
                foreach (var c in await db.Places.Where(p => p.Kind == PlaceKind.Compound && p.ClosedAt == null).WhereWithin(p => p.Path, here).ICanSee(null)
                    .GroupBy(p => p.Path.Substring(0, length)).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(stop)) compounds[c.Key] = c.Count;
            }
        }
        var above = sayWhere ? await directory.FindManyAsync(paths.SelectMany(PlacePath.SelfAndAncestors), stop) : null;
        return [.. rows.Select(r => r with
        {
            Below = below.GetValueOrDefault(r.Path), Compounds = compounds.GetValueOrDefault(r.Path),
            In = above is null ? null : string.Join(' ', PlacePath.SelfAndAncestors(PlacePath.Parent(r.Path)).Where(above.ContainsKey).Reverse().Select(p => above[p].Name)),
        })];
    }
}

/// <summary>Divisions by name or code: 花木, 310115, 310115016000.</summary>
internal static class DivisionSearch
{
    public static IQueryable<Division> Matching(IQueryable<Division> divisions, string text) =>
        PlacePath.OfDivision(text) is { } path ? divisions.Where(d => d.Path == path)
        : text.All(char.IsAsciiDigit) ? divisions.WhereBegins(d => d.Path, Division.Prefix(text))
        : text.All(c => char.IsAsciiDigit(c) || c == '.') ? divisions.Where(d => d.Path == text)
        : divisions.Where(d => d.Name.Contains(text));
}
