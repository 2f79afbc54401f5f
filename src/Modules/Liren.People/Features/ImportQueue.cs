using System.Collections.Immutable;
using System.Threading.Channels;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.People.Features;

/// <summary>Imports that wait for the server's hand, one after another.</summary>
internal sealed class ImportQueue
{
    private readonly Channel<Guid> waiting = Channel.CreateUnbounded<Guid>();

    public void Add(Guid run) => waiting.Writer.TryWrite(run);

    public IAsyncEnumerable<Guid> ReadAsync(CancellationToken stop) => waiting.Reader.ReadAllAsync(stop);
}

/// <summary>Runs the waiting imports while the server runs; each as the person who started it, with no more than the import needs.</summary>
internal sealed class ImportWorker(ImportQueue queue, IServiceScopeFactory scopes, ImportRunner runner, ImportFiles files, ILogger<ImportWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var id in queue.ReadAsync(stoppingToken))
        {
            try { await RunAsync(id, stoppingToken); }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            // Another process is at it, or will be: nothing is wrong with the run.
            catch (RuleBrokenException rule) when (rule.Code == "people.import-taken-over") { }
            catch (RuleBrokenException rule) { await runner.FailAsync(id, rule.Code, stoppingToken); }
            catch (Exception e)
            {
                log.LogError(e, "Import {Run} failed", id);
                await runner.FailAsync(id, "sdk.unexpected", stoppingToken);
            }
        }
    }

    private async Task RunAsync(Guid id, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var run = await scope.ServiceProvider.GetRequiredService<PeopleDb>().Imports.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, stop);
        if (run is null || run.State is ImportState.Finished or ImportState.Discarded) return;
        using var _ = Actor.Use(new Actor(run.ActorId, run.Actor, ActorKind.Person, null, [new Grant("import", null, run.CompoundPath, [.. run.MayTag ? new[] { "people.import", "people.tags" } : ["people.import"]])]));
        if (await files.ReadAsync(id, stop) is { } file) await runner.RunAsync(id, file, run.Mapping.Length == 0 ? null : RosterMap.Parse(run.Mapping), null, stop);
        else await runner.FailAsync(id, "people.import-file-gone", stop);
    }
}

/// <summary>Goes on with imports that a crash cut short, and deletes rosters whose time is over.</summary>
internal sealed class ImportUpkeep(PeopleDb db, ImportQueue queue, ImportFiles files, TimeProvider clock) : IJob
{
    public string Name => "people.import-upkeep";

    public TimeSpan Every => TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var run in await db.Imports.Where(r => r.State == ImportState.Running && r.FileUntil != null).Select(r => new { r.Id, r.BeatAt }).ToListAsync(cancellation))
            if (run.BeatAt is null || now - run.BeatAt > ImportRunner.Stale) queue.Add(run.Id);
        foreach (var run in await db.Imports.Where(r => r.FileUntil < now && r.State != ImportState.Running).ToListAsync(cancellation))
        {
            files.Delete(run.Id);
            run.FileGone();
        }
        await db.SaveChangesAsync(cancellation);
        files.Sweep((await db.Imports.Where(r => r.FileUntil != null).Select(r => r.Id).ToListAsync(cancellation)).ToHashSet(), now);
    }
}
