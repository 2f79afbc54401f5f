using System.Numerics;

namespace Liren.Insight.Domain;

/// <summary>The numbers of one row, written short: zigzag varints, trailing zeros left out, so that equal figures are equal bytes.</summary>
internal static class Cells
{
    public static byte[] Write(ReadOnlySpan<long> cells)
    {
        var count = cells.Length;
        while (count > 0 && cells[count - 1] == 0) count--;
        Span<byte> buffer = stackalloc byte[10 * 32];
        if (count > 32) buffer = new byte[10 * count];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var rest = (ulong)((cells[i] << 1) ^ (cells[i] >> 63));
            for (; rest >= 0x80; rest >>= 7) buffer[at++] = (byte)(rest | 0x80);
            buffer[at++] = (byte)rest;
        }
        return buffer[..at].ToArray();
    }

    /// <summary>Adds what was written to the sums; at least as many sums as cells.</summary>
    public static void AddTo(ReadOnlySpan<byte> written, Span<long> sums)
    {
        for (int at = 0, cell = 0; at < written.Length; cell++)
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = written[at++];
                value |= (ulong)(part & 0x7f) << shift;
                if (part < 0x80) break;
            }
            sums[cell] += (long)(value >> 1) ^ -(long)(value & 1);
        }
    }

    public static long[] Read(ReadOnlySpan<byte> written, int cells)
    {
        var read = new long[cells];
        AddTo(written, read);
        return read;
    }
}

/// <summary>Fixed bins of minutes (时长分布): bins of different places and days can be added, and median and p90 follow from the sum.</summary>
internal static class Bins
{
    /// <summary>Upper ends in minutes, the end included; above the last there is one more bin.</summary>
    public static readonly int[] Ends = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1_440, 2_880, 7_200, 14_400];

    public static int Count => Ends.Length + 1;

    public static int Of(long minutes)
    {
        var at = Array.BinarySearch(Ends, (int)Math.Clamp(minutes, 0, int.MaxValue));
        return at >= 0 ? at : ~at;
    }

    /// <summary>The end of the bin in which the share lies; null when there is nothing, <see cref="int.MaxValue"/> in the last.</summary>
    public static int? Percentile(ReadOnlySpan<long> bins, double share)
    {
        long all = 0, below = 0;
        foreach (var bin in bins) all += bin;
        if (all <= 0) return null;
        var rank = (long)Math.Ceiling(all * share);
        for (var i = 0; i < bins.Length; i++)
            if ((below += bins[i]) >= rank) return i < Ends.Length ? Ends[i] : int.MaxValue;
        return int.MaxValue;
    }
}

/// <summary>
/// A set of numbers (位集): pairs of word index and 64-bit word, by index. Numbers of one community lie together, so a set of a community is short, and one with
/// everybody is as dense as plain words. Counting is exact, joining is OR.
/// </summary>
internal static class BitSet
{
    private const int Pair = sizeof(int) + sizeof(ulong);

    private static int Index(ReadOnlySpan<byte> pair) => BitConverter.ToInt32(pair);

    private static ulong Word(ReadOnlySpan<byte> pair) => BitConverter.ToUInt64(pair[sizeof(int)..]);

    /// <summary>Joins a written set into plain words, which grow as needed.</summary>
    public static void JoinInto(ReadOnlySpan<byte> written, ref ulong[] words)
    {
        if (written.Length == 0) return;
        var last = Index(written[^Pair..]);
        if (last >= words.Length) Array.Resize(ref words, Math.Max(last + 1, words.Length * 2));
        for (; written.Length > 0; written = written[Pair..]) words[Index(written)] |= Word(written);
    }

    /// <summary>Joins two written sets without unfolding them.</summary>
    public static byte[] Join(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var joined = new byte[one.Length + other.Length];
        var end = 0;
        while (one.Length > 0 && other.Length > 0)
        {
            var order = Index(one).CompareTo(Index(other));
            (order <= 0 ? one : other)[..Pair].CopyTo(joined.AsSpan(end));
            if (order == 0) BitConverter.TryWriteBytes(joined.AsSpan(end + sizeof(int)), Word(one) | Word(other));
            if (order <= 0) one = one[Pair..];
            if (order >= 0) other = other[Pair..];
            end += Pair;
        }
        var rest = one.Length > 0 ? one : other;
        rest.CopyTo(joined.AsSpan(end));
        return joined[..(end + rest.Length)];
    }

    public static void Add(int number, ref ulong[] words)
    {
        if (number >> 6 >= words.Length) Array.Resize(ref words, Math.Max((number >> 6) + 1, words.Length * 2));
        words[number >> 6] |= 1UL << (number & 63);
    }

    public static bool Has(int number, ReadOnlySpan<ulong> words) => number >> 6 < words.Length && (words[number >> 6] >> (number & 63) & 1) == 1;

    public static int Count(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words) count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Counts a written set without unfolding it.</summary>
    public static int CountWritten(ReadOnlySpan<byte> written)
    {
        var count = 0;
        for (; written.Length > 0; written = written[Pair..]) count += BitOperations.PopCount(Word(written));
        return count;
    }

    public static byte[] Write(ReadOnlySpan<ulong> words)
    {
        var used = 0;
        foreach (var word in words) if (word != 0) used++;
        var written = new byte[used * Pair];
        for (int i = 0, at = 0; i < words.Length; i++)
        {
            if (words[i] == 0) continue;
            BitConverter.TryWriteBytes(written.AsSpan(at), i);
            BitConverter.TryWriteBytes(written.AsSpan(at + sizeof(int)), words[i]);
            at += Pair;
        }
        return written;
    }
}
