using System.Security.Cryptography;
using System.Text;
using Liren.Sdk.Data;

namespace Liren.Sdk.Security;

/// <summary>
/// Encrypts sensitive values (AES-256-GCM) and makes keyed hashes for exact search (HMAC-SHA-256). Keys lie in the data folder's
/// <c>keys</c>, readable by the owner only, one file per purpose; they are not part of the database, so a stolen database shows nothing.
/// </summary>
public sealed class Protector : IDisposable
{
    /// <summary>Bytes of the tag at the end of a sealed value.</summary>
    public const int TagSize = 16;

    private const int NonceSize = 12;
    // One cipher holds one context of the library below: two threads in it at once would mix their values.
    private readonly ThreadLocal<AesGcm> ciphers;
    private readonly byte[] indexKey;

    /// <summary>Loads the keys, or makes them on first use.</summary>
    public Protector(DataLocation at)
    {
        var key = LoadKey(at, "values.key");
        ciphers = new(() => new AesGcm(key, TagSize), trackAllValues: true);
        indexKey = LoadKey(at, "index.key");
    }

    /// <summary>Encrypts; <paramref name="context"/> ("person:ID:idNo") is bound to it, so a value cannot be moved to another row.</summary>
    public byte[] Encrypt(string plain, string context) => Seal(ciphers.Value!, Encoding.UTF8.GetBytes(plain), context);

    /// <summary>Decrypts; throws <see cref="CryptographicException"/> when the value, the context or the key is not the right one.</summary>
    public string Decrypt(byte[] value, string context) => Encoding.UTF8.GetString(Open(ciphers.Value!, value, context));

    /// <summary>Seals bytes by a key of the caller's, in the form of every sealed value: nonce (12), ciphertext, tag (16).</summary>
    /// <param name="cipher">Made with <see cref="TagSize"/>.</param>
    /// <param name="plain">What to seal.</param>
    /// <param name="context">Bound to it.</param>
    public static byte[] Seal(AesGcm cipher, ReadOnlySpan<byte> plain, string context)
    {
        var sealed_ = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(sealed_.AsSpan(0, NonceSize));
        cipher.Encrypt(sealed_.AsSpan(0, NonceSize), plain, sealed_.AsSpan(NonceSize, plain.Length), sealed_.AsSpan(NonceSize + plain.Length), Encoding.UTF8.GetBytes(context));
        return sealed_;
    }

    /// <summary>Opens what <see cref="Seal"/> made; throws <see cref="CryptographicException"/> when the value, the context or the key is not the right one.</summary>
    public static byte[] Open(AesGcm cipher, ReadOnlySpan<byte> value, string context)
    {
        var length = value.Length - NonceSize - TagSize;
        if (length < 0) throw new CryptographicException("Value too short");
        var plain = new byte[length];
        cipher.Decrypt(value[..NonceSize], value.Slice(NonceSize, length), value[(NonceSize + length)..], plain, Encoding.UTF8.GetBytes(context));
        return plain;
    }

    /// <summary>Keyed hash for exact search; the same value under another <paramref name="kind"/> hashes differently.</summary>
    public byte[] Hash(string kind, string value) => HMACSHA256.HashData(indexKey, Encoding.UTF8.GetBytes($"{kind}\n{value}"));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var cipher in ciphers.Values) cipher.Dispose();
        ciphers.Dispose();
    }

    private static byte[] LoadKey(DataLocation at, string name)
    {
        var path = Path.Combine(at.Sub("keys"), name);
        if (!File.Exists(path))
        {
            var fresh = path + "." + Guid.CreateVersion7().ToString("N");
            using (var file = OwnFile.Create(fresh))
            {
                file.Write(RandomNumberGenerator.GetBytes(32));
                file.Flush(flushToDisk: true);
            }
            // Whoever comes first wins; a half-written key is never seen.
            try { File.Move(fresh, path, overwrite: false); } catch (IOException) { File.Delete(fresh); }
        }
        return File.ReadAllBytes(path);
    }
}
