using System.IO.Compression;

namespace Liren.Codes.Hcert;

/// <summary>Why a health certificate is or is not accepted.</summary>
public enum HcertReason
{
    /// <summary>Genuine and in force.</summary>
    Ok,
    /// <summary>Does not begin with HC1:.</summary>
    NotACertificate,
    /// <summary>Broken text, compression, CBOR or message.</summary>
    Malformed,
    /// <summary>An algorithm that these certificates do not use.</summary>
    UnknownAlgorithm,
    /// <summary>No trusted certificate has its key id.</summary>
    UnknownIssuer,
    /// <summary>The signature is wrong.</summary>
    Forged,
    /// <summary>Issued in the future.</summary>
    NotYetValid,
    /// <summary>Expired, or without an end.</summary>
    Expired,
    /// <summary>Signed by somebody who may not sign this kind.</summary>
    WrongUsage,
    /// <summary>The content is not that of one certificate.</summary>
    BadContent,
}

/// <summary>The answer for one code: no name, no birthday, no disease leaves this class.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Kind">Kind of certificate; known once the signature held.</param>
/// <param name="Country">Country of vaccination, test or recovery, two letters, or of the issuer.</param>
/// <param name="IssuedAt">Unix seconds; null when it does not say.</param>
/// <param name="Expires">Unix seconds, inclusive.</param>
public sealed record HcertDecision(HcertReason Reason, HcertKind Kind = HcertKind.None, string? Country = null, double? IssuedAt = null, double? Expires = null)
{
    /// <summary>Genuine and in force.</summary>
    public bool Ok => Reason == HcertReason.Ok;
}

/// <summary>
/// Verifies EU digital COVID certificates (<c>HC1:</c>) by their public specification: base45, zlib, COSE_Sign1, CWT, claim −260. Any text is answered, none
/// throws; the cost of a text is bounded. The signature is checked before anything of the content is used.
/// </summary>
public static class HealthCertificate
{
    private const string Prefix = "HC1:";
    private const int MostCharacters = 16_384;
    private const int MostInflated = 64 * 1024;

