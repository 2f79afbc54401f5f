namespace Liren.Plans.Windows;

/// <summary>How the sensors of one place are joined (融合).</summary>
public enum Fuse
{
    /// <summary>The greatest of those alive.</summary>
    Max,

    /// <summary>The least of those alive.</summary>
    Min,

    /// <summary>The mean; half of them must be alive.</summary>
    Avg,

    /// <summary>The sum; all of them must be alive.</summary>
    Sum,

    /// <summary>One of those alive: the greatest, for readings that are 0 or 1.</summary>
    Any,
}

/// <summary>What was seen in a window.</summary>
/// <param name="Observed">Milliseconds in which a value held.</param>
/// <param name="BothEnds">A value held at the begin and at the end. Without this a window of two minutes would give its verdict before it was two minutes old.</param>
/// <param name="Min">Least held value; null when nothing was observed.</param>
/// <param name="Max">Greatest held value.</param>
/// <param name="Mean">Mean over the observed time; the value at the end when that time is zero.</param>
public readonly record struct Seen(long Observed, bool BothEnds, double? Min, double? Max, double? Mean);

/// <summary>One metric at one place: joins its sensors into one held value and looks back over it.</summary>
/// <param name="fuse">How sensors are joined.</param>
/// <param name="staleAfter">When a silent sensor counts as blind.</param>
public sealed class MetricWindow(Fuse fuse, TimeSpan staleAfter)
{
    private readonly Dictionary<string, (string Kind, SourceSeries Series)> sources = [];
    private readonly Dictionary<string, Stretches> joined = [];

    /// <summary>A sensor that belongs here, also before it says anything: a sum waits for all of them.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="kind">What it is, as <c>camera</c>.</param>
    public SourceSeries Source(string source, string kind)
    {
        if (!sources.TryGetValue(source, out var known)) sources[source] = known = (kind, new((long)staleAfter.TotalMilliseconds));
        return known.Series;
    }

    /// <summary>Its sensors with what is kept of them.</summary>
    public IEnumerable<(string Name, string Kind, SourceSeries Series)> Sources => sources.Select(s => (s.Key, s.Value.Kind, s.Value.Series));

    /// <summary>A reading. Unix milliseconds of event time.</summary>
    public void Add(string source, string kind, long at, double value)
    {
        Source(source, kind).Add(at, value);
        joined.Clear();
    }

    /// <summary>A sign of life.</summary>
    public void Beat(string source, string kind, long at)
    {
        Source(source, kind).Beat(at);
        joined.Clear();
    }

    /// <summary>Drops what windows from an instant on do not need.</summary>
    public void Forget(long before)
    {
        foreach (var (_, series) in sources.Values) series.Forget(before);
        joined.Clear();
    }

    /// <summary>Looks back from an instant.</summary>
    /// <param name="at">End, Unix milliseconds; belongs to the window, as its begin does.</param>
    /// <param name="over">Length in milliseconds.</param>
    /// <param name="from">Kinds of sensors; none: all.</param>
    /// <param name="mean">Also the mean, which costs a step for each reading.</param>
    public Seen Look(long at, long over, IReadOnlyList<string> from, bool mean = true) => Joined(from).Look(at, over, mean);

    /// <summary>What a window function knows.</summary>
    /// <param name="function"><c>min max avg sum count</c>.</param>
    /// <param name="at">End, Unix milliseconds.</param>
    /// <param name="over">Length, milliseconds.</param>
    /// <param name="coverage">Share of the window that must be observed, 0 to 1.</param>
    /// <param name="from">Kinds of sensors; none: all.</param>
    public Interval Function(string function, long at, long over, double coverage, IReadOnlyList<string> from)
    {
        var seen = Look(at, over, from, function == "avg");
        var enough = seen.BothEnds && seen.Observed >= Needed(over, coverage);
        return function switch
        {
            "min" => seen.Min is not { } min ? Interval.Any : enough ? Interval.Of(min) : new(double.NegativeInfinity, min),
            "max" => seen.Max is not { } max ? Interval.Any : enough ? Interval.Of(max) : new(max, double.PositiveInfinity),
            "avg" => enough ? Interval.Of(seen.Mean!.Value) : Interval.Any,
            "sum" => enough ? Interval.Of(Readings(at, over, from).Sum()) : Interval.Any,
            "count" => Readings(at, over, from).Count(v => v != 0) is var count && enough ? Interval.Of(count) : new(count, double.PositiveInfinity),
            _ => throw new ArgumentOutOfRangeException(nameof(function), function, "no window function"),
        };
    }

