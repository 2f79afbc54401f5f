namespace Liren.Vision.Frames;

/// <summary>Tells a picture from a video by its first bytes: the name may say anything.</summary>
internal static class PictureFile
{
    private static readonly byte[][] begins = [[0xFF, 0xD8, 0xFF], [0x89, .. "PNG"u8], [.. "BM"u8], [.. "II*\0"u8], [.. "MM\0*"u8], [.. "P6"u8], [.. "P5"u8]];

    /// <summary>JPEG, PNG, BMP, TIFF, PNM or WebP.</summary>
    public static bool Is(ReadOnlySpan<byte> file)
    {
        foreach (var begin in begins) if (file.StartsWith(begin)) return true;
        return file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8);
    }

    /// <summary>Looks at a file; what cannot be opened is said in a sentence.</summary>
    public static bool Is(string path)
    {
        if (Directory.Exists(path)) throw new VisionException($"{path} is a folder; name pictures or a video");
        if (!File.Exists(path)) throw new VisionException($"{path} is not there");
        using var file = File.OpenRead(path);
        Span<byte> begin = stackalloc byte[12];
        var read = file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
        return read > 0 ? Is(begin[..read]) : throw new VisionException($"{path} is empty");
    }
}