    /// <summary>Checks one code.</summary>
    public static HcertDecision Check(ReadOnlySpan<char> text, HcertTrust trust, DateTimeOffset now)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return new(HcertReason.NotACertificate);
        if (text.Length > MostCharacters || Base45.Decode(text[Prefix.Length..]) is not { } packed || Inflate(packed) is not { } bytes) return new(HcertReason.Malformed);
        if (!TryMessage(bytes, out var message)) return new(HcertReason.Malformed);
        if (message.Alg is not (-7 or -37)) return new(HcertReason.UnknownAlgorithm);
        var signers = message.Kid is null ? [] : trust.Of(message.Kid);
        if (signers.Count == 0) return new(HcertReason.UnknownIssuer);
        var signed = new byte[Sign1.ToBeSignedLength(message.Protected.Length, message.Payload.Length)];
        var length = Sign1.WriteToBeSigned(message.Protected, message.Payload, signed);
        var signer = signers.FirstOrDefault(s => s.Verify(message.Alg, signed.AsSpan(0, length), message.Signature));
        return signer is null ? new(HcertReason.Forged) : CheckClaims(message.Payload, signer, now);
    }

    private static ReadOnlySpan<byte> CwtAndSign1 => [0xD8, 0x3D, 0xD2];

    private sealed record Message(byte[] Protected, long Alg, byte[]? Kid, byte[] Payload, byte[] Signature);

    private static byte[]? Inflate(byte[] packed)
    {
        // Compression is compulsory: what is not zlib (RFC 1950, deflate) is no certificate.
        if (packed.Length < 2 || (packed[0] & 0x0F) != 8 || (packed[0] << 8 | packed[1]) % 31 != 0) return null;
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            var room = new byte[MostInflated + 1];
            var length = zlib.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
            return length > MostInflated ? null : room[..length];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }

    private static bool TryMessage(byte[] bytes, out Message message)
    {
        message = null!;
        // Tag 18 (COSE_Sign1), tag 61 (CWT) around it, or no tag at all; under any other tag it is another message.
        var tags = bytes.AsSpan().StartsWith(CwtAndSign1) ? 3 : bytes.AsSpan().StartsWith(CwtAndSign1[2..]) ? 1 : 0;
        if (bytes.Length <= tags || bytes[tags] >> 5 == 6 || !LooseCbor.TryRead(bytes.AsMemory(tags), out var read) || read is not List<object?> { Count: 4 } parts) return false;
        if (parts[0] is not byte[] header || parts[1] is not LooseCbor.Map open || parts[2] is not byte[] payload || parts[3] is not byte[] signature) return false;
        object? inner = new LooseCbor.Map();
        if (header.Length > 0 && !LooseCbor.TryRead(header, out inner)) return false;
        if (inner is not LooseCbor.Map closed) return false;
        // What is protected counts; the open header only speaks where the protected one is silent.
        if ((closed.GetValueOrDefault(1L) ?? open.GetValueOrDefault(1L)) is not long alg) return false;
        var kid = closed.TryGetValue(4L, out var own) ? own : open.GetValueOrDefault(4L);
        if (kid is not (null or byte[])) return false;
        message = new(header, alg, kid as byte[], payload, signature);
        return true;
    }

    private static HcertDecision CheckClaims(byte[] payload, HcertSigner signer, DateTimeOffset now)
    {
        if (!LooseCbor.TryRead(payload, out var read) || read is not LooseCbor.Map claims) return new(HcertReason.BadContent);
        if (claims.GetValueOrDefault(-260L) is not LooseCbor.Map wrapped || wrapped.GetValueOrDefault(1L) is not LooseCbor.Map certificate) return new(HcertReason.BadContent);
        var (expires, issued) = (Number(claims.GetValueOrDefault(4L)), Number(claims.GetValueOrDefault(6L)));
        var kind = KindOf(certificate, out var entry);
        var country = entry?.GetValueOrDefault("co") as string ?? claims.GetValueOrDefault(1L) as string;
        HcertDecision Say(HcertReason reason) => new(reason, kind, country is { Length: <= 80 } ? country : null, issued, expires);
        var time = now.ToUnixTimeMilliseconds() / 1000d;
        if (issued > time) return Say(HcertReason.NotYetValid);
        if (expires is null || expires < time) return Say(HcertReason.Expired);
        if (kind == HcertKind.None) return Say(HcertReason.BadContent);
        if (signer.Kinds != HcertKind.None && !signer.Kinds.HasFlag(kind)) return Say(HcertReason.WrongUsage);
        var complete = certificate.GetValueOrDefault("ver") is string { Length: > 0 } && certificate.GetValueOrDefault("nam") is LooseCbor.Map { Count: > 0 } && certificate.ContainsKey("dob");
        return Say(complete ? HcertReason.Ok : HcertReason.BadContent);
    }

    // Times come as whole numbers or floats; neither NaN nor infinity is a time.
    private static double? Number(object? value) => value switch { long n => n, ulong n => n, double n when double.IsFinite(n) => n, _ => null };

    /// <summary>The one kind with its one entry; none when there are more, or the entry is empty.</summary>
    private static HcertKind KindOf(LooseCbor.Map certificate, out LooseCbor.Map? entry)
    {
        entry = null;
        var found = HcertKind.None;
        foreach (var (name, kind) in new[] { ("v", HcertKind.Vaccination), ("t", HcertKind.Test), ("r", HcertKind.Recovery) })
        {
            if (certificate.GetValueOrDefault(name) is not { } group) continue;
            if (group is not List<object?> list) return HcertKind.None;
            if (list.Count == 0) continue;
            if (found != HcertKind.None || list.Count != 1 || list[0] is not LooseCbor.Map { Count: > 0 } one) return HcertKind.None;
            (found, entry) = (kind, one);
        }
        return found;
    }
}
