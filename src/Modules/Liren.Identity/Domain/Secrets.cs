using System.Security.Cryptography;
using System.Text;
using Liren.Sdk;

namespace Liren.Identity.Domain;

/// <summary>Makes and checks what people and programs keep secret.</summary>
internal static class Secrets
{
    // Without the characters people mix up when they read from a screen or a sheet: 0/O, 1/l/I.
    private const string Readable = "abcdefghijkmnpqrstuvwxyz23456789";
    private static readonly string[] Common = ["1234567890", "0123456789", "password123", "qwertyuiop", "1qaz2wsx3edc", "aaaaaaaaaa", "woaini1314", "5201314520", "admin12345", "liren12345"];

    /// <summary>A random password of 14 readable characters (70 bits).</summary>
    public static string NewPassword() => RandomNumberGenerator.GetString(Readable, 14);

    /// <summary>A random key: prefix and 43 characters (256 bits).</summary>
    public static string NewKey(string prefix) => $"{prefix}_{RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 43)}";

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Refuses passwords that are short, common or contain the user name.</summary>
    public static void CheckPassword(string password, string userName)
    {
        Rule.Require(password.Length is >= 10 and <= 200, "identity.password-length", "password");
        Rule.Require(!password.Contains(userName, StringComparison.OrdinalIgnoreCase), "identity.password-name", "password");
        Rule.Require(!Common.Contains(password.ToLowerInvariant()) && password.Distinct().Count() >= 4, "identity.password-common", "password");
    }
}

/// <summary>Time-based one-time passwords, RFC 6238 with SHA-1, 6 digits, 30 seconds.</summary>
internal static class Totp
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new secret in base32 (160 bits).</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(Alphabet, 32);

    /// <summary>The time step the code belongs to, one step before or after now allowed; null when it fits none.</summary>
    public static long? StepOf(string code, string secret, DateTimeOffset now)
    {
        var key = FromBase32(secret);
        var step = now.ToUnixTimeSeconds() / 30;
        for (var at = step - 1; at <= step + 1; at++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(key, at)), Encoding.ASCII.GetBytes(code.PadRight(6)[..6]))) return at;
        return null;
    }

    /// <summary>The code of a time step.</summary>
    public static string Code(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238 and every authenticator app use HMAC-SHA-1
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 0x0F;
        var number = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & 0x7FFFFFFF;
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Address for authenticator apps.</summary>
    public static string Address(string secret, string userName) => $"otpauth://totp/Liren:{Uri.EscapeDataString(userName)}?secret={secret}&issuer=Liren";

    internal static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>();
        int bits = 0, value = 0;
        foreach (var c in text)
        {
            value = (value << 5) | Alphabet.IndexOf(c, StringComparison.Ordinal);
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(value >> bits));
            value &= (1 << bits) - 1;
        }
        return [.. bytes];
    }
}
