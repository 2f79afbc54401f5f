namespace Liren.Contracts.Places;

/// <summary>A place as it is drawn.</summary>
/// <param name="Card">The place.</param>
/// <param name="GeoJson">Its geometry (RFC 7946, WGS-84), checked; null when only a point is known.</param>
public sealed record PlaceShape(PlaceCard Card, string? GeoJson);

/// <summary>What is drawn of places (图形).</summary>
public interface IPlaceShapes
{
    /// <summary>Open places of the kinds at or below the scope that have an outline or a point, at most <paramref name="take"/>.</summary>
    Task<IReadOnlyList<PlaceShape>> WithinAsync(string scope, IReadOnlyCollection<PlaceKind> kinds, int take = 2_000, CancellationToken cancellation = default);
}
