namespace Liren.Contracts.People;

/// <summary>A person as other modules may see them; name already masked for the asker.</summary>
public sealed record PersonCard(Guid Id, string Name, string? HomePath);

/// <summary>What other modules may ask of people. Every call is a read of personal data: it states a purpose and is logged.</summary>
public interface IPersonDirectory
{
    /// <summary>The person, or null.</summary>
    Task<PersonCard?> FindAsync(Guid id, string purpose, CancellationToken cancellation = default);

    /// <summary>How many people live at or below a place now; a count, no personal data.</summary>
    Task<int> CountResidentsAsync(string place, CancellationToken cancellation = default);
}

/// <summary>What a pass may say of somebody: never the full name or number.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Name">Masked name (王*英).</param>
/// <param name="IdTail">Last four characters of the document number; null when none is known.</param>
/// <param name="Room">Path of the room; null when they live nowhere here.</param>
/// <param name="Unit">The room as people call it, from the compound down.</param>
public sealed record PassHolder(Guid PersonId, string Name, string? IdTail, string? Room, string? Unit);

/// <summary>Who can hold a pass. Every answer is a read of personal data, logged for each person.</summary>
public interface IPassHolders
{
    /// <summary>The person; null when unknown or not to be seen by who asks.</summary>
    Task<PassHolder?> FindAsync(Guid person, string purpose, CancellationToken cancellation = default);

    /// <summary>People found by name, room, telephone or document, for a picker.</summary>
    Task<IReadOnlyList<PassHolder>> SearchAsync(string text, int take, string purpose, CancellationToken cancellation = default);

    /// <summary>A resident alone; null when not present. For callers who know that the resident asks.</summary>
    Task<PassHolder?> SelfAsync(Guid person, CancellationToken cancellation = default);

    /// <summary>A resident and those who share their household, or their room when no household is recorded; the resident first. For callers who know that the resident asks.</summary>
    Task<IReadOnlyList<PassHolder>> HouseholdAsync(Guid person, CancellationToken cancellation = default);

    /// <summary>Everybody who lives at or below the place now, in order of rooms.</summary>
    Task<IReadOnlyList<PassHolder>> LivingAtAsync(string place, string purpose, CancellationToken cancellation = default);
}

/// <summary>A person was registered.</summary>
public sealed record PersonRegistered(Guid PersonId, string? Home, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Home;
    /// <inheritdoc/>
    public Guid? Subject => PersonId;
}

/// <summary>A person's details changed; which fields, not their values.</summary>
public sealed record PersonChanged(Guid PersonId, string? Home, IReadOnlyList<string> Fields, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Home;
    /// <inheritdoc/>
    public Guid? Subject => PersonId;
}

/// <summary>Somebody moved into a room.</summary>
public sealed record OccupancyBegan(Guid PersonId, string Room, string Kind, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Room;
    /// <inheritdoc/>
    public Guid? Subject => PersonId;
}

/// <summary>Somebody moved out of a room.</summary>
public sealed record OccupancyEnded(Guid PersonId, string Room, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Room;
    /// <inheritdoc/>
    public Guid? Subject => PersonId;
}

/// <summary>A roster was imported.</summary>
public sealed record ResidentsImported(Guid ImportId, string Compound, int Added, int Changed, int Unchanged, int Refused, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Compound;
    /// <inheritdoc/>
    public Guid? Subject => ImportId;
}

/// <summary>A household was founded, ended, or its head or members changed.</summary>
/// <param name="HouseholdId">Which.</param>
/// <param name="Room">Its room.</param>
/// <param name="What">founded, head, members or ended.</param>
/// <param name="At">When.</param>
public sealed record HouseholdChanged(Guid HouseholdId, string Room, string What, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Room;
    /// <inheritdoc/>
    public Guid? Subject => HouseholdId;
}

/// <summary>Somebody agreed that something is noted about them; what, is not in the journal.</summary>
public sealed record ConsentGiven(Guid ConsentId, Guid PersonId, string? Home, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Home;
    /// <inheritdoc/>
    public Guid? Subject => PersonId;
}

/// <summary>Somebody took a consent back: whoever keeps anything under it deletes it now.</summary>
public sealed record ConsentWithdrawn(Guid ConsentId, Guid PersonId, string? Home, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Home;
    /// <inheritdoc/>
    public Guid? Subject => PersonId;
}

/// <summary>Somebody was erased from the register: whoever keeps anything of theirs deletes it now.</summary>
public sealed record PersonErased(Guid PersonId, string? Home, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => Home;
    /// <inheritdoc/>
    public Guid? Subject => PersonId;
}
