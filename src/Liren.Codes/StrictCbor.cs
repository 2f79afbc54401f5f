using System.Buffers.Binary;
using System.Text;

namespace Liren.Codes;

/// <summary>
/// Reads the CBOR that Liren itself writes, and nothing else (RFC 8949 §4.2.1, deterministic encoding): shortest integers, definite lengths, map keys
/// in ascending order and once, no floats, no tags but the one asked for, at most <see cref="MostDepth"/> levels. Never throws and never allocates
/// but for texts it returns: a read that fails answers false and the reader is not used further.
/// </summary>
public ref struct StrictCbor(ReadOnlySpan<byte> data)
{
    /// <summary>Levels of nesting that are read.</summary>
    public const int MostDepth = 8;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> data = data;
    private int at;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => at;

    /// <summary>Everything has been read.</summary>
    public readonly bool AtEnd => at == data.Length;

    private bool TryHead(out int major, out ulong value)
    {
        (major, value) = (0, 0);
        if (at >= data.Length) return false;
        var first = data[at++];
        major = first >> 5;
        var info = first & 31;
        if (info < 24) { value = (ulong)info; return true; }
        var length = info switch { 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => 0 };
        if (length == 0 || data.Length - at < length) return false;
        var rest = data.Slice(at, length);
        at += length;
        value = length switch { 1 => rest[0], 2 => BinaryPrimitives.ReadUInt16BigEndian(rest), 4 => BinaryPrimitives.ReadUInt32BigEndian(rest), _ => BinaryPrimitives.ReadUInt64BigEndian(rest) };
        // Major 7 with a longer head is a float or an unassigned simple value; the others must be as short as they can be.
        return major != 7 && value >= length switch { 1 => 24UL, 2 => 0x100UL, 4 => 0x1_0000UL, _ => 0x1_0000_0000UL };
    }

    private bool TryHead(int wanted, out ulong value) => TryHead(out var major, out value) && major == wanted;

    /// <summary>A tag of this number.</summary>
    public bool TryTag(ulong tag) => TryHead(6, out var value) && value == tag;

    /// <summary>The next item is a tag.</summary>
    public readonly bool IsTag => at < data.Length && data[at] >> 5 == 6;

    /// <summary>A whole number.</summary>
    public bool TryInt(out long value)
    {
        value = 0;
        if (!TryHead(out var major, out var raw) || major > 1 || raw > long.MaxValue) return false;
        value = major == 0 ? (long)raw : -1 - (long)raw;
        return true;
    }

    /// <summary>A byte string; the span lies in the data.</summary>
    public bool TryBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryHead(2, out var length) || length > (ulong)(data.Length - at)) return false;
        bytes = data.Slice(at, (int)length);
        at += (int)length;
        return true;
    }

    /// <summary>A text of valid UTF-8 of at most <paramref name="most"/> bytes.</summary>
    public bool TryText(int most, out string text)
    {
        text = "";
        if (!TryHead(3, out var length) || length > (ulong)(data.Length - at) || length > (ulong)most) return false;
        var bytes = data.Slice(at, (int)length);
        at += (int)length;
        if (!System.Text.Unicode.Utf8.IsValid(bytes)) return false;
        text = Utf8.GetString(bytes);
        return true;
    }

    /// <summary>The head of an array; every element takes at least a byte, so a greater count is refused at once.</summary>
    public bool TryArray(out int count) => TryCount(4, 1, out count);

    /// <summary>The head of a map.</summary>
    public bool TryMap(out int pairs) => TryCount(5, 2, out pairs);

    private bool TryCount(int major, int least, out int count)
    {
        count = 0;
        if (!TryHead(major, out var value) || value > (ulong)((data.Length - at) / least)) return false;
        count = (int)value;
        return true;
    }

    /// <summary>Steps over one item of any kind that this reader accepts.</summary>
    public bool TrySkip(int depth = 0)
    {
        if (depth >= MostDepth || !TryHead(out var major, out var value)) return false;
        switch (major)
        {
            case 0 or 1: return true;
            case 2 or 3:
                if (value > (ulong)(data.Length - at)) return false;
                var content = data.Slice(at, (int)value);
                at += (int)value;
                return major == 2 || System.Text.Unicode.Utf8.IsValid(content);
            case 4:
                if (value > (ulong)(data.Length - at)) return false;
                for (var i = 0UL; i < value; i++) if (!TrySkip(depth + 1)) return false;
                return true;
            case 5:
                if (value > (ulong)((data.Length - at) / 2)) return false;
                var keys = new KeyOrder();
                for (var i = 0UL; i < value; i++)
                {
                    var start = at;
                    if (!TrySkip(depth + 1) || !keys.TryNext(data, start, at) || !TrySkip(depth + 1)) return false;
                }
                return true;
            default: return major == 7 && value is 20 or 21 or 22;
        }
    }

    /// <summary>The key of the next pair as a whole number; keys must ascend in their encoded form, which also keeps them apart.</summary>
    public bool TryKey(ref KeyOrder order, out long key)
    {
        var start = at;
        return TryInt(out key) && order.TryNext(data, start, at);
    }

    /// <summary>What has been read since a position.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => data[start..at];

    /// <summary>Remembers the last key of a map.</summary>
    public ref struct KeyOrder
    {
        private ReadOnlySpan<byte> last;

        internal bool TryNext(ReadOnlySpan<byte> data, int start, int end)
        {
            var key = data[start..end];
            if (!last.IsEmpty && last.SequenceCompareTo(key) >= 0) return false;
            last = key;
            return true;
        }
    }
}
