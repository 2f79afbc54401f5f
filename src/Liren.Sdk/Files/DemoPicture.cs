using System.Buffers.Binary;
using System.IO.Compression;

namespace Liren.Sdk.Files;

/// <summary>A drawn picture that says it is one: the demo has no photos of real places or people.</summary>
public static class DemoPicture
{
    private const int Width = 320, Height = 200;

    /// <summary>Sky, ground and some houses, different for each number.</summary>
    public static byte[] Of(int seed)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, Width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), Height);
        (head[8], head[9]) = (8, 2);
        Chunk(file, "IHDR", head);
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            for (var y = 0; y < Height; y++)
            {
                zip.WriteByte(0);
                for (var x = 0; x < Width; x++) zip.Write(Colour(seed, x, y));
            }
        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static byte[] Colour(int seed, int x, int y)
    {
        var house = (x + seed * 23) / 64;
        var (left, top) = ((x + seed * 23) % 64, 60 + (house * 37 + seed * 11) % 50);
        if (y > 150) return y % 24 < 2 ? [196, 200, 196] : [150, (byte)(160 + seed % 20), 150];
        if (left is < 8 or > 56 || y < top) return [(byte)(188 + y / 4), (byte)(212 + y / 8), 236];
        return left % 16 is > 4 and < 12 && (y - top) % 18 is > 5 and < 13 ? [232, 226, 190] : [(byte)(170 - house * 9 % 40), 140, (byte)(120 + house * 13 % 40)];
    }

    private static void Chunk(Stream file, string name, ReadOnlySpan<byte> data)
    {
        var whole = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(whole, data.Length);
        System.Text.Encoding.ASCII.GetBytes(name).CopyTo(whole, 4);
        data.CopyTo(whole.AsSpan(8));
        var crc = uint.MaxValue;
        foreach (var b in whole.AsSpan(4, data.Length + 4))
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(data.Length + 8), ~crc);
        file.Write(whole);
    }
}
