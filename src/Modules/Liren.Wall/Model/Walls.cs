using System.Collections.Concurrent;
using Liren.Contracts.Places;
using Liren.Contracts.Wall;
using Liren.Sdk.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Wall.Model;

/// <summary>
/// Keeps the walls of this server true. While somebody looks at one, it follows the events of all modules: what a note names is read again, at most once a
/// second and once for all walls, and everything is recounted from time to time. While nobody looks, it rests.
/// </summary>
internal sealed class Walls : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1), PassagesNet = TimeSpan.FromSeconds(10), Slack = TimeSpan.FromSeconds(15), FeedBack = TimeSpan.FromHours(1);
    private const long KeepEmpty = 5 * 60 * 1000;
    /// <summary>What the gate log says of itself.</summary>
    private const string GateLog = "GateLog";

    private readonly IServiceScopeFactory scopes;
    private readonly PlaceBook places;
    private readonly TimeProvider clock;
    private readonly ILogger<Walls> log;
    private readonly string epoch;
    private readonly SemaphoreSlim one = new(1);
    private readonly ConcurrentDictionary<string, Channel> channels = new();
    private readonly ConcurrentQueue<LiveNote> notes = new();
    private readonly Dictionary<string, DateTimeOffset> counted = [];
    private WallModel model = new();
    private long? line;
    private DateTimeOffset passagesAt;

    public Walls(IServiceScopeFactory scopes, PlaceBook places, TimeProvider clock, ILogger<Walls> log)
    {
        (this.scopes, this.places, this.clock, this.log) = (scopes, places, clock, log);
        epoch = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", System.Globalization.CultureInfo.InvariantCulture) + "-" + Guid.CreateVersion7().ToString("N")[^4..];
    }

    /// <summary>How many look at walls now.</summary>
    public int Viewers => channels.Values.Sum(c => c.Viewers);

    /// <summary>A seat before the wall of a place, until it is left.</summary>
    public async Task<Seat> SitAsync(string place, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            if (!channels.TryGetValue(place, out var channel))
            {
                channel = new Channel(place, epoch);
                if (channels.IsEmpty) await WakeUpAsync(stop);
                var first = await PictureAsync(place, stop);
                channel.Publish(first, await LatelyAsync(place, stop));
                channels[place] = channel;
            }
            Interlocked.Increment(ref channel.Viewers);
            return new Seat(channel);
        }
        finally { one.Release(); }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ear = LiveBus.Shared.Listen(note =>
        {
            if (channels.IsEmpty || note.Type == "bell") return;
            notes.Enqueue(note);
        });
        using var beat = new PeriodicTimer(Beat);
        try
        {
            while (await beat.WaitForNextTickAsync(stoppingToken))
            {
                if (channels.IsEmpty) continue;
                await one.WaitAsync(stoppingToken);
                try { await TurnAsync(stoppingToken); }
                // The database may be away for a while: the walls say how old they are, and the next turn tries again.
                catch (Exception e) when (e is not OperationCanceledException) { log.LogError(e, "The walls could not be brought up to date; trying again"); }
                finally { one.Release(); }
            }
        }
        catch (OperationCanceledException) { /* the server stops */ }
    }

    private async Task WakeUpAsync(CancellationToken stop)
    {
        (model, line) = (new(), null);
        counted.Clear();
        notes.Clear();
        await FollowAsync(stop);
    }

    private async Task TurnAsync(CancellationToken stop)
    {
        foreach (var (place, channel) in channels)
            if (channel.Viewers == 0 && Environment.TickCount64 - channel.EmptySince > KeepEmpty) channels.TryRemove(place, out _);
        var news = await FollowAsync(stop);
        foreach (var channel in channels.Values) channel.Publish(await PictureAsync(channel.Place, stop), [.. news.Where(n => channel.Concerns(n.Place)).Select(n => n.Line)]);
    }

    /// <summary>Reads what has changed, each part for itself: one that fails grows old and the others go on.</summary>
    private async Task<List<(string Place, Line Line)>> FollowAsync(CancellationToken stop)
    {
        var heard = new List<LiveNote>();
        while (notes.TryDequeue(out var note)) heard.Add(note);
        var now = clock.GetUtcNow();
        var news = new List<(string, Line)>();
        await using var scope = scopes.CreateAsyncScope();
        foreach (var source in scope.ServiceProvider.GetServices<IWallSource>())
        {
            var mine = heard.Where(n => source.Notes.ContainsKey(n.Type)).ToList();
            var all = !counted.TryGetValue(source.Kind, out var last) || now - last >= source.Recount || mine.Any(n => !source.Notes[n.Type] || n.Subject is null);
            try
            {
                if (all) await TakeAsync(source, null, now, news, stop);
                else if (mine.Count > 0) await TakeAsync(source, [.. mine.Select(n => n.Subject!.Value).Distinct()], now, news, stop);
                if (all) counted[source.Kind] = now;
                model.Confirm(source.Kind, now, source.Recount + Slack);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                counted.Remove(source.Kind);
                log.LogError(e, "The wall could not read its {Kind} part; trying again", source.Kind);
            }
        }
        if (line is null || now - passagesAt >= PassagesNet || heard.Exists(n => n.Type == GateLog)) await CountPassagesAsync(scope.ServiceProvider, now, stop);
        return news;
    }

    private async Task TakeAsync(IWallSource source, IReadOnlyCollection<Guid>? only, DateTimeOffset now, List<(string, Line)> news, CancellationToken stop)
    {
        var first = model.MarkOf(source.Kind).AsOf is null;
        var read = (await source.ReadAsync(only, stop)).ToDictionary(t => t.Id);
        await places.LearnAsync(read.Values.Where(Named).Select(t => t.Place), stop);
        foreach (var id in (only ?? model.IdsOf(source.Kind)).Concat(read.Keys).Distinct().ToList())
        {
            var thing = read.GetValueOrDefault(id);
            var before = model.Set(source.Kind, id, thing);
            if (!first && before != thing && News.Of(before, thing, now, places) is { } told) news.Add(((thing ?? before)!.Place, told));
        }
    }

    private async Task CountPassagesAsync(IServiceProvider services, DateTimeOffset now, CancellationToken stop)
    {
        try
        {
            var (passages, newest) = await services.GetRequiredService<IWallPassages>().AfterAsync(line, now - TimeSpan.FromHours(1), stop);
            foreach (var passed in passages) model.Passages.Add(passed);
            (line, passagesAt) = (newest, now);
            model.Confirm(Kinds.Passages, now, PassagesNet + Slack);
        }
        catch (Exception e) when (e is not OperationCanceledException) { log.LogError(e, "The wall could not count passages; trying again"); }
    }

    private async Task<Snapshot> PictureAsync(string place, CancellationToken stop)
    {
        var kinds = new[] { WallKinds.Incident, WallKinds.Gate, WallKinds.Device };
        await places.LearnAsync(kinds.SelectMany(model.Of).Where(t => PlacePath.IsWithin(t.Place, place)).Select(t => t.Place), stop);
        return Board.Of(model, place, places, clock.GetUtcNow());
    }

    /// <summary>What happened within the last hour: a wall that has just been switched on is not empty.</summary>
    private async Task<IReadOnlyList<Line>> LatelyAsync(string place, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var told = await Story.LinesAsync(scopes, places, place, now - FeedBack, now, stop);
        return [.. told.TakeLast(News.Kept)];
    }

    internal static bool Named(WallThing thing) => thing.Kind is not (WallKinds.Case or WallKinds.Plan);
}

/// <summary>Somebody before a wall.</summary>
internal sealed class Seat(Channel channel) : IDisposable
{
    /// <summary>What they look at.</summary>
    public Channel Channel { get; } = channel;

    public void Dispose()
    {
        if (Interlocked.Decrement(ref Channel.Viewers) == 0) Channel.EmptySince = Environment.TickCount64;
    }
}
