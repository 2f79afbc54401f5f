using System.Linq.Expressions;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Organisation.Features;

/// <summary>Organisations, searched, sorted, paged.</summary>
[Needs("organisation.read")]
internal sealed class ListOrgs(OrganisationDb db, PlaceNames places) : IFeature
{
    public sealed record Row(Guid Id, string Code, string Name, string Kind, string Place, string PlaceName, string? DutyPhone, int Posts, string State, int Version);

    private static readonly Dictionary<string, Expression<Func<OrgUnit, object?>>> Columns = new()
    {
        ["name"] = o => o.Name, ["code"] = o => o.Code, ["kind"] = o => o.Kind, ["place"] = o => o.PlacePath,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/units", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListOrgs feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "organisations", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Units.AsNoTracking().WhereWithin(o => o.PlacePath, Actor.Current.ScopesFor("organisation.read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(o => o.PlacePath, [query.Place]);
        if (query.Text is { } text) rows = rows.Where(o => o.Name.Contains(text) || o.Code.Contains(text) || o.DutyPhone!.Contains(text));
        rows = query.Filter == "closed" ? rows.Where(o => o.ClosedAt != null) : Enum.TryParse<OrgKind>(query.Filter, out var kind) ? rows.Where(o => o.Kind == kind && o.ClosedAt == null) : rows.Where(o => o.ClosedAt == null);
        var page = await rows.PageAsync(query, Columns, "place", o => o, stop);
        var ids = page.Items.Select(o => o.Id).ToList();
        var posts = await db.Posts.Where(p => ids.Contains(p.OrgId) && p.ClosedAt == null).GroupBy(p => p.OrgId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop);
        var names = await places.OfAsync(page.Items.Select(o => o.PlacePath), stop);
        return new([.. page.Items.Select(o => new Row(o.Id, o.Code, o.Name, o.Kind.ToString(), o.PlacePath, names[o.PlacePath], o.DutyPhone, posts.GetValueOrDefault(o.Id), o.ClosedAt is null ? "open" : "closed", o.Version))], page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>Names of places for rows; the path itself where the name is not known.</summary>
internal sealed class PlaceNames(IServiceProvider services, Texts texts)
{
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(IEnumerable<string> paths, CancellationToken stop)
    {
        var all = paths.Distinct().ToList();
        var found = services.GetService<IPlaceDirectory>() is { } places ? await places.FindManyAsync(all.Where(p => p.Length > 0), stop) : new Dictionary<string, PlaceCard>();
        return all.ToDictionary(p => p, p => p.Length == 0 ? texts["organisation.everywhere"] : found.TryGetValue(p, out var card) ? card.Name : p);
    }

    public async Task<string> OfAsync(string path, CancellationToken stop) => (await OfAsync([path], stop))[path];

    /// <summary>Refuses a place that does not exist.</summary>
    public async Task RequireAsync(string path, string field, CancellationToken stop)
    {
        if (path.Length == 0 || services.GetService<IPlaceDirectory>() is not { } places) return;
        Rule.Require(PlacePath.IsValid(path), "organisation.place", field, path);
        Rule.Require(await places.FindAsync(path, stop) is not null, "organisation.unknown-place", field, path);
    }

    /// <summary>Places by name or path for pickers, within where something is allowed.</summary>
    public async Task<IReadOnlyList<PlaceCard>> SearchAsync(string text, string permission, CancellationToken stop) =>
        services.GetService<IPlaceDirectory>() is { } places ? await places.SearchAsync(text, Actor.Current.ScopesFor(permission), 12, stop) : [];
}

/// <summary>One line of authority as a tree.</summary>
[Needs("organisation.read")]
internal sealed class ShowLine(OrganisationDb db) : IFeature
{
    public sealed record Node(Guid Id, string Name, string Kind, string Place, string? Basis, IReadOnlyList<Node> Below);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/lines/{line}", (string line, string? place, ShowLine feature, CancellationToken stop) =>
    {
        Rule.Require(Enum.TryParse<AuthorityLine>(line, ignoreCase: true, out var known) && Enum.IsDefined(known), "organisation.no-line", "line", line);
        return feature.RunAsync(known, place ?? "", stop);
    });

    /// <summary>Those in the reader's places, under their superiors; a superior outside is shown by name, as the root of its branch.</summary>
    public async Task<IReadOnlyList<Node>> RunAsync(AuthorityLine line, string place, CancellationToken stop)
    {
        var may = Actor.Current.ScopesFor("organisation.read");
        var units = await db.Units.AsNoTracking().Where(o => o.ClosedAt == null).ToDictionaryAsync(o => o.Id, stop);
        var links = (await db.Superiors.AsNoTracking().Where(s => s.Line == line).ToListAsync(stop)).Where(s => units.ContainsKey(s.OrgId) && units.ContainsKey(s.SuperiorId)).ToList();
        var shown = links.Where(s => Seen(s.OrgId) || Seen(s.SuperiorId)).ToList();
        var below = shown.ToLookup(s => s.SuperiorId);
        var hasSuperior = shown.Select(s => s.OrgId).ToHashSet();
        return [.. shown.Select(s => s.SuperiorId).Distinct().Where(id => !hasSuperior.Contains(id)).Select(id => Make(id, null, 0)).OrderBy(n => n.Place, StringComparer.Ordinal)];

        bool Seen(Guid id) => PlacePath.IsWithin(units[id].PlacePath, place) && may.Any(s => PlacePath.IsWithin(units[id].PlacePath, s));
        Node Make(Guid id, string? basis, int depth) => new(id, units[id].Name, units[id].Kind.ToString(), units[id].PlacePath, basis,
            depth > 12 ? [] : [.. below[id].Select(s => Make(s.OrgId, s.Basis, depth + 1)).OrderBy(n => n.Kind).ThenBy(n => n.Name, StringComparer.Ordinal)]);
    }
}

/// <summary>Organisations in the global search.</summary>
internal sealed class SearchOrgs(OrganisationDb db) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int take, CancellationToken cancellation)
    {
        var scopes = Actor.Current.ScopesFor("organisation.read");
        if (scopes.Count == 0) return [];
        var found = await db.Units.AsNoTracking().Where(o => o.ClosedAt == null && (o.Name.Contains(text) || o.Code.Contains(text))).WhereWithin(o => o.PlacePath, scopes).OrderBy(o => o.Name).Take(take).ToListAsync(cancellation);
        return [.. found.Select(o => new SearchHit("search.organisation", o.Name, o.DutyPhone ?? o.Code, $"/organisation/{o.Id}"))];
    }
}
