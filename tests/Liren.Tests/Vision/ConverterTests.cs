using FsCheck;
using FsCheck.Fluent;
using Liren.Vision.Model;

namespace Liren.Tests.Vision;

/// <summary>What the converted graph answers in the runtime is what TensorFlow defines, worked out here by plain loops.</summary>
public sealed class ConverterTests
{
    // Values a 16-bit float holds exactly, so that nothing but the operator is tested.
    private static float[] Some(Random dice, long count) => [.. Enumerable.Range(0, (int)count).Select(_ => dice.Next(-16, 17) / 4f)];

    private sealed record Plane(int Height, int Width, int Ins, int Outs, int KernelH, int KernelW, int Stride, string Padding, int[] Explicit);

    private static readonly Gen<Plane> planes =
        from h in Gen.Choose(3, 8) from w in Gen.Choose(3, 8) from i in Gen.Choose(1, 3) from o in Gen.Choose(1, 3) from s in Gen.Choose(1, 2) from kh in Gen.Choose(s, 3) from kw in Gen.Choose(s, 3)
        from p in Gen.Elements("SAME", "VALID", "EXPLICIT") from e in Gen.Choose(0, 2).ArrayOf(4)
        select new Plane(h, w, i, o, kh, kw, s, p, e);

    private static (int Out, int Before) Along(int length, int kernel, int stride, string padding, int before, int after) => padding switch
    {
        "SAME" => ((length + stride - 1) / stride, Math.Max(((length + stride - 1) / stride - 1) * stride + kernel - length, 0) / 2),
        "VALID" => ((length - kernel) / stride + 1, 0),
        _ => ((length + before + after - kernel) / stride + 1, before),
    };

    private static Dictionary<string, object> Attributes(Plane p) => new()
    {
        ["strides"] = TinyGraph.List(1, p.Stride, p.Stride, 1), ["padding"] = TinyGraph.Text(p.Padding), ["ksize"] = TinyGraph.List(1, p.KernelH, p.KernelW, 1),
        ["explicit_paddings"] = TinyGraph.List(0, 0, p.Explicit[0], p.Explicit[1], p.Explicit[2], p.Explicit[3], 0, 0),
    };

    // Sum or greatest under the kernel, at every place of the plane.
    private static float[] Slide(Plane p, int outs, Func<int, int, int, int, float, float> weigh, float[] x, float start, Func<float, float, float> join)
    {
        var (rows, top) = Along(p.Height, p.KernelH, p.Stride, p.Padding, p.Explicit[0], p.Explicit[1]);
        var (columns, left) = Along(p.Width, p.KernelW, p.Stride, p.Padding, p.Explicit[2], p.Explicit[3]);
        var answer = new float[rows * columns * outs];
        for (var r = 0; r < rows; r++) for (var c = 0; c < columns; c++) for (var o = 0; o < outs; o++)
        {
            var value = start;
            for (var a = 0; a < p.KernelH; a++) for (var b = 0; b < p.KernelW; b++) for (var i = 0; i < p.Ins; i++)
            {
                var (y, z) = (r * p.Stride - top + a, c * p.Stride - left + b);
                if (y >= 0 && y < p.Height && z >= 0 && z < p.Width) value = join(value, weigh(a, b, i, o, x[(y * p.Width + z) * p.Ins + i]));
            }
            answer[(r * columns + c) * outs + o] = value;
        }
        return answer;
    }

