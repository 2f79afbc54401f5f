using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Liren.Host.Operations;

/// <summary>
/// A stream encrypted with AES-256-GCM in blocks of 64 KiB under a key made from a passphrase (PBKDF2-SHA-256, 600,000 rounds, own salt).
/// The nonce holds the block number and whether it is the last, so blocks cannot be swapped, left out or cut off at the end.
/// </summary>
internal static class SealedStream
{
    public static readonly byte[] Mark = "LIREN-SEALED-1\n"u8.ToArray();
    private const int Block = 64 * 1024, Tag = 16, Salt = 16, Rounds = 600_000;

    /// <summary>Writes everything <paramref name="plain"/> holds, encrypted.</summary>
    public static async Task SealAsync(Stream plain, Stream into, string passphrase, CancellationToken cancellation)
    {
        var salt = RandomNumberGenerator.GetBytes(Salt);
        await into.WriteAsync(Mark, cancellation);
        await into.WriteAsync(salt, cancellation);
        using var cipher = new AesGcm(KeyOf(passphrase, salt), Tag);
        byte[] now = new byte[Block], next = new byte[Block], output = new byte[Block + Tag];
        var length = await plain.ReadAtLeastAsync(now, Block, throwOnEndOfStream: false, cancellation);
        for (long number = 0; ; number++)
        {
            var following = length < Block ? 0 : await plain.ReadAtLeastAsync(next, Block, throwOnEndOfStream: false, cancellation);
            var last = following == 0;
            cipher.Encrypt(Nonce(number, last), now.AsSpan(0, length), output.AsSpan(0, length), output.AsSpan(length, Tag));
            await into.WriteAsync(output.AsMemory(0, length + Tag), cancellation);
            if (last) return;
            (now, next, length) = (next, now, following);
        }
    }

    /// <summary>Writes the plain content of what follows the mark; throws <see cref="CryptographicException"/> when anything was changed or the passphrase is wrong.</summary>
    public static async Task OpenAsync(Stream sealed_, Stream into, string passphrase, CancellationToken cancellation)
    {
        var salt = new byte[Salt];
        await sealed_.ReadExactlyAsync(salt, cancellation);
        using var cipher = new AesGcm(KeyOf(passphrase, salt), Tag);
        byte[] now = new byte[Block + Tag], next = new byte[Block + Tag], output = new byte[Block];
        var length = await sealed_.ReadAtLeastAsync(now, now.Length, throwOnEndOfStream: false, cancellation);
        for (long number = 0; ; number++)
        {
            if (length < Tag) throw new CryptographicException("The file is cut off");
            var following = length < now.Length ? 0 : await sealed_.ReadAtLeastAsync(next, next.Length, throwOnEndOfStream: false, cancellation);
            var last = following == 0;
            cipher.Decrypt(Nonce(number, last), now.AsSpan(0, length - Tag), now.AsSpan(length - Tag, Tag), output.AsSpan(0, length - Tag));
            await into.WriteAsync(output.AsMemory(0, length - Tag), cancellation);
            if (last) return;
            (now, next, length) = (next, now, following);
        }
    }

    private static byte[] KeyOf(string passphrase, byte[] salt) => Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, Rounds, HashAlgorithmName.SHA256, 32);

    private static byte[] Nonce(long number, bool last)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(3), number);
        nonce[11] = last ? (byte)1 : (byte)0;
        return nonce;
    }
}
