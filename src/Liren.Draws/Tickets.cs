using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Liren.Draws;

/// <summary>
/// Several tickets of one holder (多签号): the first is the tag on the receipt, the others follow from it. So a receipt is enough to find them all, and whoever has the list can see which
/// tickets belong together, without knowing whose they are.
/// </summary>
public static class Tickets
{
    /// <summary>Most tickets of one holder: the own one and five for draws lost before.</summary>
    public const int Most = 6;

    /// <summary>The tickets of a receipt: itself, then SHA-256 over "liren-ticket/1", a line feed, the tag and the number (four bytes), cut to the size of a tag.</summary>
    public static IEnumerable<byte[]> Of(byte[] tag, int count)
    {
        yield return tag;
        for (var i = 1; i < count; i++) yield return Further(tag, i);
    }

    /// <summary>For each number on a list the number of its holder's first ticket; itself where nobody holds more than one.</summary>
    /// <param name="list">The list.</param>
    /// <param name="most">Most tickets of one holder in it.</param>
    public static int[] Holders(TagList list, int most)
    {
        var holders = Enumerable.Range(0, list.Count).ToArray();
        for (var i = 0; i < list.Count; i++)
            for (var n = 1; n < most; n++)
                if (list.IndexOf(Further(list[i].ToArray(), n)) is var at and >= 0) holders[at] = i;
        return holders;
    }

    private static byte[] Further(byte[] tag, int number)
    {
        Span<byte> text = [.. "liren-ticket/1\n"u8, .. tag, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(text[^4..], number);
        return SHA256.HashData(text)[..TagList.TagSize];
    }
}
