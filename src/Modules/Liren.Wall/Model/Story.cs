using Liren.Contracts.Wall;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Wall.Model;

/// <summary>A day of a wall as it was, or a drill: the first picture and every frame after it, the same that live walls get.</summary>
/// <param name="From">Begin (UTC).</param>
/// <param name="To">End (UTC).</param>
/// <param name="First">How it was at the begin.</param>
/// <param name="Frames">What changed, oldest first.</param>
internal sealed record StoryTold(DateTimeOffset From, DateTimeOffset To, Snapshot First, IReadOnlyList<Delta> Frames);

/// <summary>Tells again what happened at a place (回放), from what the modules have kept: nothing is invented, and what was not kept is missing.</summary>
internal static class Story
{
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1), Hour = TimeSpan.FromHours(1);
    /// <summary>Counts as fresh all through a story.</summary>
    private static readonly TimeSpan Always = TimeSpan.FromDays(1000);
    private const int MostFrames = 20_000;

    /// <summary>The wall of a place between two instants.</summary>
    public static async Task<StoryTold> TellAsync(IServiceScopeFactory scopes, PlaceBook places, string place, DateTimeOffset from, DateTimeOffset to, CancellationToken stop)
    {
        var model = new WallModel();
        var changes = await ChangesAsync(scopes, model, place, from, to, stop);
        await using var scope = scopes.CreateAsyncScope();
        var passages = await scope.ServiceProvider.GetRequiredService<IWallPassages>().BetweenAsync(place, from - Hour, to, stop);
        if (passages is not null) model.Confirm(Kinds.Passages, to, Always);
        await places.LearnAsync(changes.Select(c => c.Thing).OfType<WallThing>().Where(Walls.Named).Select(t => t.Place), stop);
        return Play(model, places, place, from, to, changes, passages ?? []);
    }

    /// <summary>A drill at a place: only what it makes happen; everything else is missing, not calm.</summary>
    public static async Task<StoryTold> DrillAsync(PlaceBook places, string place, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<WallChange> changes, CancellationToken stop)
    {
        var model = new WallModel();
        foreach (var kind in changes.Select(c => c.Kind).Distinct()) model.Confirm(kind, to, Always);
        await places.LearnAsync(changes.Select(c => c.Thing).OfType<WallThing>().Select(t => t.Place), stop);
        return Play(model, places, place, from, to, [.. changes.OrderBy(c => c.At)], []);
    }

    /// <summary>Only the lines of what happened, oldest first.</summary>
    public static async Task<IReadOnlyList<Line>> LinesAsync(IServiceScopeFactory scopes, PlaceBook places, string place, DateTimeOffset from, DateTimeOffset to, CancellationToken stop)
    {
        var model = new WallModel();
        var changes = await ChangesAsync(scopes, model, place, from, to, stop);
        await places.LearnAsync(changes.Select(c => c.Thing).OfType<WallThing>().Where(Walls.Named).Select(t => t.Place), stop);
        var lines = new List<Line>();
        foreach (var change in changes) Apply(model, places, change, from, lines);
        return lines;
    }

    private static async Task<IReadOnlyList<WallChange>> ChangesAsync(IServiceScopeFactory scopes, WallModel model, string place, DateTimeOffset from, DateTimeOffset to, CancellationToken stop)
    {
        var changes = new List<WallChange>();
        await using var scope = scopes.CreateAsyncScope();
        foreach (var source in scope.ServiceProvider.GetServices<IWallSource>())
        {
            if (await source.HistoryAsync(place, from, to, stop) is not { } history) continue;
            model.Confirm(source.Kind, to, Always);
            changes.AddRange(history);
        }
        return [.. changes.OrderBy(c => c.At)];
    }

    private static StoryTold Play(WallModel model, PlaceBook places, string place, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<WallChange> changes, IReadOnlyList<WallPassage> passages)
    {
        var differ = new Differ();
        var byMinute = new Queue<WallPassage>(passages.OrderBy(p => p.Minute));
        var waiting = new Queue<WallChange>(changes);
        var frames = new List<Delta>();
        Snapshot? first = null;
        // Every minute, because figures of the last hour move by themselves, and whenever something changed.
        foreach (var now in changes.Select(c => Whole(c.At)).Concat(Minutes(from, to)).Where(t => t >= from && t <= to).Distinct().Order())
        {
            var lines = new List<Line>();
            while (waiting.TryPeek(out var change) && change.At <= now) Apply(model, places, waiting.Dequeue(), from, lines);
            while (byMinute.TryPeek(out var passed) && passed.Minute * 60 < now.ToUnixTimeSeconds()) model.Passages.Add(byMinute.Dequeue());
            var picture = Board.Of(model, place, places, now);
            var delta = differ.Next(picture, lines);
            if (first is null) first = picture;
            else if (delta is not null && frames.Count < MostFrames) frames.Add(delta);
        }
        return new(from, to, first!, frames);
    }

    private static void Apply(WallModel model, PlaceBook places, WallChange change, DateTimeOffset from, List<Line> lines)
    {
        var before = model.Set(change.Kind, change.Id, change.Thing);
        if (change.At > from && News.Of(before, change.Thing, change.At, places) is { } line) lines.Add(line);
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => new(at.Ticks + ((TimeSpan.TicksPerSecond - (at.Ticks % TimeSpan.TicksPerSecond)) % TimeSpan.TicksPerSecond), at.Offset);

    private static IEnumerable<DateTimeOffset> Minutes(DateTimeOffset from, DateTimeOffset to)
    {
        for (var at = from; at <= to; at += Tick) yield return at;
    }
}
