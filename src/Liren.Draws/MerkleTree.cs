using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Liren.Draws;

/// <summary>A hash tree in the shape of RFC 6962: split at the largest power of two below the number of leaves; leaves and nodes are hashed apart, so that one cannot pass for the other.</summary>
public sealed class MerkleTree
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    private readonly byte[][] leaves;

    /// <summary>A tree over leaf hashes; at least one.</summary>
    public MerkleTree(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count == 0) throw new DrawFaultException("no-entries");
        this.leaves = [.. leaves];
        Root = Node(0, this.leaves.Length);
    }

    /// <summary>Hash over everything.</summary>
    public byte[] Root { get; }

    /// <summary>Leaf of an entry: SHA-256(0x00, number as four bytes, tag).</summary>
    public static byte[] Leaf(int index, ReadOnlySpan<byte> tag)
    {
        Span<byte> bytes = stackalloc byte[5 + tag.Length];
        bytes[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], index);
        tag.CopyTo(bytes[5..]);
        return SHA256.HashData(bytes);
    }

    /// <summary>The hashes beside the way from a leaf to the root, from the leaf up.</summary>
    public IReadOnlyList<byte[]> Proof(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        var way = new List<byte[]>();
        for (var (from, count) = (0, leaves.Length); count > 1;)
        {
            var left = Split(count);
            if (index < from + left) { way.Add(Node(from + left, count - left)); count = left; }
            else { way.Add(Node(from, left)); from += left; count -= left; }
        }
        way.Reverse();
        return way;
    }

    /// <summary>Whether the tag stands at this number of a list of <paramref name="count"/> entries under this root.</summary>
    public static bool Proves(ReadOnlySpan<byte> tag, int index, int count, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= count || proof.Any(h => h.Length != HashSize)) return false;
        // The sides follow from number and count alone: a proof cannot choose them.
        var sides = new List<bool>();
        for (var (from, size) = (0, count); size > 1;)
        {
            var left = Split(size);
            var isLeft = index < from + left;
            sides.Add(isLeft);
            (from, size) = isLeft ? (from, left) : (from + left, size - left);
        }
        if (sides.Count != proof.Count) return false;
        var hash = Leaf(index, tag);
        for (var i = 0; i < proof.Count; i++) hash = sides[^(i + 1)] ? Join(hash, proof[i]) : Join(proof[i], hash);
        return hash.AsSpan().SequenceEqual(root);
    }

    private byte[] Node(int from, int count)
    {
        if (count == 1) return leaves[from];
        var left = Split(count);
        return Join(Node(from, left), Node(from + left, count - left));
    }

    private static int Split(int count) => 1 << BitOperations.Log2((uint)count - 1);

    private static byte[] Join(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> bytes = stackalloc byte[1 + 2 * HashSize];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + HashSize)..]);
        return SHA256.HashData(bytes);
    }
}
