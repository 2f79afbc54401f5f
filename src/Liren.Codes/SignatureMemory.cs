using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Liren.Codes;

/// <summary>
/// Remembers passes whose signature held under one trust list, so that the second look at a pass costs a hash instead of a signature check. Only the
/// outcome of the signature is kept: time, lists and replay are judged anew each time. A fixed table of small groups, in which a newer pass may push out an
/// older one: it never grows and no check ever waits for another. Safe for many threads.
/// </summary>
internal sealed class SignatureMemory
{
    // 65,536 references, half a megabyte, made with the first pass that is remembered.
    private const int Slots = 1 << 16, OfGroup = 4;
    private Entry?[]? entries;

    private sealed record Entry(UInt128 Name, PassClaims Claims, TrustedKey Key);

    public static UInt128 NameOf(ReadOnlySpan<byte> pass)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(pass, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    public bool TryGet(UInt128 name, out (PassClaims Claims, TrustedKey Key) found)
    {
        found = default;
        if (Volatile.Read(ref entries) is not { } table) return false;
        foreach (ref var slot in GroupOf(table, name))
        {
            if (Volatile.Read(ref slot) is not { } entry || entry.Name != name) continue;
            found = (entry.Claims, entry.Key);
            return true;
        }
        return false;
    }

    public void Add(UInt128 name, PassClaims claims, TrustedKey key)
    {
        var group = GroupOf(Volatile.Read(ref entries) ?? Interlocked.CompareExchange(ref entries, new Entry?[Slots], null) ?? entries, name);
        var free = group.IndexOf((Entry?)null);
        Volatile.Write(ref group[free >= 0 ? free : (int)(name >> 126)], new Entry(name, claims, key));
    }

    private static Span<Entry?> GroupOf(Entry?[] table, UInt128 name) => table.AsSpan((int)((ulong)name & (Slots / OfGroup - 1)) * OfGroup, OfGroup);
}
