using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Liren.Draws;

/// <summary>Selection as RFC 3797 has it, to the letter: for lists drawn elsewhere by it, and to show that we read it rightly. Our own draws use <see cref="Draw"/>.</summary>
public static class Rfc3797
{
    /// <summary>Largest pool: the number of a step is 16 bits.</summary>
    public const int Most = 65_535;

    /// <summary>The key string of sources of numbers: each source's numbers in rising order, a point after each, a slash after the source.</summary>
    public static string Key(IEnumerable<IEnumerable<long>> sources) =>
        string.Concat(sources.Select(s => string.Concat(s.Order().Select(n => n.ToString(CultureInfo.InvariantCulture) + ".")) + "/"));

    /// <summary>Numbers 1 to <paramref name="pool"/> in the order selected.</summary>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "RFC 3797 is defined over MD5")]
    public static IReadOnlyList<int> Select(string key, int pool, int count)
    {
        if (pool is < 1 or > Most) throw new DrawFaultException("pool", pool.ToString(CultureInfo.InvariantCulture));
        if (count < 1 || count > pool) throw new DrawFaultException("too-few-entries", count.ToString(CultureInfo.InvariantCulture));
        var left = Enumerable.Range(1, pool).ToList();
        var text = Encoding.ASCII.GetBytes(key);
        var bytes = new byte[text.Length + 4];
        text.CopyTo(bytes, 2);
        var selected = new List<int>(count);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)i);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(bytes.Length - 2), (ushort)i);
            var at = (int)(new BigInteger(MD5.HashData(bytes), isUnsigned: true, isBigEndian: true) % left.Count);
            selected.Add(left[at]);
            left.RemoveAt(at);
        }
        return selected;
    }
}
