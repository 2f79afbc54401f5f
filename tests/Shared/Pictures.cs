using System.Buffers.Binary;
using System.IO.Compression;

namespace Liren.Shared;

/// <summary>Small real pictures for tests.</summary>
public static class Pictures
{
    /// <summary>A PNG of one colour that belongs to the id, so that each is another file; with words about its maker when asked.</summary>
    public static byte[] Png(Guid id, string? author = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(file, "IHDR", [0, 0, 0, 32, 0, 0, 0, 32, 8, 2, 0, 0, 0]);
        if (author is not null) Chunk(file, "tEXt", System.Text.Encoding.ASCII.GetBytes("Author\0" + author));
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (var y = 0; y < 32; y++)
            {
                zip.WriteByte(0);
                for (var x = 0; x < 32; x++) zip.Write(id.ToByteArray().AsSpan(10, 3));
            }
        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, string name, ReadOnlySpan<byte> data)
    {
        var whole = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(whole, data.Length);
        System.Text.Encoding.ASCII.GetBytes(name).CopyTo(whole, 4);
        data.CopyTo(whole.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(data.Length + 8), Crc(whole.AsSpan(4, data.Length + 4)));
        file.Write(whole);
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
