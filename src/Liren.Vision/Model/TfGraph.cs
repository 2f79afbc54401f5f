using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Liren.Vision.Model;

/// <summary>A model that cannot be read or converted; the sentence names the node.</summary>
internal sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A constant: floats, or whole numbers.</summary>
/// <param name="Shape">Length of each dimension; none for a single value.</param>
/// <param name="Floats">Its values, when it holds floats.</param>
/// <param name="Wholes">Its values, when it holds whole numbers.</param>
internal sealed record Tensor(long[] Shape, float[]? Floats, long[]? Wholes)
{
    public static Tensor Of(long[] shape, float[] values) => new(shape, values, null);

    public static Tensor Of(long[] shape, long[] values) => new(shape, null, values);

    /// <summary>How many values a shape holds.</summary>
    public static long Count(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var length in shape) count = checked(count * length);
        return count;
    }
}

/// <summary>A node of a TensorFlow.js graph and its attributes.</summary>
internal sealed class TfNode(JsonElement json)
{
    public string Name { get; } = json.GetProperty("name").GetString()!;
    public string Op { get; } = json.GetProperty("op").GetString()!;

    /// <summary>Where its data comes from; control inputs (^name) left out.</summary>
    public IReadOnlyList<string> Inputs { get; } = json.TryGetProperty("input", out var inputs)
        ? [.. inputs.EnumerateArray().Select(i => i.GetString()!).Where(i => !i.StartsWith('^'))] : [];

    public string Text(string key, string otherwise) =>
        Value(key, "s") is { } s ? Encoding.UTF8.GetString(Convert.FromBase64String(s.GetString()!)) : otherwise;

    public float Number(string key, float otherwise) => Value(key, "f") is { } f ? f.GetSingle() : otherwise;

    public bool Flag(string key) => Value(key, "b") is { } b && b.GetBoolean();

    public long[] Wholes(string key) => Value(key, "list") is { } list && list.TryGetProperty("i", out var i) ? [.. i.EnumerateArray().Select(Whole)] : [];

    /// <summary>Shape of a placeholder; an open dimension is 1.</summary>
    public long[] Shape() => Value("shape", "shape") is { } shape && shape.TryGetProperty("dim", out var dim)
        ? [.. dim.EnumerateArray().Select(d => Math.Max(1, Whole(d.GetProperty("size"))))] : [];

    private JsonElement? Value(string key, string form) =>
        json.TryGetProperty("attr", out var attributes) && attributes.TryGetProperty(key, out var value) && value.TryGetProperty(form, out var found) ? found : null;

    // 64-bit numbers travel as text.
    private static long Whole(JsonElement e) => e.ValueKind == JsonValueKind.String ? long.Parse(e.GetString()!, CultureInfo.InvariantCulture) : e.GetInt64();
}

/// <summary>A TensorFlow.js graph model: its nodes, its weights, and what it answers.</summary>
internal sealed class TfGraph
{
    public IReadOnlyDictionary<string, TfNode> Nodes { get; }
    public IReadOnlyDictionary<string, Tensor> Weights { get; }
    /// <summary>Names of the nodes that are the answer, in ordinal order.</summary>
    public IReadOnlyList<string> Outputs { get; }

    private TfGraph(JsonElement root, Func<string, byte[]> shard)
    {
        Nodes = root.GetProperty("modelTopology").GetProperty("node").EnumerateArray().Select(n => new TfNode(n)).ToDictionary(n => n.Name);
        Weights = root.GetProperty("weightsManifest").EnumerateArray().SelectMany(group => Read(group, shard)).ToDictionary();
        Outputs = [.. root.GetProperty("signature").GetProperty("outputs").EnumerateObject().Select(o => NodeOf(o.Value.GetProperty("name").GetString()!)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Reads model.json; <paramref name="shard"/> gives the bytes of a weight file by the name in it.</summary>
    public static TfGraph Read(ReadOnlyMemory<byte> json, Func<string, byte[]> shard)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new(document.RootElement.Clone(), shard);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new ModelException($"This is no TensorFlow.js graph model: {e.Message}", e);
        }
    }

    /// <summary>The node of a reference: "split:1" is of the node "split".</summary>
    public static string NodeOf(string reference) => reference.LastIndexOf(':') is > 0 and var at ? reference[..at] : reference;

    private static IEnumerable<KeyValuePair<string, Tensor>> Read(JsonElement group, Func<string, byte[]> shard)
    {
        var bytes = group.GetProperty("paths").EnumerateArray().SelectMany(p => shard(p.GetString()!)).ToArray();
        var at = 0;
        foreach (var weight in group.GetProperty("weights").EnumerateArray())
        {
            var name = weight.GetProperty("name").GetString()!;
            var shape = weight.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
            var type = weight.GetProperty("dtype").GetString()!;
            var (stored, scale, least) = weight.TryGetProperty("quantization", out var q)
                ? (q.GetProperty("dtype").GetString()!, q.TryGetProperty("scale", out var s) ? s.GetDouble() : 1, q.TryGetProperty("min", out var m) ? m.GetDouble() : 0)
                : (type, 1d, 0d);
            var size = stored switch { "float32" or "int32" => 4, "float16" or "uint16" => 2, "uint8" => 1, _ => throw new ModelException($"Weight {name}: type {stored} is not read") };
            var count = Tensor.Count(shape);
            if (count < 0 || at + count * size > bytes.Length) throw new ModelException($"Weight {name}: the weight file is too short");
            var from = bytes.AsSpan(at, (int)count * size);
            at += from.Length;
            if (type == "int32")
            {
                var wholes = new long[count];
                for (var i = 0; i < wholes.Length; i++) wholes[i] = BinaryPrimitives.ReadInt32LittleEndian(from[(4 * i)..]);
                yield return new(name, Tensor.Of(shape, wholes));
                continue;
            }
            var floats = new float[count];
            for (var i = 0; i < floats.Length; i++)
                floats[i] = stored switch
                {
                    "float16" => (float)BinaryPrimitives.ReadHalfLittleEndian(from[(2 * i)..]),
                    "uint16" => (float)(BinaryPrimitives.ReadUInt16LittleEndian(from[(2 * i)..]) * scale + least),
                    "uint8" => (float)(from[i] * scale + least),
                    _ => BinaryPrimitives.ReadSingleLittleEndian(from[(4 * i)..]),
                };
            yield return new(name, Tensor.Of(shape, floats));
        }
    }
}
