using System.Linq.Expressions;
using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Cases;
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

namespace Liren.Cases.Features;

/// <summary>One line of a list of cases; also the file that is exported. Never who reported it.</summary>
internal sealed record CaseRow(Guid Id, string Code, string Type, string TypeName, string Place, string PlaceName, CaseState State, CaseSource Source, string? UnitName, string? Handler, DateTimeOffset ReportedAt, DateTimeOffset Since, string? Clock, DateTimeOffset? Deadline, bool Late,
    int Rework, int Reopened, bool? Solved, int? Stars, int? Score, int Version)
{
    public static CaseRow Of(Case c, string typeName) => new(c.Id, c.Code, c.Type, typeName, c.PlacePath, c.PlaceName, c.State, c.Source, c.UnitName, c.HandlerName, c.ReportedAt, c.Since, c.Clock, c.Deadline, c.WasLate, c.Rework, c.Reopened, c.Solved, c.Stars, c.Score, c.Version);

    /// <summary>Colour of the state: always beside its word.</summary>
    public static string ToneOf(CaseState state) => state switch
    {
        CaseState.Collected or CaseState.Registered or CaseState.FedBack => "wait",
        CaseState.Assigned or CaseState.Handling => "info",
        CaseState.Suspended => "act",
        CaseState.Closed or CaseState.Evaluated => "ok",
        _ => "ended",
    };
}

/// <summary>Cases the reader may see. Filters: a state, a type, "open", "overdue", "suspension" (asked for), "mine" (my unit's), "check" (waits for collectors).</summary>
[Needs("cases.read")]
internal sealed class ListCases(CasesDb db, TypeBook types, TimeProvider clock) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<Case, object?>>> Columns = new()
    {
        ["reportedAt"] = c => c.ReportedAt, ["since"] = c => c.Since, ["deadline"] = c => c.Deadline, ["state"] = c => c.State, ["type"] = c => c.Type, ["place"] = c => c.PlacePath, ["unit"] = c => c.UnitName,
        ["handler"] = c => c.HandlerName, ["code"] = c => c.Code, ["stars"] = c => c.Stars, ["score"] = c => c.Score, ["source"] = c => c.Source,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListCases feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "cases", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<CaseRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Cases.AsNoTracking().WhereWithin(c => c.PlacePath, Actor.Current.ScopesFor("cases.read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(c => c.PlacePath, [query.Place]);
        rows = Filter(rows, query.Filter, clock.GetUtcNow());
        if (query.Text is { } text)
        {
            var named = (await types.AllAsync(stop)).Where(t => t.Name.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(t => t.Code).ToList();
            rows = rows.Where(c => c.Code.Contains(text) || c.PlaceName.Contains(text) || c.Description.Contains(text) || (c.UnitName != null && c.UnitName.Contains(text)) || named.Contains(c.Type));
        }
        var page = await rows.PageAsync(query, Columns, "-reportedAt", c => c, stop);
        var items = new List<CaseRow>(page.Items.Count);
        foreach (var c in page.Items) items.Add(CaseRow.Of(c, await types.NameAsync(c.Type, stop)));
        return new(items, page.Total, page.PageNumber, page.Size);
    }

    internal static IQueryable<Case> Filter(IQueryable<Case> rows, string? filter, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(filter)) return rows;
        if (Enum.TryParse<CaseState>(filter, out var state) && Enum.IsDefined(state)) return rows.Where(c => c.State == state);
        if (filter.Contains('.', StringComparison.Ordinal)) return rows.Where(c => c.Type == filter);
        var org = Actor.Current.OrgId;
        return filter switch
        {
            "open" => Open(rows),
            "overdue" => Open(rows).Where(c => c.State != CaseState.Suspended && c.Deadline != null && c.Deadline < now),
            "suspension" => rows.Where(c => c.State == CaseState.Handling && c.SuspendAskedBy != null),
            "mine" => rows.Where(c => c.UnitId == org && org != null && (c.State == CaseState.Assigned || c.State == CaseState.Handling || c.State == CaseState.Suspended)),
            "check" => rows.Where(c => c.State == CaseState.FedBack),
            _ => throw new RuleBrokenException("cases.filter", "filter", 422, filter),
        };
    }

    private static IQueryable<Case> Open(IQueryable<Case> rows) =>
        rows.Where(c => c.State == CaseState.Collected || c.State == CaseState.Registered || c.State == CaseState.Assigned || c.State == CaseState.Handling || c.State == CaseState.Suspended || c.State == CaseState.FedBack);

    /// <summary>How many are open and how many overdue, for the first page.</summary>
    internal async Task<(int Open, int Overdue)> CountAsync(string place, CancellationToken stop)
    {
        var rows = db.Cases.AsNoTracking().WhereWithin(c => c.PlacePath, Actor.Current.ScopesFor("cases.read"));
        if (place.Length > 0) rows = rows.WhereWithin(c => c.PlacePath, [place]);
        return (await Open(rows).CountAsync(stop), await Filter(rows, "overdue", clock.GetUtcNow()).CountAsync(stop));
    }
}

/// <summary>Figures for the first page.</summary>
internal sealed class CaseTiles(ListCases list, Texts texts) : IHomeTiles
{
    public IReadOnlyList<TileOffer> Offers { get; } = [new("cases.tile.open", "cases.read"), new("cases.tile.overdue", "cases.read")];

    public async Task<IReadOnlyList<Tile>> TilesAsync(string place, CancellationToken cancellation)
    {
        if (!Actor.Current.May("cases.read")) return [];
        var (open, overdue) = await list.CountAsync(place, cancellation);
        return [new("cases.tile.open", $"{open}", null, "/cases?filter=open"), new("cases.tile.overdue", $"{overdue}", texts["cases.tile.overdue-hint"], "/cases?filter=overdue")];
    }
}

/// <summary>Cases by number, place or words, for the global search.</summary>
internal sealed class SearchCases(CasesDb db, TypeBook types, Texts texts) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int take, CancellationToken cancellation)
    {
        if (!Actor.Current.May("cases.read")) return [];
        var code = text.ToUpperInvariant();
        var rows = await db.Cases.AsNoTracking().WhereWithin(c => c.PlacePath, Actor.Current.ScopesFor("cases.read")).Where(c => c.Code.Contains(code) || c.PlaceName.Contains(text) || c.Description.Contains(text))
            .OrderByDescending(c => c.ReportedAt).Take(take).ToListAsync(cancellation);
        var hits = new List<SearchHit>();
        foreach (var c in rows) hits.Add(new("search.case", $"{c.Code} {await types.NameAsync(c.Type, cancellation)}", $"{c.PlaceName} · {texts[$"cases.state.{c.State}"]}", $"/cases/{c.Id}"));
        return hits;
    }
}

