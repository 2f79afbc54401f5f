using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>Outlines and points for other modules' maps.</summary>
internal sealed class PlaceShapes(PlacesDb db) : IPlaceShapes
{
    public async Task<IReadOnlyList<PlaceShape>> WithinAsync(string scope, IReadOnlyCollection<PlaceKind> kinds, int take = 2_000, CancellationToken cancellation = default) =>
        await db.Places.AsNoTracking().WhereWithin(p => p.Path, [scope]).Where(p => p.ClosedAt == null && kinds.Contains(p.Kind) && (p.Geometry != null || p.Longitude != null)).OrderBy(p => p.Path).Take(take)
            .Select(p => new PlaceShape(new PlaceCard(p.Path, p.Kind, p.Name, p.AreaKind, p.Longitude, p.Latitude), p.Geometry)).ToListAsync(cancellation);
}
