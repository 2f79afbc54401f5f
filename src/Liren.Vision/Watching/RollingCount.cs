using Liren.Vision.Counting;

namespace Liren.Vision.Watching;

/// <summary>
/// What a zone says of itself (滑动中位数): the median of its last ten counts, so that one bad picture changes nothing; and when a gathering begins. It ends two
/// below where it began, so that a count at the limit does not ring each second.
/// </summary>
/// <param name="gathering">So many are a gathering; null: nobody asks.</param>
internal sealed class RollingCount(int? gathering)
{
    private const int Window = 10, Fall = 2;
    private readonly Queue<ZoneCount> last = new(Window);

    /// <summary>People, by the median.</summary>
    public int Count { get; private set; }
    /// <summary>Surely so many, by the median.</summary>
    public int LowerBound { get; private set; }
    /// <summary>Half of the counts or more were only lower bounds.</summary>
    public bool AtLeast { get; private set; }
    /// <summary>A gathering is on.</summary>
    public bool IsGathering { get; private set; }

    /// <summary>Takes the next count; true when a gathering begins with it. Not before ten counts are there.</summary>
    public bool Add(ZoneCount count)
    {
        if (last.Count == Window) last.Dequeue();
        last.Enqueue(count);
        Count = Median(c => c.Count);
        LowerBound = Median(c => c.LowerBound);
        AtLeast = 2 * last.Count(c => c.AtLeast) >= last.Count;
        if (gathering is not { } many) return false;
        var was = IsGathering;
        IsGathering = was ? Count > Math.Max(0, many - Fall) : last.Count == Window && Count >= many;
        return IsGathering && !was;
    }

    /// <summary>Forgets: what was seen before the camera was blind says nothing of now.</summary>
    public void Clear()
    {
        last.Clear();
        (Count, LowerBound, AtLeast, IsGathering) = (0, 0, false, false);
    }

    private int Median(Func<ZoneCount, int> of) => last.Select(of).Order().ElementAt(last.Count / 2);
}
