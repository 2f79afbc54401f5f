using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Liren.Codes;

/// <summary>
/// Remembers passes whose signature held under one trust list, so that the second look at a pass costs a hash instead of a signature check. Only the
/// outcome of the signature is kept: time, lists and replay are judged anew each time. Bounded; when full it starts afresh.
/// </summary>
internal sealed class SignatureMemory
{
    private const int Most = 200_000;
    private readonly ConcurrentDictionary<UInt128, (PassClaims Claims, TrustedKey Key)> known = new();

    public static UInt128 NameOf(ReadOnlySpan<byte> pass)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(pass, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    public bool TryGet(UInt128 name, out (PassClaims Claims, TrustedKey Key) found) => known.TryGetValue(name, out found);

    public void Add(UInt128 name, PassClaims claims, TrustedKey key)
    {
        if (known.Count >= Most) known.Clear();
        known[name] = (claims, key);
    }
}
