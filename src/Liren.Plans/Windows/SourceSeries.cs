namespace Liren.Plans.Windows;

/// <summary>A stretch of time in which a value held. Times are Unix milliseconds; the end does not belong to it.</summary>
public readonly record struct Held(long From, long To, double Value);

/// <summary>A report of a sensor as it is kept.</summary>
/// <param name="At">Unix milliseconds of event time.</param>
/// <param name="Value">The reading; of a heartbeat nothing.</param>
/// <param name="Beat">A sign of life only.</param>
public readonly record struct SavedReport(long At, double Value, bool Beat);

/// <summary>
/// What one sensor said, by event time. A value holds until the next report, or until the sensor is stale: <c>staleAfter</c> after its last report or
/// heartbeat. Reports may come late; the same reports give the same stretches in whatever order they came.
/// </summary>
/// <param name="staleAfter">Milliseconds.</param>
public sealed class SourceSeries(long staleAfter)
{
    private readonly List<SavedReport> reports = [];

    // What the reports say, kept up while they come in order; null: to be made anew.
    private Stretches? stretches = new();
    private double? value;

    /// <summary>What is kept, in order of time.</summary>
    public IReadOnlyList<SavedReport> Reports => reports;

    /// <summary>A reading. A second one for the same instant takes the place of the first.</summary>
    public void Add(long at, double value) => Put(new(at, value, false));

    /// <summary>What was kept before.</summary>
    public void Restore(IEnumerable<SavedReport> kept)
    {
        reports.AddRange(kept);
        stretches = null;
    }

    /// <summary>The sensor lives and sees what it saw: its value holds on.</summary>
    public void Beat(long at)
    {
        // A heartbeat says less than a reading of the same instant.
        if (FirstAfter(at) is var next && (next == 0 || reports[next - 1].At != at)) Put(new(at, 0, true));
    }

    /// <summary>Stretches in order of time; nothing is observed between them.</summary>
    internal Stretches Stretches()
    {
        if (stretches is not null) return stretches;
        (stretches, value) = (new(), null);
        foreach (var report in reports) Hold(report);
        return stretches;
    }

    private void Hold(SavedReport report)
    {
        if (!report.Beat) value = report.Value;
        // A heartbeat before the first reading says nothing of the value.
        if (value is { } held) stretches!.Add(new(report.At, report.At + staleAfter, held));
    }

    /// <summary>Readings, without heartbeats, after one instant up to and with another.</summary>
    public IEnumerable<double> Readings(long after, long upTo) => reports.Skip(FirstAfter(after)).TakeWhile(r => r.At <= upTo).Where(r => !r.Beat).Select(r => r.Value);

    /// <summary>Drops what can no longer be seen by a window that begins at an instant.</summary>
    public void Forget(long before)
    {
        var next = FirstAfter(before);
        var (reading, last) = (next - 1, next - 1);
        while (reading >= 0 && reports[reading].Beat) reading--;
        // The last reading is kept for what the heartbeats after it hold on.
        if (last > reading + 1)
        {
            reports.RemoveRange(reading + 1, last - reading - 1);
            stretches = null;
        }
        // A list moves up as a whole: not for each reading that falls out of it.
        if (reading <= reports.Count / 2) return;
        reports.RemoveRange(0, reading);
        stretches?.Drop(reports[0].At);
    }

    private void Put(SavedReport report)
    {
        if (reports.Count == 0 || reports[^1].At < report.At)
        {
            reports.Add(report);
            if (stretches is not null) Hold(report);
            return;
        }
        stretches = null;
        var at = FirstAfter(report.At);
        if (at > 0 && reports[at - 1].At == report.At) reports[at - 1] = report;
        else reports.Insert(at, report);
    }

    private int FirstAfter(long instant)
    {
        var (low, high) = (0, reports.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (reports[middle].At <= instant) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
