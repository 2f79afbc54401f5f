using System.Security.Cryptography;

namespace Liren.Sdk.Security;

/// <summary>Random words that people read and type: no 0/O, 1/I/L, no U and V beside each other's look.</summary>
public static class HumanCode
{
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTWXYZ";

    /// <summary>A new one; each character is one of 29.</summary>
    /// <param name="length">How many characters.</param>
    public static string New(int length) => RandomNumberGenerator.GetString(Letters, length);

    /// <summary>As typed: upper case, without spaces and hyphens.</summary>
    /// <param name="text">What somebody typed.</param>
    public static string Typed(string text) => text.Trim().Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
}
