using System.Collections.Concurrent;
using Liren.Contracts.Places;
using Liren.Sdk.Events;

namespace Liren.People.Features;

/// <summary>Rooms as people call them: "里仁花园 8号楼 1单元 2602".</summary>
internal sealed class RoomNames(IPlaceDirectory places, RoomNameMemory memory)
{
    /// <summary>Names of the rooms from the compound down; the path where a place is unknown.</summary>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(IEnumerable<string?> rooms, CancellationToken stop)
    {
        var names = new Dictionary<string, string>();
        var unknown = new List<string>();
        foreach (var room in rooms.OfType<string>().Distinct())
            if (memory.Find(room) is { } name) names[room] = name;
            else unknown.Add(room);
        if (unknown.Count == 0) return names;
        var cards = await places.FindManyAsync(unknown.SelectMany(PlacePath.SelfAndAncestors).Where(p => p.Length > 0).Distinct(), stop);
        foreach (var room in unknown)
        {
            if (!cards.ContainsKey(room)) { names[room] = room; continue; }
            memory.Keep(room, names[room] = string.Join(' ', PlacePath.SelfAndAncestors(room).Reverse().Where(p => cards.TryGetValue(p, out var c) && c.Kind >= PlaceKind.Compound).Select(p => cards[p].Name)));
        }
        return names;
    }

    /// <summary>Name of one room.</summary>
    public async Task<string> OfAsync(string room, CancellationToken stop) => (await OfAsync([room], stop))[room];
}

/// <summary>Names of rooms already asked for: a list shows the same ones over and over. Forgotten when a place changes, and after a minute at the latest.</summary>
internal sealed class RoomNameMemory : IDisposable
{
    private const int Most = 20_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (string Name, DateTimeOffset Until)> names = new();
    private readonly TimeProvider clock;
    private readonly IDisposable ear;

    public RoomNameMemory(TimeProvider clock)
    {
        this.clock = clock;
        ear = LiveBus.Shared.Listen(note => { if (note.Type is nameof(PlaceChanged) or nameof(PlaceClosed)) names.Clear(); });
    }

    /// <summary>The name, if it is still fresh.</summary>
    public string? Find(string room) => names.TryGetValue(room, out var known) && known.Until > clock.GetUtcNow() ? known.Name : null;

    /// <summary>Remembers a name.</summary>
    public void Keep(string room, string name)
    {
        if (names.Count >= Most) names.Clear();
        names[room] = (name, clock.GetUtcNow() + Fresh);
    }

    public void Dispose() => ear.Dispose();
}
