using System.Collections.Concurrent;
using System.Collections.Immutable;
using Liren.Contracts.Identity;
using Liren.Identity.Data;
using Liren.Identity.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Identity.Features;

/// <summary>Who somebody is, from accounts and keys; kept in memory for a few seconds and dropped at once when something changes.</summary>
internal sealed class ActorSource : IActorSource, IDisposable
{
    /// <summary>Setting that makes officials use a second factor: "identity.second-factor" = "officials".</summary>
    public const string SecondFactorSetting = "identity.second-factor";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly ImmutableHashSet<string> Officials =
        [BuiltInRoles.Administrator, BuiltInRoles.StreetLeader, BuiltInRoles.DutyOfficer, BuiltInRoles.CommunityWorker, BuiltInRoles.GridWorker, BuiltInRoles.Checker, BuiltInRoles.Auditor];

    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider clock;
    private readonly Lazy<ImmutableDictionary<string, ImmutableHashSet<string>>> builtIn;
    private readonly ConcurrentDictionary<Guid, Known> accounts = new();
    private readonly ConcurrentDictionary<string, Known> keys = new();
    private readonly IDisposable ear;

    private sealed record Known(Actor Actor, string Stamp, DateTimeOffset Until);

    public ActorSource(IServiceScopeFactory scopes, TimeProvider clock, IServiceProvider services)
    {
        (this.scopes, this.clock) = (scopes, clock);
        builtIn = new(() => BuiltInRoles.All.ToImmutableDictionary(r => r, r => r == BuiltInRoles.Administrator ? ["*"]
            : services.GetRequiredService<ModuleList>().All.SelectMany(m => m.Permissions).Where(p => p.Roles.Contains(r)).Select(p => p.Code).ToImmutableHashSet()));
        ear = LiveBus.Shared.Listen(note => { if (note.Type == nameof(AccountChanged)) Forget(note.Subject); });
    }

    /// <summary>Permissions of the built-in roles.</summary>
    public ImmutableDictionary<string, ImmutableHashSet<string>> BuiltIn => builtIn.Value;

    /// <summary>Reads an account (all when null) and the keys again at their next call.</summary>
    public void Forget(Guid? account)
    {
        if (account is { } id) accounts.TryRemove(id, out _);
        else accounts.Clear();
        keys.Clear();
    }

    public async ValueTask<Actor?> OfAccountAsync(Guid accountId, string stamp, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        if (!accounts.TryGetValue(accountId, out var known) || known.Until <= now)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
            var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellation);
            if (account is null || account.DisabledAt is not null) { accounts.TryRemove(accountId, out _); return null; }
            var grants = await GrantsAsync(db, accountId, now, cancellation);
            // A password somebody else has seen opens nothing but the page that changes it.
            if (account.MustChangePassword) grants = [];
            if (grants.Any(g => Officials.Contains(g.Role)) && account.TotpSecret is null
                && await scope.ServiceProvider.GetRequiredService<SdkDb>().Settings.AnyAsync(s => s.Key == SecondFactorSetting && s.Value == "officials", cancellation)) grants = [];
            known = accounts[accountId] = new(new Actor(account.Id, account.DisplayName, ActorKind.Person, account.OrgId, grants), account.Stamp, now + Fresh);
        }
        return known.Stamp == stamp ? known.Actor : null;
    }

    public async ValueTask<Actor?> OfKeyAsync(string key, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        if (keys.TryGetValue(key, out var known) && known.Until > now) return known.Actor;
        var hash = Secrets.Hash(key);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var row = await db.Keys.AsNoTracking().SingleOrDefaultAsync(k => k.Hash == hash, cancellation);
        if (row is null || !row.IsActive(now)) { keys.TryRemove(key, out _); return null; }
        var actor = new Actor(row.Id, row.Name, row.Prefix == "lrd" ? ActorKind.Device : ActorKind.Integration, row.OrgId,
            [new Grant(row.Role, row.OrgId, row.PlacePath, await PermissionsAsync(db, row.Role, cancellation))]);
        // Only good keys are remembered: guessing must not fill the memory.
        keys[key] = new(actor, "", now + Fresh);
        return actor;
    }

    /// <summary>Grants that hold now.</summary>
    public async Task<ImmutableArray<Grant>> GrantsAsync(IdentityDb db, Guid account, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = await db.Grants.AsNoTracking().Where(g => g.AccountId == account && g.RevokedAt == null).ToListAsync(cancellation);
        var grants = ImmutableArray.CreateBuilder<Grant>();
        foreach (var row in rows.Where(r => r.IsActive(now)))
            grants.Add(new Grant(row.Role, row.OrgId, row.PlacePath, await PermissionsAsync(db, row.Role, cancellation)));
        return grants.ToImmutable();
    }

    /// <summary>Permissions of a role; empty when there is no such role.</summary>
    public async Task<ImmutableHashSet<string>> PermissionsAsync(IdentityDb db, string role, CancellationToken cancellation)
    {
        if (BuiltIn.TryGetValue(role, out var permissions)) return permissions;
        var own = await db.OwnRoles.AsNoTracking().SingleOrDefaultAsync(r => r.Code == role, cancellation);
        return own is null ? [] : [.. own.Permissions.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    public void Dispose() => ear.Dispose();
}
