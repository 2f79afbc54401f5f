using Liren.Insight.Domain;

namespace Liren.Tests.Insight;

/// <summary>How figures are written: cells, bins, sets.</summary>
public sealed class ShapeTests
{
    [Fact]
    public void Cells_are_read_as_they_were_written_and_add_up()
    {
        var random = new Random(7);
        for (var n = 0; n < 500; n++)
        {
            long[] one = [.. Enumerable.Range(0, 24).Select(_ => Some(random))], other = [.. Enumerable.Range(0, 24).Select(_ => Some(random))];
            Cells.Read(Cells.Write(one), 24).ShouldBe(one);
            var sums = (long[])one.Clone();
            Cells.AddTo(Cells.Write(other), sums);
            sums.ShouldBe([.. one.Zip(other, (a, b) => a + b)]);
        }
        Cells.Write(new long[24]).ShouldBeEmpty();
        Cells.Write([1, 0, 0]).ShouldBe(Cells.Write([1]));
    }

    private static long Some(Random random) => random.Next(4) switch { 0 => 0, 1 => random.Next(-3, 100), 2 => random.NextInt64(-1_000_000_000_000, 1_000_000_000_000), _ => 1 };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(1_440, 10)]
    [InlineData(14_401, 14)]
    [InlineData(long.MaxValue, 14)]
    public void Minutes_fall_into_the_bin_whose_end_they_do_not_exceed(long minutes, int bin) => Bins.Of(minutes).ShouldBe(bin);

    [Fact]
    public void Percentiles_of_merged_bins_are_those_of_all_values()
    {
        var random = new Random(11);
        var values = Enumerable.Range(0, 400).Select(_ => (long)random.Next(1, 20_000)).ToList();
        var bins = new long[Bins.Count];
        foreach (var half in values.Chunk(200))
        {
            var part = new long[Bins.Count];
            foreach (var v in half) part[Bins.Of(v)]++;
            Cells.AddTo(Cells.Write(part), bins);
        }
        foreach (var share in (double[])[0.1, 0.5, 0.9, 1])
        {
            var exact = values.Order().ElementAt((int)Math.Ceiling(values.Count * share) - 1);
            Bins.Percentile(bins, share).ShouldBe(Bins.Of(exact) < Bins.Ends.Length ? Bins.Ends[Bins.Of(exact)] : int.MaxValue);
        }
        Bins.Percentile(new long[Bins.Count], 0.5).ShouldBeNull();
    }

    [Fact]
    public void Sets_count_and_join_like_sets()
    {
        var random = new Random(3);
        for (var n = 0; n < 200; n++)
        {
            ulong[] one = [], both = [];
            HashSet<int> a = [], b = [];
            for (var i = random.Next(300); i > 0; i--) { var number = random.Next(random.Next(2) == 0 ? 200 : 500_000); a.Add(number); BitSet.Add(number, ref one); }
            ulong[] other = [];
            for (var i = random.Next(300); i > 0; i--) { var number = random.Next(5_000); b.Add(number); BitSet.Add(number, ref other); }
            BitSet.CountWritten(BitSet.Write(one)).ShouldBe(a.Count);
            BitSet.JoinInto(BitSet.Write(one), ref both);
            BitSet.JoinInto(BitSet.Write(other), ref both);
            BitSet.Count(both).ShouldBe(a.Union(b).Count());
            BitSet.Join(BitSet.Write(one), BitSet.Write(other)).ShouldBe(BitSet.Write(both));
            foreach (var number in a.Take(20)) BitSet.Has(number, both).ShouldBeTrue();
            BitSet.Has(600_000, both).ShouldBeFalse();
        }
    }
}
