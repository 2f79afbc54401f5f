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

    /// <summary>What is kept, in order of time.</summary>
    public IReadOnlyList<SavedReport> Reports => reports;

    /// <summary>Event time of the last word; null when there was none.</summary>
    public long? LastAt => reports.Count == 0 ? null : reports[^1].At;

    /// <summary>Number of reports kept.</summary>
    public int Count => reports.Count;

    /// <summary>A reading. A second one for the same instant takes the place of the first.</summary>
    public void Add(long at, double value) => Put(new(at, value, false));

    /// <summary>What was kept before.</summary>
    public void Restore(IEnumerable<SavedReport> kept) => reports.AddRange(kept);

    /// <summary>The sensor lives and sees what it saw: its value holds on.</summary>
    public void Beat(long at)
    {
        // A heartbeat says less than a reading of the same instant.
        if (!reports.Exists(r => r.At == at)) Put(new(at, 0, true));
    }

    /// <summary>Stretches in order of time; nothing is observed between them.</summary>
    public IEnumerable<Held> Stretches()
    {
        double? value = null;
        for (var i = 0; i < reports.Count; i++)
        {
            var report = reports[i];
            if (!report.Beat) value = report.Value;
            // A heartbeat before the first reading says nothing of the value.
            if (value is not { } held) continue;
            var to = report.At + staleAfter;
            if (i + 1 < reports.Count) to = Math.Min(to, reports[i + 1].At);
            yield return new(report.At, to, held);
        }
    }

    /// <summary>Readings, without heartbeats, after one instant up to and with another.</summary>
    public IEnumerable<double> Readings(long after, long upTo) => reports.Where(r => !r.Beat && r.At > after && r.At <= upTo).Select(r => r.Value);

    /// <summary>Drops what can no longer be seen by a window that begins at an instant.</summary>
    public void Forget(long before)
    {
        var reading = reports.FindLastIndex(r => r.At <= before && !r.Beat);
        var last = reports.FindLastIndex(r => r.At <= before);
        // The last reading is kept for what the heartbeats after it hold on.
        if (last > reading + 1) reports.RemoveRange(reading + 1, last - reading - 1);
        if (reading > 0) reports.RemoveRange(0, reading);
    }

    private void Put(SavedReport report)
    {
        var at = reports.Count;
        while (at > 0 && reports[at - 1].At > report.At) at--;
        if (at > 0 && reports[at - 1].At == report.At) reports[at - 1] = report;
        else reports.Insert(at, report);
    }
}
