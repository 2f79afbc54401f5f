using System.Formats.Cbor;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Liren.Codes;

namespace Liren.Shared;

/// <summary>A signer of foreign health certificates, for fuzzing and benchmarks: nobody real, everything in its usual form.</summary>
public sealed class HealthCodes : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A signer whose certificate is a year old at that time and good for another.</summary>
    public HealthCodes(DateTimeOffset now)
    {
        using var made = new CertificateRequest("CN=Nobody, C=XX", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddYears(-1), now.AddYears(1));
        Der = made.RawData;
        Kid = SHA256.HashData(Der)[..8];
        Issued = now.ToUnixTimeSeconds() - 1_000;
    }

    /// <summary>Its certificate.</summary>
    public byte[] Der { get; }
    /// <summary>Its key id.</summary>
    public byte[] Kid { get; }
    /// <summary>Its public key, DER.</summary>
    public byte[] Spki => key.ExportSubjectPublicKeyInfo();
    private long Issued { get; }

    /// <summary>Content of a certificate of vaccination of somebody with this number, good for a day.</summary>
    public byte[] Vaccination(int number)
    {
        var w = new CborWriter(CborConformanceMode.Lax);
        w.WriteStartMap(4);
        w.WriteInt32(1); w.WriteTextString("XX");
        w.WriteInt32(4); w.WriteInt64(Issued + 86_400);
        w.WriteInt32(6); w.WriteInt64(Issued);
        w.WriteInt32(-260); w.WriteStartMap(1); w.WriteInt32(1); w.WriteStartMap(4);
        Text(w, "ver", "1.3.0", "dob", "1990-01-31");
        w.WriteTextString("nam"); w.WriteStartMap(4);
        Text(w, "fn", "Nobody", "fnt", "NOBODY", "gn", $"Number {number}", "gnt", $"NUMBER<{number}");
        w.WriteEndMap();
        w.WriteTextString("v"); w.WriteStartArray(1); w.WriteStartMap(10);
        Text(w, "ci", $"URN:UVCI:01:XX:{number:X12}#A", "co", "XX", "dt", "2020-01-31", "is", "Nobody's Ministry", "ma", "ORG-100000000", "mp", "EU/1/00/0000", "tg", "000000000", "vp", "0000000000");
        w.WriteTextString("dn"); w.WriteInt32(2);
        w.WriteTextString("sd"); w.WriteInt32(2);
        w.WriteEndMap(); w.WriteEndArray();
        w.WriteEndMap(); w.WriteEndMap(); w.WriteEndMap();
        return w.Encode();
    }

    private static void Text(CborWriter w, params string[] pairs)
    {
        foreach (var text in pairs) w.WriteTextString(text);
    }

    /// <summary>The signed message around a content.</summary>
    public byte[] Message(byte[] content)
    {
        byte[] header = [0xA2, 0x01, 0x26, 0x04, 0x48, .. Kid];
        var signed = new byte[Sign1.ToBeSignedLength(header.Length, content.Length)];
        var length = Sign1.WriteToBeSigned(header, content, signed);
        var w = new CborWriter(CborConformanceMode.Lax);
        w.WriteTag((CborTag)18);
        w.WriteStartArray(4);
        w.WriteByteString(header);
        w.WriteStartMap(0); w.WriteEndMap();
        w.WriteByteString(content);
        w.WriteByteString(key.SignData(signed.AsSpan(0, length), HashAlgorithmName.SHA256));
        w.WriteEndArray();
        return w.Encode();
    }

    /// <summary>The bytes compressed, as they go into the text.</summary>
    public static byte[] Zip(byte[] message)
    {
        using var into = new MemoryStream();
        using (var zlib = new ZLibStream(into, CompressionLevel.Fastest)) zlib.Write(message);
        return into.ToArray();
    }

    /// <summary>The text of compressed bytes.</summary>
    public static string Text(byte[] packed) => "HC1:" + Base45.Encode(packed);

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();
}
