using System.Text.Json;
using Liren.Contracts;
using Liren.Sdk.Security;

namespace Liren.Sdk.Events;

/// <summary>One line of the journal (日志): what happened, when, where, to what, by whom, because of what. Append only.</summary>
public sealed class JournalEntry
{
    /// <summary>Order of writing.</summary>
    public long Seq { get; init; }
    /// <summary>Id of the event, UUIDv7.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();
    /// <summary>When it happened (UTC).</summary>
    public DateTimeOffset At { get; init; }
    /// <summary>Module that wrote it.</summary>
    public required string Module { get; init; }
    /// <summary>Full name of the event type.</summary>
    public required string Type { get; init; }
    /// <summary>Place path, if any.</summary>
    public string? Place { get; init; }
    /// <summary>What it is about, if anything.</summary>
    public Guid? Subject { get; init; }
    /// <summary>Account that caused it; null for the machine.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>Name of the actor at that time: an account's display name, a device, "system".</summary>
    public required string Actor { get; init; }
    /// <summary>Journal id of the event that caused this one, if one did.</summary>
    public Guid? Cause { get; init; }
    /// <summary>The event as JSON.</summary>
    public required string Body { get; init; }

    internal static JournalEntry From(IEvent @event, string module) => new()
    {
        At = @event.At,
        Module = module,
        Type = @event.GetType().FullName!,
        Place = @event.Place,
        Subject = @event.Subject,
        ActorId = Security.Actor.Current.Id,
        Actor = Security.Actor.Current.Name,
        Cause = Causes.Current,
        Body = JsonSerializer.Serialize(@event, @event.GetType(), EventTypes.Json),
    };

    internal IEvent Read() => (IEvent)JsonSerializer.Deserialize(Body, EventTypes.Find(Type), EventTypes.Json)!;
}

/// <summary>A journal entry that some handler has not had yet. Deleted once all have.</summary>
public sealed class OutboxMessage
{
    /// <summary>Id of the journal entry.</summary>
    public Guid Id { get; init; }
    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }
    /// <summary>Failed attempts so far.</summary>
    public int Tries { get; set; }
    /// <summary>Not before this time, after a failure.</summary>
    public DateTimeOffset? NotBefore { get; set; }
    /// <summary>What went wrong last.</summary>
    public string? LastError { get; set; }
}

/// <summary>Remembers, in the transaction of the handler's own changes, which message it has had.</summary>
public sealed class InboxMark
{
    /// <summary>Journal id.</summary>
    public Guid MessageId { get; init; }
    /// <summary>Handler type.</summary>
    public required string Handler { get; init; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>An event that will happen at a time.</summary>
public sealed class TimerRow
{
    /// <summary>Unique name of the timer: "incidents.offer:ID".</summary>
    public required string Key { get; init; }
    /// <summary>When it is due (UTC).</summary>
    public DateTimeOffset Due { get; set; }
    /// <summary>Module that planned it.</summary>
    public required string Module { get; set; }
    /// <summary>Event type.</summary>
    public required string Type { get; set; }
    /// <summary>The event as JSON.</summary>
    public required string Body { get; set; }
    /// <summary>Journal id of what caused it.</summary>
    public Guid? Cause { get; set; }

    internal static TimerRow From(string key, DateTimeOffset due, IEvent @event, string module) => new()
    {
        Key = key, Due = due, Module = module, Type = @event.GetType().FullName!, Cause = Causes.Current,
        Body = JsonSerializer.Serialize(@event, @event.GetType(), EventTypes.Json),
    };
}

/// <summary>A note in somebody's bell.</summary>
public sealed class BellNote
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();
    /// <summary>For whom.</summary>
    public Guid AccountId { get; init; }
    /// <summary>Text key of the sentence.</summary>
    public required string TextKey { get; init; }
    /// <summary>JSON array of the sentence's arguments.</summary>
    public required string Args { get; init; }
    /// <summary>Page to open.</summary>
    public required string Href { get; init; }
    /// <summary>When (UTC).</summary>
    public DateTimeOffset At { get; init; }
    /// <summary>When it was read, if it was.</summary>
    public DateTimeOffset? ReadAt { get; set; }
}

/// <summary>The event being handled, so that what it causes can say so.</summary>
public static class Causes
{
    private static readonly AsyncLocal<Guid?> Local = new();

    /// <summary>Journal id of the event being handled in this flow of control.</summary>
    public static Guid? Current { get => Local.Value; internal set => Local.Value = value; }
}

/// <summary>Finds event types by name.</summary>
public static class EventTypes
{
    /// <summary>How events are written.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Type> Known = new();

    /// <summary>The type of this full name, in any loaded assembly.</summary>
    public static Type Find(string name) => Known.GetOrAdd(name, static n => AppDomain.CurrentDomain.GetAssemblies()
        .Select(a => a.GetType(n)).FirstOrDefault(t => t is not null && t.IsAssignableTo(typeof(IEvent)))
        ?? throw new InvalidOperationException($"Event type {n} is unknown; was a plug-in removed?"));
}
