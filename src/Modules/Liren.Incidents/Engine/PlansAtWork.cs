using System.Threading.Channels;
using Liren.Incidents.Data;
using Liren.Plans.Running;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Incidents.Engine;

/// <summary>
/// Runs the plans of this server (预案在线运行): holds the engine, hands it what comes in, and lets <see cref="PlanHands"/> do what it says, in the order of its
/// journal. The incidents are the engine's picture for people: a crash between the two is made good at the next start.
/// </summary>
internal sealed partial class PlansAtWork(DataLocation at, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, Reflexes reflexes, TimeProvider clock, ILogger<PlansAtWork> log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), AtStart = TimeSpan.FromMilliseconds(250), AtStop = TimeSpan.FromSeconds(5);
    private readonly Channel<Applied> outcomes = Channel.CreateUnbounded<Applied>(new() { SingleReader = true });
    private long dealt;
    private readonly TaskCompletionSource<PlanHost> host = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The engine's host, once it has read its journal.</summary>
    public Task<PlanHost> HostAsync(CancellationToken stop) => host.Task.WaitAsync(stop);

    /// <summary>Hands something to the engine; on disk when it returns. The same cause is taken once.</summary>
    /// <exception cref="TimeoutException">The engine has not read its journal yet.</exception>
    public async Task SubmitAsync(Func<DateTimeOffset, Input> make, string? cause, CancellationToken stop) => await (await host.Task.WaitAsync(Patience, TimeProvider.System, stop)).SubmitAsync(make, cause);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Tables are there once the program has started.
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        if (await BeginAsync(stoppingToken) is not { } made) return;
        // What has been said is still done at a stop: the next start then goes on from a snapshot.
        using var late = new CancellationTokenSource();
        await using var stopping = stoppingToken.Register(() => late.CancelAfter(AtStop));
        try
        {
            while (await outcomes.Reader.WaitToReadAsync(stoppingToken))
                while (outcomes.Reader.TryRead(out var applied))
                {
                    await DealAsync(applied, late.Token);
                    Volatile.Write(ref dealt, applied.Seq);
                }
        }
        finally { await made.DisposeAsync(); }
    }

    private async Task<PlanHost?> BeginAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<IncidentsDb>();
                var seen = await db.PlanMarks.Where(m => m.Name == PlanHands.Seen).Select(m => m.Value).SingleOrDefaultAsync(stop);
                var made = new PlanHost(() => PlanJournal.OfServer(at.OpenAsync(CancellationToken.None).GetAwaiter().GetResult()), () => new PlanEngine(), Heard, LogTrouble, clock, seen, () => Volatile.Read(ref dealt), reflexes.Find);
                host.TrySetResult(made);
                return made;
            }
            // The database may be away, or a plan cannot be read any more: signals wait until it is mended.
            catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
            {
                LogNotRunning(e);
                await Task.Delay(AtStart, TimeProvider.System, stop);
            }
        }
        return null;
    }

    private void Heard(Applied applied)
    {
        reflexes.Send(applied);
        outcomes.Writer.TryWrite(applied);
    }

    // In order, each until it is done: what follows builds on it.
    private async Task DealAsync(Applied applied, CancellationToken stop)
    {
        if (applied.Outcome is { Happened.Count: 0, Effects.Count: 0 }) return;
        using var actor = Actor.Use(Actor.System);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<PlanHands>().DealAsync(applied, stop);
                return;
            }
            // A person was faster, or the database is away.
            catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
            {
                if (e is not (DbUpdateException or RuleBrokenException { Status: 412 }) || tries > 5) LogAgain(applied.Seq, e);
                await Task.Delay(tries > 5 ? Patience : TimeSpan.FromMilliseconds(20 * tries), TimeProvider.System, stop);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Plans do not run; trying again")]
    private partial void LogNotRunning(Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The plan engine cannot go on; trying again each second")]
    private partial void LogTrouble(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the plan engine said at {Seq} cannot be done yet; trying again")]
    private partial void LogAgain(long seq, Exception e);
}
