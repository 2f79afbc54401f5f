using System.Threading.Channels;
using Liren.Contracts.Devices;
using Liren.Plans.Running;
using Liren.Sdk;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Incidents.Engine;

/// <summary>
/// Hands the readings of devices to the plan engine as soon as they are on disk. How far it has come lies in the engine's journal, written together with what
/// the readings led to: a crash neither loses nor doubles one.
/// </summary>
internal sealed partial class PlanFeed(IDeviceReadings devices, PlansAtWork plans, ILogger<PlanFeed> log) : BackgroundService, IReadingListener
{
    private const int Most = 4_096, Waiting = 65_536;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Idle = TimeSpan.FromMinutes(1);
    // The words of plans for kinds of devices that are called otherwise.
    private static readonly Dictionary<string, string> Kinds = new() { ["smoke"] = "smoke-detector", ["sos"] = "button" };

    private readonly Channel<DeviceReading> live = Channel.CreateBounded<DeviceReading>(new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });
    private PlanHost? host;
    private long heard;
    private int overran;

    /// <inheritdoc/>
    public void OnReadings(ReadOnlySpan<DeviceReading> batch)
    {
        var force = host!.InForce;
        foreach (ref readonly var reading in batch)
            if (force.AreasOf(reading.Metric, reading.Place).Count > 0 && !live.Writer.TryWrite(reading)) Volatile.Write(ref overran, 1);
        Volatile.Write(ref heard, batch[^1].Seq);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        host = await plans.HostAsync(stoppingToken);
        using var listening = devices.Listen(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            try { await FollowAsync(host, stoppingToken); }
            // The disk refused or too many waited: what is not taken in yet is read again from the journal of the devices.
            catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
            {
                LogAgain(e);
                await Task.Delay(Patience, TimeProvider.System, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(PlanHost running, CancellationToken stop)
    {
        Volatile.Write(ref overran, 0);
        var way = new OnTheWay();
        var last = await CatchUpAsync(running, way, stop);
        while (Volatile.Read(ref overran) == 0 && !way.Trouble.IsCompleted)
        {
            if (live.Reader.TryRead(out var reading)) { if (reading.Seq > last) last = Submit(running, reading, last, way); }
            else await RestAsync(running, way, stop);
        }
        while (live.Reader.TryRead(out _)) { /* it is read from the journal of the devices */ }
        await way.EmptyAsync(stop);
    }

    /// <summary>Reads on from what is taken in; how far it came.</summary>
    private async Task<long> CatchUpAsync(PlanHost running, OnTheWay way, CancellationToken stop)
    {
        var done = running.Feed;
        while (true)
        {
            var page = await devices.ReadAsync(done, null, Most, stop);
            var last = done;
            foreach (var reading in page) last = Submit(running, reading, last, way);
            await way.EmptyAsync(stop);
            if (page.Count > 0) done = page[^1].Seq;
            await running.PassAsync(done);
            if (page.Count < Most) return done;
        }
    }

    private async Task RestAsync(PlanHost running, OnTheWay way, CancellationToken stop)
    {
        var sure = Volatile.Read(ref heard);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Idle);
        var more = live.Reader.WaitToReadAsync(patience.Token).AsTask();
        try { await (await Task.WhenAny(more, way.Trouble)); }
        // Nothing that matters came for a while: the next start need not read it again.
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { if (live.Reader.Count == 0 && way.Count == 0 && !way.Trouble.IsCompleted) await running.PassAsync(sure); }
        finally { await patience.CancelAsync(); }
    }

    /// <summary>Hands a reading over; the place up to which the next one builds on.</summary>
    private static long Submit(PlanHost running, DeviceReading r, long last, OnTheWay way)
    {
        var areas = running.InForce.AreasOf(r.Metric, r.Place);
        if (areas.Count == 0 || r.Quality.HasFlag(ReadingQuality.Suspect)) return last;
        // It is taken in when it is at the last of its places; seen twice at the others it is still one.
        for (var i = 0; i < areas.Count; i++)
        {
            var area = areas[i];
            way.Add(running.SubmitAsync(now => new Reading(now, area, r.Metric, r.Device, Kinds.GetValueOrDefault(r.Kind, r.Kind), DateTimeOffset.FromUnixTimeMilliseconds(r.At), r.Value), null, i == areas.Count - 1 ? r.Seq : last, last));
        }
        return r.Seq;
    }

    /// <summary>Readings that were handed over and are not on disk yet.</summary>
    private sealed class OnTheWay
    {
        private readonly TaskCompletionSource trouble = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int count;

        public int Count => Volatile.Read(ref count);

        /// <summary>Ends, with what was wrong, when one of them was refused.</summary>
        public Task Trouble => trouble.Task;

        public void Add(Task task)
        {
            Interlocked.Increment(ref count);
            _ = WatchAsync(task);
        }

        public async Task EmptyAsync(CancellationToken stop)
        {
            while (Count > 0 && !Trouble.IsCompleted) await Task.WhenAny(Trouble, Task.Delay(1, stop));
            if (Trouble.IsCompleted) await Trouble;
        }

        private async Task WatchAsync(Task task)
        {
            try { await task; }
            catch (Exception e) when (e is not OutOfMemoryException) { trouble.TrySetException(e); }
            Interlocked.Decrement(ref count);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Readings cannot be handed to the plans; trying again")]
    private partial void LogAgain(Exception e);
}
