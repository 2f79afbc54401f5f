using System.Security.Cryptography;

namespace Liren.Plans.Running;

/// <summary>Ids that follow from their cause: the same cause gives the same id after any restart.</summary>
public static class CausedId
{
    /// <summary>A UUIDv7 by time, the rest of it from the cause.</summary>
    public static Guid Of(DateTimeOffset at, ReadOnlySpan<byte> cause)
    {
        var bytes = Guid.CreateVersion7(at).ToByteArray(bigEndian: true);
        SHA256.HashData(cause).AsSpan(6, 10).CopyTo(bytes.AsSpan(6));
        bytes[6] = (byte)(0x70 | bytes[6] & 0x0F);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        return new(bytes, bigEndian: true);
    }
}
