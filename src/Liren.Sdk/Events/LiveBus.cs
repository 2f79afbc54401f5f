using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Liren.Sdk.Events;

/// <summary>"Something happened": enough to know what to read again, no data.</summary>
/// <param name="Type">Short name of the event type ("IncidentMoved"), or "bell".</param>
/// <param name="Place">Where, if known.</param>
/// <param name="Subject">What it is about; for "bell" the account.</param>
public sealed record LiveNote(string Type, string? Place, Guid? Subject);

/// <summary>
/// Tells open pages of this process what has just happened. Notes are hints: whoever hears one reads the data again through its feature,
/// so permissions hold and a lost note costs only delay.
/// </summary>
public sealed class LiveBus
{
    /// <summary>The bus of this process.</summary>
    public static LiveBus Shared { get; } = new();

    private readonly ConcurrentDictionary<long, Action<LiveNote>> listeners = new();
    private long next;

    /// <summary>Tells every listener.</summary>
    public void Publish(LiveNote note)
    {
        foreach (var listener in listeners.Values) listener(note);
    }

    /// <summary>Calls back on every note until disposed. The callback must return at once.</summary>
    public IDisposable Listen(Action<LiveNote> heard)
    {
        var id = Interlocked.Increment(ref next);
        listeners[id] = heard;
        return new Ear(() => listeners.TryRemove(id, out _));
    }

    /// <summary>Notes as a stream, newest kept when the reader is slow; for server-sent events.</summary>
    public async IAsyncEnumerable<LiveNote> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<LiveNote>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });
        using var ear = Listen(n => channel.Writer.TryWrite(n));
        await foreach (var note in channel.Reader.ReadAllAsync(cancellation)) yield return note;
    }

    private sealed class Ear(Action close) : IDisposable
    {
        public void Dispose() => close();
    }
}
