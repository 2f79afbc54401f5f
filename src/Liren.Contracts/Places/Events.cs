namespace Liren.Contracts.Places;

/// <summary>A place was added to the tree.</summary>
public sealed record PlaceAdded(string Path, PlaceKind Kind, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Path;
}

/// <summary>A place was renamed or its details changed.</summary>
public sealed record PlaceChanged(string Path, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Path;
}

/// <summary>A place was closed, with everything below it: it stays in history, nothing new happens there.</summary>
public sealed record PlaceClosed(string Path, string Reason, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Path;
}

/// <summary>Divisions were imported from a file.</summary>
public sealed record DivisionsImported(long Added, long Changed, long Refused, DateTimeOffset At) : IEvent;

/// <summary>Many places were added at once below a place: generated, or made by an import. There is no <see cref="PlaceAdded"/> for each.</summary>
public sealed record PlacesAdded(string Path, int Count, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Path;
}

/// <summary>Rooms became other rooms: one was split, or several were merged. Those before are closed; who is registered there stays until moved.</summary>
public sealed record RoomsRedrawn(string Parent, IReadOnlyList<string> Before, IReadOnlyList<string> After, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Parent;
}

/// <summary>A place added by mistake was taken out again with everything below it, because nothing had ever happened there.</summary>
public sealed record PlaceRemoved(string Path, int Count, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Path;
}
