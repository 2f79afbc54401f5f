using System.Buffers.Binary;
using System.Text;

namespace Liren.Documents;

/// <summary>A font with the outlines of some glyphs only. Glyphs keep their numbers, so that texts written before need no change.</summary>
internal static class FontSubset
{
    private static readonly string[] AsTheyAre = ["cvt ", "fpgm", "hhea", "maxp", "prep"];

    public static byte[] Of(TrueTypeFont font, IEnumerable<int> glyphs)
    {
        var keep = WithParts(font, glyphs);
        using var outlines = new MemoryStream();
        var locations = new byte[4 * (font.Glyphs + 1)];
        for (var g = 0; g < font.Glyphs; g++)
        {
            BinaryPrimitives.WriteInt32BigEndian(locations.AsSpan(4 * g), (int)outlines.Length);
            if (!keep.Contains(g)) continue;
            outlines.Write(font.Outline(g));
            while (outlines.Length % 4 != 0) outlines.WriteByte(0);
        }
        BinaryPrimitives.WriteInt32BigEndian(locations.AsSpan(4 * font.Glyphs), (int)outlines.Length);
        var measures = font.Table("hmtx").ToArray();
        for (var g = 0; g < font.Measured; g++)
            if (!keep.Contains(g)) measures.AsSpan(4 * g, 4).Clear();
        var head = font.Table("head").ToArray();
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        var tables = new SortedDictionary<string, byte[]>(StringComparer.Ordinal) { ["glyf"] = outlines.ToArray(), ["head"] = head, ["hmtx"] = measures, ["loca"] = locations };
        foreach (var name in AsTheyAre)
            if (font.Table(name) is { IsEmpty: false } table) tables[name] = table.ToArray();
        return Write(tables);
    }

    // A composed glyph needs those it is composed of.
    private static HashSet<int> WithParts(TrueTypeFont font, IEnumerable<int> glyphs)
    {
        var keep = new HashSet<int>(glyphs) { 0 };
        var waiting = new Queue<int>(keep);
        while (waiting.TryDequeue(out var glyph))
        {
            var at = font.OutlineOffset(glyph);
            if (font.Outline(glyph).IsEmpty || font.S16(at) >= 0) continue;
            at += 10;
            int flags;
            do
            {
                flags = font.U16(at);
                var part = font.U16(at + 2);
                if (keep.Add(part)) waiting.Enqueue(part);
                at += 4 + ((flags & 1) != 0 ? 4 : 2) + ((flags & 8) != 0 ? 2 : (flags & 64) != 0 ? 4 : (flags & 128) != 0 ? 8 : 0);
            } while ((flags & 32) != 0);
        }
        return keep;
    }

    private static byte[] Write(SortedDictionary<string, byte[]> tables)
    {
        var directory = new byte[12 + 16 * tables.Count];
        BinaryPrimitives.WriteInt32BigEndian(directory, 0x10000);
        BinaryPrimitives.WriteUInt16BigEndian(directory.AsSpan(4), (ushort)tables.Count);
        var (offset, entry) = (directory.Length, 12);
        foreach (var (name, bytes) in tables)
        {
            Encoding.ASCII.GetBytes(name).CopyTo(directory, entry);
            BinaryPrimitives.WriteUInt32BigEndian(directory.AsSpan(entry + 4), Checksum(bytes));
            BinaryPrimitives.WriteInt32BigEndian(directory.AsSpan(entry + 8), offset);
            BinaryPrimitives.WriteInt32BigEndian(directory.AsSpan(entry + 12), bytes.Length);
            (offset, entry) = (offset + (bytes.Length + 3 & ~3), entry + 16);
        }
        using var file = new MemoryStream();
        file.Write(directory);
        foreach (var bytes in tables.Values)
        {
            file.Write(bytes);
            while (file.Length % 4 != 0) file.WriteByte(0);
        }
        return file.ToArray();
    }

    private static uint Checksum(byte[] bytes)
    {
        var sum = 0u;
        for (var i = 0; i < bytes.Length; i += 4)
        {
            var word = 0u;
            for (var k = 0; k < 4; k++) word = word << 8 | (i + k < bytes.Length ? bytes[i + k] : 0u);
            sum += word;
        }
        return sum;
    }
}
