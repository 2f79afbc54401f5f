using System.Linq.Expressions;
using Liren.Contracts.Places;
using Liren.Identity.Data;
using Liren.Identity.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Features;

/// <summary>Built-in and own roles with their permissions.</summary>
[Needs("identity.roles")]
internal sealed class ListRoles(IdentityDb db, ActorSource actors, ModuleList modules, Texts texts) : IFeature
{
    public sealed record Row(string Code, string Name, bool BuiltIn, IReadOnlyList<string> Permissions, int Version);
    public sealed record Response(IReadOnlyList<Row> Roles, IReadOnlyList<string> AllPermissions);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/roles", (ListRoles feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<Response> RunAsync(CancellationToken stop)
    {
        var own = await db.OwnRoles.AsNoTracking().OrderBy(r => r.Code).ToListAsync(stop);
        return new(
            [.. BuiltInRoles.All.Select(r => new Row(r, texts["role." + r], true, [.. actors.BuiltIn[r].Order()], 0)),
             .. own.Select(r => new Row(r.Code, r.Name, false, r.Permissions.Split(' ', StringSplitOptions.RemoveEmptyEntries), r.Version))],
            [.. modules.All.SelectMany(m => m.Permissions).Select(p => p.Code).Distinct().Order()]);
    }
}

/// <summary>Makes or changes a role of the installation's own.</summary>
[Needs("identity.roles")]
internal sealed class SaveRole(IdentityDb db, ActorSource actors, ModuleList modules, TimeProvider clock) : IFeature
{
    public sealed record Request(string Name, IReadOnlyList<string> Permissions);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/roles/{code}", (string code, Request request, SaveRole feature, CancellationToken stop) => feature.RunAsync(code, request, stop));

