using System.Linq.Expressions;
using Liren.Contracts.Organisation;
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
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Features;

/// <summary>Accounts, searched, sorted, paged.</summary>
[Needs("identity.accounts")]
internal sealed class ListAccounts(IdentityDb db, TimeProvider clock) : IFeature
{
    public sealed record Row(Guid Id, string UserName, string DisplayName, string? Phone, string Roles, string State, DateTimeOffset? LastSignIn, int Version);

    private static readonly Dictionary<string, Expression<Func<Account, object?>>> Columns = new()
    {
        ["userName"] = a => a.UserName, ["displayName"] = a => a.DisplayName, ["lastSignIn"] = a => a.LastSignIn, ["createdAt"] = a => a.CreatedAt,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/accounts", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListAccounts feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "accounts", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var rows = db.Accounts.AsNoTracking();
        if (query.Text is { } text) rows = rows.Where(a => a.UserName.Contains(text) || a.DisplayName.Contains(text));
        rows = query.Filter switch
        {
            "disabled" => rows.Where(a => a.DisabledAt != null),
            "locked" => rows.Where(a => a.LockedUntil > now),
            "active" => rows.Where(a => a.DisabledAt == null),
            _ => rows,
        };
        var scopes = Actor.Current.ScopesFor("identity.accounts");
        if (!scopes.Contains(""))
        {
            var seen = db.Grants.Where(g => g.RevokedAt == null).WhereWithin(g => g.PlacePath, scopes).Select(g => g.AccountId);
            rows = rows.Where(a => seen.Contains(a.Id));
        }
        var page = await rows.PageAsync(query, Columns, "userName", a => a, stop);
        var ids = page.Items.Select(a => a.Id).ToList();
        var roles = (await db.Grants.AsNoTracking().Where(g => ids.Contains(g.AccountId) && g.RevokedAt == null).ToListAsync(stop)).ToLookup(g => g.AccountId);
        return new([.. page.Items.Select(a => new Row(a.Id, a.UserName, a.DisplayName, a.Phone is null ? null : Mask.Phone(a.Phone),
            string.Join(", ", roles[a.Id].Select(g => g.Role).Distinct()), a.DisabledAt is not null ? "disabled" : a.IsLocked(now) ? "locked" : "active", a.LastSignIn, a.Version))],
            page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>One account with its grants.</summary>
[Needs("identity.accounts")]
internal sealed class ShowAccount(IdentityDb db, IPlaceDirectory places, IOrganisationDirectory orgs, TimeProvider clock) : IFeature
{
    public sealed record GrantRow(Guid Id, string Role, string Place, string PlaceName, DateTimeOffset Since, DateTimeOffset? Until, string GrantedBy);
    public sealed record Response(Guid Id, string UserName, string DisplayName, string? Phone, Guid? OrgId, string? Org, string State, bool SecondFactor, bool MustChangePassword,
        DateTimeOffset CreatedAt, DateTimeOffset? LastSignIn, IReadOnlyList<GrantRow> Grants, int Version);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/accounts/{id:guid}", (Guid id, ShowAccount feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var a = Rule.Found(await db.Accounts.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, stop), "identity.no-account");
        await AccountScope.CheckAsync(db, id, stop);
        var now = clock.GetUtcNow();
        var grants = await db.Grants.AsNoTracking().Where(g => g.AccountId == id && g.RevokedAt == null).OrderBy(g => g.Since).ToListAsync(stop);
        var names = await places.FindManyAsync(grants.Select(g => g.PlacePath).Distinct(), stop);
        var org = a.OrgId is { } works ? (await orgs.FindAsync(works, stop))?.Name : null;
        return new(a.Id, a.UserName, a.DisplayName, a.Phone, a.OrgId, org, a.DisabledAt is not null ? "disabled" : a.IsLocked(now) ? "locked" : "active", a.TotpSecret is not null,
            a.MustChangePassword, a.CreatedAt, a.LastSignIn, [.. grants.Select(g => new GrantRow(g.Id, g.Role, g.PlacePath, names.TryGetValue(g.PlacePath, out var card) ? card.Name : g.PlacePath, g.Since, g.Until, g.GrantedBy))], a.Version);
    }
}

/// <summary>Whoever administers accounts sees those with a role inside their own places, and those without any role yet.</summary>
internal static class AccountScope
{
    public static async Task CheckAsync(IdentityDb db, Guid account, CancellationToken stop)
    {
        var scopes = Actor.Current.ScopesFor("identity.accounts");
        if (scopes.Contains("")) return;
        var places = await db.Grants.Where(g => g.AccountId == account && g.RevokedAt == null).Select(g => g.PlacePath).ToListAsync(stop);
        // Every role of the account must lie inside: who manages one compound must not reset the password of somebody who also serves the street.
        foreach (var place in places) Actor.Current.Require("identity.accounts", place);
    }

    /// <summary>
    /// Whoever can reset a password can become that account, so nobody does it to an account that may do more than they may themselves.
    /// </summary>
    public static async Task CheckNotStrongerAsync(IdentityDb db, ActorSource actors, Guid account, CancellationToken stop)
    {
        foreach (var grant in await db.Grants.AsNoTracking().Where(g => g.AccountId == account && g.RevokedAt == null).ToListAsync(stop))
        {
            var permissions = await actors.PermissionsAsync(db, grant.Role, stop);
            if (permissions.FirstOrDefault(p => !Actor.Current.May(p, grant.PlacePath)) is { } beyond)
                throw new RuleBrokenException("identity.account-beyond-own", null, 403, beyond);
        }
    }
}

/// <summary>Makes an account; answers its first password once.</summary>
[Needs("identity.accounts")]
internal sealed class AddAccount(IdentityDb db, IPasswordHasher<Account> hasher, GrantRole grant, TimeProvider clock) : IFeature
{
    public sealed record Request(string UserName, string DisplayName, string? Phone, Guid? OrgId, string Role, string Place);
    public sealed record Response(Guid Id, string? Password);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/accounts", async (Request request, NewId id, AddAccount feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/identity/accounts/{made.Id}", made);
    });

    /// <summary>The password is null when the same request was made before: it is shown once.</summary>
    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        if (await db.Accounts.AnyAsync(a => a.Id == id.Value, stop)) return new(id.Value, null);
        var now = clock.GetUtcNow();
        var account = Account.Add(id.Value, request.UserName, request.DisplayName, request.Phone, request.OrgId, now);
        Rule.Require(!await db.Accounts.AnyAsync(a => a.UserName == account.UserName, stop), "identity.user-name-taken", "userName", account.UserName);
        var password = Secrets.NewPassword();
        account.SetPassword(hasher.HashPassword(account, password), mustChange: true, now);
        db.Add(account);
        await grant.AddAsync(account, new(request.Role, request.OrgId, request.Place, null), stop);
        await db.SaveChangesAsync(stop);
        return new(account.Id, password);
    }
}

