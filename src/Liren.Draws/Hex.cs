namespace Liren.Draws;

/// <summary>Lower-case hex, the only form that is hashed and published.</summary>
public static class Hex
{
    /// <summary>Lower-case hex of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Bytes of exactly <paramref name="size"/> from lower-case hex; null when it is not that.</summary>
    public static byte[]? Read(string? text, int size) =>
        text is not null && text.Length == 2 * size && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f') ? Convert.FromHexString(text) : null;
}
