using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Security.Cryptography;

namespace Liren.Codes;

/// <summary>Why a pass is on a revocation list.</summary>
public enum Revocation
{
    /// <summary>Revoked for good.</summary>
    Revoked = 1,
    /// <summary>Not now; why is nobody's business at a gate.</summary>
    Suspended = 2,
    /// <summary>A newer one took its place.</summary>
    Replaced = 3,
}

/// <summary>How an envelope was taken.</summary>
public enum ListOutcome
{
    /// <summary>Applied.</summary>
    Applied,
    /// <summary>Not newer than what is held.</summary>
    Old,
    /// <summary>It builds on a state that is not held: ask for the complete list.</summary>
    Gap,
    /// <summary>Malformed, another partition, a signature that is not a list key's, or a state that does not come out right.</summary>
    Refused,
}

/// <summary>A partition of the revocation lists (吊销名单) as a gate holds it. An envelope is applied as a whole or not at all. Not for many threads.</summary>
public sealed class RevocationList(string partition)
{
    private const int MostEntries = 2_000_000;
    private Dictionary<ulong, Revocation> entries = [];

    /// <summary>Path of the community.</summary>
    public string Partition { get; } = partition;
    /// <summary>Number of the last envelope applied; 0: none yet.</summary>
    public long Seq { get; private set; }
    /// <summary>When that was issued, Unix seconds.</summary>
    public long IssuedAt { get; private set; }
    /// <summary>Passes on it.</summary>
    public int Count => entries.Count;

    /// <summary>Why the pass is on the list; null when it is not.</summary>
    public Revocation? Find(string cti) => entries.TryGetValue(Number(Convert.FromHexString(cti)), out var why) ? why : null;

    private static ulong Number(ReadOnlySpan<byte> cti) => BinaryPrimitives.ReadUInt64BigEndian(cti);

    /// <summary>Applies a signed envelope.</summary>
    public ListOutcome Apply(ReadOnlySpan<byte> envelope, TrustList trust)
    {
        if (!Sign1.TryRead(envelope, true, out var message) || !Signed(message, trust, Partition)) return ListOutcome.Refused;
        var r = new StrictCbor(message.Payload);
        if (!r.TryMap(out var pairs) || pairs != 8 || !Label(ref r, 1) || !r.TryText(120, out var partition) || partition != Partition) return ListOutcome.Refused;
        if (!Label(ref r, 2) || !r.TryInt(out var seq) || !Label(ref r, 3) || !r.TryInt(out var from) || !Label(ref r, 4) || !r.TryInt(out var issued) || !Label(ref r, 5) || !r.TryInt(out _)) return ListOutcome.Refused;
        if (seq <= Seq) return ListOutcome.Old;
        if (from != 0 && from != Seq) return ListOutcome.Gap;
        var next = from == 0 ? [] : new Dictionary<ulong, Revocation>(entries);
        if (!Label(ref r, 6) || !r.TryArray(out var added) || added > MostEntries) return ListOutcome.Refused;
        for (var i = 0; i < added; i++)
        {
            if (!r.TryArray(out var two) || two != 2 || !r.TryBytes(out var cti) || cti.Length != 8 || !r.TryInt(out var state) || state is < 1 or > 3) return ListOutcome.Refused;
            next[Number(cti)] = (Revocation)state;
        }
        if (!Label(ref r, 7) || !r.TryArray(out var removed)) return ListOutcome.Refused;
        for (var i = 0; i < removed; i++)
        {
            if (!r.TryBytes(out var cti) || cti.Length != 8) return ListOutcome.Refused;
            next.Remove(Number(cti));
        }
        if (!Label(ref r, 8) || !r.TryBytes(out var hash) || !r.AtEnd || !hash.SequenceEqual(StateHash(next))) return ListOutcome.Refused;
        (entries, Seq, IssuedAt) = (next, seq, issued);
        return ListOutcome.Applied;
    }

    private static bool Signed(Sign1 message, TrustList trust, string partition)
    {
        foreach (var key in trust.Of(message.Kid))
            if (key.Uses.HasFlag(KeyUses.List) && key.State != KeyState.Revoked && key.Covers(partition) && message.Holds(key.Key)) return true;
        return false;
    }

    private static bool Label(ref StrictCbor r, long wanted) => r.TryInt(out var label) && label == wanted;

    /// <summary>SHA-256 over all entries in order of id, each id ‖ state byte.</summary>
    private static byte[] StateHash(IReadOnlyDictionary<ulong, Revocation> entries)
    {
        var bytes = new byte[entries.Count * 9];
        var at = 0;
        foreach (var (cti, state) in entries.OrderBy(e => e.Key))
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), cti);
            bytes[at + 8] = (byte)state;
            at += 9;
        }
        return SHA256.HashData(bytes);
    }

    /// <summary>Signs an envelope.</summary>
    /// <param name="partition">Path of the community.</param>
    /// <param name="seq">Its number, above those before.</param>
    /// <param name="from">Number of the state it builds on; 0: a complete list.</param>
    /// <param name="issuedAt">Unix seconds.</param>
    /// <param name="nextUpdate">Unix seconds.</param>
    /// <param name="added">New or changed entries, ids as hex; of a complete list all.</param>
    /// <param name="removed">Entries that leave.</param>
    /// <param name="all">The whole state after it.</param>
    /// <param name="key">The list key.</param>
    public static byte[] Sign(string partition, long seq, long from, long issuedAt, long nextUpdate, IReadOnlyCollection<(string Cti, Revocation State)> added,
        IReadOnlyCollection<string> removed, IReadOnlyCollection<(string Cti, Revocation State)> all, SigningKey key)
    {
        var w = new CborWriter(CborConformanceMode.Canonical);
        w.WriteStartMap(8);
        w.WriteInt32(1); w.WriteTextString(partition);
        w.WriteInt32(2); w.WriteInt64(seq);
        w.WriteInt32(3); w.WriteInt64(from);
        w.WriteInt32(4); w.WriteInt64(issuedAt);
        w.WriteInt32(5); w.WriteInt64(nextUpdate);
        w.WriteInt32(6); w.WriteStartArray(added.Count);
        foreach (var (cti, state) in added)
        {
            w.WriteStartArray(2); w.WriteByteString(Convert.FromHexString(cti)); w.WriteInt32((int)state); w.WriteEndArray();
        }
        w.WriteEndArray();
        w.WriteInt32(7); w.WriteStartArray(removed.Count);
        foreach (var cti in removed) w.WriteByteString(Convert.FromHexString(cti));
        w.WriteEndArray();
        w.WriteInt32(8); w.WriteByteString(StateHash(all.ToDictionary(e => Number(Convert.FromHexString(e.Cti)), e => e.State)));
        w.WriteEndMap();
        return Sign1.Write(key, w.Encode());
    }
}
