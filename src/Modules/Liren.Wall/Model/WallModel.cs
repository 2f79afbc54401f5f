using Liren.Contracts.Places;
using Liren.Contracts.Wall;

namespace Liren.Wall.Model;

/// <summary>When a part of the wall was right last.</summary>
/// <param name="AsOf">Read and nothing unread since (UTC); null: never read.</param>
/// <param name="Within">As long as this it counts as fresh.</param>
internal readonly record struct Mark(DateTimeOffset? AsOf, TimeSpan Within);

/// <summary>
/// Everything the walls of this server know, in memory: things by kind, and passages by gate and minute. The live walls share one that follows events;
/// a story has its own, made from history. Not safe for several threads: its owner takes turns.
/// </summary>
internal sealed class WallModel
{
    private readonly Dictionary<string, Dictionary<Guid, WallThing>> things = [];
    private readonly Dictionary<string, Mark> marks = [];

    /// <summary>People through gates within the last hour.</summary>
    public Passages Passages { get; } = new();

    /// <summary>Things of a kind.</summary>
    public IEnumerable<WallThing> Of(string kind) => things.TryGetValue(kind, out var all) ? all.Values : [];

    /// <summary>Things of a kind that lie at a place or below it.</summary>
    public IEnumerable<WallThing> Within(string kind, string place) => Of(kind).Where(t => PlacePath.IsWithin(t.Place, place));

    /// <summary>Things of a kind whose area holds a place, or lies in it: orders and plans are inherited down the tree.</summary>
    public IEnumerable<WallThing> Concerning(string kind, string place) => Of(kind).Where(t => PlacePath.Overlap(t.Place, place));

    /// <summary>When a kind was right last.</summary>
    public Mark MarkOf(string kind) => marks.GetValueOrDefault(kind);

    /// <summary>Says that a kind is right now.</summary>
    public void Confirm(string kind, DateTimeOffset asOf, TimeSpan within) => marks[kind] = new(asOf, within);

    /// <summary>One thing as it is from now on; null: it is gone. Returns how it was.</summary>
    public WallThing? Set(string kind, Guid id, WallThing? thing)
    {
        if (!things.TryGetValue(kind, out var all)) things[kind] = all = [];
        all.TryGetValue(id, out var before);
        if (thing is null) all.Remove(id);
        else all[id] = thing;
        return before;
    }

    /// <summary>Ids of a kind, to see which are gone after a recount.</summary>
    public IReadOnlyCollection<Guid> IdsOf(string kind) => things.TryGetValue(kind, out var all) ? all.Keys : [];
}

/// <summary>People let through each gate, by minute, for the last hour.</summary>
internal sealed class Passages
{
    private const int Minutes = 60;
    private readonly Dictionary<Guid, Window> gates = [];

    private sealed class Window(string place)
    {
        public string Place { get; } = place;
        public long[] Minute { get; } = new long[Minutes];
        public int[] In { get; } = new int[Minutes];
        public int[] Out { get; } = new int[Minutes];
    }

    /// <summary>Adds what passed. A minute older than an hour before the newest of its gate is passed over.</summary>
    public void Add(WallPassage passed)
    {
        if (!gates.TryGetValue(passed.Gate, out var window)) gates[passed.Gate] = window = new(passed.Place);
        var slot = (int)(passed.Minute % Minutes);
        if (window.Minute[slot] > passed.Minute) return;
        if (window.Minute[slot] < passed.Minute) (window.Minute[slot], window.In[slot], window.Out[slot]) = (passed.Minute, 0, 0);
        window.In[slot] += passed.In;
        window.Out[slot] += passed.Out;
    }

    /// <summary>People in and out within the hour before an instant, at a place and below it.</summary>
    public (int In, int Out) Within(string place, DateTimeOffset now)
    {
        var (entered, left) = (0, 0);
        foreach (var window in gates.Values)
        {
            if (!PlacePath.IsWithin(window.Place, place)) continue;
            var (i, o) = Sum(window, now);
            (entered, left) = (entered + i, left + o);
        }
        return (entered, left);
    }

    /// <summary>The same of one gate.</summary>
    public (int In, int Out) Of(Guid gate, DateTimeOffset now) => gates.TryGetValue(gate, out var window) ? Sum(window, now) : (0, 0);

    private static (int In, int Out) Sum(Window window, DateTimeOffset now)
    {
        var newest = now.ToUnixTimeSeconds() / 60;
        var (entered, left) = (0, 0);
        for (var slot = 0; slot < Minutes; slot++)
            if (window.Minute[slot] > newest - Minutes && window.Minute[slot] <= newest) (entered, left) = (entered + window.In[slot], left + window.Out[slot]);
        return (entered, left);
    }
}
