namespace Liren.Contracts.Identity;

/// <summary>An account as other modules see it.</summary>
public sealed record AccountCard(Guid Id, string UserName, string DisplayName, Guid? OrgId, bool Disabled);

/// <summary>A request for a new account, e.g. from demo data.</summary>
/// <param name="UserName">Unique sign-in name, 3-40 characters of a-z, 0-9, dot and hyphen.</param>
/// <param name="DisplayName">Shown to people.</param>
/// <param name="OrgId">The organisation the person works for.</param>
/// <param name="Role">Code of a built-in or own role.</param>
/// <param name="Place">Subtree the role is granted on.</param>
public sealed record NewAccount(string UserName, string DisplayName, Guid? OrgId, string Role, string Place);

/// <summary>Accounts, as other modules may use them.</summary>
public interface IAccountDirectory
{
    /// <summary>The accounts found, by id.</summary>
    Task<IReadOnlyDictionary<Guid, AccountCard>> FindManyAsync(IEnumerable<Guid> ids, CancellationToken cancellation = default);

    /// <summary>The account with this sign-in name, or null.</summary>
    Task<AccountCard?> FindByUserNameAsync(string userName, CancellationToken cancellation = default);

    /// <summary>Active accounts whose name contains the text, ordered by name; for pickers.</summary>
    Task<IReadOnlyList<AccountCard>> SearchAsync(string text, int take = 20, CancellationToken cancellation = default);

    /// <summary>Accounts that hold a permission at a place; null: anywhere.</summary>
    Task<IReadOnlyList<AccountCard>> WithPermissionAsync(string permission, string? place, CancellationToken cancellation = default);

    /// <summary>Makes an account with a random password when the name is free and returns the password once; returns null when it exists.</summary>
    Task<string?> EnsureAsync(NewAccount account, CancellationToken cancellation = default);
}

/// <summary>Keys of programs and devices, made by verbs for a short use and by pairing for a long one.</summary>
public interface IKeyRing
{
    /// <summary>Makes a device key with a built-in role on a subtree; the key itself and its id, to revoke it with.</summary>
    Task<(Guid Id, string Key)> MakeAsync(string name, string role, string place, int days = 1, CancellationToken cancellation = default);

    /// <summary>Revokes a key.</summary>
    Task RevokeAsync(Guid id, CancellationToken cancellation = default);
}

/// <summary>An account was made.</summary>
public sealed record AccountAdded(Guid AccountId, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public Guid? Subject => AccountId;
}

/// <summary>An account's state or roles changed: whoever keeps them in memory must read again.</summary>
public sealed record AccountChanged(Guid AccountId, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public Guid? Subject => AccountId;
}

/// <summary>Somebody signed in, or failed to.</summary>
public sealed record SignedIn(Guid AccountId, bool Succeeded, string Method, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public Guid? Subject => AccountId;
}

/// <summary>One read of somebody's data, as told to them.</summary>
public sealed record AccessLine(DateTimeOffset At, string Actor, string Purpose, string Fields, string Disclosure, bool Allowed);

/// <summary>Who read whose data (谁看过). The caller checks who may ask, and logs the asking.</summary>
public interface IAccessHistory
{
    /// <summary>The latest reads of this person's data, newest first.</summary>
    Task<IReadOnlyList<AccessLine>> OfAsync(Guid subject, int take, CancellationToken cancellation = default);
}

/// <summary>Which account belongs to which resident.</summary>
public interface IPersonAccounts
{
    /// <summary>The account of a person, or null.</summary>
    Task<AccountCard?> OfPersonAsync(Guid personId, CancellationToken cancellation = default);

    /// <summary>Links an account to a person; whatever linked either of them before is undone. The caller has checked the permission.</summary>
    Task LinkAsync(Guid accountId, Guid personId, CancellationToken cancellation = default);

    /// <summary>Takes the person's link away.</summary>
    Task UnlinkAsync(Guid personId, CancellationToken cancellation = default);

    /// <summary>The resident an account belongs to; null when it is nobody's own.</summary>
    Task<Guid?> PersonOfAsync(Guid accountId, CancellationToken cancellation = default);

    /// <summary>A one-time code (开通码) with which this resident opens an account of their own; an older one ends. Three days good.</summary>
    /// <param name="personId">Resident.</param>
    /// <param name="place">Home: where the account may do a resident's things.</param>
    /// <param name="name">What the account is called at first.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Code and its end.</returns>
    Task<(string Code, DateTimeOffset Until)> InviteAsync(Guid personId, string place, string name, CancellationToken cancellation = default);
}
