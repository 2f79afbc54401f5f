using System.Collections.Frozen;
using System.Formats.Cbor;

namespace Liren.Codes;

/// <summary>What a trusted key may sign.</summary>
[Flags]
public enum KeyUses
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Passes.</summary>
    Pass = 1,
    /// <summary>Revocation lists.</summary>
    List = 2,
    /// <summary>Pick-up tickets.</summary>
    Pickup = 4,
}

/// <summary>Where a key stands in its life.</summary>
public enum KeyState
{
    /// <summary>Signs and verifies.</summary>
    Active = 0,
    /// <summary>Signs no more; what it signed stays good.</summary>
    VerifyOnly = 1,
    /// <summary>Compromised: nothing it signed is good.</summary>
    Revoked = 2,
}

/// <summary>A key in the trust list.</summary>
/// <param name="Key">The public key.</param>
/// <param name="Scopes">Paths of the places it speaks for, and everything below them.</param>
/// <param name="Uses">What it may sign.</param>
/// <param name="NotBefore">Unix seconds.</param>
/// <param name="NotAfter">Unix seconds, inclusive.</param>
/// <param name="State">Where it stands.</param>
public sealed record TrustedKey(VerifyingKey Key, IReadOnlyList<string> Scopes, KeyUses Uses, long NotBefore, long NotAfter, KeyState State)
{
    /// <summary>It speaks for the place.</summary>
    public bool Covers(string place) => Scopes.Any(scope => Paths.IsWithin(place, scope));
}

/// <summary>Whose signatures count (信任列表), signed by the root. Never changed: a new list is a new object.</summary>
public sealed class TrustList
{
    private const int MostKeys = 10_000;
    private readonly FrozenDictionary<ulong, TrustedKey[]> byKid;

    /// <summary>A list of keys; for the root to sign, and for verifiers that got their keys another way.</summary>
    public TrustList(long seq, long issuedAt, long nextUpdate, IReadOnlyList<TrustedKey> keys)
    {
        (Seq, IssuedAt, NextUpdate, Keys) = (seq, issuedAt, nextUpdate, keys);
        byKid = keys.GroupBy(k => Number(k.Key.Kid)).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }

    /// <summary>Rises with each list.</summary>
    public long Seq { get; }
    /// <summary>Unix seconds.</summary>
    public long IssuedAt { get; }
    /// <summary>Unix seconds: a newer list should be here by then.</summary>
    public long NextUpdate { get; }
    /// <summary>The keys.</summary>
    public IReadOnlyList<TrustedKey> Keys { get; }

    /// <summary>Signature checks already made under these keys.</summary>
    internal SignatureMemory Memory { get; } = new();

    internal static ulong Number(ReadOnlySpan<byte> kid) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(kid);

    /// <summary>Keys of that id; several when ids collide.</summary>
    public ReadOnlySpan<TrustedKey> Of(ReadOnlySpan<byte> kid) => kid.Length == 8 && byKid.TryGetValue(Number(kid), out var keys) ? keys : [];

    /// <summary>Signs the list.</summary>
    public byte[] Sign(SigningKey root)
    {
        var w = new CborWriter(CborConformanceMode.Canonical);
        w.WriteStartMap(4);
        w.WriteInt32(1); w.WriteInt64(Seq);
        w.WriteInt32(2); w.WriteInt64(IssuedAt);
        w.WriteInt32(3); w.WriteInt64(NextUpdate);
        w.WriteInt32(4); w.WriteStartArray(Keys.Count);
        foreach (var key in Keys)
        {
            w.WriteStartMap(8);
            w.WriteInt32(1); w.WriteByteString(key.Key.Kid);
            w.WriteInt32(2); w.WriteInt32((int)key.Key.Alg);
            w.WriteInt32(3); w.WriteByteString(key.Key.Spki);
            w.WriteInt32(4); w.WriteStartArray(key.Scopes.Count);
            foreach (var scope in key.Scopes) w.WriteTextString(scope);
            w.WriteEndArray();
            w.WriteInt32(5); w.WriteInt32((int)key.Uses);
            w.WriteInt32(6); w.WriteInt64(key.NotBefore);
            w.WriteInt32(7); w.WriteInt64(key.NotAfter);
            w.WriteInt32(8); w.WriteInt32((int)key.State);
            w.WriteEndMap();
        }
        w.WriteEndArray();
        w.WriteEndMap();
        return Sign1.Write(root, w.Encode());
    }

    /// <summary>Reads a signed list; null when it is malformed, not the root's, or older than the one held.</summary>
    /// <param name="envelope">The signed list.</param>
    /// <param name="root">The pinned key.</param>
    /// <param name="heldSeq"><see cref="Seq"/> of the list held; 0 when there is none. A lower one is an old list played again.</param>
    public static TrustList? Read(ReadOnlySpan<byte> envelope, VerifyingKey root, long heldSeq = 0)
    {
        if (!Sign1.TryRead(envelope, true, out var message) || !message.Kid.SequenceEqual(root.Kid) || !message.Holds(root)) return null;
        var r = new StrictCbor(message.Payload);
        if (!r.TryMap(out var pairs) || pairs != 4 || !Label(ref r, 1) || !r.TryInt(out var seq) || seq < heldSeq || !Label(ref r, 2) || !r.TryInt(out var issued)) return null;
        if (!Label(ref r, 3) || !r.TryInt(out var next) || !Label(ref r, 4) || !r.TryArray(out var count) || count > MostKeys) return null;
        var keys = new List<TrustedKey>();
        for (var i = 0; i < count; i++)
        {
            if (!TryKey(ref r, out var key)) return null;
            // A key of a kind that this reader does not know signs nothing it could check: left out.
            if (key is not null) keys.Add(key);
        }
        return r.AtEnd ? new TrustList(seq, issued, next, keys) : null;
    }

    private static bool Label(ref StrictCbor r, long wanted) => r.TryInt(out var label) && label == wanted;

    private static bool TryKey(ref StrictCbor r, out TrustedKey? key)
    {
        key = null;
        if (!r.TryMap(out var pairs) || pairs != 8 || !Label(ref r, 1) || !r.TryBytes(out var kid) || !Label(ref r, 2) || !r.TryInt(out var alg) || !Label(ref r, 3) || !r.TryBytes(out var spki)) return false;
        if (!Label(ref r, 4) || !r.TryArray(out var count)) return false;
        var scopes = new List<string>();
        for (var i = 0; i < count; i++)
        {
            if (!r.TryText(120, out var scope)) return false;
            scopes.Add(scope);
        }
        if (!Label(ref r, 5) || !r.TryInt(out var uses) || !Label(ref r, 6) || !r.TryInt(out var from) || !Label(ref r, 7) || !r.TryInt(out var to) || !Label(ref r, 8) || !r.TryInt(out var state) || state is < 0 or > 2) return false;
        if (VerifyingKey.FromSpki(spki.ToArray()) is { } made && (long)made.Alg == alg && kid.SequenceEqual(made.Kid)) key = new(made, scopes, (KeyUses)(uses & 7), from, to, (KeyState)state);
        return true;
    }
}

/// <summary>Places are paths of segments joined by dots; "" is everywhere.</summary>
internal static class Paths
{
    public static bool IsWithin(string path, string scope) =>
        scope.Length == 0 || (path.StartsWith(scope, StringComparison.Ordinal) && (path.Length == scope.Length || path[scope.Length] == '.'));
}
