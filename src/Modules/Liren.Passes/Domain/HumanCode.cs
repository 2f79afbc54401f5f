using System.Security.Cryptography;

namespace Liren.Passes.Domain;

/// <summary>Random words that people read and type: no 0/O, 1/I/L, no U and V beside each other's look.</summary>
internal static class HumanCode
{
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTWXYZ";

    /// <summary>Number of a card: eight characters, 29^8 possibilities.</summary>
    public static string NewSerial() => RandomNumberGenerator.GetString(Letters, 8);

    /// <summary>One-time code for pairing a gate.</summary>
    public static string NewPairing() => RandomNumberGenerator.GetString(Letters, 8);

    /// <summary>As typed: upper case, without spaces and hyphens.</summary>
    public static string Typed(string text) => text.Trim().Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
}
