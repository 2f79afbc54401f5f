using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.Wall.Features;

/// <summary>Places whose wall one may look at: every compound in reach, and the communities, streets and districts above it.</summary>
[Needs(Access.View)]
internal sealed class ListWalls(IPlaceDirectory places) : IFeature
{
    private const int Most = 2_000;

    /// <param name="Path">Path of the place.</param>
    /// <param name="Kind">District, Street, Community or Compound.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Above">Path of the place above it in this list; null at the top.</param>
    /// <param name="Compounds">How many compounds it has.</param>
    public sealed record Item(string Path, PlaceKind Kind, string Name, string? Above, int Compounds);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/", (ListWalls feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<IReadOnlyList<Item>> RunAsync(CancellationToken stop)
    {
        Actor.Current.Require(Access.View);
        var compounds = new HashSet<string>();
        foreach (var scope in Actor.Current.ScopesFor(Access.View))
            compounds.UnionWith((await places.WithinAsync(scope, [PlaceKind.Compound], Most, stop)).Select(c => c.Path));
        var counts = compounds.SelectMany(PlacePath.SelfAndAncestors).Where(p => p.Length > 0 && Actor.Current.May(Access.View, p)).CountBy(p => p).ToDictionary();
        var cards = await places.FindManyAsync(counts.Keys, stop);
        return [.. cards.Values.Where(c => c.Kind is >= PlaceKind.District and <= PlaceKind.Compound).OrderBy(c => c.Path, StringComparer.Ordinal)
            .Select(c => new Item(c.Path, c.Kind, c.Name, PlacePath.SelfAndAncestors(c.Path).Skip(1).FirstOrDefault(p => cards.TryGetValue(p, out var above) && above.Kind >= PlaceKind.District), counts[c.Path]))];
    }
}
