using Liren.Vision.Frames;
using Microsoft.ML.OnnxRuntime;

namespace Liren.Vision.Counting;

/// <summary>
/// The detector: NanoDet-g in ONNX Runtime on one thread (two spin and cost more than double). Its buffers are made once. Not for several threads.
/// </summary>
internal sealed class NanoDet : IDisposable
{
    private const int Classes = 80, Bins = 11, Person = 0;
    private const float SamePerson = 0.55f;
    // Strides in points, and the outputs that hold classes and edges at each.
    private static readonly (int Stride, string Classes, string Edges)[] levels = [(8, "Identity", "Identity_3"), (16, "Identity_1", "Identity_4"), (32, "Identity_2", "Identity_5")];
    private static readonly string[] inputs = ["input_1"], outputs = [.. levels.SelectMany(l => new[] { l.Classes, l.Edges })];

    private readonly float[] input = new float[3 * Frame.Side * Frame.Side];
    private readonly InferenceSession session;
    private readonly OrtValue[] asked;
    private readonly RunOptions options = new();

    /// <summary>Loads the model.</summary>
    public NanoDet(byte[] onnx)
    {
        using var settings = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        session = new InferenceSession(onnx, settings);
        asked = [OrtValue.CreateTensorValueFromMemory(input, [1, 3, Frame.Side, Frame.Side])];
    }

    /// <summary>Everybody seen with at least this score, as parts of the picture (0 to 1).</summary>
    public IReadOnlyList<Box> See(Frame frame, float least)
    {
        var letterbox = new Letterbox(frame.Width, frame.Height);
        letterbox.Fill(frame.Rgb, input);
        using var answers = session.Run(options, inputs, asked, outputs);
        List<Box> candidates = [];
        for (var level = 0; level < levels.Length; level++)
            Decode(answers[2 * level].GetTensorDataAsSpan<float>(), answers[2 * level + 1].GetTensorDataAsSpan<float>(), levels[level].Stride, least, candidates);
        return [.. Box.Distinct(candidates, SamePerson).Select(letterbox.Back).Where(b => b.Area > 0)];
    }

    /// <summary>
    /// Candidates of one level. Each cell has a score for every class, and for each edge of its box eleven weights: the distance from the middle of the cell is
    /// their expectation, in strides.
    /// </summary>
    internal static void Decode(ReadOnlySpan<float> scores, ReadOnlySpan<float> edges, int stride, float least, List<Box> into)
    {
        var side = Frame.Side / stride;
        for (var cell = 0; cell < side * side; cell++)
        {
            var score = scores[cell * Classes + Person];
            if (!(score >= least)) continue;
            var (x, y) = ((cell % side + 0.5f) * stride, (cell / side + 0.5f) * stride);
            var four = edges.Slice(cell * 4 * Bins, 4 * Bins);
            into.Add(new(x - Distance(four[..Bins]) * stride, y - Distance(four[Bins..(2 * Bins)]) * stride, x + Distance(four[(2 * Bins)..(3 * Bins)]) * stride, y + Distance(four[(3 * Bins)..]) * stride, score));
        }
    }

    // Expectation under the softmax; the greatest weight is taken out first, so that none overflows.
    private static float Distance(ReadOnlySpan<float> weights)
    {
        var most = float.NegativeInfinity;
        foreach (var w in weights) most = Math.Max(most, w);
        var (sum, mean) = (0f, 0f);
        for (var bin = 0; bin < weights.Length; bin++)
        {
            var share = MathF.Exp(weights[bin] - most);
            sum += share;
            mean += share * bin;
        }
        return mean / sum;
    }

    public void Dispose()
    {
        Array.Clear(input);
        foreach (var value in asked) value.Dispose();
        options.Dispose();
        session.Dispose();
    }
}
