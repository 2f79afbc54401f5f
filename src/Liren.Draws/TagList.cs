namespace Liren.Draws;

/// <summary>
/// The list a draw is made from (名单): the tags of all entries in bytewise order, numbered from 0. A tag is the random number on somebody's receipt, so the list can be
/// published without saying who is on it.
/// </summary>
public sealed class TagList
{
    /// <summary>Bytes of a tag.</summary>
    public const int TagSize = 16;

    private readonly byte[][] tags;
    private readonly MerkleTree tree;

    private TagList(byte[][] tags) => (this.tags, tree) = (tags, new MerkleTree([.. tags.Select((tag, index) => MerkleTree.Leaf(index, tag))]));

    /// <summary>Sorts and numbers tags; refuses none at all, a tag of another size and the same tag twice.</summary>
    public static TagList Of(IEnumerable<byte[]> given)
    {
        var tags = given.ToArray();
        if (tags.Length == 0) throw new DrawFaultException("no-entries");
        if (Array.Find(tags, t => t.Length != TagSize) is { } odd) throw new DrawFaultException("tag-size", Hex.Of(odd));
        Array.Sort(tags, Compare);
        for (var i = 1; i < tags.Length; i++) if (Compare(tags[i - 1], tags[i]) == 0) throw new DrawFaultException("duplicate-tag", Hex.Of(tags[i]));
        return new(tags);
    }

    /// <summary>Entries (n).</summary>
    public int Count => tags.Length;

    /// <summary>The tag at a number.</summary>
    public ReadOnlySpan<byte> this[int index] => tags[index];

    /// <summary>Commitment to the whole list: whoever has printed it knows when one entry is added, taken or changed.</summary>
    public byte[] Root => tree.Root;

    /// <summary>Number of a tag; -1 when it is not on the list.</summary>
    public int IndexOf(byte[] tag)
    {
        var at = Array.BinarySearch(tags, tag, Comparer<byte[]>.Create(Compare));
        return at < 0 ? -1 : at;
    }

    /// <summary>Proof that the tag at a number is on the list, from the leaf up.</summary>
    public IReadOnlyList<byte[]> Proof(int index) => tree.Proof(index);

    private static int Compare(byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b);
}
