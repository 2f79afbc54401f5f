using System.Buffers.Binary;

namespace Liren.Sdk.Files;

/// <summary>
/// A JPEG or PNG, recognised by its content, without what tells about people: position, device, owner, comments, thumbnails and anything
/// behind the end of the picture. Only the orientation stays, else photos would lie on their side.
/// </summary>
/// <param name="Bytes">The cleaned file.</param>
/// <param name="ContentType">image/jpeg or image/png.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Stripped">True when something was taken out.</param>
public sealed record CleanImage(byte[] Bytes, string ContentType, int Width, int Height, bool Stripped)
{
    private const int MaxSide = 20_000;
    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly HashSet<string> PngKept = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "pHYs", "bKGD"];

    /// <summary>The cleaned picture, or null when it is none or is broken.</summary>
    public static CleanImage? Of(ReadOnlySpan<byte> file)
    {
        var made = file.StartsWith(PngSignature) ? Png(file) : file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg(file) : null;
        return made is { Width: > 0 and <= MaxSide, Height: > 0 and <= MaxSide } ? made : null;
    }

    private static CleanImage? Png(ReadOnlySpan<byte> file)
    {
        var kept = new MemoryStream(file.Length);
        kept.Write(PngSignature);
        var (at, width, height, pixels) = (8, 0, 0, false);
        while (at + 12 <= file.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12) return null;
            var name = System.Text.Encoding.ASCII.GetString(file.Slice(at + 4, 4));
            var whole = file.Slice(at, (int)length + 12);
            if (name == "IHDR" && length == 13) (width, height) = ((int)BinaryPrimitives.ReadUInt32BigEndian(whole[8..]), (int)BinaryPrimitives.ReadUInt32BigEndian(whole[12..]));
            pixels |= name == "IDAT" && length > 0;
            if (PngKept.Contains(name)) kept.Write(whole);
            at += whole.Length;
            if (name == "IEND") return pixels ? new(kept.ToArray(), "image/png", width, height, kept.Length != file.Length) : null;
        }
        return null;
    }

    private static CleanImage? Jpeg(ReadOnlySpan<byte> file)
    {
        var kept = new MemoryStream(file.Length);
        kept.Write([0xFF, 0xD8]);
        var (at, width, height, scan) = (2, 0, 0, false);
        while (at + 2 <= file.Length)
        {
            if (file[at] != 0xFF) return null;
            var marker = file[at + 1];
            if (marker == 0xFF) { at++; continue; }
            if (marker == 0xD9)
            {
                kept.Write([0xFF, 0xD9]);
                return scan ? new(kept.ToArray(), "image/jpeg", width, height, kept.Length != file.Length) : null;
            }
            if (at + 4 > file.Length) return null;
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length) return null;
            var body = file.Slice(at + 4, length - 2);
            // Start of frame: everything from C0 to CF but tables (C4), JPG (C8) and arithmetic conditioning (CC).
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && body.Length >= 5) (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(body[1..]), BinaryPrimitives.ReadUInt16BigEndian(body[3..]));
            if (marker == 0xE1 && Orientation(body) is { } turned and not 1) kept.Write(OrientationOnly(turned));
            if (Keeps(marker, body)) kept.Write(file.Slice(at, 2 + length));
            at += 2 + length;
            if (marker != 0xDA) continue;
            scan = true;
            var end = at;
            // Picture data runs to the next marker that is neither a stuffed zero nor a restart.
            while (end + 1 < file.Length && !(file[end] == 0xFF && file[end + 1] is not (0x00 or (>= 0xD0 and <= 0xD7) or 0xFF))) end++;
            if (end + 1 >= file.Length) return null;
            kept.Write(file[at..end]);
            at = end;
        }
        return null;
    }

    /// <summary>APP0 (JFIF), colour profile, Adobe transform; other application data and comments go.</summary>
    private static bool Keeps(byte marker, ReadOnlySpan<byte> body) => marker switch
    {
        0xE0 or 0xEE => true,
        0xE2 => body.StartsWith("ICC_PROFILE\0"u8),
        >= 0xE1 and <= 0xEF or 0xFE => false,
        _ => true,
    };

    private static ushort? Orientation(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith("Exif\0\0"u8)) return null;
        var tiff = body[6..];
        if (tiff.Length < 14) return null;
        var little = tiff[0] == (byte)'I';
        var first = Read32(tiff[4..], little);
        if (first > tiff.Length - 2) return null;
        var count = Read16(tiff[(int)first..], little);
        for (var i = 0; i < count && first + 2 + i * 12 + 12 <= tiff.Length; i++)
        {
            var entry = tiff[(int)(first + 2 + i * 12)..];
            if (Read16(entry, little) == 0x0112) return Read16(entry[8..], little) is var turned and >= 1 and <= 8 ? turned : null;
        }
        return null;
    }

    private static byte[] OrientationOnly(ushort turned) =>
        [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)turned, 0, 0, 0, 0, 0, 0];

    private static ushort Read16(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint Read32(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
