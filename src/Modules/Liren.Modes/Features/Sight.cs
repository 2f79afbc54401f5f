using Liren.Contracts.Places;
using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;

namespace Liren.Modes.Features;

/// <summary>Which orders somebody may see: those at or below their places, and those above, because these hold for them too.</summary>
internal static class Sight
{
    public static IQueryable<ModeOrder> Seen(this IQueryable<ModeOrder> orders)
    {
        var scopes = Actor.Current.ScopesFor("modes.read");
        if (scopes.Any(s => s.Length == 0)) return orders;
        var above = scopes.SelectMany(PlacePath.SelfAndAncestors).Where(p => p.Length > 0).Distinct().ToList();
        return orders.Where(Scopes.Within<ModeOrder>(o => o.AreaPath, scopes).Or(o => above.Contains(o.AreaPath)));
    }

    public static void Require(string area)
    {
        if (Actor.Current.ScopesFor("modes.read").Any(s => PlacePath.Overlap(area, s))) return;
        Actor.Current.Require("modes.read", area);
    }
}
