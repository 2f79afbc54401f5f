using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;

namespace Liren.Documents;

/// <summary>A TrueType font file: its measures and its characters. Read once a process (<see cref="Load"/>); safe for many threads.</summary>
/// <remarks>OpenType specification 1.9: tables head, hhea, hmtx, maxp, loca, glyf, cmap.</remarks>
public sealed class TrueTypeFont
{
    private static readonly ConcurrentDictionary<string, TrueTypeFont> Loaded = new();

    private readonly byte[] file;
    private readonly Dictionary<string, (int Offset, int Length)> tables = [];
    private readonly Dictionary<int, ushort> characters = [];
    private readonly int[] locations;
    private readonly ushort[] advances;

    private TrueTypeFont(byte[] file, string name)
    {
        (this.file, Name) = (file, name);
        for (int i = 0, n = U16(4); i < n; i++)
        {
            var entry = 12 + 16 * i;
            tables[Encoding.ASCII.GetString(file, entry, 4)] = (I32(entry + 8), I32(entry + 12));
        }
        var head = tables["head"].Offset;
        UnitsPerEm = U16(head + 18);
        Glyphs = U16(tables["maxp"].Offset + 4);
        var hhea = tables["hhea"].Offset;
        (Ascent, Descent, Measured) = (S16(hhea + 4), S16(hhea + 6), U16(hhea + 34));
        var (loca, isLong) = (tables["loca"].Offset, U16(head + 50) == 1);
        locations = new int[Glyphs + 1];
        for (var g = 0; g <= Glyphs; g++) locations[g] = isLong ? I32(loca + 4 * g) : 2 * U16(loca + 2 * g);
        advances = new ushort[Glyphs];
        for (var g = 0; g < Glyphs; g++) advances[g] = (ushort)U16(tables["hmtx"].Offset + 4 * Math.Min(g, Measured - 1));
        ReadCharacters(tables["cmap"].Offset);
    }

    /// <summary>Name in documents.</summary>
    public string Name { get; }
    /// <summary>Units of the em square.</summary>
    public int UnitsPerEm { get; }
    /// <summary>Height above the base line, units.</summary>
    public int Ascent { get; }
    /// <summary>Depth below the base line, units, negative.</summary>
    public int Descent { get; }

    internal int Glyphs { get; }
    internal int Measured { get; }

    /// <summary>The font of a file beside the program (<c>fonts/NAME.ttf</c>).</summary>
    /// <exception cref="FileNotFoundException">It is not there: the installation is incomplete.</exception>
    public static TrueTypeFont Load(string name) =>
        Loaded.GetOrAdd(name, n => new(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fonts", n + ".ttf")), n));

    /// <summary>Number of the character's glyph; 0 when the font has none.</summary>
    public int GlyphOf(int character) => characters.GetValueOrDefault(character);

    /// <summary>Width of a glyph, units.</summary>
    public int AdvanceOf(int glyph) => advances[glyph];

    internal int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));
    internal int S16(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));
    private int I32(int at) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));

    internal ReadOnlySpan<byte> Table(string name) => tables.TryGetValue(name, out var t) ? file.AsSpan(t.Offset, t.Length) : default;

    internal int OutlineOffset(int glyph) => tables["glyf"].Offset + locations[glyph];

    internal ReadOnlySpan<byte> Outline(int glyph) => file.AsSpan(OutlineOffset(glyph), locations[glyph + 1] - locations[glyph]);

    // Format 12 (all of Unicode) before format 4 (its first 65,536): rare surnames lie beyond.
    private void ReadCharacters(int cmap)
    {
        var best = -1;
        for (int i = 0, n = U16(cmap + 2); i < n; i++)
        {
            var at = cmap + I32(cmap + 4 + 8 * i + 4);
            if (U16(at) == 12) best = at;
            else if (U16(at) == 4 && best < 0) best = at;
        }
        if (best < 0) throw new InvalidDataException($"{Name} has no table of characters that is understood.");
        if (U16(best) == 12) ReadGroups(best);
        else ReadSegments(best);
    }

    private void ReadGroups(int at)
    {
        for (int i = 0, n = I32(at + 12); i < n; i++)
        {
            var group = at + 16 + 12 * i;
            for (int c = I32(group), last = I32(group + 4), glyph = I32(group + 8); c <= last; c++, glyph++) characters[c] = (ushort)glyph;
        }
    }

    private void ReadSegments(int at)
    {
        var count = U16(at + 6) / 2;
        for (var i = 0; i < count; i++)
        {
            var (end, start) = (U16(at + 14 + 2 * i), U16(at + 16 + 2 * count + 2 * i));
            var (delta, range) = (S16(at + 16 + 4 * count + 2 * i), U16(at + 16 + 6 * count + 2 * i));
            for (var c = start; c <= end && c < 0xFFFF; c++)
            {
                var glyph = range == 0 ? c + delta & 0xFFFF : U16(at + 16 + 6 * count + 2 * i + range + 2 * (c - start));
                if (glyph != 0) characters[c] = (ushort)glyph;
            }
        }
    }
}
