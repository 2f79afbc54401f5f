using Liren.Contracts;
using Liren.Contracts.Insight;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Insight.Folding;

/// <summary>Follows the logs that feed measures and folds what is new, a moment after it was written.</summary>
internal sealed partial class LogFollower(MeasureBook book, Freshness fresh, IServiceScopeFactory scopes, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LogFollower> log) : BackgroundService
{
    /// <summary>Lines folded in one transaction when many wait: about a day of a district, so that the rows and sets of a day are written once.</summary>
    public const int Most = 2_000_000;

    // Gathers: a line a transaction would write the same rows again and again.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(600), Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        await Task.WhenAll(book.Sources.OfType<ILogMeasures>().Select(source => FollowAsync(source, stoppingToken)));
    }

    private async Task FollowAsync(ILogMeasures source, CancellationToken stop)
    {
        using var news = new SemaphoreSlim(0);
        void Wake() { if (news.CurrentCount == 0) news.Release(); }
        source.Written += Wake;
        try
        {
            using var actor = Actor.Use(Actor.System);
            while (true)
            {
                try { await CatchUpAsync(source, stop); }
                // The database may be away: it is tried again from where the cursor stands.
                catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException)) { LogTrouble(source.Name, e); }
                // The pause is only a safety net: another process may have written.
                await news.WaitAsync(Patience, stop);
                await Task.Delay(Gather, stop);
            }
        }
        finally { source.Written -= Wake; }
    }

    /// <summary>Folds until nothing is left.</summary>
    private async Task CatchUpAsync(ILogMeasures source, CancellationToken stop)
    {
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            var folder = scope.ServiceProvider.GetRequiredService<Folder>();
            var cursor = await folder.CursorAsync(source, stop);
            var (before, asked) = (cursor.Seq, clock.GetUtcNow());
            if (!await folder.FoldLogAsync(source, cursor, Most, stop) && (await folder.CursorAsync(source, stop)).Seq == before)
            {
                fresh.Say(source.Name, asked);
                return;
            }
            LiveBus.Shared.Publish(new LiveNote("InsightFolded", null, null));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} cannot be folded; trying again")]
    private partial void LogTrouble(string source, Exception e);
}

/// <summary>Hears every event and counts its subject anew when a measure follows from it. What is counted follows from the whole history, so an event that comes twice changes nothing.</summary>
internal sealed class FoldRoute(MeasureBook book) : IEventRoute
{
    public Type EventType => typeof(IEvent);
    public string Handler => typeof(FoldRoute).FullName!;

    public async Task DeliverAsync(IServiceProvider scope, Guid messageId, IEvent @event, CancellationToken cancellation)
    {
        if (@event.Subject is not { } subject) return;
        foreach (var source in book.Subjects[@event.GetType()])
        {
            var folder = scope.GetRequiredService<Folder>();
            while (!await folder.FoldSubjectAsync(source, (await folder.CursorAsync(source, cancellation)).Build, subject, inForce: true, cancellation)) { }
        }
    }
}
