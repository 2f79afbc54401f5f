namespace Liren.Incidents.Sensing;

/// <summary>How far the journals of the devices have been read.</summary>
internal sealed class SensorCursor
{
    /// <summary>The one row.</summary>
    public const int Only = 1;

    public int Id { get; init; } = Only;
    /// <summary>The last reading dealt with.</summary>
    public long Readings { get; init; }
    /// <summary>The last happening dealt with.</summary>
    public long Happenings { get; init; }
}
