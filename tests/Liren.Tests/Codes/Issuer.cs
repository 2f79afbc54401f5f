using Liren.Codes;

namespace Liren.Tests.Codes;

/// <summary>An issuer with its root, trust list, a gate that trusts it, and a phone; for the tests of codes.</summary>
internal sealed class Issuer
{
    public const string Community = "31.01.15.016.037";
    public const string Compound = Community + ".liren";

    /// <summary>13 February 2020, 14:32:07 in Shanghai.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_581_575_527);

    public Issuer(SignAlg alg = SignAlg.Es256)
    {
        Key = SigningKey.Create(alg);
        ListKey = SigningKey.Create(alg);
        Root = SigningKey.Create(alg);
        Trust = TrustOf(KeyState.Active);
    }

    public SigningKey Root { get; }
    public SigningKey Key { get; }
    public SigningKey ListKey { get; }
    public SigningKey Phone { get; } = SigningKey.Create(SignAlg.Es256);
    public TrustList Trust { get; }

    public TrustList TrustOf(KeyState state, long seq = 1) => new(seq, Seconds(0), Seconds(86_400),
    [
        new(Key.Public(), [Community], KeyUses.Pass, Seconds(-8_640_000), Seconds(8_640_000), state),
        new(ListKey.Public(), [Community], KeyUses.List, Seconds(-8_640_000), Seconds(8_640_000), KeyState.Active),
    ]);

    public static long Seconds(long after) => Now.ToUnixTimeSeconds() + after;

    public static string NewCti() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

    public PassClaims Phoned() => Paper() with { Form = PassForm.Phone, DeviceKey = Convert.ToHexStringLower(Phone.Spki.AsSpan(27)) };

    public static PassClaims Paper() => new()
    {
        Issuer = Community, Expires = Seconds(86_400 * 10), IssuedAt = Seconds(-86_400), Cti = NewCti(), Compound = Compound, Unit = "12-3-601", Name = "王*英",
        Kind = PassKind.Resident, IdTail = "021X", Form = PassForm.Paper,
    };

    public string Sign(PassClaims claims) => PassToken.Sign(claims, Key);

    public string Live(PassClaims claims, long after = 0, byte[]? nonce = null, SigningKey? phone = null) =>
        LiveProof.Sign(PassToken.SignBytes(claims, Key), Seconds(after), nonce, phone ?? Phone);

    public GateContext Gate() => new() { Now = Now, Compound = Compound, Bit = 1, Trust = Trust, Memory = new GateMemory() };

    public RevocationList Revoking(params (string Cti, Revocation State)[] entries)
    {
        var list = new RevocationList(Community);
        list.Apply(RevocationList.Sign(Community, 1, 0, Seconds(0), Seconds(900), entries, [], entries, ListKey), Trust).ShouldBe(ListOutcome.Applied);
        return list;
    }
}
