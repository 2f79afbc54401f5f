using System.Runtime.InteropServices;

namespace Liren.Plans.Windows;

/// <summary>
/// Stretches in order of time that do not overlap. Whole blocks of them are summed up once, so that a window over thousands of readings is looked through in
/// some dozen steps, and what comes at the end is added without touching the rest.
/// </summary>
internal sealed class Stretches
{
    private const int Block = 32;
    private readonly List<Held> all = [];
    private readonly List<Sum> blocks = [];

    private readonly record struct Sum(long Observed, double Weighted, double Min, double Max);

    /// <summary>None yet.</summary>
    public Stretches() { }

    /// <summary>These, in order of time.</summary>
    public Stretches(IEnumerable<Held> stretches) => all.AddRange(stretches);

    /// <summary>All of them.</summary>
    public IReadOnlyList<Held> All => all;

    /// <summary>Goes on with another value; what held until then ends.</summary>
    public void Add(Held next)
    {
        if (all.Count > 0 && all[^1].To > next.From) all[^1] = all[^1] with { To = next.From };
        all.Add(next);
    }

    /// <summary>Drops those that begin before an instant.</summary>
    public void Drop(long before)
    {
        var gone = FirstAfter(static h => h.From, before - 1);
        if (gone == 0) return;
        all.RemoveRange(0, gone);
        blocks.Clear();
    }

    /// <summary>The one that holds at an instant.</summary>
    public Held? At(long at) => FirstAfter(static h => h.From, at) is > 0 and var next && at < all[next - 1].To ? all[next - 1] : null;

    /// <summary>Looks back from an instant; see <see cref="MetricWindow.Look"/>.</summary>
    /// <param name="mean">The mean is wanted: it is added up one by one, as sums of parts would differ in the last digit by where the parts begin.</param>
    public Seen Look(long at, long over, bool mean)
    {
        var begin = at - over;
        var (start, end) = (FirstAfter(static h => h.To, begin), FirstAfter(static h => h.From, at));
        if (start >= end) return new(0, false, null, null, null);
        var held = CollectionsMarshal.AsSpan(all);
        var seen = new Sum(0, 0, double.PositiveInfinity, double.NegativeInfinity);
        for (var i = start; i < end;)
        {
            // Those between the first and the last lie wholly inside.
            if (!mean && i > start && i % Block == 0 && i + Block < end)
            {
                seen = Join(seen, SumOf(i / Block));
                i += Block;
            }
            else
            {
                ref readonly var one = ref held[i++];
                seen = Join(seen, Of(one, Math.Max(one.From, begin), Math.Min(one.To, at)));
            }
        }
        double? last = held[end - 1].To > at ? held[end - 1].Value : null;
        return new(seen.Observed, held[start].From <= begin && last is not null, seen.Min, seen.Max, !mean ? null : seen.Observed > 0 ? seen.Weighted / seen.Observed : last);
    }

    /// <summary>The first instant after another at which one begins or ends, or leaves a window of a length; null: never.</summary>
    public long? Next(long at, long over)
    {
        long? next = null;
        Take(static h => h.From, 0);
        Take(static h => h.To, 0);
        Take(static h => h.From, over);
        Take(static h => h.To, over);
        return next;

        void Take(Func<Held, long> edge, long later)
        {
            if (FirstAfter(edge, at - later) is var i && i < all.Count && edge(all[i]) + later is var instant && (next is null || instant < next)) next = instant;
        }
    }

    private Sum SumOf(int block)
    {
        while (blocks.Count <= block)
        {
            var sum = new Sum(0, 0, double.PositiveInfinity, double.NegativeInfinity);
            foreach (var one in CollectionsMarshal.AsSpan(all).Slice(blocks.Count * Block, Block)) sum = Join(sum, Of(one, one.From, one.To));
            blocks.Add(sum);
        }
        return blocks[block];
    }

    private static Sum Of(in Held one, long from, long to) => new(to - from, (to - from) * one.Value, one.Value, one.Value);

    private static Sum Join(in Sum a, in Sum b) => new(a.Observed + b.Observed, a.Weighted + b.Weighted, Math.Min(a.Min, b.Min), Math.Max(a.Max, b.Max));

    // Begins and ends both grow.
    private int FirstAfter(Func<Held, long> edge, long instant)
    {
        var (low, high) = (0, all.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (edge(all[middle]) <= instant) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
