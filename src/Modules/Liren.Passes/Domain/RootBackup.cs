using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Liren.Codes;
using Liren.Sdk.Security;
using Liren.Sdk;

namespace Liren.Passes.Domain;

/// <summary>
/// The root key as it is kept away from the server (根密钥备份): sealed for one witness and then for the other, so that neither opens it alone.
/// Each passphrase makes its key by PBKDF2 with HMAC-SHA-256 (NIST SP 800-132); the seal is AES-256-GCM with the fingerprint as its context.
/// </summary>
/// <param name="Format">Always <see cref="Version"/>.</param>
/// <param name="Alg">Algorithm of the key.</param>
/// <param name="Fingerprint">What is read aloud at the ceremony and compared when a gate is paired.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Witnesses">Who holds a passphrase, in the order they seal.</param>
/// <param name="Rounds">Rounds of PBKDF2.</param>
/// <param name="Salts">Base64, one for each witness.</param>
/// <param name="Sealed">Base64: nonce, sealed key, tag; twice around.</param>
internal sealed record RootBackup(string Format, SignAlg Alg, string Fingerprint, DateTimeOffset MadeAt, IReadOnlyList<string> Witnesses, int Rounds, IReadOnlyList<string> Salts, string Sealed)
{
    public const string Version = "liren-root-1";
    private const int SaltSize = 16, ManyRounds = 600_000, LeastPassphrase = 12;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    /// <summary>Seals a key for two witnesses.</summary>
    public static RootBackup Seal(SigningKey key, string fingerprint, IReadOnlyList<string> witnesses, IReadOnlyList<string> passphrases, DateTimeOffset now)
    {
        Rule.Require(witnesses.Count == 2 && witnesses.All(w => w.Trim().Length is > 0 and <= 40) && witnesses[0].Trim() != witnesses[1].Trim(), "passes.witnesses", "witness");
        Rule.Require(passphrases.Count == 2 && passphrases.All(p => p.Length >= LeastPassphrase), "passes.passphrase-short", "passphrase", LeastPassphrase);
        Rule.Require(passphrases[0] != passphrases[1], "passes.passphrase-same", "passphrase");
        var salts = passphrases.Select(_ => RandomNumberGenerator.GetBytes(SaltSize)).ToList();
        var secret = key.Export();
        for (var n = 0; n < 2; n++)
        {
            using var cipher = CipherOf(passphrases[n], salts[n], ManyRounds);
            secret = Protector.Seal(cipher, secret, fingerprint);
        }
        return new(Version, key.Alg, fingerprint, now, [.. witnesses.Select(w => w.Trim())], ManyRounds, [.. salts.Select(Convert.ToBase64String)], Convert.ToBase64String(secret));
    }

    /// <summary>Opens it with both passphrases, in the witnesses' order.</summary>
    public SigningKey Open(IReadOnlyList<string> passphrases)
    {
        Rule.Require(passphrases.Count == 2, "passes.passphrase-wrong", "passphrase");
        try
        {
            var secret = Convert.FromBase64String(Sealed);
            for (var n = 1; n >= 0; n--)
            {
                using var cipher = CipherOf(passphrases[n], Convert.FromBase64String(Salts[n]), Rounds);
                secret = Protector.Open(cipher, secret, Fingerprint);
            }
            return SigningKey.Import(Alg, secret);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new RuleBrokenException("passes.passphrase-wrong", "passphrase");
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a backup file; refuses anything else.</summary>
    public static RootBackup Read(string json)
    {
        RootBackup? read = null;
        try { read = JsonSerializer.Deserialize<RootBackup>(json, Json); }
        catch (JsonException) { /* said below */ }
        Rule.Require(read is { Format: Version, Salts.Count: 2, Witnesses.Count: 2, Rounds: >= 1_000 and <= 10_000_000, Sealed.Length: > 0, Fingerprint.Length: > 0 }, "passes.no-backup", "backup");
        return read!;
    }

    private static AesGcm CipherOf(string passphrase, byte[] salt, int rounds) => new(Rfc2898DeriveBytes.Pbkdf2(passphrase.Normalize(NormalizationForm.FormKC), salt, rounds, HashAlgorithmName.SHA256, 32), Protector.TagSize);
}
