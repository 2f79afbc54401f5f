using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Liren.Draws;

/// <summary>Somebody who adds a secret to the draw (保管人): publishes its commitment before, and the secret itself after the list is closed.</summary>
/// <param name="Name">Who, such as the street office, the owners' committee, a notary; no two alike.</param>
/// <param name="Commit">SHA-256 over "liren-commit/1", a line feed and the secret.</param>
/// <param name="Secret">32 bytes; null until revealed.</param>
public sealed record Custodian(string Name, byte[] Commit, byte[]? Secret)
{
    /// <summary>Bytes of a secret.</summary>
    public const int SecretSize = 32;

    /// <summary>The commitment to a secret.</summary>
    public static byte[] CommitTo(ReadOnlySpan<byte> secret) => SHA256.HashData([.. "liren-commit/1\n"u8, .. secret]);

    /// <summary>Whether the secret is the one that was promised.</summary>
    public bool Keeps => Secret is { Length: SecretSize } && CommitTo(Secret).AsSpan().SequenceEqual(Commit);
}

/// <summary>
/// The draw itself (抽签), after the idea of RFC 3797: the seed comes from a list that is fixed, secrets that were promised and a public number that nobody knew then; everything
/// after it is arithmetic that anybody can do again. HMAC-SHA-256 in place of MD5, and rejection sampling in place of a remainder, so that no place is the least bit likelier.
/// </summary>
public static class Draw
{
    /// <summary>Name of this way to draw; the first line of the seed.</summary>
    public const string Format = "liren-draw/1";

    /// <summary>The same where somebody may hold several tickets or shares are reserved: that is in the seed too.</summary>
    public const string Format2 = "liren-draw/2";

    /// <summary>The lines the seed is made of.</summary>
    /// <param name="round">Code of the round.</param>
    /// <param name="entries">n.</param>
    /// <param name="winners">k.</param>
    /// <param name="root">Commitment to the list.</param>
    /// <param name="custodians">All must have kept their promise: a missing secret voids the draw, or the last one could choose.</param>
    /// <param name="beacon">The public number.</param>
    /// <param name="terms">Several tickets, reserved shares; null: neither.</param>
    public static IReadOnlyList<string> SeedLines(string round, int entries, int winners, ReadOnlySpan<byte> root, IEnumerable<Custodian> custodians, string beacon, DrawTerms? terms = null)
    {
        terms ??= DrawTerms.Plain;
        var inOrder = custodians.OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        if (entries <= 0) throw new DrawFaultException("no-entries");
        if (winners <= 0 || winners > entries) throw new DrawFaultException("too-few-entries", winners.ToString(CultureInfo.InvariantCulture));
        if (!OneLine(round)) throw new DrawFaultException("round-name", round);
        if (!OneLine(beacon)) throw new DrawFaultException("beacon", beacon);
        for (var i = 1; i < inOrder.Count; i++) if (inOrder[i].Name == inOrder[i - 1].Name) throw new DrawFaultException("custodian-twice", inOrder[i].Name);
        if (inOrder.Find(c => c.Secret is null) is { } silent) throw new DrawFaultException("secret-missing", silent.Name);
        if (inOrder.Find(c => !c.Keeps) is { } broken) throw new DrawFaultException("secret-broken", broken.Name);
        if (terms.MostTickets is < 1 or > Tickets.Most) throw new DrawFaultException("tickets", terms.MostTickets.ToString(CultureInfo.InvariantCulture));
        if (terms.Reserved.FirstOrDefault(r => !OneLine(r.Name) || r.Winners < 0) is { } odd) throw new DrawFaultException("reserve", odd.Name);
        if (terms.Reserved.Sum(r => (long)r.Winners) > winners) throw new DrawFaultException("reserve", "winners");
        IEnumerable<string> more = terms.IsPlain ? [] :
            [string.Create(CultureInfo.InvariantCulture, $"tickets={terms.MostTickets}"), .. terms.Reserved.Select(r => string.Create(CultureInfo.InvariantCulture, $"reserve={r.Name} winners={r.Winners} entries={r.Entries} root={r.Root}"))];
        return
        [
            terms.Format, $"round={round}", string.Create(CultureInfo.InvariantCulture, $"entries={entries}"), string.Create(CultureInfo.InvariantCulture, $"winners={winners}"), $"root={Hex.Of(root)}",
            .. more, .. inOrder.Select(c => $"secret={Hex.Of(c.Secret)}"), $"beacon={beacon}",
        ];
    }

    /// <summary>SHA-256 over the lines, joined by line feeds, none at the end.</summary>
    public static byte[] Seed(IReadOnlyList<string> lines) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    /// <summary>Numbers 0 to n-1 in the order drawn, as many as are asked for one by one.</summary>
    public static IEnumerable<int> Order(byte[] seed, int entries)
    {
        // Only places that were swapped are kept: the first winners of a city cost no list of the city.
        var moved = new Dictionary<int, int>();
        for (var i = 0; i < entries; i++)
        {
            var j = i + (int)Below(seed, (uint)i, (ulong)(entries - i));
            var drawn = moved.GetValueOrDefault(j, j);
            moved[j] = moved.GetValueOrDefault(i, i);
            yield return drawn;
        }
    }

    private static ulong Below(byte[] seed, uint step, ulong m)
    {
        // Above the largest multiple of m that 64 bits hold, the first places would be likelier: such a number is thrown again.
        var limit = unchecked(ulong.MaxValue / m * m + (ulong.MaxValue % m == m - 1 ? m : 0));
        Span<byte> message = stackalloc byte[8], hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt32BigEndian(message, step);
        for (uint again = 0; ; again++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(message[4..], again);
            HMACSHA256.HashData(seed, message, hash);
            var x = BinaryPrimitives.ReadUInt64BigEndian(hash);
            // A limit of 2^64 shows as 0.
            if (limit == 0 || x < limit) return x % m;
        }
    }

    private static bool OneLine(string text) => text is { Length: > 0 and <= 200 } && !text.Any(char.IsControl);
}
