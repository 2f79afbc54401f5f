using Liren.Contracts.Wall;

namespace Liren.Wall.Model;

/// <summary>Remembers the frame before and says what is different in the next.</summary>
internal sealed class Differ
{
    private readonly Dictionary<string, string> tiles = [];
    private Dictionary<Guid, string> things = [];
    private int more, unplaced, map;

    /// <summary>The difference; null when there is none.</summary>
    public Delta? Next(Snapshot now, IReadOnlyList<Line> feed)
    {
        var newTiles = now.Tiles.Where(t => Changes(tiles, t.Id, WallJson.Of(t))).ToList();
        var after = now.Things.ToDictionary(t => t.Id, WallJson.Of);
        var newThings = now.Things.Where(t => !things.TryGetValue(t.Id, out var before) || before != after[t.Id]).ToList();
        var gone = things.Keys.Where(id => !after.ContainsKey(id)).ToList();
        var delta = new Delta(now.At)
        {
            Tiles = newTiles.Count > 0 ? newTiles : null, Things = newThings.Count > 0 ? newThings : null, Gone = gone.Count > 0 ? gone : null, Feed = feed.Count > 0 ? feed : null,
            More = now.More == more ? null : now.More, Unplaced = now.Unplaced == unplaced ? null : now.Unplaced, Map = now.Map == map ? null : now.Map,
        };
        (things, more, unplaced, map) = (after, now.More, now.Unplaced, now.Map);
        return delta with { At = default } == new Delta(default(DateTimeOffset)) ? null : delta;
    }

    private static bool Changes(Dictionary<string, string> known, string id, string text)
    {
        if (known.TryGetValue(id, out var before) && before == text) return false;
        known[id] = text;
        return true;
    }
}

/// <summary>Says in a line what has become of a thing.</summary>
internal static class News
{
    /// <summary>How many lines a wall keeps.</summary>
    public const int Kept = 30;

    /// <summary>The line; null when it is not worth one.</summary>
    public static Line? Of(WallThing? before, WallThing? after, DateTimeOffset at, PlaceBook places)
    {
        if ((after ?? before) is not { } thing || thing.Kind is WallKinds.Case or WallKinds.Plan) return null;
        if (before is not null && after is not null && before.State == after.State && before.Level == after.Level) return null;
        // A gate or device that is all right and was never otherwise is no news.
        if (thing.Kind is WallKinds.Gate or WallKinds.Device && (before?.Trouble ?? false) == (after?.Trouble ?? false)) return null;
        return new(at, thing.Kind, after?.State ?? "gone") { Zh = thing.Name?.Zh, En = thing.Name?.En, Place = places.Spot(thing.Place).Name, Level = thing.Level, Code = thing.Code };
    }
}
