using Liren.Plans.Windows;

namespace Liren.Tests.Plans;

/// <summary>Windows against the slow and obvious way of counting, one array cell an instant.</summary>
public sealed class WindowTests
{
    private const int End = 160;
    private static readonly string[] kinds = ["camera", "radar"];

    private sealed record Word(int Source, int At, double Value, bool Beat);

    [Fact]
    public void A_window_sees_what_counting_every_instant_sees()
    {
        var random = new Random(7);
        for (var round = 0; round < 400; round++)
        {
            var (words, stale, fuse, sources) = Make(random);
            var window = Fill(words, stale, fuse, sources);
            var held = Naive(words, stale, fuse, sources);
            for (var look = 0; look < 25; look++)
            {
                var (over, coverage) = (random.Next(1, 40), random.Next(1, 11) / 10.0);
                var at = random.Next(over, End);
                var cells = held[(at - over)..(at + 1)];
                var observed = cells[..^1].Count(c => c is not null);
                var (values, ends) = (cells.OfType<double>().ToList(), cells[0] is not null && cells[^1] is not null);
                var enough = ends && observed >= (long)Math.Ceiling(coverage * over);
                var told = $"round {round} at {at} over {over} coverage {coverage} {fuse} stale {stale}: {string.Join(' ', words)}";
                window.Look(at, over, []).ShouldSatisfyAllConditions(s => s.Observed.ShouldBe(observed, told), s => s.BothEnds.ShouldBe(ends, told));
                window.Function("min", at, over, coverage, []).ShouldBe(values.Count == 0 ? Interval.Any : enough ? Interval.Of(values.Min()) : new(double.NegativeInfinity, values.Min()), told);
                window.Function("max", at, over, coverage, []).ShouldBe(values.Count == 0 ? Interval.Any : enough ? Interval.Of(values.Max()) : new(values.Max(), double.PositiveInfinity), told);
                window.Now(at).ShouldBe(held[at] is { } now ? Interval.Of(now) : Interval.Any, told);
            }
        }
    }

    [Fact]
    public void Nothing_changes_before_the_instant_that_a_window_names()
    {
        var random = new Random(8);
        for (var round = 0; round < 300; round++)
        {
            var (words, stale, fuse, sources) = Make(random);
            var window = Fill(words, stale, fuse, sources);
            var (over, coverage) = (random.Next(1, 40), random.Next(1, 11) / 10.0);
            for (var at = over; at < End; at += random.Next(1, 15))
            {
                var next = window.NextChange(at, over, coverage, []) ?? End;
                foreach (var function in new[] { "min", "max", "count", "sum" })
                {
                    var now = window.Function(function, at, over, coverage, []);
                    for (var t = at + 1; t < Math.Min(next, End); t++)
                        window.Function(function, t, over, coverage, []).ShouldBe(now, $"round {round} {function} at {at}, {t} before {next}, over {over} coverage {coverage} {fuse} stale {stale}: {string.Join(' ', words)}");
                }
            }
        }
    }

    [Fact]
    public void What_is_forgotten_was_not_seen_any_more()
    {
        var random = new Random(9);
        for (var round = 0; round < 300; round++)
        {
            var (words, stale, fuse, sources) = Make(random);
            var (whole, cut) = (Fill(words, stale, fuse, sources), Fill(words, stale, fuse, sources));
            var over = random.Next(1, 40);
            for (var at = over; at < End; at += 10)
            {
                cut.Forget(at - over);
                cut.Look(at, over, []).ShouldBe(whole.Look(at, over, []));
            }
        }
    }

    /// <summary>The example of the reference: 20 people for two minutes, a reading every 20 seconds.</summary>
    [Fact]
    public void A_gathering_fires_after_two_minutes_and_a_blind_camera_neither_fires_nor_clears()
    {
        double[] counts = [5, 12, 21, 24, 26, 25, 23, 23, 23];
        var window = new MetricWindow(Fuse.Max, TimeSpan.FromSeconds(90));
        for (var i = 0; i < counts.Length; i++) window.Add("c1", "camera", i * 20_000, counts[i]);
        Verdict(window, 159_999).ShouldBe(Truth.False);
        Verdict(window, 160_000).ShouldBe(Truth.True);

        var blind = new MetricWindow(Fuse.Max, TimeSpan.FromSeconds(90));
        for (var i = 0; i < 4; i++) blind.Add("c1", "camera", i * 20_000, counts[i]);
        blind.Now(149_999).Value.ShouldBe(24);
        blind.Now(150_000).Value.ShouldBeNull();
        Verdict(blind, 160_000).ShouldBe(Truth.Unknown);
        blind.Add("c1", "camera", 170_000, 25);
        Verdict(blind, 170_000).ShouldBe(Truth.True);
    }

    [Fact]
    public void A_window_waits_until_it_is_as_old_as_it_is_long()
    {
        var window = new MetricWindow(Fuse.Max, TimeSpan.FromMinutes(10));
        window.Add("c1", "camera", 1_000_000, 50);
        Verdict(window, 1_000_000 + 96_000).ShouldBe(Truth.Unknown);
        window.NextChange(1_000_000 + 100_000, 120_000, 0.8, []).ShouldBe(1_000_000 + 120_000);
        Verdict(window, 1_000_000 + 120_000).ShouldBe(Truth.True);
    }

    private static Truth Verdict(MetricWindow window, long at) => window.Function("min", at, 120_000, 0.8, []).Compare(">=", Interval.Of(20));

    private static (List<Word> Words, int Stale, Fuse Fuse, int Sources) Make(Random random)
    {
        var sources = random.Next(1, 4);
        var words = new List<Word>();
        // One word for each source and instant: which of two comes last is another test's matter.
        for (var i = random.Next(1, 30); i > 0; i--)
            if (new Word(random.Next(sources), random.Next(End), random.Next(5), random.Next(4) == 0) is var word && !words.Exists(w => w.Source == word.Source && w.At == word.At)) words.Add(word);
        return (words, random.Next(1, 30), (Fuse)random.Next(4), sources);
    }

    private static MetricWindow Fill(List<Word> words, int stale, Fuse fuse, int sources)
    {
        var window = new MetricWindow(fuse, TimeSpan.FromMilliseconds(stale));
        for (var s = 0; s < sources; s++) window.Source($"s{s}", kinds[s % 2]);
        foreach (var word in words)
            if (word.Beat) window.Beat($"s{word.Source}", kinds[word.Source % 2], word.At);
            else window.Add($"s{word.Source}", kinds[word.Source % 2], word.At, word.Value);
        return window;
    }

    private static double?[] Naive(List<Word> words, int stale, Fuse fuse, int sources)
    {
        var held = new double?[End + 1];
        for (var t = 0; t <= End; t++)
        {
            var alive = new List<double>();
            for (var s = 0; s < sources; s++)
            {
                var said = words.Where(w => w.Source == s && w.At <= t).OrderBy(w => w.At).ToList();
                if (said.FindLast(w => !w.Beat) is { } reading && t < said[^1].At + stale) alive.Add(reading.Value);
            }
            var needed = fuse == Fuse.Sum ? sources : fuse == Fuse.Avg ? (sources + 1) / 2 : 1;
            held[t] = alive.Count < needed ? null : fuse switch { Fuse.Min => alive.Min(), Fuse.Sum => alive.Sum(), Fuse.Avg => alive.Average(), _ => alive.Max() };
        }
        return held;
    }
}
