namespace Liren.Places.Domain;

/// <summary>How rooms became other rooms.</summary>
internal enum LineageKind
{
    /// <summary>拆分: one became several.</summary>
    Split,
    /// <summary>合并: several became one.</summary>
    Merge,
}

/// <summary>One line of a room's descent (房屋沿革): what it was before, what it became. Written once, never changed.</summary>
internal sealed class RoomLineage
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string FromPath { get; init; }
    public required string ToPath { get; init; }
    public LineageKind Kind { get; init; }
    public DateTimeOffset At { get; init; }
    public Guid? ByAccount { get; init; }
}
