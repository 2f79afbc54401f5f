using System.Globalization;
using Liren.Contracts.Places;

namespace Liren.Wall.Model;

/// <summary>
/// The wall of one place, for all who look at it: numbered frames, the last five minutes of them kept. A viewer has no queue of its own: it asks for what
/// came after the frame it had, and takes the whole picture when that is no longer kept.
/// </summary>
internal sealed class Channel(string place, string epoch)
{
    private const int Kept = 300;
    private readonly Lock gate = new();
    private readonly Queue<(long Seq, string Text)> ring = new();
    private readonly Differ differ = new();
    private readonly List<Line> feed = [];
    private long seq;
    private Snapshot? last;
    private TaskCompletionSource pulse = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whose wall.</summary>
    public string Place { get; } = place;

    /// <summary>How many look at it.</summary>
    public int Viewers;

    /// <summary>Since when nobody does; ticks of the machine.</summary>
    public long EmptySince = Environment.TickCount64;

    /// <summary>Completes at the next frame.</summary>
    public Task Pulse => Volatile.Read(ref pulse).Task;

    /// <summary>As of when the frame is, whether or not something changed.</summary>
    public DateTimeOffset AsOf { get; private set; }

    /// <summary>Takes the picture of now and the lines since the one before.</summary>
    public void Publish(Snapshot now, IReadOnlyList<Line> news)
    {
        lock (gate)
        {
            AsOf = now.At;
            feed.InsertRange(0, news.Reverse());
            if (feed.Count > News.Kept) feed.RemoveRange(News.Kept, feed.Count - News.Kept);
            var first = last is null;
            last = now;
            if (differ.Next(now, news) is not { } delta || first) return;
            seq++;
            ring.Enqueue((seq, WallJson.Of(delta)));
            while (ring.Count > Kept) ring.Dequeue();
        }
        Interlocked.Exchange(ref pulse, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>The whole picture and its number.</summary>
    public (string Id, string Text) Whole()
    {
        lock (gate) return (IdOf(seq), WallJson.Of(last! with { At = AsOf, Feed = [.. feed] }));
    }

    /// <summary>Frames after one that a viewer had; null when it is of another start of the server or no longer kept.</summary>
    public IReadOnlyList<(string Id, string Text)>? After(string? id)
    {
        if (id?.Split('.') is not [var start, var number] || start != epoch || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var had)) return null;
        lock (gate)
        {
            if (had > seq || (had < seq && (ring.Count == 0 || ring.Peek().Seq > had + 1))) return null;
            return [.. ring.Where(f => f.Seq > had).Select(f => (IdOf(f.Seq), f.Text))];
        }
    }

    /// <summary>True when something at a path is of concern here.</summary>
    public bool Concerns(string path) => PlacePath.IsWithin(path, Place);

    private string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{epoch}.{number}");
}