    [Fact]
    public void A_convolution_is_the_sum_under_its_kernel_whatever_its_padding_and_stride() => Prop.ForAll(planes.ToArbitrary(), p =>
    {
        var dice = new Random(p.GetHashCode());
        var (x, k) = (Some(dice, p.Height * p.Width * p.Ins), Some(dice, p.KernelH * p.KernelW * p.Ins * p.Outs));
        var graph = new TinyGraph(1, p.Height, p.Width, p.Ins).Floats("k", [p.KernelH, p.KernelW, p.Ins, p.Outs], k).Node("y", "Conv2D", ["x", "k"], Attributes(p));
        graph.Ask("y", x, 1, p.Height, p.Width, p.Ins).Values.ShouldBe(Slide(p, p.Outs, (a, b, i, o, v) => v * k[((a * p.KernelW + b) * p.Ins + i) * p.Outs + o], x, 0, (sum, v) => sum + v), 1e-3);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Pooling_takes_the_greatest_under_its_kernel() => Prop.ForAll(planes.Where(p => p.Padding != "EXPLICIT").ToArbitrary(), p =>
    {
        var x = Some(new Random(p.GetHashCode()), p.Height * p.Width * p.Ins);
        var graph = new TinyGraph(1, p.Height, p.Width, p.Ins).Node("y", "MaxPool", ["x"], Attributes(p));
        graph.Ask("y", x, 1, p.Height, p.Width, p.Ins).Values.ShouldBe(Slide(p, p.Ins, (_, _, i, o, v) => i == o ? v : float.NegativeInfinity, x, float.NegativeInfinity, Math.Max));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Resizing_mixes_neighbours_by_the_distance_of_the_middles_of_points()
    {
        float[] x = [0, 4, 8, 12];
        var graph = new TinyGraph(1, 2, 2, 1).Wholes("size", [2], 4, 4).Node("y", "ResizeBilinear", ["x", "size"], new() { ["half_pixel_centers"] = new { b = true } });
        var (values, shape) = graph.Ask("y", x, 1, 2, 2, 1);
        shape.ShouldBe([1, 4, 4, 1]);
        // Along each side the new middles lie at -0.25, 0.25, 0.75, 1.25 of the old ones.
        float[] part = [0, 0.25f, 0.75f, 1];
        values.ShouldBe(part.SelectMany(v => part.Select(h => 8 * v + 4 * h)), 1e-4);
    }

    [Fact]
    public void What_is_split_turned_joined_padded_and_bent_comes_out_as_reckoned_by_hand()
    {
        var graph = new TinyGraph(1, 2, 3)
            .Wholes("sizes", [2], 1, 2).Wholes("two", [], 2).Wholes("turn", [3], 0, 2, 1).Wholes("flat", [2], 1, -1).Wholes("one", [], 1).Wholes("pads", [2, 2], 0, 0, 1, 2)
            .Floats("five", [], 5).Floats("plus", [1], 1)
            .Node("parts", "SplitV", ["x", "sizes", "two"])
            .Node("turned", "Transpose", ["parts:1", "turn"]).Node("a", "Reshape", ["turned", "flat"]).Node("b", "Reshape", ["parts:0", "flat"])
            .Node("joined", "ConcatV2", ["a", "b", "one"]).Node("more", "AddV2", ["joined", "plus"]).Node("bent", "LeakyRelu", ["more"], new() { ["alpha"] = new { f = 0.5 } })
            .Node("zeros", "Pad", ["bent", "pads"]).Node("y", "PadV2", ["zeros", "pads", "five"]).Node("s", "Sigmoid", ["y"]).Node("end", "Identity", ["s"]);
        // 1 | 2 3 and 4 | 5 6: parts:1 turned is 2 5, 3 6; parts:0 is 1, 4.
        graph.Ask("y", [1, 2, -3, 4, -5, 6], 1, 2, 3).Values.ShouldBe([5f, 0, 3, -2, -1, 7, 2, 5, 0, 0, 5, 5]);
        graph.Ask("end", [1, 2, -3, 4, -5, 6], 1, 2, 3).Values[1].ShouldBe(0.5f);
    }

    [Fact]
    public void A_padding_that_tensorflow_works_out_while_it_runs_is_worked_out_beforehand()
    {
        // As exporters write it: a list with places filled in, cut into pairs, turned and cast.
        var graph = new TinyGraph(1, 2).Wholes("places", [1, 1], 2).Wholes("length", [1], 4).Wholes("fill", [1], 3).Wholes("rest", [], 0).Wholes("pairs", [2], 2, 2).Wholes("order", [2], 1, 0)
            .Node("dense", "SparseToDense", ["places", "length", "fill", "rest"]).Node("table", "Reshape", ["dense", "pairs"]).Node("turned", "Transpose", ["table", "order"])
            .Node("pads", "Cast", ["turned"]).Node("y", "Pad", ["x", "pads"]);
        // 0 0 / 3 0 turned is 0 3 / 0 0: three rows after.
        var (values, shape) = graph.Ask("y", [7, 8], 1, 2);
        shape.ShouldBe([4, 2]);
        values.ShouldBe([7f, 8, 0, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void Weights_kept_in_fewer_bits_are_read_as_what_they_stand_for()
    {
        var halves = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteHalfLittleEndian(halves, (Half)1.5);
        System.Buffers.Binary.BinaryPrimitives.WriteHalfLittleEndian(halves.AsSpan(2), (Half)(-2));
        var graph = new TinyGraph(2).Packed("h", [2], "float16", halves).Packed("b", [2], "uint8", [0, 255], 0.5, -10).Packed("w", [2], "uint16", [1, 0, 0, 1], 2, 1)
            .Node("a", "Add", ["x", "h"]).Node("c", "Add", ["a", "b"]).Node("y", "Add", ["c", "w"]);
        graph.Ask("y", [0, 0], 2).Values.ShouldBe([1.5f - 10 + 3, -2 + 117.5f + 513]);
    }

    [Fact]
    public void The_same_graph_makes_the_same_bytes()
    {
        byte[] Make() => new TinyGraph(1, 4, 4, 1).Floats("k", [3, 3, 1, 8], Some(new Random(1), 72)).Node("y", "Conv2D", ["x", "k"], new() { ["strides"] = TinyGraph.List(1, 1, 1, 1), ["padding"] = TinyGraph.Text("SAME") }).Convert("y");
        Make().ShouldBe(Make());
    }

    [Fact]
    public void What_cannot_be_converted_is_named()
    {
        Should.Throw<ModelException>(() => new TinyGraph(1).Node("strange", "Erf", ["x"]).Convert("strange")).Message.ShouldBe("Operator Erf (strange) is not converted");
        Should.Throw<ModelException>(() => new TinyGraph(1).Node("a", "Sigmoid", ["b"]).Node("b", "Sigmoid", ["a"]).Convert("a")).Message.ShouldBe("a depends on itself");
        Should.Throw<ModelException>(() => new TinyGraph(1).Node("a", "Sigmoid", ["nobody"]).Convert("a")).Message.ShouldBe("nobody is no node of the graph");
        Should.Throw<ModelException>(() => new TinyGraph(1).Node("y", "AddV2", ["x"]).Convert("y")).Message.ShouldStartWith("AddV2 y: inputs or attributes");
        Should.Throw<ModelException>(() => new TinyGraph(1).Node("y", "Reshape", ["x", "x"]).Convert("y")).Message.ShouldBe("x is not constant");
        Should.Throw<ModelException>(() => new TinyGraph(1).Packed("w", [9], "uint8", [1], 1, 0).Convert("x")).Message.ShouldBe("Weight w: the weight file is too short");
        var deep = new TinyGraph(1);
        for (var i = 0; i < 5_000; i++) deep.Node($"n{i}", "Sigmoid", [i == 0 ? "x" : $"n{i - 1}"]);
        deep.Convert("n4999").Length.ShouldBeGreaterThan(5_000);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_and_never_crashes_the_reader()
    {
        var good = new TinyGraph(1, 2).Floats("k", [2], 1, 2).Node("y", "Add", ["x", "k"]).Json("y");
        Prop.ForAll(Gen.Choose(0, good.Length - 1).Two().ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, b) =>
        {
            var bad = good.ToArray();
            (bad[at.Item1], bad[at.Item2]) = ((byte)b, (byte)(255 - b));
            try { GraphConverter.Convert(TfGraph.Read(bad, _ => new byte[8])); }
            catch (ModelException) { /* refused with a sentence */ }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }
}