/// <summary>Changes name, phone and organisation.</summary>
[Needs("identity.accounts")]
internal sealed class EditAccount(IdentityDb db, TimeProvider clock) : IFeature
{
    public sealed record Request(string DisplayName, string? Phone, Guid? OrgId);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/accounts/{id:guid}", (Guid id, Request request, IfMatch match, EditAccount feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var account = Rule.Found(await db.Accounts.FindAsync([id], stop), "identity.no-account");
        await AccountScope.CheckAsync(db, id, stop);
        match.Check(account);
        account.Edit(request.DisplayName, request.Phone, request.OrgId, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Disables, enables, unlocks, or gives a new password.</summary>
[Needs("identity.accounts")]
internal sealed class ChangeAccountState(IdentityDb db, IPasswordHasher<Account> hasher, ActorSource actors, TimeProvider clock) : IFeature
{
    public sealed record Response(string? Password);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/accounts/{id:guid}/{act:regex(^(disable|enable|unlock|reset|remove-second-factor)$)}", (Guid id, string act, ChangeAccountState feature, CancellationToken stop) => feature.RunAsync(id, act, stop));

    /// <summary>A reset answers the new password once; it must be changed at the next sign-in.</summary>
    public async Task<Response> RunAsync(Guid id, string act, CancellationToken stop)
    {
        var account = Rule.Found(await db.Accounts.FindAsync([id], stop), "identity.no-account");
        await AccountScope.CheckAsync(db, id, stop);
        await AccountScope.CheckNotStrongerAsync(db, actors, id, stop);
        var now = clock.GetUtcNow();
        string? password = null;
        switch (act)
        {
            case "disable":
                Rule.State(Actor.Current.Id != id, "identity.not-oneself");
                account.Disable(now);
                break;
            case "enable": account.Enable(now); break;
            case "unlock": account.Unlock(now); break;
            case "remove-second-factor": account.Enrol(null, now); break;
            default:
                password = Secrets.NewPassword();
                account.SetPassword(hasher.HashPassword(account, password), mustChange: true, now);
                break;
        }
        await db.SaveChangesAsync(stop);
        actors.Forget(id);
        return new(password);
    }
}

/// <summary>Gives a role on a subtree. Nobody gives what they do not hold themselves there.</summary>
[Needs("identity.accounts")]
internal sealed class GrantRole(IdentityDb db, ActorSource actors, TimeProvider clock) : IFeature
{
    public sealed record Request(string Role, Guid? OrgId, string Place, DateTimeOffset? Until);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/accounts/{id:guid}/grants", (Guid id, Request request, GrantRole feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task RunAsync(Guid id, Request request, CancellationToken stop)
    {
        var account = Rule.Found(await db.Accounts.FindAsync([id], stop), "identity.no-account");
        await AddAsync(account, request, stop);
        await db.SaveChangesAsync(stop);
        actors.Forget(id);
    }

    /// <summary>Adds the grant without saving.</summary>
    public async Task AddAsync(Account account, Request request, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        RoleGrant.CheckPlace(request.Place);
        Actor.Current.Require("identity.accounts", request.Place);
        Rule.Require(request.Until is null || request.Until > now, "identity.grant-until", "until");
        var permissions = await actors.PermissionsAsync(db, request.Role, stop);
        Rule.Require(BuiltInRoles.All.Contains(request.Role) || permissions.Count > 0, "identity.no-role", "role", request.Role);
        var missing = permissions.FirstOrDefault(p => !Actor.Current.May(p, request.Place));
        if (missing is not null) throw new RuleBrokenException("identity.grant-beyond-own", "role", 403, missing);
        db.Add(new RoleGrant { AccountId = account.Id, Role = request.Role, OrgId = request.OrgId ?? account.OrgId, PlacePath = request.Place, Since = now, Until = request.Until, GrantedBy = Actor.Current.Name });
        account.RolesChanged(now);
    }
}

/// <summary>Takes a role back, at once.</summary>
[Needs("identity.accounts")]
internal sealed class RevokeGrant(IdentityDb db, ActorSource actors, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/accounts/{id:guid}/grants/{grant:guid}", (Guid id, Guid grant, RevokeGrant feature, CancellationToken stop) => feature.RunAsync(id, grant, stop));

    public async Task RunAsync(Guid id, Guid grant, CancellationToken stop)
    {
        var row = Rule.Found(await db.Grants.SingleOrDefaultAsync(g => g.Id == grant && g.AccountId == id, stop), "identity.no-grant");
        Actor.Current.Require("identity.accounts", row.PlacePath);
        var account = Rule.Found(await db.Accounts.FindAsync([id], stop), "identity.no-account");
        row.Revoke(clock.GetUtcNow());
        account.RolesChanged(clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        actors.Forget(id);
    }
}
