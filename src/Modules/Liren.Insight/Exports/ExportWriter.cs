using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Events;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Insight.Exports;

/// <summary>Wakes the writer of exports.</summary>
internal sealed class ExportBell : IDisposable
{
    public SemaphoreSlim Bell { get; } = new(0);
    public void Ring() { if (Bell.CurrentCount == 0) Bell.Release(); }
    public void Dispose() => Bell.Dispose();
}

/// <summary>Makes waiting exports, one after the other; one that was cut short by a crash is made again.</summary>
internal sealed partial class ExportWriter(ExportBell bell, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, ILogger<ExportWriter> log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        using var actor = Actor.Use(Actor.System);
        while (true)
        {
            try { while (await OneAsync(stoppingToken)) { } }
            catch (Exception e) when (e is System.Data.Common.DbException or DbUpdateException or IOException) { LogTrouble(e); }
            await bell.Bell.WaitAsync(Patience, stoppingToken);
        }
    }

    private async Task<bool> OneAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InsightDb>();
        if (await db.Exports.Where(e => e.State == ExportState.Waiting).OrderBy(e => e.At).FirstOrDefaultAsync(stop) is not { } export) return false;
        System.Globalization.CultureInfo.CurrentUICulture = System.Globalization.CultureInfo.GetCultureInfo(export.Language);
        try { await scope.ServiceProvider.GetRequiredService<ExportMaker>().MakeAsync(export, stop); }
        catch (RuleBrokenException refused) { (export.State, export.Why) = (ExportState.Failed, scope.ServiceProvider.GetRequiredService<Texts>().Say(refused)); }
        await db.SaveChangesAsync(stop);
        LiveBus.Shared.Publish(new LiveNote("InsightExport", export.PlacePath, export.Id));
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An export could not be made; trying again")]
    private partial void LogTrouble(Exception e);
}

/// <summary>Deletes files of exports a day after they were made; the lines of who took what stay.</summary>
internal sealed class ForgetExports(InsightDb db, ExportMaker maker, TimeProvider clock) : IJob
{
    /// <summary>How long a file can be fetched.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public string Name => "insight.forget-exports";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var (before, longAgo) = (clock.GetUtcNow() - Life, clock.GetUtcNow() - (2 * Life));
        foreach (var old in await db.Exports.AsNoTracking().Where(e => e.ReadyAt < before && e.ReadyAt > longAgo).ToListAsync(cancellation))
            foreach (var file in (string[])[maker.FileOf(old), maker.SidecarOf(old)]) if (File.Exists(file)) File.Delete(file);
    }
}
