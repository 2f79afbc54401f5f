using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Liren.Vision.Model;

/// <summary>A message of Protocol Buffers in the making: the few forms ONNX needs.</summary>
internal sealed class ProtoMessage
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public ProtoMessage Whole(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtoMessage Float(int field, float value)
    {
        Varint((ulong)field << 3 | 5);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        bytes.Write(four);
        return this;
    }

    public ProtoMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)field << 3 | 2);
        Varint((ulong)value.Length);
        bytes.Write(value);
        return this;
    }

    public ProtoMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(int field, ProtoMessage value) => Bytes(field, value.bytes.WrittenSpan);

    public byte[] ToArray() => bytes.WrittenSpan.ToArray();

    private void Varint(ulong value)
    {
        for (; value > 127; value >>= 7) bytes.Write([(byte)(value | 128)]);
        bytes.Write([(byte)value]);
    }
}

/// <summary>
/// Writes an ONNX file, opset 13 (field numbers from onnx.proto). Large float constants are kept as 16-bit floats and cast when the model is loaded. The same
/// calls make the same bytes.
/// </summary>
internal sealed class OnnxWriter
{
    private const int Opset = 13, IrVersion = 8, FloatType = 1, WholeType = 7, HalfType = 10, Large = 1_024;
    private readonly ProtoMessage graph = new();
    private readonly List<ProtoMessage> constants = [], inputs = [];
    private readonly HashSet<string> known = [];

    /// <summary>Nodes so far.</summary>
    public int Nodes { get; private set; }

    /// <summary>Adds a node; attributes are whole numbers, lists of them, floats or texts.</summary>
    public void Node(string op, IEnumerable<string> from, IEnumerable<string> to, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new ProtoMessage();
        foreach (var name in from) node.Text(1, name);
        foreach (var name in to) node.Text(2, name);
        node.Text(3, $"n{Nodes++}").Text(4, op);
        foreach (var (name, value) in attributes)
        {
            var attribute = new ProtoMessage().Text(1, name);
            switch (value)
            {
                case float number: attribute.Float(2, number).Whole(20, 1); break;
                case long whole: attribute.Whole(3, whole).Whole(20, 2); break;
                case string text: attribute.Text(4, text).Whole(20, 3); break;
                case long[] wholes:
                    foreach (var whole in wholes) attribute.Whole(8, whole);
                    attribute.Whole(20, 7);
                    break;
                default: throw new ModelException($"Attribute {name} of {op} has no form in ONNX");
            }
            node.Message(5, attribute);
        }
        graph.Message(1, node);
    }

    /// <summary>Adds a constant once; a second one of the same name is the same.</summary>
    public string Constant(string name, Tensor value)
    {
        if (!known.Add(name)) return name;
        if (value.Floats is { Length: > Large } many)
        {
            var halves = new Half[many.Length];
            for (var i = 0; i < many.Length; i++) halves[i] = (Half)many[i];
            Add(name + "/half", value.Shape, HalfType, MemoryMarshal.AsBytes(halves.AsSpan()));
            Node("Cast", [name + "/half"], [name], ("to", (long)FloatType));
        }
        else if (value.Floats is { } floats) Add(name, value.Shape, FloatType, MemoryMarshal.AsBytes(floats.AsSpan()));
        else Add(name, value.Shape, WholeType, MemoryMarshal.AsBytes(value.Wholes.AsSpan()));
        return name;
    }

    /// <summary>A constant list of whole numbers.</summary>
    public string Constant(string name, params long[] wholes) => Constant(name, Tensor.Of([wholes.Length], wholes));

    /// <summary>What the model is asked with.</summary>
    public void Input(string name, long[] shape) => inputs.Add(Describe(name, shape));

    /// <summary>The file.</summary>
    public byte[] Write(IEnumerable<string> outputs)
    {
        graph.Text(2, "liren");
        foreach (var constant in constants) graph.Message(5, constant);
        foreach (var input in inputs) graph.Message(11, input);
        foreach (var output in outputs) graph.Message(12, Describe(output, null));
        return new ProtoMessage().Whole(1, IrVersion).Text(2, "liren-vision").Message(7, graph).Message(8, new ProtoMessage().Text(1, "").Whole(2, Opset)).ToArray();
    }

    // ONNX numbers are little-endian, as every system the runtime runs on.
    private void Add(string name, long[] shape, int type, ReadOnlySpan<byte> raw)
    {
        var tensor = new ProtoMessage();
        foreach (var length in shape) tensor.Whole(1, length);
        constants.Add(tensor.Whole(2, type).Text(8, name).Bytes(9, raw));
    }

    private static ProtoMessage Describe(string name, long[]? shape)
    {
        var tensor = new ProtoMessage().Whole(1, FloatType);
        if (shape is not null)
        {
            var dimensions = new ProtoMessage();
            foreach (var length in shape) dimensions.Message(1, new ProtoMessage().Whole(1, length));
            tensor.Message(2, dimensions);
        }
        return new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(1, tensor));
    }
}
