using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Liren.Sdk.Security;

namespace Liren.Supplies.Rush;

/// <summary>
/// Tokens that enter one unit into one round (预约令牌): handed out before opening to whoever is signed in, or in a personal link. The opening second then needs no session, only one
/// keyed hash. Not transferable to another unit or round; they end with the round.
/// </summary>
internal sealed class EntryTokens(Protector protector)
{
    private const int Said = 8, Size = Said + 16;
    private readonly byte[] key = protector.Hash("supplies:token", "1");

    /// <summary>The token of a unit.</summary>
    public string Make(int serial, int no)
    {
        Span<byte> token = stackalloc byte[Size];
        BinaryPrimitives.WriteInt32BigEndian(token, serial);
        BinaryPrimitives.WriteInt32BigEndian(token[4..], no);
        Sign(token[..Said], token[Said..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Round and unit of a token we made; false for any other.</summary>
    public bool Read(ReadOnlySpan<byte> text, out int serial, out int no)
    {
        (serial, no) = (0, 0);
        Span<byte> token = stackalloc byte[Size], due = stackalloc byte[16];
        if (text.Length != Base64Url.GetEncodedLength(Size) || !Base64Url.TryDecodeFromUtf8(text, token, out var read) || read != Size) return false;
        Sign(token[..Said], due);
        if (!CryptographicOperations.FixedTimeEquals(due, token[Said..])) return false;
        (serial, no) = (BinaryPrimitives.ReadInt32BigEndian(token), BinaryPrimitives.ReadInt32BigEndian(token[4..]));
        return true;
    }

    private void Sign(ReadOnlySpan<byte> said, Span<byte> into)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, said, hash);
        hash[..16].CopyTo(into);
    }
}
