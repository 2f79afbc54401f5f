using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Security.Cryptography;

namespace Liren.Codes;

/// <summary>The living code of a phone, <c>LP1:</c>: the pass, the time and the gate's nonce, signed by the phone. A picture of it is worth nothing 30 seconds later.</summary>
public static class LiveProof
{
    /// <summary>How its text begins.</summary>
    public const string Prefix = "LP1:";

    /// <summary>Signs the pass's bytes, the time and, when the gate shows one, its nonce.</summary>
    /// <param name="pass">COSE bytes of the pass.</param>
    /// <param name="at">Server time, Unix seconds.</param>
    /// <param name="nonce">Six bytes of the gate (<see cref="GateNonce"/>), or empty.</param>
    /// <param name="device">The phone's key.</param>
    public static string Sign(ReadOnlySpan<byte> pass, long at, ReadOnlySpan<byte> nonce, SigningKey device)
    {
        var w = new CborWriter(CborConformanceMode.Canonical);
        w.WriteStartArray(nonce.IsEmpty ? 2 : 3);
        w.WriteByteString(pass);
        w.WriteInt64(at);
        if (!nonce.IsEmpty) w.WriteByteString(nonce);
        w.WriteEndArray();
        return Prefix + Base45.Encode(Sign1.Write(device, w.Encode(), withKid: false));
    }

    /// <summary>Reads the signed content: bytes of the pass, time, nonce (empty when none).</summary>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> pass, out long at, out ReadOnlySpan<byte> nonce)
    {
        pass = nonce = default;
        at = 0;
        var r = new StrictCbor(payload);
        if (!r.TryArray(out var parts) || parts is not (2 or 3) || !r.TryBytes(out pass) || !r.TryInt(out at) || at < 0 || at > 253_402_300_799) return false;
        return (parts == 2 || (r.TryBytes(out nonce) && nonce.Length == GateNonce.Length)) && r.AtEnd;
    }
}

/// <summary>What a gate shows so that a phone's answer can only be meant for it (<c>LN1:</c>): gate number and four random bytes, new every 30 seconds.</summary>
public static class GateNonce
{
    /// <summary>How its text begins.</summary>
    public const string Prefix = "LN1:";
    /// <summary>Bytes of a nonce.</summary>
    public const int Length = 6;

    /// <summary>A new nonce of the gate.</summary>
    public static byte[] Create(ushort gate)
    {
        var nonce = new byte[Length];
        BinaryPrimitives.WriteUInt16BigEndian(nonce, gate);
        RandomNumberGenerator.Fill(nonce.AsSpan(2));
        return nonce;
    }

    /// <summary>As text for a QR code.</summary>
    public static string Write(ReadOnlySpan<byte> nonce) => Prefix + Base45.Encode(nonce);

    /// <summary>The six bytes of a text; null when it is none.</summary>
    public static byte[]? Read(ReadOnlySpan<char> text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + 9 && Base45.Decode(text[Prefix.Length..]) is { Length: Length } nonce ? nonce : null;
}
