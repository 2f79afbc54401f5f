using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.Identity.Domain;

/// <summary>A role given to an account on a subtree of places (授权).</summary>
internal sealed class RoleGrant : Entity
{
    public required Guid AccountId { get; init; }
    /// <summary>Built-in or own role.</summary>
    public required string Role { get; init; }
    public Guid? OrgId { get; init; }
    /// <summary>Subtree; "" is everywhere.</summary>
    public required string PlacePath { get; init; }
    public DateTimeOffset Since { get; init; }
    public DateTimeOffset? Until { get; init; }
    public required string GrantedBy { get; init; }
    public DateTimeOffset? RevokedAt { get; private set; }

    public bool IsActive(DateTimeOffset now) => RevokedAt is null && Since <= now && (Until is null || Until > now);

    public void Revoke(DateTimeOffset now)
    {
        Rule.State(RevokedAt is null, "identity.grant-revoked");
        RevokedAt = now;
    }

    public static void CheckPlace(string place) =>
        Rule.Require(place.Length == 0 || Liren.Contracts.Places.PlacePath.IsValid(place), "identity.place", "place", place);
}

/// <summary>A role of the installation's own: a name and permissions.</summary>
internal sealed class OwnRole : Entity
{
    public required string Code { get; init; }
    public string Name { get; private set; } = "";
    /// <summary>Permission codes, joined by blanks.</summary>
    public string Permissions { get; private set; } = "";

    public void Set(string name, IEnumerable<string> permissions)
    {
        Rule.Require(name.Trim().Length is >= 1 and <= 40, "identity.role-name", "name");
        (Name, Permissions) = (name.Trim(), string.Join(' ', permissions.Distinct().Order()));
    }

    public static void CheckCode(string code) =>
        Rule.Require(code.Length is >= 3 and <= 40 && code.All(c => c is >= 'a' and <= 'z' or '-'), "identity.role-code", "code");
}

/// <summary>A key for a program or a device; the key itself is shown once and never stored.</summary>
internal sealed class ApiKey : Entity
{
    public required string Name { get; init; }
    /// <summary>"lrk" for programs, "lrd" for devices.</summary>
    public required string Prefix { get; init; }
    /// <summary>SHA-256 of the whole key.</summary>
    public required byte[] Hash { get; init; }
    /// <summary>Last four characters, to tell keys apart.</summary>
    public required string Tail { get; init; }
    public required string Role { get; init; }
    public required string PlacePath { get; init; }
    public Guid? OrgId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset Expires { get; init; }
    public DateTimeOffset? RevokedAt { get; private set; }

    public bool IsActive(DateTimeOffset now) => RevokedAt is null && Expires > now;

    public void Revoke(DateTimeOffset now)
    {
        Rule.State(RevokedAt is null, "identity.key-revoked");
        RevokedAt = now;
    }
}

/// <summary>A recovery code of the second factor, usable once; only its hash is stored.</summary>
internal sealed class RecoveryCode
{
    public Guid AccountId { get; init; }
    public required byte[] Hash { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}
