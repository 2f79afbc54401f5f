using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Sdk;
using Liren.Sdk.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Hub;

/// <summary>Judges every few seconds which devices can be relied upon (设备健康), saves what changed, and lets commands expire.</summary>
internal sealed class HealthWatch(DevicesDb db, DeviceBook book, CommandPost post, TimeProvider clock) : IJob
{
    private const int Batch = 500;
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    public string Name => "devices.health";
    public TimeSpan Every => TimeSpan.FromSeconds(15);

    public async Task RunAsync(CancellationToken cancellation)
    {
        // Those that never come back after a restart must be judged too.
        await book.LoadOnceAsync(cancellation);
        var now = clock.GetUtcNow();
        var changed = new List<(LiveDevice Live, DeviceHealth Health)>();
        var silentGateways = book.All.Where(d => d.Kind.IsGateway && Judge(d, now) is DeviceHealth.Offline or DeviceHealth.Stale).Select(d => d.Code).ToHashSet();
        foreach (var live in book.All)
        {
            // A gateway that fell silent is one event, with its children counted inside.
            if (live.Gateway is not null && silentGateways.Contains(live.Gateway)) continue;
            var health = Judge(live, now);
            if (health != live.Health || live.ReportedChanged) changed.Add((live, health));
        }
        foreach (var some in changed.Chunk(Batch)) await SaveAsync(some, now, cancellation);
        await post.ExpireAsync(cancellation);
    }

    private async Task SaveAsync((LiveDevice Live, DeviceHealth Health)[] some, DateTimeOffset now, CancellationToken cancellation)
    {
        db.ChangeTracker.Clear();
        var ids = some.Select(s => s.Live.Id).ToList();
        var rows = await db.Devices.Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, cancellation);
        foreach (var (live, health) in some)
        {
            if (!rows.TryGetValue(live.Id, out var row)) continue;
            var children = live.Kind.IsGateway ? book.All.Count(d => d.Gateway == live.Code) : 0;
            row.Judge(health, live.HeardAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(live.HeardAt), live.Reported, children, now);
        }
        try { await db.SaveChangesAsync(cancellation); }
        // Somebody changed one of them at this moment: the next run finds them all as they are now.
        catch (RuleBrokenException changed) when (changed.Status == 412) { return; }
        foreach (var (live, health) in some) lock (live) (live.Health, live.ReportedChanged) = (health, false);
    }

    /// <summary>How a device stands now.</summary>
    internal static DeviceHealth Judge(LiveDevice d, DateTimeOffset at)
    {
        var now = at.ToUnixTimeMilliseconds();
        if (d.HeardAt == 0) return DeviceHealth.Unknown;
        // A device that slept since its last report is not offline before it is stale: only those that keep a connection can lose it.
        if (!d.Connected && d.ConnectedAt > 0 && d.HeardAt <= d.DisconnectedAt && now - d.DisconnectedAt > Grace.TotalMilliseconds) return DeviceHealth.Offline;
        if (now - d.HeardAt > d.Kind.Stale.TotalMilliseconds) return DeviceHealth.Stale;
        if (d.Covered) return DeviceHealth.Covered;
        // An empty square stays at zero all night: only a value that is not zero must move.
        if (d.Kind.FrozenAfter > TimeSpan.Zero && d.LastValue != 0 && !double.IsNaN(d.LastValue) && now - d.UnchangedSince > d.Kind.FrozenAfter.TotalMilliseconds) return DeviceHealth.Frozen;
        if (d.Implausible) return DeviceHealth.Implausible;
        return d.ClockDoubt ? DeviceHealth.ClockDoubt : DeviceHealth.Online;
    }
}
