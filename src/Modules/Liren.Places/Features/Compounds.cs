using System.Linq.Expressions;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>Compounds (小区) with what stands in them.</summary>
[Needs(Access.Read)]
internal sealed class ListCompounds(PlacesDb db, IPlaceDirectory directory) : IFeature
{
    public sealed record Row(string Path, string Name, string Community, int Buildings, int Rooms, PlaceState State, DateTimeOffset AddedAt, int Version);

    private sealed class Counted
    {
        public required string Path { get; init; }
        public required string Name { get; init; }
        public required string SortKey { get; init; }
        public required string ParentPath { get; init; }
        public int Buildings { get; init; }
        public int Rooms { get; init; }
        public bool Closed { get; init; }
        public DateTimeOffset AddedAt { get; init; }
        public int Version { get; init; }
    }

    private static readonly Dictionary<string, Expression<Func<Counted, object?>>> Columns = new()
    {
        ["name"] = c => c.SortKey, ["community"] = c => c.ParentPath, ["buildings"] = c => c.Buildings, ["rooms"] = c => c.Rooms, ["addedAt"] = c => c.AddedAt,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/compounds", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListCompounds feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "compounds", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var places = db.Places.AsNoTracking().Where(p => p.Kind == PlaceKind.Compound).ICanSee(query.Place);
        if (query.Text is { } text)
        {
            var code = text.ToLowerInvariant();
            var communities = db.Divisions.Where(d => d.Name.Contains(text) && (d.Kind == PlaceKind.Community || d.Kind == PlaceKind.Street)).Select(d => d.Path);
            places = places.Where(p => p.Name.Contains(text) || p.Code == code || communities.Contains(p.ParentPath));
        }
        places = query.Filter switch { "open" => places.Where(p => p.ClosedAt == null), "closed" => places.Where(p => p.ClosedAt != null), _ => places };
        // Parking and storage are rooms too, but nobody lives there.
#pragma warning disable CA1309 // Becomes SQL, where paths are compared byte by byte
        var rows = places.Select(p => new Counted
        {
            Path = p.Path, Name = p.Name, SortKey = p.SortKey, ParentPath = p.ParentPath, Closed = p.ClosedAt != null, AddedAt = p.AddedAt, Version = p.Version,
            Buildings = db.Places.Count(b => b.ParentPath == p.Path && b.Kind == PlaceKind.Building && b.ClosedAt == null),
            Rooms = db.Places.Count(r => r.Kind == PlaceKind.Room && r.ClosedAt == null && (r.Use == RoomUse.Home || r.Use == RoomUse.Shop) && string.Compare(r.Path, p.Path + ".") > 0 && string.Compare(r.Path, p.Path + "/") < 0),
        });
#pragma warning restore CA1309
        var page = await rows.PageAsync(query, Columns, "name", c => c, stop);
        var names = await directory.FindManyAsync(page.Items.Select(c => c.ParentPath), stop);
        return new([.. page.Items.Select(c => new Row(c.Path, c.Name, names.TryGetValue(c.ParentPath, out var community) ? community.Name : c.ParentPath, c.Buildings, c.Rooms, c.Closed ? PlaceState.Closed : PlaceState.Open, c.AddedAt, c.Version))],
            page.Total, page.PageNumber, page.Size);
    }
}
