using DuckDB.NET.Data;
using Liren.Contracts.Passes;
using Liren.Insight.Data;
using Liren.Insight.Folding;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Insight.Scans;

/// <summary>Keeps the copy by columns up with the gate log, behind the roll-ups: gates and figures come first.</summary>
internal sealed partial class CacheFollower(ScanCache cache, PersonNumbers numbers, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, ILogger<CacheFollower> log) : BackgroundService
{
    // As many lines as DuckDB keeps together; and so many in one look at the log.
    private const int Group = 122_880, Most = 16 * Group;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        while (true)
        {
            var pause = Pause;
            try
            {
                cache.Open();
                while (await OnceAsync(stoppingToken)) { }
            }
            // Without the copy only questions over all lines are refused; everything else goes on.
            catch (Exception e) when (e is DuckDBException or IOException or System.Data.Common.DbException or DllNotFoundException)
            {
                LogTrouble(e);
                pause = Patience;
            }
            await Task.Delay(pause, stoppingToken);
        }
    }

    /// <summary>Appends what is folded and not yet copied; false when there is nothing.</summary>
    public async Task<bool> OnceAsync(CancellationToken stop)
    {
        cache.Open();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InsightDb>();
        // Residents have their numbers once their lines are folded.
        var folded = await db.Cursors.Where(c => c.Source == ScanCache.Source && c.InForce).Select(c => c.Seq).SingleOrDefaultAsync(stop);
        if (folded <= cache.Last) return false;
        await using var held = await db.Database.HoldAsync(stop);
        var (connection, copied, lines) = (held.Connection, cache.Last, new List<GateScan>());
        async Task AppendAsync()
        {
            cache.Append(lines, await numbers.FindAsync(connection, lines.Select(l => l.Person).OfType<Guid>(), stop));
            lines.Clear();
        }
        await foreach (var line in scope.ServiceProvider.GetRequiredService<IGateLog>().ScansAsync(copied, (int)Math.Min(Most, folded - copied), stop))
        {
            if (line.Seq > folded) break;
            lines.Add(line);
            if (lines.Count == Group) await AppendAsync();
        }
        if (lines.Count > 0) await AppendAsync();
        return cache.Last > copied;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gate log cannot be copied by columns; trying again")]
    private partial void LogTrouble(Exception e);
}

/// <summary>What the gate log forgets, its copy forgets.</summary>
internal sealed class ForgetScans(ScanCache cache) : IRelay<GateLogForgotten>
{
    public Task RelayAsync(GateLogForgotten @event, Guid messageId, CancellationToken cancellation)
    {
        cache.Forget(@event.Before);
        return Task.CompletedTask;
    }
}