    /// <summary>The joined value that holds at an instant; nothing is known when the sensors are blind.</summary>
    public Interval Now(long at) => Joined([]).At(at) is { } held ? Interval.Of(held.Value) : Interval.Any;

    /// <summary>The first instant after <paramref name="at"/> at which a window function may say something else although no sensor speaks; null: never.</summary>
    public long? NextChange(long at, long over, double coverage, IReadOnlyList<string> from)
    {
        var next = Joined(from).Next(at, over);
        // Counts look at each reading, also at those of sensors whose joined value is not known.
        if (sources.Count > 1)
            foreach (var (_, series) in Chosen(from))
                if (series.Stretches().Next(at, over) is { } own && (next is null || own < next)) next = own;
        if (next is not { } end) return null;
        // Between these instants the observed time grows or shrinks evenly; where it crosses the line is an instant too.
        var (now, later) = (Look(at, over, from, mean: false).Observed, Look(end, over, from, mean: false).Observed);
        var needed = Needed(over, coverage);
        if (now < needed && later >= needed && later > now) return Math.Min(end, at + (needed - now) * (end - at) / (later - now));
        if (now >= needed && later < needed) return Math.Min(end, at + (now - needed) * (end - at) / (now - later) + 1);
        return end;
    }

    private static long Needed(long over, double coverage) => (long)Math.Ceiling(coverage * over);

    private IEnumerable<double> Readings(long at, long over, IReadOnlyList<string> from) => Chosen(from).SelectMany(s => s.Series.Readings(at - over, at));

    private IEnumerable<(string Kind, SourceSeries Series)> Chosen(IReadOnlyList<string> from) => sources.Values.Where(s => from.Count == 0 || from.Contains(s.Kind));

    // One sensor keeps its own; several are joined anew only after a reading: timers and several expressions look at the same stretches.
    private Stretches Joined(IReadOnlyList<string> from)
    {
        if (sources.Count == 1 && sources.Values.First() is var (kind, only) && (from.Count == 0 || from.Contains(kind))) return only.Stretches();
        var key = from.Count == 0 ? "" : string.Join(',', from);
        return joined.TryGetValue(key, out var known) ? known : joined[key] = new(Join([.. Chosen(from).Select(s => s.Series.Stretches().All)]));
    }

    private IReadOnlyList<Held> Join(IReadOnlyList<Held>[] series)
    {
        if (series.Length == 1) return series[0];
        var edges = series.SelectMany(s => s).SelectMany(h => new[] { h.From, h.To }).Distinct().Order().ToArray();
        var places = new int[series.Length];
        var result = new List<Held>();
        for (var i = 0; i + 1 < edges.Length; i++)
        {
            var values = new List<double>(series.Length);
            for (var s = 0; s < series.Length; s++)
            {
                while (places[s] < series[s].Count && series[s][places[s]].To <= edges[i]) places[s]++;
                if (places[s] < series[s].Count && series[s][places[s]].From <= edges[i]) values.Add(series[s][places[s]].Value);
            }
            var needed = fuse switch { Fuse.Sum => series.Length, Fuse.Avg => (series.Length + 1) / 2, _ => 1 };
            if (values.Count >= needed) result.Add(new(edges[i], edges[i + 1], fuse switch { Fuse.Min => values.Min(), Fuse.Avg => values.Average(), Fuse.Sum => values.Sum(), _ => values.Max() }));
        }
        return result;
    }
}
