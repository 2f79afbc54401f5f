using Liren.Contracts.Identity;
using Liren.Sdk;

namespace Liren.Identity.Domain;

/// <summary>A person who signs in (账号).</summary>
internal sealed class Account : Entity
{
    /// <summary>Wrong passwords in a row before the account is locked.</summary>
    public const int MostFailures = 5;

    /// <summary>How long a locked account stays locked.</summary>
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(15);

    private Account() { }

    /// <summary>Lower case, unique.</summary>
    public string UserName { get; private init; } = "";
    public string DisplayName { get; private set; } = "";
    public string? Phone { get; private set; }
    public Guid? OrgId { get; private set; }
    /// <summary>The resident this account belongs to, if it is one's own.</summary>
    public Guid? PersonId { get; private set; }
    public string PasswordHash { get; private set; } = "";
    /// <summary>Changes whenever sessions must end: password, roles, second factor, disabling.</summary>
    public string Stamp { get; private set; } = NewStamp();
    public bool MustChangePassword { get; private set; }
    public int Failures { get; private set; }
    public DateTimeOffset? LockedUntil { get; private set; }
    public DateTimeOffset? DisabledAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? LastSignIn { get; private set; }
    /// <summary>Second factor's secret, encrypted; null when none is enrolled.</summary>
    public byte[]? TotpSecret { get; private set; }
    /// <summary>Last time step used: a code works once.</summary>
    public long TotpStep { get; private set; }

    public static Account Add(Guid id, string userName, string displayName, string? phone, Guid? orgId, DateTimeOffset now)
    {
        userName = userName.Trim().ToLowerInvariant();
        Rule.Require(userName.Length is >= 3 and <= 40 && userName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'), "identity.user-name", "userName");
        Rule.Require(displayName.Trim().Length is >= 1 and <= 40, "identity.display-name", "displayName");
        Rule.Require(phone is null || (phone.Length is >= 5 and <= 20 && phone.All(c => char.IsAsciiDigit(c) || c is '-' or '+')), "identity.phone", "phone");
        var account = new Account { Id = id, UserName = userName, DisplayName = displayName.Trim(), Phone = phone, OrgId = orgId, CreatedAt = now };
        account.Raise(new AccountAdded(id, now));
        return account;
    }

    public void Edit(string displayName, string? phone, Guid? orgId, DateTimeOffset now)
    {
        Rule.Require(displayName.Trim().Length is >= 1 and <= 40, "identity.display-name", "displayName");
        (DisplayName, Phone, OrgId) = (displayName.Trim(), phone, orgId);
        Raise(new AccountChanged(Id, "details", now));
    }

    public void SetPassword(string hash, bool mustChange, DateTimeOffset now)
    {
        (PasswordHash, MustChangePassword, Stamp, Failures, LockedUntil) = (hash, mustChange, NewStamp(), 0, null);
        Raise(new AccountChanged(Id, "password", now));
    }

    public bool IsLocked(DateTimeOffset now) => LockedUntil > now;

    public void SignInFailed(string method, DateTimeOffset now)
    {
        Failures++;
        if (Failures >= MostFailures) (Failures, LockedUntil) = (0, now + LockTime);
        Raise(new SignedIn(Id, false, method, now));
    }

    public void SignInWorked(string method, DateTimeOffset now)
    {
        (Failures, LockedUntil, LastSignIn) = (0, null, now);
        Raise(new SignedIn(Id, true, method, now));
    }

    public void Unlock(DateTimeOffset now)
    {
        (Failures, LockedUntil) = (0, null);
        Raise(new AccountChanged(Id, "unlocked", now));
    }

    public void Disable(DateTimeOffset now)
    {
        Rule.State(DisabledAt is null, "identity.already-disabled");
        (DisabledAt, Stamp) = (now, NewStamp());
        Raise(new AccountChanged(Id, "disabled", now));
    }

    public void Enable(DateTimeOffset now)
    {
        Rule.State(DisabledAt is not null, "identity.not-disabled");
        DisabledAt = null;
        Raise(new AccountChanged(Id, "enabled", now));
    }

    public void Enrol(byte[]? secret, DateTimeOffset now)
    {
        (TotpSecret, TotpStep, Stamp) = (secret, 0, NewStamp());
        Raise(new AccountChanged(Id, secret is null ? "second factor removed" : "second factor enrolled", now));
    }

    /// <summary>Takes a code's time step; false when it or a later one was used before.</summary>
    public bool TakeStep(long step)
    {
        if (step <= TotpStep) return false;
        TotpStep = step;
        return true;
    }

    public void LinkPerson(Guid? personId, DateTimeOffset now)
    {
        PersonId = personId;
        Raise(new AccountChanged(Id, "person", now));
    }

    /// <summary>Roles changed: whoever keeps them in memory reads again.</summary>
    public void RolesChanged(DateTimeOffset now) => Raise(new AccountChanged(Id, "roles", now));

    private static string NewStamp() => Guid.CreateVersion7().ToString("N");
}
