namespace Liren.Vision.Model;

/// <summary>
/// From a TensorFlow.js graph model to ONNX: the operators of NanoDet. What works on pictures laid out as rows, columns, channels (NHWC) is turned to channels
/// first and back; the runtime removes the turns that cancel out. An operator it does not know ends the conversion, named.
/// </summary>
internal sealed class GraphConverter
{
    private static readonly long[] ChannelsFirst = [0, 3, 1, 2], ChannelsLast = [0, 2, 3, 1];
    private readonly TfGraph graph;
    private readonly Constants constants;
    private readonly OnnxWriter onnx = new();

    private GraphConverter(TfGraph graph) => (this.graph, constants) = (graph, new(graph));

    /// <summary>The ONNX file; the same graph makes the same bytes.</summary>
    public static byte[] Convert(TfGraph graph)
    {
        var converter = new GraphConverter(graph);
        foreach (var node in converter.InOrder())
            try { converter.Emit(node); }
            catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or OverflowException or NullReferenceException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new ModelException($"{node.Op} {node.Name}: inputs or attributes are missing or of another form", e);
            }
        return converter.onnx.Write(graph.Outputs);
    }

    // What a node needs comes before it. A stack of its own: graphs are deeper than the thread's stack should be.
    private List<TfNode> InOrder()
    {
        List<TfNode> order = [];
        Dictionary<string, bool> done = [];
        Stack<(string Name, bool Ready)> open = new(graph.Outputs.Reverse().Select(o => (o, false)));
        while (open.TryPop(out var next))
        {
            if (next.Ready)
            {
                done[next.Name] = true;
                order.Add(graph.Nodes[next.Name]);
                continue;
            }
            if (done.TryGetValue(next.Name, out var finished))
            {
                if (!finished) throw new ModelException($"{next.Name} depends on itself");
                continue;
            }
            if (constants.Find(next.Name) is not null) continue;
            done[next.Name] = false;
            open.Push((next.Name, true));
            foreach (var input in graph.Nodes[next.Name].Inputs.Select(TfGraph.NodeOf).Reverse())
                if (!done.TryGetValue(input, out var ready) || !ready) open.Push((input, false));
        }
        return order;
    }

    private string Value(string reference) => constants.Find(reference) is { } constant ? onnx.Constant(TfGraph.NodeOf(reference), constant)
        : reference.EndsWith(":0", StringComparison.Ordinal) ? reference[..^2] : reference;

    private void Emit(TfNode node)
    {
        switch (node.Op)
        {
            case "Placeholder": onnx.Input(node.Name, node.Shape()); break;
            case "Conv2D": Convolution(node); break;
            case "MaxPool": Pool(node); break;
            case "ResizeBilinear": Resize(node); break;
            case "Add" or "AddV2": onnx.Node("Add", [Value(node.Inputs[0]), Value(node.Inputs[1])], [node.Name]); break;
            case "Sigmoid" or "Identity": onnx.Node(node.Op, [Value(node.Inputs[0])], [node.Name]); break;
            case "LeakyRelu": onnx.Node("LeakyRelu", [Value(node.Inputs[0])], [node.Name], ("alpha", node.Number("alpha", 0.2f))); break;
            case "Transpose": onnx.Node("Transpose", [Value(node.Inputs[0])], [node.Name], ("perm", Wholes(node.Inputs[1]))); break;
            case "Reshape": onnx.Node("Reshape", [Value(node.Inputs[0]), onnx.Constant(node.Name + "/shape", Wholes(node.Inputs[1]))], [node.Name]); break;
            case "ConcatV2": onnx.Node("Concat", node.Inputs.SkipLast(1).Select(Value), [node.Name], ("axis", Wholes(node.Inputs[^1])[0])); break;
            case "Pad" or "PadV2": Pad(node); break;
            case "SplitV":
                var sizes = Wholes(node.Inputs[1]);
                onnx.Node("Split", [Value(node.Inputs[0]), onnx.Constant(node.Name + "/sizes", sizes)], sizes.Select((_, i) => i == 0 ? node.Name : $"{node.Name}:{i}"), ("axis", Wholes(node.Inputs[2])[0]));
                break;
            default: throw new ModelException($"Operator {node.Op} ({node.Name}) is not converted");
        }
    }

    private long[] Wholes(string reference) => constants.Get(reference).Wholes ?? throw new ModelException($"{reference} should hold whole numbers");

    private void Convolution(TfNode node)
    {
        var weights = constants.Get(node.Inputs[1]);
        if (weights.Floats is not { } from || weights.Shape is not [var height, var width, var ins, var outs]) throw new ModelException($"Conv2D {node.Name}: weights should be a table of four dimensions");
        var to = new float[from.Length];
        for (long y = 0, at = 0; y < height; y++) for (var x = 0L; x < width; x++) for (var i = 0L; i < ins; i++) for (var o = 0L; o < outs; o++, at++)
            to[((o * ins + i) * height + y) * width + x] = from[at];
        var w = onnx.Constant(node.Name + "/weights", Tensor.Of([outs, ins, height, width], to));
        Spatial(node, "Conv", [w], [("kernel_shape", new[] { height, width }), ("strides", Plane(node, "strides")), ("dilations", Plane(node, "dilations")), Padding(node)]);
    }

    private void Pool(TfNode node) => Spatial(node, "MaxPool", [], [("kernel_shape", Plane(node, "ksize")), ("strides", Plane(node, "strides")), Padding(node)]);

    private void Resize(TfNode node)
    {
        var size = Wholes(node.Inputs[1]);
        var first = Turn(Value(node.Inputs[0]), node.Name + "/first", ChannelsFirst);
        // ONNX wants all four lengths; the first two stay as they are.
        onnx.Node("Shape", [first], [node.Name + "/shape"]);
        onnx.Node("Slice", [node.Name + "/shape", onnx.Constant("zero", 0L), onnx.Constant("two", 2L)], [node.Name + "/front"]);
        onnx.Node("Concat", [node.Name + "/front", onnx.Constant(node.Name + "/size", size)], [node.Name + "/lengths"], ("axis", 0L));
        var none = onnx.Constant("none", Tensor.Of([0], Array.Empty<float>()));
        onnx.Node("Resize", [first, none, none, node.Name + "/lengths"], [node.Name + "/resized"], ("mode", "linear"),
            ("coordinate_transformation_mode", node.Flag("align_corners") ? "align_corners" : node.Flag("half_pixel_centers") ? "half_pixel" : "asymmetric"));
        onnx.Node("Transpose", [node.Name + "/resized"], [node.Name], ("perm", ChannelsLast));
    }

    private void Pad(TfNode node)
    {
        var pairs = Wholes(node.Inputs[1]);
        // TensorFlow: before and after of each dimension; ONNX: all before, then all after.
        long[] pads = [.. pairs.Where((_, i) => i % 2 == 0), .. pairs.Where((_, i) => i % 2 == 1)];
        List<string> from = [Value(node.Inputs[0]), onnx.Constant(node.Name + "/pads", pads)];
        // Minus infinity in 16 bits is no number the runtime pads with.
        if (node.Op == "PadV2") from.Add(onnx.Constant(node.Name + "/value", Tensor.Of([], [Math.Max(-3e38f, constants.Get(node.Inputs[2]).Floats![0])])));
        onnx.Node("Pad", from, [node.Name], ("mode", "constant"));
    }

    // An operator on the plane of a picture, which ONNX wants channels first.
    private void Spatial(TfNode node, string op, string[] more, ReadOnlySpan<(string, object)> attributes)
    {
        var last = IsChannelsLast(node);
        var from = Value(node.Inputs[0]);
        onnx.Node(op, [last ? Turn(from, node.Name + "/first", ChannelsFirst) : from, .. more], [last ? node.Name + "/plane" : node.Name], attributes);
        if (last) onnx.Node("Transpose", [node.Name + "/plane"], [node.Name], ("perm", ChannelsLast));
    }

    private string Turn(string from, string to, long[] order)
    {
        onnx.Node("Transpose", [from], [to], ("perm", order));
        return to;
    }

    private static bool IsChannelsLast(TfNode node) => node.Text("data_format", "NHWC") == "NHWC";

    // Rows and columns of an attribute that has a number for each of the four dimensions.
    private static long[] Plane(TfNode node, string key) => node.Wholes(key) is { Length: 4 } four ? IsChannelsLast(node) ? four[1..3] : four[2..4] : [1, 1];

    private static (string, object) Padding(TfNode node) => node.Text("padding", "VALID") switch
    {
        "SAME" => ("auto_pad", "SAME_UPPER"),
        "VALID" => ("auto_pad", "VALID"),
        "EXPLICIT" when node.Wholes("explicit_paddings") is { Length: 8 } e => ("pads", IsChannelsLast(node) ? new[] { e[2], e[4], e[3], e[5] } : new[] { e[4], e[6], e[5], e[7] }),
        var other => throw new ModelException($"{node.Op} {node.Name}: padding {other} is not converted"),
    };
}
