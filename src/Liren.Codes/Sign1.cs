using System.Formats.Cbor;
using System.Security.Cryptography;

namespace Liren.Codes;

/// <summary>Signature algorithms of passes and lists.</summary>
public enum SignAlg
{
    /// <summary>ECDSA on P-256 with SHA-256 (COSE −7).</summary>
    Es256 = -7,
    /// <summary>SM2 with SM3 (国密; GB/T 32918, 32905). COSE has no number for it: this one is for private use.</summary>
    Sm2 = -65600,
}

/// <summary>
/// The one shape of COSE_Sign1 (RFC 9052) that Liren writes: tag 18, protected header of algorithm and key id only, empty unprotected header,
/// deterministic CBOR, nothing after it. Spans lie in the data it was read from.
/// </summary>
public readonly ref struct Sign1
{
    private Sign1(ReadOnlySpan<byte> header, SignAlg alg, ReadOnlySpan<byte> kid, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        Protected = header;
        Alg = alg;
        Kid = kid;
        Payload = payload;
        Signature = signature;
    }

    /// <summary>The protected header as it was signed.</summary>
    public ReadOnlySpan<byte> Protected { get; }
    /// <summary>How it was signed.</summary>
    public SignAlg Alg { get; }
    /// <summary>Eight bytes that name the key; empty in live proofs.</summary>
    public ReadOnlySpan<byte> Kid { get; }
    /// <summary>What was signed.</summary>
    public ReadOnlySpan<byte> Payload { get; }
    /// <summary>r‖s, 64 bytes.</summary>
    public ReadOnlySpan<byte> Signature { get; }

    /// <summary>Reads it; false for any other shape.</summary>
    /// <param name="data">The bytes, all of them.</param>
    /// <param name="withKid">Whether the protected header must hold a key id, or must not.</param>
    /// <param name="message">What was read.</param>
    public static bool TryRead(ReadOnlySpan<byte> data, bool withKid, out Sign1 message)
    {
        message = default;
        var reader = new StrictCbor(data);
        if (!reader.TryTag(18) || !reader.TryArray(out var parts) || parts != 4) return false;
        if (!reader.TryBytes(out var header) || !reader.TryMap(out var unprotected) || unprotected != 0) return false;
        if (!reader.TryBytes(out var payload) || !reader.TryBytes(out var signature) || signature.Length != 64 || !reader.AtEnd) return false;
        var inner = new StrictCbor(header);
        if (!inner.TryMap(out var pairs) || pairs != (withKid ? 2 : 1)) return false;
        if (!inner.TryInt(out var label) || label != 1 || !inner.TryInt(out var alg) || alg is not ((long)SignAlg.Es256 or (long)SignAlg.Sm2)) return false;
        ReadOnlySpan<byte> kid = default;
        if (withKid && (!inner.TryInt(out label) || label != 4 || !inner.TryBytes(out kid) || kid.Length != 8)) return false;
        if (!inner.AtEnd) return false;
        message = new Sign1(header, (SignAlg)alg, kid, payload, signature);
        return true;
    }

    /// <summary>Room that <see cref="WriteToBeSigned"/> needs.</summary>
    public static int ToBeSignedLength(int header, int payload) => 1 + 11 + 9 + header + 1 + 9 + payload;

    /// <summary>The Sig_structure (RFC 9052 §4.4) that the signature covers; returns its length.</summary>
    public static int WriteToBeSigned(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> into)
    {
        into[0] = 0x84;
        "\x6aSignature1"u8.CopyTo(into[1..]);
        var at = 12;
        at += WriteBytes(header, into[at..]);
        into[at++] = 0x40;
        return at + WriteBytes(payload, into[at..]);
    }

    private static int WriteBytes(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        var head = 1;
        switch (bytes.Length)
        {
            case < 24: into[0] = (byte)(0x40 | bytes.Length); break;
            case < 0x100: into[0] = 0x58; into[1] = (byte)bytes.Length; head = 2; break;
            case < 0x1_0000: into[0] = 0x59; into[1] = (byte)(bytes.Length >> 8); into[2] = (byte)bytes.Length; head = 3; break;
            default: into[0] = 0x5A; System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(into[1..], bytes.Length); head = 5; break;
        }
        bytes.CopyTo(into[head..]);
        return head + bytes.Length;
    }

    /// <summary>Signs a payload.</summary>
    public static byte[] Write(SigningKey key, ReadOnlySpan<byte> payload, bool withKid = true)
    {
        var header = new CborWriter(CborConformanceMode.Canonical);
        header.WriteStartMap(withKid ? 2 : 1);
        header.WriteInt32(1);
        header.WriteInt32((int)key.Alg);
        if (withKid) { header.WriteInt32(4); header.WriteByteString(key.Kid); }
        header.WriteEndMap();
        var signedHeader = header.Encode();
        var toBeSigned = new byte[ToBeSignedLength(signedHeader.Length, payload.Length)];
        var length = WriteToBeSigned(signedHeader, payload, toBeSigned);
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteTag((CborTag)18);
        writer.WriteStartArray(4);
        writer.WriteByteString(signedHeader);
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteByteString(payload);
        writer.WriteByteString(key.Sign(toBeSigned.AsSpan(0, length)));
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>True when the signature is the key's.</summary>
    public bool Holds(VerifyingKey key)
    {
        if (key.Alg != Alg) return false;
        var room = ToBeSignedLength(Protected.Length, Payload.Length);
        var rented = room > 2048 ? System.Buffers.ArrayPool<byte>.Shared.Rent(room) : null;
        var toBeSigned = rented ?? stackalloc byte[2048];
        var length = WriteToBeSigned(Protected, Payload, toBeSigned);
        var holds = key.Verify(toBeSigned[..length], Signature);
        if (rented is not null) System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        return holds;
    }

    /// <summary>First eight bytes of SHA-256 over a SubjectPublicKeyInfo: the key's id.</summary>
    public static byte[] KidOf(ReadOnlySpan<byte> spki) => SHA256.HashData(spki)[..8];
}
