using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Security;

namespace Liren.Wall.Features;

/// <summary>Who may look at which wall.</summary>
internal static class Access
{
    /// <summary>看大屏.</summary>
    public const string View = "wall.view";

    /// <summary>The place, if the actor may look at its wall; 401, 403 or 404 otherwise.</summary>
    public static async Task<PlaceCard> AtAsync(IPlaceDirectory places, string path, CancellationToken stop)
    {
        Actor.Current.Require(View, path);
        var card = Rule.Found(await places.FindAsync(path, stop), "wall.no-place", path);
        if (card.Kind > PlaceKind.Compound) throw new RuleBrokenException("wall.too-small", "place", 422, card.Name);
        return card;
    }
}
