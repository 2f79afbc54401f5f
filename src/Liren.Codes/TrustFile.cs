using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Liren.Codes.Hcert;

namespace Liren.Codes;

/// <summary>
/// Reads trust files of tools: a JSON list of base64 DER (certificates, for passes also bare public keys), or for passes an object
/// <c>{"root": base64 public key, "list": base64 signed trust list}</c>.
/// </summary>
public static class TrustFile
{
    /// <summary>Trusted certificates of foreign signers; unusable ones are counted, not fatal.</summary>
    /// <exception cref="FormatException">The file is no such list.</exception>
    public static HcertTrust ReadCertificates(string json, out int unusable)
    {
        var trust = new HcertTrust();
        unusable = 0;
        foreach (var der in Items(json))
            if (!trust.TryAdd(der)) unusable++;
        return trust;
    }

    /// <summary>Keys that sign passes.</summary>
    /// <exception cref="FormatException">The file is neither form, an entry is no key, or the list is not the root's.</exception>
    public static TrustList ReadPassKeys(string json)
    {
        if (json.AsSpan().TrimStart().StartsWith("{"))
        {
            var file = Parse<SignedList>(json);
            var root = VerifyingKey.FromSpki(Bytes(file.Root, "root")) ?? throw new FormatException("root is no public key on P-256 or SM2.");
            return TrustList.Read(Bytes(file.List, "list"), root) ?? throw new FormatException("list is not a trust list signed by root.");
        }
        var keys = Items(json).Select((der, i) => VerifyingKey.FromSpki(der) ?? OfCertificate(der) ?? throw new FormatException($"Entry {i + 1} is neither a public key nor a certificate with a key on P-256 or SM2."));
        return new TrustList(0, 0, long.MaxValue, [.. keys.Select(k => new TrustedKey(k, [""], KeyUses.Pass | KeyUses.List, 0, long.MaxValue, KeyState.Active))]);
    }

    private sealed record SignedList(string? Root, string? List);

    private static VerifyingKey? OfCertificate(byte[] der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return VerifyingKey.FromSpki(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static IEnumerable<byte[]> Items(string json) => Parse<List<string?>>(json).Select((item, i) => Bytes(item, $"entry {i + 1}")).ToList();

    private static T Parse<T>(string json)
    {
        try { return JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) ?? throw new FormatException("The file is empty."); }
        catch (JsonException e) { throw new FormatException($"The trust file is not the JSON expected: {e.Message}"); }
    }

    private static byte[] Bytes(string? base64, string name)
    {
        try { return Convert.FromBase64String(base64 ?? throw new FormatException()); }
        catch (FormatException) { throw new FormatException($"The trust file's {name} is not base64."); }
    }
}
