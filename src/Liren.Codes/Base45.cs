namespace Liren.Codes;

/// <summary>Base45 (RFC 9285): bytes as text that a QR code stores at 5.5 bits a character. Strict: what an encoder would not write is refused.</summary>
public static class Base45
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    private static readonly sbyte[] Values = MakeValues();

    private static sbyte[] MakeValues()
    {
        var values = new sbyte[128];
        Array.Fill(values, (sbyte)-1);
        for (var i = 0; i < Alphabet.Length; i++) values[Alphabet[i]] = (sbyte)i;
        return values;
    }

    /// <summary>Bytes that a text of this length decodes to, at most.</summary>
    public static int MaxBytes(int characters) => characters / 3 * 2 + 1;

    /// <summary>Decodes without throwing.</summary>
    /// <param name="text">The text; spaces count.</param>
    /// <param name="bytes">Room for at least <see cref="MaxBytes"/>.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False for foreign characters, a length of 3n+1, a triple above 65,535 or a last pair above 255.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int written)
    {
        written = 0;
        if (text.Length % 3 == 1 || bytes.Length < text.Length / 3 * 2 + (text.Length % 3 == 2 ? 1 : 0)) return false;
        var at = 0;
        for (; at + 3 <= text.Length; at += 3)
        {
            int a = Value(text[at]), b = Value(text[at + 1]), c = Value(text[at + 2]);
            if ((a | b | c) < 0) return false;
            var value = a + b * 45 + c * 2025;
            if (value > 0xFFFF) return false;
            bytes[written++] = (byte)(value >> 8);
            bytes[written++] = (byte)value;
        }
        if (at == text.Length) return true;
        int first = Value(text[at]), second = Value(text[at + 1]);
        var last = first + second * 45;
        if ((first | second) < 0 || last > 0xFF) return false;
        bytes[written++] = (byte)last;
        return true;
    }

    private static int Value(char c) => c < 128 ? Values[c] : -1;

    /// <summary>Decodes; null for what <see cref="TryDecode"/> refuses.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[MaxBytes(text.Length)];
        return TryDecode(text, bytes, out var written) ? bytes[..written] : null;
    }

    /// <summary>Encodes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length / 2 * 3 + (bytes.Length % 2 == 1 ? 2 : 0)];
        int at = 0, i = 0;
        for (; i + 2 <= bytes.Length; i += 2)
        {
            var value = bytes[i] << 8 | bytes[i + 1];
            text[at++] = Alphabet[value % 45];
            text[at++] = Alphabet[value / 45 % 45];
            text[at++] = Alphabet[value / 2025];
        }
        if (i < bytes.Length)
        {
            text[at++] = Alphabet[bytes[i] % 45];
            text[at++] = Alphabet[bytes[i] / 45];
        }
        return new string(text);
    }
}
