using Liren.Contracts;

namespace Liren.Sdk;

/// <summary>A thing with an identity that lives in a module's tables and tells what happened to it.</summary>
public abstract class Entity
{
    private List<IEvent>? events;

    /// <summary>UUIDv7. Given by the caller when the create must be idempotent.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Raised by one on each save; the ETag of the API and the guard against lost updates.</summary>
    public int Version { get; internal set; }

    /// <summary>Notes an event; it is written to journal and outbox in the transaction that saves the entity.</summary>
    protected void Raise(IEvent @event) => (events ??= []).Add(@event);

    internal IReadOnlyList<IEvent> TakeEvents()
    {
        if (events is null) return [];
        var taken = events;
        events = null;
        return taken;
    }
}
