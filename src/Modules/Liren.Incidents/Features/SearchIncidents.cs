using Liren.Contracts.Incidents;
using Liren.Incidents.Data;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>Incidents in the global search, newest first.</summary>
internal sealed class SearchIncidents(ListIncidents list, Texts texts) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int take, CancellationToken cancellation) => !Actor.Current.May("incidents.read") ? []
        : [.. (await list.RunAsync(new ListQuery(text, Size: take), cancellation)).Items.Select(i => new SearchHit("search.incident", $"{i.Code} {i.TypeName}", $"{i.PlaceName} · {texts["incidents.state." + i.State]}", $"/incidents/{i.Id}"))];
}

/// <summary>Figures for the first page: open, mine, overdue, closed today.</summary>
internal sealed class IncidentTiles(IncidentsDb db, Texts texts, TimeProvider clock) : IHomeTiles
{
    public IReadOnlyList<TileOffer> Offers { get; } = [new("incidents.filter-open", "incidents.read"), new("incidents.filter-overdue", "incidents.read"), new("incidents.closed-today", "incidents.read"), new("incidents.filter-mine", "incidents.handle")];

    public async Task<IReadOnlyList<Tile>> TilesAsync(string place, CancellationToken cancellation)
    {
        var me = Actor.Current;
        if (!me.May("incidents.read")) return [];
        var now = clock.GetUtcNow();
        var rows = db.Incidents.AsNoTracking().WhereWithin(i => i.PlacePath, me.ScopesFor("incidents.read"));
        if (place.Length > 0) rows = rows.WhereWithin(i => i.PlacePath, [place]);
        var today = new DateTimeOffset(Show.Local(now).Date, Show.Local(now).Offset).ToUniversalTime();
        var asOf = texts["incidents.as-of", Show.Time(now, now)];
        var tiles = new List<Tile>
        {
            new("incidents.filter-open", $"{await ListIncidents.Filter(rows, "open", me.Id, now).CountAsync(cancellation)}", asOf, "/incidents?filter=open"),
            new("incidents.filter-overdue", $"{await ListIncidents.Filter(rows, "overdue", me.Id, now).CountAsync(cancellation)}", asOf, "/incidents?filter=overdue"),
            new("incidents.closed-today", $"{await rows.CountAsync(i => i.State == IncidentState.Closed && i.EndedAt >= today, cancellation)}", asOf, "/incidents?filter=closed"),
        };
        if (me.May("incidents.handle")) tiles.Insert(1, new("incidents.filter-mine", $"{await ListIncidents.Filter(rows, "mine", me.Id, now).CountAsync(cancellation)}", asOf, "/incidents?filter=mine"));
        return tiles;
    }
}