/// <summary>What waits for the person signed in (我的案卷): to verify as a collector, to handle for their unit; most urgent first.</summary>
[Needs("cases.read")]
internal sealed class MyCaseWork(CasesDb db, TypeBook types, TimeProvider clock) : IFeature
{
    private const int Most = 100;

    /// <param name="Check">Fed back, and not handled by this person.</param>
    /// <param name="Handle">Of this person's unit.</param>
    public sealed record Response(IReadOnlyList<CaseRow> Check, IReadOnlyList<CaseRow> Handle, DateTimeOffset Now);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/work", (MyCaseWork feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<Response> RunAsync(CancellationToken stop)
    {
        var (me, now) = (Actor.Current, clock.GetUtcNow());
        var hand = me.Id?.ToString("N") ?? "-";
        var check = db.Cases.AsNoTracking().WhereWithin(c => c.PlacePath, me.ScopesFor("cases.collect")).Where(c => c.State == CaseState.FedBack && !c.Hands.Contains(hand));
        var handle = ListCases.Filter(db.Cases.AsNoTracking().WhereWithin(c => c.PlacePath, me.ScopesFor("cases.handle")), "mine", now);
        return new(await RowsAsync(check, stop), await RowsAsync(handle, stop), now);
    }

    private async Task<IReadOnlyList<CaseRow>> RowsAsync(IQueryable<Case> rows, CancellationToken stop)
    {
        var shown = new List<CaseRow>();
        foreach (var c in await rows.OrderBy(c => c.Deadline == null).ThenBy(c => c.Deadline).Take(Most).ToListAsync(stop)) shown.Add(CaseRow.Of(c, await types.NameAsync(c.Type, stop)));
        return shown;
    }
}
