using System.Buffers.Binary;
using System.Text.Json;
using Liren.Vision.Model;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Liren.Tests.Vision;

/// <summary>A small TensorFlow.js graph made by hand: one input "x", and what is done to it.</summary>
internal sealed class TinyGraph
{
    private readonly List<object> nodes = [], weights = [];
    private readonly List<byte> shard = [];

    public TinyGraph(params long[] input) => Node("x", "Placeholder", [], new() { ["shape"] = new { shape = new { dim = input.Select(d => new { size = $"{d}" }) } } });

    public TinyGraph Node(string name, string op, string[] input, Dictionary<string, object>? attr = null)
    {
        nodes.Add(new { name, op, input, attr = attr ?? [] });
        return this;
    }

    public TinyGraph Floats(string name, long[] shape, params float[] values)
    {
        foreach (var v in values) Write(4, to => BinaryPrimitives.WriteSingleLittleEndian(to, v));
        return Weight(name, new { name, shape, dtype = "float32" });
    }

    public TinyGraph Wholes(string name, long[] shape, params int[] values)
    {
        foreach (var v in values) Write(4, to => BinaryPrimitives.WriteInt32LittleEndian(to, v));
        return Weight(name, new { name, shape, dtype = "int32" });
    }

    /// <summary>Floats kept in fewer bits.</summary>
    public TinyGraph Packed(string name, long[] shape, string dtype, byte[] raw, double? scale = null, double? min = null)
    {
        shard.AddRange(raw);
        return Weight(name, new { name, shape, dtype = "float32", quantization = scale is null ? (object)new { dtype } : new { dtype, scale, min } });
    }

    public byte[] Json(params string[] outputs) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        signature = new { outputs = outputs.ToDictionary(o => o, o => new { name = o + ":0" }) },
        modelTopology = new { node = nodes },
        weightsManifest = new[] { new { paths = new[] { "w.bin" }, weights } },
    });

    public byte[] Shard => [.. shard];

    public byte[] Convert(params string[] outputs) => GraphConverter.Convert(TfGraph.Read(Json(outputs), _ => Shard));

    /// <summary>Converts, and asks the runtime that the product uses.</summary>
    public (float[] Values, int[] Shape) Ask(string output, float[] x, params int[] shape)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(Convert(output), options);
        using var answers = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(x, shape))]);
        var tensor = answers.Single(a => a.Name == output).AsTensor<float>();
        return ([.. tensor], tensor.Dimensions.ToArray());
    }

    /// <summary>A list of whole numbers as an attribute.</summary>
    public static object List(params int[] wholes) => new { list = new { i = wholes.Select(w => $"{w}") } };

    /// <summary>A text as an attribute.</summary>
    public static object Text(string s) => new { s = System.Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(s)) };

    private TinyGraph Weight(string name, object manifest)
    {
        weights.Add(manifest);
        return Node(name, "Const", []);
    }

    private void Write(int size, Action<byte[]> fill)
    {
        var bytes = new byte[size];
        fill(bytes);
        shard.AddRange(bytes);
    }
}
