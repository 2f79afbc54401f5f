using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Sdk;

namespace Liren.Passes.Domain;

/// <summary>What a key of ours is for.</summary>
internal enum KeyRole
{
    /// <summary>Signs the trust list.</summary>
    Root,
    /// <summary>Signs passes of a community.</summary>
    Pass,
    /// <summary>Signs revocation lists of a community.</summary>
    List,
}

/// <summary>A signing key of ours. The secret lies sealed; its own key lies outside the database.</summary>
internal sealed class IssuerKey : Entity
{
    /// <summary>Keys of passes and lists sign this long. The root does not change by itself: gates have pinned it.</summary>
    public static readonly TimeSpan SignsFor = TimeSpan.FromDays(90);

    private static readonly TimeSpan RootFor = TimeSpan.FromDays(3_650);

    private IssuerKey() { }

    public string Kid { get; private init; } = "";
    public SignAlg Alg { get; private init; }
    public KeyRole Role { get; private init; }
    /// <summary>Path of the community; "" for the root.</summary>
    public string PlacePath { get; private init; } = "";
    public byte[] Spki { get; private init; } = [];
    public byte[] Sealed { get; private init; } = [];
    public KeyState State { get; private set; }
    public DateTimeOffset NotBefore { get; private init; }
    /// <summary>Until when it signs; it verifies for as long as what it signed is valid.</summary>
    public DateTimeOffset NotAfter { get; private set; }

    /// <summary>Keeps a new key.</summary>
    public static IssuerKey Keep(SigningKey key, KeyRole role, string place, byte[] sealedSecret, DateTimeOffset now)
    {
        var kept = new IssuerKey
        {
            Kid = Convert.ToHexStringLower(key.Kid), Alg = key.Alg, Role = role, PlacePath = place, Spki = key.Spki, Sealed = sealedSecret, State = KeyState.Active, NotBefore = now, NotAfter = now + (role == KeyRole.Root ? RootFor : SignsFor),
        };
        kept.Raise(new TrustChanged(kept.Kid, "made", now));
        return kept;
    }

    /// <summary>A newer one signs from now on.</summary>
    public void Retire(DateTimeOffset now)
    {
        Rule.State(State == KeyState.Active, "passes.key-not-active");
        State = KeyState.VerifyOnly;
        NotAfter = now;
        Raise(new TrustChanged(Kid, "retired", now));
    }

    /// <summary>Compromised: nothing it signed is good any more.</summary>
    public void Revoke(DateTimeOffset now)
    {
        Rule.State(State != KeyState.Revoked, "passes.key-revoked");
        State = KeyState.Revoked;
        Raise(new TrustChanged(Kid, "revoked", now));
    }

    /// <summary>What seals its secret to this row.</summary>
    public static string ContextOf(ReadOnlySpan<byte> kid) => $"passes:key:{Convert.ToHexStringLower(kid)}";
}
