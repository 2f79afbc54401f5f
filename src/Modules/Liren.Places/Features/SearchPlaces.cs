using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>Divisions, compounds, buildings, rooms and areas in the global search.</summary>
internal sealed class SearchPlaces(IPlaceDirectory directory) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int take, CancellationToken cancellation)
    {
        var scopes = Actor.Current.ScopesFor(Access.Read);
        if (scopes.Count == 0) return [];
        var hits = new List<SearchHit>();
        foreach (var card in await directory.SearchAsync(text, scopes, take, cancellation))
        {
            var above = await directory.FindManyAsync(PlacePath.SelfAndAncestors(PlacePath.Parent(card.Path)), cancellation);
            hits.Add(new($"places.kind.{card.Kind}", card.Name, string.Join(' ', above.Values.OrderBy(c => c.Path.Length).Where(c => card.Kind <= PlaceKind.Compound || c.Kind >= PlaceKind.Community).Select(c => c.Name)), $"/places/{card.Path}"));
        }
        return hits;
    }
}

/// <summary>How many compounds and rooms there are, on the first page.</summary>
internal sealed class PlaceTiles(PlacesDb db, Texts texts) : IHomeTiles
{
    public IReadOnlyList<TileOffer> Offers { get; } = [new("places.nav.compounds", Access.Read), new("places.nav.rooms", Access.Read)];

    public async Task<IReadOnlyList<Tile>> TilesAsync(string place, CancellationToken cancellation)
    {
        if (!Actor.Current.May(Access.Read)) return [];
        var open = db.Places.Where(p => p.ClosedAt == null).ICanSee(place);
        var compounds = await open.CountAsync(p => p.Kind == PlaceKind.Compound, cancellation);
        var buildings = await open.CountAsync(p => p.Kind == PlaceKind.Building, cancellation);
        var rooms = await open.CountAsync(p => p.Kind == PlaceKind.Room && (p.Use == RoomUse.Home || p.Use == RoomUse.Shop), cancellation);
        return
        [
            new("places.nav.compounds", $"{compounds:N0}", texts["places.tile-buildings", buildings], "/places/compounds"),
            new("places.nav.rooms", $"{rooms:N0}", texts["places.tile-rooms"], "/places/rooms"),
        ];
    }
}
