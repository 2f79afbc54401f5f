namespace Liren.Contracts.Devices;

/// <summary>What is to be known about a reading before it is believed.</summary>
[Flags]
public enum ReadingQuality
{
    /// <summary>Nothing against it.</summary>
    None = 0,
    /// <summary>Outside what the kind says, or of a metric the kind does not know (存疑).</summary>
    Suspect = 1,
    /// <summary>The device's clock was missing or more than five minutes off: the time is that of arrival.</summary>
    ClockDoubt = 2,
    /// <summary>At least so many: dense crowds are under-counted. May raise an alarm, never clear one.</summary>
    LowerBound = 4,
    /// <summary>From a simulator; never in a production tenant.</summary>
    Simulated = 8,
    /// <summary>The device began to count anew before it.</summary>
    Reset = 16,
}

/// <summary>One value, on disk when it is seen. The strings are shared, not copied.</summary>
/// <param name="Seq">Position in the journal of readings; grows in the order of commit.</param>
/// <param name="DeviceId">Which device.</param>
/// <param name="Device">Its name in topics.</param>
/// <param name="Kind">Its kind ("camera").</param>
/// <param name="Place">Path of the place it stands at.</param>
/// <param name="Metric">What was measured ("people.count").</param>
/// <param name="Value">How much, in the unit of the kind.</param>
/// <param name="At">When, Unix milliseconds UTC.</param>
/// <param name="ArrivedAt">When it arrived, Unix milliseconds UTC.</param>
/// <param name="Quality">What is to be known about it.</param>
public readonly record struct DeviceReading(long Seq, Guid DeviceId, string Device, string Kind, string Place, string Metric, double Value, long At, long ArrivedAt, ReadingQuality Quality);

/// <summary>Something a device said happened, on disk when it is seen.</summary>
/// <param name="Seq">Position in the same journal as readings.</param>
/// <param name="DeviceId">Which device.</param>
/// <param name="Device">Its name in topics.</param>
/// <param name="Place">Path of the place it stands at.</param>
/// <param name="Type">What happened ("smoke.alarm").</param>
/// <param name="Fields">The details as JSON, or null.</param>
/// <param name="At">When, Unix milliseconds UTC.</param>
/// <param name="ArrivedAt">When it arrived, Unix milliseconds UTC.</param>
/// <param name="Quality">What is to be known about it.</param>
public sealed record DeviceHappening(long Seq, Guid DeviceId, string Device, string Place, string Type, string? Fields, long At, long ArrivedAt, ReadingQuality Quality);

/// <summary>Sees what devices sent, after it is on disk.</summary>
public interface IReadingListener
{
    /// <summary>
    /// The readings of one commit, in journal order. Called on the journal's only thread: copy what is needed and return at once; nothing is stored while
    /// it runs. An exception is logged and does not stop the journal. The span is reused afterwards.
    /// </summary>
    void OnReadings(ReadOnlySpan<DeviceReading> batch);

    /// <summary>The happenings of one commit, in journal order; same rules.</summary>
    void OnHappenings(ReadOnlySpan<DeviceHappening> batch) { }
}

/// <summary>The journal of readings (读数). A listener that keeps the last <c>Seq</c> it has dealt with misses nothing: it reads on from there at its start, then listens.</summary>
public interface IDeviceReadings
{
    /// <summary>Listens until disposed. Only what is committed from now on.</summary>
    IDisposable Listen(IReadingListener listener);

    /// <summary>What stands after a position, oldest first, at most <paramref name="take"/>; of one metric when it is named.</summary>
    Task<IReadOnlyList<DeviceReading>> ReadAsync(long after, string? metric = null, int take = 4_096, CancellationToken cancellation = default);

    /// <summary>Happenings after a position, oldest first, at most <paramref name="take"/>.</summary>
    Task<IReadOnlyList<DeviceHappening>> ReadHappeningsAsync(long after, int take = 4_096, CancellationToken cancellation = default);
}
