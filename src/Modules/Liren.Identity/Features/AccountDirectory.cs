using Liren.Contracts.Identity;
using Liren.Contracts.Places;
using Liren.Identity.Data;
using Liren.Identity.Domain;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Features;

/// <summary>Accounts as other modules use them.</summary>
internal sealed class AccountDirectory(IdentityDb db, IPasswordHasher<Account> hasher, ActorSource actors, TimeProvider clock) : IAccountDirectory
{
    public async Task<IReadOnlyDictionary<Guid, AccountCard>> FindManyAsync(IEnumerable<Guid> ids, CancellationToken cancellation = default)
    {
        var list = ids.Distinct().ToList();
        return await db.Accounts.AsNoTracking().Where(a => list.Contains(a.Id))
            .Select(a => new AccountCard(a.Id, a.UserName, a.DisplayName, a.OrgId, a.DisabledAt != null)).ToDictionaryAsync(a => a.Id, cancellation);
    }

    public Task<AccountCard?> FindByUserNameAsync(string userName, CancellationToken cancellation = default) =>
        db.Accounts.AsNoTracking().Where(a => a.UserName == userName).Select(a => new AccountCard(a.Id, a.UserName, a.DisplayName, a.OrgId, a.DisabledAt != null)).SingleOrDefaultAsync(cancellation);

    public async Task<IReadOnlyList<AccountCard>> SearchAsync(string text, int take = 20, CancellationToken cancellation = default) =>
        await db.Accounts.AsNoTracking().Where(a => a.DisabledAt == null && (a.DisplayName.Contains(text) || a.UserName.Contains(text))).OrderBy(a => a.DisplayName).Take(take)
            .Select(a => new AccountCard(a.Id, a.UserName, a.DisplayName, a.OrgId, false)).ToListAsync(cancellation);

    public async Task<IReadOnlyList<AccountCard>> WithPermissionAsync(string permission, string? place, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        List<string>? paths = place is null ? null : [.. PlacePath.SelfAndAncestors(place)];
        var grants = await db.Grants.AsNoTracking().Where(g => g.RevokedAt == null && (paths == null || paths.Contains(g.PlacePath))).ToListAsync(cancellation);
        var ids = new HashSet<Guid>();
        foreach (var grant in grants.Where(g => g.IsActive(now)))
            if ((await actors.PermissionsAsync(db, grant.Role, cancellation)) is var p && (p.Contains(permission) || p.Contains("*"))) ids.Add(grant.AccountId);
        return [.. (await FindManyAsync(ids, cancellation)).Values.Where(a => !a.Disabled).OrderBy(a => a.DisplayName)];
    }

    public async Task<string?> EnsureAsync(NewAccount account, CancellationToken cancellation = default)
    {
        if (await db.Accounts.AnyAsync(a => a.UserName == account.UserName, cancellation)) return null;
        var now = clock.GetUtcNow();
        var made = Account.Add(Guid.CreateVersion7(), account.UserName, account.DisplayName, null, account.OrgId, now);
        var password = Secrets.NewPassword();
        made.SetPassword(hasher.HashPassword(made, password), mustChange: false, now);
        db.Add(made);
        db.Add(new RoleGrant { AccountId = made.Id, Role = account.Role, OrgId = account.OrgId, PlacePath = account.Place, Since = now, GrantedBy = Actor.Current.Name });
        await db.SaveChangesAsync(cancellation);
        return password;
    }
}
