using Liren.Contracts.Identity;
using Liren.Contracts.Modes;
using Liren.Contracts.Places;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Liren.Modes.Features;

/// <summary>
/// What has fallen due is destroyed by the module that keeps it; where none does, people are told, every day until it is done. The count is saved before
/// anything is deleted, so a crash in between loses no figure.
/// </summary>
internal sealed partial class DestroyDue(ModesDb db, IEnumerable<IDestroysCollected> destroyers, IAccountDirectory accounts, IPlaceDirectory places, TimeProvider clock, ILogger<DestroyDue> log) : IJob
{
    public string Name => "modes-destroy-due";

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var task in await db.Destructions.Where(t => t.State != DestructionState.Destroyed && t.Due <= now).OrderBy(t => t.Due).ToListAsync(cancellation))
        {
            try
            {
                if (destroyers.FirstOrDefault(d => d.Collection == task.Collection) is not { } destroyer || !await SweepAsync(task, destroyer, cancellation)) await TellAsync(task, now, cancellation);
                await db.SaveChangesAsync(cancellation);
            }
            // Somebody did it at the same moment: the next run sees.
            catch (RuleBrokenException changed) when (changed.Status == 412) { return; }
        }
    }

    private async Task<bool> SweepAsync(DestructionTask task, IDestroysCollected destroyer, CancellationToken stop)
    {
        task.Expect(await destroyer.CountAsync(task.OrderId, stop));
        await db.SaveChangesAsync(stop);
        await destroyer.DestroyAsync(task.OrderId, stop);
        if (await destroyer.CountAsync(task.OrderId, stop) is var left and > 0)
        {
            NotGone(task.Collection, task.OrderId, left);
            return false;
        }
        task.Swept(clock.GetUtcNow());
        return true;
    }

    private async Task TellAsync(DestructionTask task, DateTimeOffset now, CancellationToken stop)
    {
        if (!task.Tell(now)) return;
        var told = (await accounts.WithPermissionAsync("modes.destroy", task.AreaPath, stop)).Where(a => !a.Disabled).Select(a => a.Id);
        db.Tell(told, "modes.bell.destroy", $"/modes/{task.OrderId}", now, (await places.FindAsync(task.AreaPath, stop))?.Name ?? task.AreaPath, task.OrderNo, task.Purpose);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Collection {Collection} of order {Order} is due for destruction, and {Left} records are still there")]
    private partial void NotGone(string collection, Guid order, long left);
}
