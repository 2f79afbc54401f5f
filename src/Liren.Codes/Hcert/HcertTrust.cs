using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Liren.Codes.Hcert;

/// <summary>Kinds of certificate.</summary>
[Flags]
public enum HcertKind
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Test.</summary>
    Test = 1,
    /// <summary>Vaccination.</summary>
    Vaccination = 2,
    /// <summary>Recovery.</summary>
    Recovery = 4,
}

/// <summary>Certificates of foreign signers whose health certificates count. What is not in it is not trusted, whatever comes along with a code.</summary>
public sealed class HcertTrust : IDisposable
{
    private readonly Dictionary<ulong, List<HcertSigner>> byKid = [];

    /// <summary>Adds a certificate (DER).</summary>
    /// <returns>False when it is none, or its key is neither P-256 nor RSA of 2048 bits and more.</returns>
    public bool TryAdd(byte[] der)
    {
        if (HcertSigner.From(der) is not { } signer) return false;
        var kid = TrustList.Number(SHA256.HashData(der).AsSpan(0, 8));
        if (!byKid.TryGetValue(kid, out var list)) byKid[kid] = list = [];
        list.Add(signer);
        return true;
    }

    /// <summary>All certificates of that key id.</summary>
    internal IReadOnlyList<HcertSigner> Of(ReadOnlySpan<byte> kid) => kid.Length == 8 && byKid.TryGetValue(TrustList.Number(kid), out var list) ? list : [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signer in byKid.Values.SelectMany(s => s)) signer.Dispose();
    }
}

/// <summary>One certificate: its key, and the kinds of certificate it may sign.</summary>
internal sealed class HcertSigner : IDisposable
{
    private readonly ECDsa? ecdsa;
    private readonly RSA? rsa;

    private HcertSigner(ECDsa? ecdsa, RSA? rsa, HcertKind kinds)
    {
        (this.ecdsa, this.rsa, Kinds) = (ecdsa, rsa, kinds);
    }

    /// <summary>Kinds it may sign; <see cref="HcertKind.None"/> when its certificate does not say, which allows all.</summary>
    public HcertKind Kinds { get; }

    public static HcertSigner? From(byte[] der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            var ecdsa = certificate.GetECDsaPublicKey();
            var rsa = ecdsa is null ? certificate.GetRSAPublicKey() : null;
            var fits = ecdsa is not null ? ecdsa.ExportParameters(false).Curve.Oid.Value == "1.2.840.10045.3.1.7" : rsa is { KeySize: >= 2048 };
            if (fits) return new(ecdsa, rsa, KindsOf(certificate));
            ecdsa?.Dispose();
            rsa?.Dispose();
            return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // 1.3.6.1.4.1.1847.2021.1.{1 test, 2 vaccination, 3 recovery}; early certificates have a zero before the 1847.
    private static HcertKind KindsOf(X509Certificate2 certificate)
    {
        var kinds = HcertKind.None;
        foreach (var usage in certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>()))
            kinds |= usage.Value?.Replace(".1.0.1847.", ".1.1847.", StringComparison.Ordinal) switch
            {
                "1.3.6.1.4.1.1847.2021.1.1" => HcertKind.Test,
                "1.3.6.1.4.1.1847.2021.1.2" => HcertKind.Vaccination,
                "1.3.6.1.4.1.1847.2021.1.3" => HcertKind.Recovery,
                _ => HcertKind.None,
            };
        return kinds;
    }

    /// <summary>True when the signature is this key's; an algorithm that is not the key's is simply wrong.</summary>
    public bool Verify(long alg, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => alg switch
    {
        -7 => ecdsa is not null && signature.Length == 64 && ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        -37 => rsa is not null && signature.Length == rsa.KeySize / 8 && rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => false,
    };

    public void Dispose()
    {
        ecdsa?.Dispose();
        rsa?.Dispose();
    }
}
