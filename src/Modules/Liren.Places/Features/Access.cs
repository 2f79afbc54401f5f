using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>Who may reach which place, and the ways to one.</summary>
internal static class Access
{
    public const string Read = "places.read", Edit = "places.edit", Import = "places.import";

    /// <summary>The place, to be changed by the present actor.</summary>
    public static async Task<Place> ToEditAsync(this PlacesDb db, string path, CancellationToken stop)
    {
        Actor.Current.Require(Edit, path);
        // Those above the community are the nation's, not ours to change.
        Rule.State(!Division.Is(path), "places.division-fixed");
        return Rule.Found(await db.Places.SingleOrDefaultAsync(p => p.Path == path, stop), "places.not-found", path);
    }

    /// <summary>Divisions above one's own places may be walked through; what lies beside them may not.</summary>
    public static bool MayWalk(string path)
    {
        var scopes = Actor.Current.ScopesFor(Read);
        return scopes.Any(s => PlacePath.IsWithin(path, s)) || ((path.Length == 0 || Division.Is(path)) && scopes.Any(s => PlacePath.IsWithin(s, path)));
    }

    /// <summary>Refuses who may not even walk through.</summary>
    public static void RequireWalk(string path)
    {
        if (!MayWalk(path)) Actor.Current.Require(Read, path);
    }

    /// <summary>Rows the actor may see, inside the place chosen.</summary>
    public static IQueryable<Place> ICanSee(this IQueryable<Place> places, string? place) =>
        Limit(places.WhereWithin(p => p.Path, Actor.Current.ScopesFor(Read)), place);

    private static IQueryable<Place> Limit(IQueryable<Place> places, string? place) => string.IsNullOrEmpty(place) ? places : places.WhereWithin(p => p.Path, [place]);
}
