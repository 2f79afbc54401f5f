using Liren.Incidents.Domain;

namespace Liren.Incidents.Sensing;

/// <summary>
/// Which counts of a counter are worth judging: a counter speaks every second, the loop needs the changes, some readings while it lasts, and enough calm ones to
/// prove the end. Everything else stays in the journal of readings only.
/// </summary>
internal sealed class CrowdSieve
{
    /// <summary>Between readings while there is a crowd, and for a while after.</summary>
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(10);
    /// <summary>So long after a crowd a counter is still listened to often.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(10);
    /// <summary>Between readings in quiet times; half of what makes a sensor blind.</summary>
    private static readonly TimeSpan Seldom = GatheringPlan.BlindAfter / 2;

    private readonly Dictionary<Guid, Seen> counters = [];

    private readonly record struct Seen(DateTimeOffset At, bool Crowd, DateTimeOffset LastCrowd);

    /// <summary>True when a count is to be judged. One that is older than the last judged of its counter is not.</summary>
    /// <param name="counter">Which device.</param>
    /// <param name="at">When it was counted.</param>
    /// <param name="value">How many people.</param>
    public bool Passes(Guid counter, DateTimeOffset at, double value)
    {
        var crowd = value >= GatheringPlan.Threshold;
        if (counters.TryGetValue(counter, out var last))
        {
            var pause = last.Crowd || crowd || at - last.LastCrowd < Aftermath ? Often : Seldom;
            if (at <= last.At || crowd == last.Crowd && at - last.At < pause) return false;
        }
        else last = new(default, false, DateTimeOffset.MinValue);
        counters[counter] = new(at, crowd, crowd ? at : last.LastCrowd);
        return true;
    }
}
