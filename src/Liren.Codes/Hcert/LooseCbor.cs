using System.Formats.Cbor;

namespace Liren.Codes.Hcert;

/// <summary>
/// Reads any well-formed CBOR into plain values, for other people's tokens: indefinite lengths, long integers, floats and tags are accepted. Bounded in
/// depth and in items, so that no input costs more than some hundred kilobytes. Tags are dropped; text for text, byte[] for byte strings, decimal-free
/// numbers as <see cref="long"/>, <see cref="ulong"/> or <see cref="double"/>.
/// </summary>
public static class LooseCbor
{
    /// <summary>Levels of nesting.</summary>
    public const int MostDepth = 16;
    /// <summary>Items in one document.</summary>
    public const int MostItems = 4_000;

    /// <summary>A map: keys are text or whole numbers.</summary>
    public sealed class Map : Dictionary<object, object?>;

    /// <summary>Reads one item that is all of the data; false for anything else. Never throws.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> data, out object? value)
    {
        value = null;
        try
        {
            var reader = new CborReader(data, CborConformanceMode.Lax);
            var left = MostItems;
            value = Read(reader, 0, ref left);
            return reader.BytesRemaining == 0;
        }
        // The reader names what is wrong by three kinds of exception; here each means: not well-formed.
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
        {
            value = null;
            return false;
        }
    }

    private static object? Read(CborReader reader, int depth, ref int left)
    {
        if (depth > MostDepth || left-- <= 0) throw new CborContentException("too deep or too many items");
        for (var tags = 0; reader.PeekState() == CborReaderState.Tag; tags++)
        {
            if (tags >= MostDepth) throw new CborContentException("too many tags");
            reader.ReadTag();
        }
        switch (reader.PeekState())
        {
            case CborReaderState.UnsignedInteger: var number = reader.ReadUInt64(); return number <= long.MaxValue ? (object)(long)number : number;
            case CborReaderState.NegativeInteger: var below = reader.ReadCborNegativeIntegerRepresentation(); return below <= long.MaxValue ? (object)(-1L - (long)below) : -1d - below;
            case CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString: return reader.ReadByteString();
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString: return reader.ReadTextString();
            case CborReaderState.HalfPrecisionFloat or CborReaderState.SinglePrecisionFloat or CborReaderState.DoublePrecisionFloat: return reader.ReadDouble();
            case CborReaderState.Boolean: return reader.ReadBoolean();
            case CborReaderState.Null: reader.ReadNull(); return null;
            case CborReaderState.SimpleValue: return reader.ReadSimpleValue();
            case CborReaderState.StartArray:
                reader.ReadStartArray();
                var items = new List<object?>();
                while (reader.PeekState() != CborReaderState.EndArray) items.Add(Read(reader, depth + 1, ref left));
                reader.ReadEndArray();
                return items;
            case CborReaderState.StartMap:
                reader.ReadStartMap();
                var map = new Map();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    var key = Read(reader, depth + 1, ref left);
                    // A key given twice would let two readers see two documents.
                    if (key is not (string or long or ulong) || !map.TryAdd(key, Read(reader, depth + 1, ref left))) throw new CborContentException("key");
                }
                reader.ReadEndMap();
                return map;
            default: throw new CborContentException("unexpected item");
        }
    }
}
