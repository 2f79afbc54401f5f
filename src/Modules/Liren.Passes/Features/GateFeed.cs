using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Liren.Passes.Features;

/// <summary>Something gates should know at once.</summary>
/// <param name="Event">Name of the server-sent event.</param>
/// <param name="Place">Gates at or below it, or whose community it is.</param>
/// <param name="Data">Its content.</param>
/// <param name="From">The gate it comes from, which need not hear it.</param>
internal sealed record GateNews(string Event, string Place, object Data, Guid? From = null);

/// <summary>News for the gates that listen now. A gate that does not listen learns the same at its next sync.</summary>
internal sealed class GateFeed
{
    /// <summary>The feed of this process.</summary>
    public static GateFeed Shared { get; } = new();

    private readonly ConcurrentDictionary<long, Channel<GateNews>> listeners = new();
    private long next;

    /// <summary>Whether anybody listens: news nobody hears need not be made.</summary>
    public bool HasListeners => !listeners.IsEmpty;

    /// <summary>Tells every listener; slow ones lose the oldest.</summary>
    public void Publish(GateNews news)
    {
        foreach (var listener in listeners.Values) listener.Writer.TryWrite(news);
    }

    /// <summary>News from now on.</summary>
    public (ChannelReader<GateNews> News, IDisposable End) Listen()
    {
        var id = Interlocked.Increment(ref next);
        var channel = Channel.CreateBounded<GateNews>(new BoundedChannelOptions(512) { FullMode = BoundedChannelFullMode.DropOldest });
        listeners[id] = channel;
        return (channel.Reader, new Ear(() => listeners.TryRemove(id, out _)));
    }

    private sealed class Ear(Action close) : IDisposable
    {
        public void Dispose() => close();
    }
}
