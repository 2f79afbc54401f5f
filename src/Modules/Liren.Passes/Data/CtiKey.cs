using System.Buffers.Binary;
using Liren.Sdk.Data;

namespace Liren.Passes.Data;

/// <summary>The number of a pass (凭证编号) as bulk work on SQLite carries it: its sixteen characters as one number, which sorts as the text does.</summary>
internal static class CtiKey
{
    /// <summary>The number of a pass is sixteen characters; anything else is none.</summary>
    public static UInt128? Of(ReadOnlySpan<byte> text) => text.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(text) : null;

    /// <summary>Binds the characters.</summary>
    public static void BindCti(this SqliteStatement statement, int at, UInt128 key)
    {
        Span<byte> text = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(text, key);
        statement.BindText(at, text);
    }
}
