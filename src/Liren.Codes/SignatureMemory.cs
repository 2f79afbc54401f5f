using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Liren.Codes;

/// <summary>
/// Remembers passes whose signature held under one trust list, so that the second look at a pass costs a hash instead of a signature check. Only the
/// outcome of the signature is kept: time, lists and replay are judged anew each time. A fixed table in which a newer pass may push out an older one:
/// it never grows and no check ever waits for another. Safe for many threads.
/// </summary>
internal sealed class SignatureMemory
{
    // 65,536 references, half a megabyte, made with the first pass that is remembered.
    private const int Slots = 1 << 16;
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
        var entry = Volatile.Read(ref entries) is { } table ? Volatile.Read(ref table[SlotOf(name)]) : null;
        var known = entry is not null && entry.Name == name;
        found = known ? (entry!.Claims, entry.Key) : default;
        return known;
    }

    public void Add(UInt128 name, PassClaims claims, TrustedKey key)
    {
        var table = Volatile.Read(ref entries) ?? Interlocked.CompareExchange(ref entries, new Entry?[Slots], null) ?? entries;
        Volatile.Write(ref table[SlotOf(name)], new Entry(name, claims, key));
    }

    private static int SlotOf(UInt128 name) => (int)((ulong)name & (Slots - 1));
}