    public async Task RunAsync(string code, Request request, CancellationToken stop)
    {
        OwnRole.CheckCode(code);
        // A role reaches everywhere it is granted, so it is made by those who administer everywhere.
        Actor.Current.Require("identity.roles", "");
        Rule.State(!BuiltInRoles.All.Contains(code), "identity.role-built-in");
        var known = modules.All.SelectMany(m => m.Permissions).Select(p => p.Code).ToHashSet();
        foreach (var permission in request.Permissions) Rule.Require(known.Contains(permission), "identity.no-permission", "permissions", permission);
        Rule.Require(request.Permissions.Count > 0, "identity.role-empty", "permissions");
        // Whoever could write what they lack into a role they hold would grant it to themselves.
        if (request.Permissions.FirstOrDefault(p => !Actor.Current.May(p, "")) is { } beyond) throw new RuleBrokenException("identity.grant-beyond-own", "permissions", 403, beyond);
        var role = await db.OwnRoles.SingleOrDefaultAsync(r => r.Code == code, stop);
        if (role is null) db.Add(role = new OwnRole { Code = code });
        role.Set(request.Name, request.Permissions);
        var holders = db.Grants.Where(g => g.Role == code && g.RevokedAt == null).Select(g => g.AccountId);
        foreach (var account in await db.Accounts.Where(a => holders.Contains(a.Id)).ToListAsync(stop)) account.RolesChanged(clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        actors.Forget(null);
    }
}

/// <summary>Keys of programs and devices.</summary>
[Needs("identity.keys")]
internal sealed class ListKeys(IdentityDb db, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    public sealed record Row(Guid Id, string Name, string Kind, string Tail, string Role, string Place, string PlaceName, string State, DateTimeOffset CreatedAt, DateTimeOffset Expires);

    private static readonly Dictionary<string, Expression<Func<ApiKey, object?>>> Columns = new()
    {
        ["name"] = k => k.Name, ["createdAt"] = k => k.CreatedAt, ["expires"] = k => k.Expires, ["role"] = k => k.Role,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/keys", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListKeys feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "keys", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var rows = db.Keys.AsNoTracking().WhereWithin(k => k.PlacePath, Actor.Current.ScopesFor("identity.keys"));
        if (query.Text is { } text) rows = rows.Where(k => k.Name.Contains(text) || k.Tail == text);
        if (query.Filter == "active") rows = rows.Where(k => k.RevokedAt == null && k.Expires > now);
        var page = await rows.PageAsync(query, Columns, "-createdAt", k => k, stop);
        var names = await places.FindManyAsync(page.Items.Select(k => k.PlacePath).Distinct(), stop);
        return new([.. page.Items.Select(k => new Row(k.Id, k.Name, k.Prefix == "lrd" ? "device" : "program", k.Tail, k.Role, k.PlacePath, names.TryGetValue(k.PlacePath, out var card) ? card.Name : k.PlacePath,
            k.RevokedAt is not null ? "revoked" : k.Expires <= now ? "expired" : "active", k.CreatedAt, k.Expires))], page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>Makes a key; it is shown once.</summary>
[Needs("identity.keys")]
internal sealed class AddKey(IdentityDb db, ActorSource actors, TimeProvider clock) : IFeature
{
    public sealed record Request(string Name, string Kind, string Role, string Place, int Days = 365);
    public sealed record Response(Guid Id, string Key, DateTimeOffset Expires);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/keys", async (Request request, AddKey feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, stop);
        return TypedResults.Created($"/api/identity/keys/{made.Id}", made);
    });

    public async Task<Response> RunAsync(Request request, CancellationToken stop)
    {
        Rule.Require(request.Name.Trim().Length is >= 1 and <= 60, "identity.key-name", "name");
        Rule.Require(request.Kind is "program" or "device", "identity.key-kind", "kind");
        Rule.Require(request.Days is >= 1 and <= 3650, "identity.key-days", "days");
        RoleGrant.CheckPlace(request.Place);
        Actor.Current.Require("identity.keys", request.Place);
        var permissions = await actors.PermissionsAsync(db, request.Role, stop);
        Rule.Require(permissions.Count > 0, "identity.no-role", "role", request.Role);
        var missing = permissions.FirstOrDefault(p => !Actor.Current.May(p, request.Place));
        if (missing is not null) throw new RuleBrokenException("identity.grant-beyond-own", "role", 403, missing);
        var prefix = request.Kind == "device" ? "lrd" : "lrk";
        var key = Secrets.NewKey(prefix);
        var now = clock.GetUtcNow();
        var row = new ApiKey { Name = request.Name.Trim(), Prefix = prefix, Hash = Secrets.Hash(key), Tail = key[^4..], Role = request.Role, PlacePath = request.Place, CreatedAt = now, Expires = now.AddDays(request.Days) };
        db.Add(row);
        await db.SaveChangesAsync(stop);
        return new(row.Id, key, row.Expires);
    }
}

/// <summary>Revokes a key, at once.</summary>
[Needs("identity.keys")]
internal sealed class RevokeKey(IdentityDb db, ActorSource actors, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/keys/{id:guid}", (Guid id, RevokeKey feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task RunAsync(Guid id, CancellationToken stop)
    {
        var key = Rule.Found(await db.Keys.FindAsync([id], stop), "identity.no-key");
        Actor.Current.Require("identity.keys", key.PlacePath);
        key.Revoke(clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        actors.Forget(null);
    }
}

/// <summary>Keys as other modules' verbs need them.</summary>
internal sealed class KeyRing(AddKey add, RevokeKey revoke) : Contracts.Identity.IKeyRing
{
    public async Task<(Guid Id, string Key)> MakeAsync(string name, string role, string place, int days = 1, CancellationToken cancellation = default)
    {
        var made = await add.RunAsync(new(name, "device", role, place, days), cancellation);
        return (made.Id, made.Key);
    }

    public Task RevokeAsync(Guid id, CancellationToken cancellation = default) => revoke.RunAsync(id, cancellation);
}
