using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace Liren.Codes;

/// <summary>A public key that checks signatures. Safe for many threads: each has its own key object, made once (making one costs more than a check).</summary>
public sealed class VerifyingKey
{
    private readonly ThreadLocal<ECDsa>? ecdsa;
    private readonly ECPublicKeyParameters? sm2;

    private VerifyingKey(SignAlg alg, byte[] spki, ThreadLocal<ECDsa>? ecdsa, ECPublicKeyParameters? sm2)
    {
        (Alg, Spki, Kid, this.ecdsa, this.sm2) = (alg, spki, Sign1.KidOf(spki), ecdsa, sm2);
    }

    /// <summary>Its algorithm.</summary>
    public SignAlg Alg { get; }
    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] Spki { get; }
    /// <summary>Eight bytes that name it.</summary>
    public byte[] Kid { get; }

    /// <summary>The key of a SubjectPublicKeyInfo (DER, uncompressed point) on P-256 or sm2p256v1; null for anything else.</summary>
    public static VerifyingKey? FromSpki(byte[] spki)
    {
        try
        {
            if (spki.Length != P256Prefix.Length + 64 || !spki.AsSpan().StartsWith(P256Prefix)) return Sm2Curve.PublicKey(spki) is { } sm2 ? new(SignAlg.Sm2, spki, null, sm2) : null;
            // Says at once when the point is not on the curve.
            using (var probe = ECDsa.Create()) probe.ImportSubjectPublicKeyInfo(spki, out _);
            return new(SignAlg.Es256, spki, new ThreadLocal<ECDsa>(() => { var key = ECDsa.Create(); key.ImportSubjectPublicKeyInfo(spki, out _); return key; }), null);
        }
        // Only a point off the curve is left to go wrong; the two libraries name it differently.
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The P-256 key of a point, as in a pass's cnf; null when it is not on the curve.</summary>
    public static VerifyingKey? FromPoint(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        if (x.Length != 32 || y.Length != 32) return null;
        var spki = new byte[91];
        P256Prefix.CopyTo(spki);
        x.CopyTo(spki.AsSpan(27));
        y.CopyTo(spki.AsSpan(59));
        return FromSpki(spki);
    }

    private static ReadOnlySpan<byte> P256Prefix =>
        [0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04];

    /// <summary>True when r‖s is this key's signature over the data.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 64) return false;
        if (ecdsa is not null) return ecdsa.Value!.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var signer = Sm2Curve.Signer();
        signer.Init(false, new ParametersWithID(sm2, Sm2Curve.Identity));
        signer.BlockUpdate(data);
        return signer.VerifySignature(signature.ToArray());
    }
}

/// <summary>A private key that signs. Not for many threads at once on one object; <see cref="Sign"/> takes turns.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa? ecdsa;
    private readonly ECPrivateKeyParameters? sm2;
    private readonly Lock turn = new();

    private SigningKey(SignAlg alg, byte[] spki, ECDsa? ecdsa, ECPrivateKeyParameters? sm2)
    {
        (Alg, Spki, Kid, this.ecdsa, this.sm2) = (alg, spki, Sign1.KidOf(spki), ecdsa, sm2);
    }

    /// <summary>Its algorithm.</summary>
    public SignAlg Alg { get; }
    /// <summary>SubjectPublicKeyInfo of its public half, DER.</summary>
    public byte[] Spki { get; }
    /// <summary>Eight bytes that name it.</summary>
    public byte[] Kid { get; }

    /// <summary>A new random key.</summary>
    public static SigningKey Create(SignAlg alg)
    {
        if (alg == SignAlg.Es256) return Of(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(Sm2Curve.Domain, new SecureRandom()));
        return Of((ECPrivateKeyParameters)generator.GenerateKeyPair().Private);
    }

    /// <summary>The key of 32 secret bytes, as <see cref="Export"/> gave them.</summary>
    /// <exception cref="CryptographicException">They are no key of this kind.</exception>
    public static SigningKey Import(SignAlg alg, ReadOnlySpan<byte> secret)
    {
        if (secret.Length != 32) throw new CryptographicException("A private key has 32 bytes.");
        if (alg == SignAlg.Sm2) return Of(new ECPrivateKeyParameters(new BigInteger(1, secret), Sm2Curve.Domain));
        // The platform wants the public point with it; BouncyCastle's P-256 computes it.
        var d = secret.ToArray();
        var curve = CustomNamedCurves.GetByName("secp256r1");
        var q = curve.G.Multiply(new BigInteger(1, d)).Normalize();
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d, Q = new ECPoint { X = q.AffineXCoord.GetEncoded(), Y = q.AffineYCoord.GetEncoded() } };
        return Of(ECDsa.Create(parameters));
    }

    private static SigningKey Of(ECDsa key) => new(SignAlg.Es256, key.ExportSubjectPublicKeyInfo(), key, null);

    private static SigningKey Of(ECPrivateKeyParameters key) =>
        new(SignAlg.Sm2, Sm2Curve.Spki(Sm2Curve.Domain.G.Multiply(key.D).Normalize()), null, key);

    /// <summary>The 32 secret bytes. Whoever takes them seals them.</summary>
    public byte[] Export()
    {
        if (ecdsa is not null) return ecdsa.ExportParameters(true).D!;
        var d = sm2!.D.ToByteArrayUnsigned();
        var secret = new byte[32];
        d.CopyTo(secret, 32 - d.Length);
        return secret;
    }

    /// <summary>r‖s over the data, 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (turn)
        {
            if (ecdsa is not null) return ecdsa.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            var signer = Sm2Curve.Signer();
            signer.Init(true, new ParametersWithID(new ParametersWithRandom(sm2), Sm2Curve.Identity));
            signer.BlockUpdate(data);
            return signer.GenerateSignature();
        }
    }

    /// <summary>Its public half.</summary>
    public VerifyingKey Public() => VerifyingKey.FromSpki(Spki)!;

    /// <inheritdoc/>
    public void Dispose() => ecdsa?.Dispose();
}

/// <summary>SM2 by the fast curve of the library (the generic one is six times slower) and with plain r‖s signatures (its default is DER).</summary>
internal static class Sm2Curve
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("sm2p256v1");

    public static readonly ECDomainParameters Domain = new(Curve.Curve, Curve.G, Curve.N, Curve.H);

    /// <summary>The identity of GM/T 0009 that goes into Z_A.</summary>
    public static readonly byte[] Identity = "1234567812345678"u8.ToArray();

    public static SM2Signer Signer() => new(PlainDsaEncoding.Instance);

    public static byte[] Spki(Org.BouncyCastle.Math.EC.ECPoint point) =>
        new SubjectPublicKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.IdECPublicKey, GMObjectIdentifiers.sm2p256v1), point.GetEncoded(false)).GetDerEncoded();

    /// <summary>The one way to write such a key, up to its point: x‖y follow.</summary>
    private static ReadOnlySpan<byte> Prefix =>
        [0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D, 0x03, 0x42, 0x00, 0x04];

    /// <summary>The public key when the DER is one on sm2p256v1, else null.</summary>
    /// <exception cref="ArgumentException">The point is not on the curve.</exception>
    public static ECPublicKeyParameters? PublicKey(byte[] spki) =>
        spki.Length == Prefix.Length + 64 && spki.AsSpan().StartsWith(Prefix) ? new(Curve.Curve.DecodePoint(spki.AsSpan(Prefix.Length - 1)), Domain) : null;
}
