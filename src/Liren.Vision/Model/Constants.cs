namespace Liren.Vision.Model;

/// <summary>Works out what is constant in a graph: shapes and sizes that TensorFlow computes while it runs, and ONNX wants to know beforehand.</summary>
internal sealed class Constants(TfGraph graph)
{
    private const int Deepest = 100;
    private readonly Dictionary<string, Tensor> known = new(graph.Weights);

    /// <summary>The value of a reference, or null when it depends on the input.</summary>
    public Tensor? Find(string reference) => Find(reference, 0);

    /// <summary>The value of a reference that must be constant.</summary>
    public Tensor Get(string reference) => Find(reference) ?? throw new ModelException($"{reference} is not constant");

    private Tensor? Find(string reference, int depth)
    {
        var name = TfGraph.NodeOf(reference);
        if (known.TryGetValue(name, out var there)) return there;
        if (depth > Deepest) throw new ModelException($"{name}: constants are nested too deeply");
        if (!graph.Nodes.TryGetValue(name, out var node)) throw new ModelException($"{reference} is no node of the graph");
        var from = node.Op is "Identity" or "Cast" or "Add" or "AddV2" or "Transpose" or "Reshape" or "SparseToDense" ? node.Inputs.Select(i => Find(i, depth + 1)).ToList() : [];
        if (from.Count == 0 || from.Contains(null)) return null;
        var value = node.Op switch
        {
            // Whole numbers and floats are all there is, and none is cast from one to the other in what we read.
            "Identity" or "Cast" => from[0],
            "Add" or "AddV2" => Sum(from[0]!, from[1]!),
            "Transpose" => Turn(from[0]!, from[1]!.Wholes!),
            "Reshape" => Reshape(from[0]!, from[1]!.Wholes!),
            _ => Dense(from[0]!, from[1]!.Wholes!, from[2]!, from[3]!),
        };
        if (value is not null) known[name] = value;
        return value;
    }

    private static Tensor? Sum(Tensor a, Tensor b)
    {
        if (a.Wholes is null || b.Wholes is null || (a.Wholes.Length != b.Wholes.Length && b.Wholes.Length != 1 && a.Wholes.Length != 1)) return null;
        var (longer, other) = a.Wholes.Length >= b.Wholes.Length ? (a, b) : (b, a);
        return Tensor.Of(longer.Shape, [.. longer.Wholes!.Select((w, i) => w + other.Wholes![i % other.Wholes.Length])]);
    }

    // Only tables of whole numbers (paddings) are turned beforehand.
    private static Tensor? Turn(Tensor table, long[] order)
    {
        if (table.Wholes is not { } from || table.Shape.Length != 2 || order is not [1, 0]) return null;
        var (rows, columns) = (table.Shape[0], table.Shape[1]);
        var to = new long[from.Length];
        for (var r = 0L; r < rows; r++) for (var c = 0L; c < columns; c++) to[c * rows + r] = from[r * columns + c];
        return Tensor.Of([columns, rows], to);
    }

    private static Tensor Reshape(Tensor value, long[] shape)
    {
        var known = Tensor.Count([.. shape.Where(d => d > 0)]);
        var count = value.Floats?.Length ?? value.Wholes!.Length;
        return value with { Shape = [.. shape.Select(d => d < 0 ? count / Math.Max(1, known) : d)] };
    }

    private static Tensor? Dense(Tensor places, long[] shape, Tensor values, Tensor otherwise)
    {
        if (places.Wholes is not { } at || values.Wholes is not { } given || otherwise.Wholes is not [var rest]) return null;
        var dense = new long[Tensor.Count(shape)];
        Array.Fill(dense, rest);
        for (var i = 0; i < at.Length / shape.Length; i++)
        {
            var to = 0L;
            for (var d = 0; d < shape.Length; d++) to = to * shape[d] + at[i * shape.Length + d];
            if (to < 0 || to >= dense.Length) throw new ModelException($"SparseToDense: place {to} is outside");
            dense[to] = given[given.Length == 1 ? 0 : i];
        }
        return Tensor.Of(shape, dense);
    }
}
