using Liren.Codes;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>The installation's signing keys (密钥): list, rotate, revoke.</summary>
[Needs("passes.keys")]
internal sealed class ManageKeys(PassesDb db, Keyring keyring, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    public sealed record Row(string Kid, KeyRole Role, string Place, string PlaceName, SignAlg Algorithm, KeyState State, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Fingerprint);

    /// <param name="Role">Pass or List.</param>
    /// <param name="Place">Path of the community.</param>
    public sealed record Request(KeyRole Role, string Place);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/keys", (ManageKeys feature, CancellationToken stop) => feature.ListAsync(stop));
        api.MapPost("/keys/rotate", async (Request request, ManageKeys feature, CancellationToken stop) => TypedResults.Created((string?)null, await feature.RotateAsync(request, stop)));
        api.MapPost("/keys/{kid}/revoke", (string kid, ManageKeys feature, CancellationToken stop) => feature.RevokeAsync(kid, stop));
    }

    public async Task<IReadOnlyList<Row>> ListAsync(CancellationToken stop)
    {
        // Keys reach over all places of a community; whoever manages some of them sees which there are.
        var rows = await db.Keys.AsNoTracking().OrderBy(k => k.PlacePath).ThenBy(k => k.Role).ThenByDescending(k => k.NotBefore).ToListAsync(stop);
        var names = await places.FindManyAsync(rows.Select(k => k.PlacePath).Where(p => p.Length > 0).Distinct(), stop);
        return [.. rows.Where(k => k.Role == KeyRole.Root || Actor.Current.May("passes.keys", k.PlacePath)).Select(k => Of(k, names))];
    }

    public async Task<Row> RotateAsync(Request request, CancellationToken stop)
    {
        Rule.Require(request.Role is KeyRole.Pass or KeyRole.List, "passes.key-role", "role");
        Actor.Current.Require("passes.keys", request.Place);
        Rule.Found(await db.Keys.FirstOrDefaultAsync(k => k.PlacePath == request.Place && k.Role == request.Role, stop), "passes.no-community", request.Place);
        return Of(await keyring.RotateAsync(request.Role, request.Place, stop), await places.FindManyAsync([request.Place], stop));
    }

    /// <summary>Makes everything it signed worthless, and a new key in its place. Passes get new codes when they are printed or fetched again.</summary>
    public async Task RevokeAsync(string kid, CancellationToken stop)
    {
        var key = Rule.Found(await db.Keys.SingleOrDefaultAsync(k => k.Kid == kid, stop), "passes.no-key");
        Actor.Current.Require("passes.keys", key.PlacePath);
        Rule.State(key.Role != KeyRole.Root, "passes.root-key");
        key.Revoke(clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        await keyring.SignerAsync(key.Role, key.PlacePath, stop);
    }

    private static Row Of(IssuerKey k, IReadOnlyDictionary<string, PlaceCard> names) => new(k.Kid, k.Role, k.PlacePath, names.TryGetValue(k.PlacePath, out var card) ? card.Name : k.PlacePath, k.Alg, k.State, k.NotBefore, k.NotAfter, PairGate.FingerprintOf(k.Spki));
}
