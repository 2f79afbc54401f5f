using System.Buffers.Binary;
using System.Text.Json;
using Liren.Contracts.Devices;
using Liren.Contracts.Organisation;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Incidents.Features;
using Liren.Plans.Running;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Incidents.Sensing;

/// <summary>
/// Reads on in the journals of the devices and hands what matters to <see cref="ReceiveEvent"/>: counts of people, and happenings whose type is an event type.
/// It keeps its place on disk, and the id of a signal follows from the journal, so a crash neither loses nor doubles one.
/// </summary>
internal sealed partial class SensorFollower(IDeviceReadings devices, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, ILogger<SensorFollower> log) : BackgroundService, IReadingListener
{
    private const string People = "people.count";
    private const int Most = 4_096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CrowdSieve sieve = new();
    private readonly SemaphoreSlim news = new(0, 1);
    private SensorCursor? cursor;
    private long committed;

    /// <inheritdoc/>
    public void OnReadings(ReadOnlySpan<DeviceReading> batch)
    {
        Volatile.Write(ref committed, batch[^1].Seq);
        foreach (ref readonly var reading in batch)
            if (reading.Metric == People) { Wake(); return; }
    }

    /// <inheritdoc/>
    public void OnHappenings(ReadOnlySpan<DeviceHappening> batch) => Wake();

    private void Wake()
    {
        if (news.CurrentCount == 0)
            try { news.Release(); }
            catch (SemaphoreFullException) { /* it is awake already */ }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Tables are there once the program has started.
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        using var listening = devices.Listen(this);
        using var actor = Actor.Use(Actor.System);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await TurnAsync(stoppingToken)) await news.WaitAsync(stoppingToken);
            }
            // The database may be away: it is tried again; nothing is passed over.
            catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
            {
                LogTrouble(e);
                await news.WaitAsync(Patience, stoppingToken);
            }
        }
    }

    /// <summary>Deals with what is new; true when there may be more.</summary>
    private async Task<bool> TurnAsync(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IncidentsDb>();
        cursor ??= await PlaceAsync(db, stop);
        // Whatever stood by now is in the answer below, so the place moves on over readings of other metrics too.
        var sure = Volatile.Read(ref committed);
        var readings = await devices.ReadAsync(cursor.Readings, People, Most, stop);
        foreach (var r in readings)
            if (sieve.Passes(r.DeviceId, Time(r.At), r.Value)) await ReceiveAsync(GatheringPlan.Type, r.DeviceId, r.Seq, r.Place, r.At, r.Device, r.Value, r.Quality, stop);
        var happenings = await devices.ReadHappeningsAsync(cursor.Happenings, Most, stop);
        if (happenings.Count > 0)
        {
            var types = (await scope.ServiceProvider.GetRequiredService<IEventTypes>().AllAsync(stop)).Where(t => t.InUse).Select(t => t.Code).ToHashSet();
            foreach (var h in happenings)
                if (DeviceEvents.TypeOf(h.Type) is var type && types.Contains(type)) await ReceiveAsync(type, h.DeviceId, h.Seq, h.Place, h.At, h.Device, CountOf(h.Fields), h.Quality, stop);
        }
        var last = readings.Count > 0 ? readings[^1].Seq : cursor.Readings;
        var moved = new SensorCursor { Readings = readings.Count < Most ? Math.Max(last, sure) : last, Happenings = happenings.Count > 0 ? happenings[^1].Seq : cursor.Happenings };
        await db.SensorCursors.ExecuteUpdateAsync(c => c.SetProperty(x => x.Readings, moved.Readings).SetProperty(x => x.Happenings, moved.Happenings), stop);
        cursor = moved;
        return readings.Count == Most || happenings.Count == Most;
    }

    private static async Task<SensorCursor> PlaceAsync(IncidentsDb db, CancellationToken stop)
    {
        if (await db.SensorCursors.AsNoTracking().SingleOrDefaultAsync(stop) is { } there) return there;
        var first = new SensorCursor();
        db.Add(first);
        await db.SaveChangesAsync(stop);
        return first;
    }

    private async Task ReceiveAsync(string type, Guid device, long seq, string place, long at, string name, double? value, ReadingQuality quality, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var receive = ActivatorUtilities.GetServiceOrCreateInstance<ReceiveEvent>(scope.ServiceProvider);
        try
        {
            await receive.RunAsync(new(IdOf(device, seq, Time(at)), type, place, Time(at), name, value is { } v ? JsonSerializer.SerializeToElement(v) : null, WordOf(quality)), stop);
        }
        // A place that is gone, a value nobody believes: said in the log, the next one is looked at.
        catch (RuleBrokenException refused) { LogRefused(name, type, place, refused.Message, refused); }
    }

    // The hub has put its own time where a device's clock is more than five minutes off.
    private static DateTimeOffset Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    private static string? WordOf(ReadingQuality quality) =>
        quality.HasFlag(ReadingQuality.Suspect) ? "suspect" : quality.HasFlag(ReadingQuality.Simulated) ? "simulated" : quality.HasFlag(ReadingQuality.LowerBound) ? "lower-bound" : null;

    private static double? CountOf(string? fields)
    {
        if (fields is null) return null;
        using var document = JsonDocument.Parse(fields);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("count", out var count) && count.ValueKind == JsonValueKind.Number ? count.GetDouble() : null;
    }

    /// <summary>The same line of the journal is the same signal.</summary>
    private static Guid IdOf(Guid device, long seq, DateTimeOffset at)
    {
        Span<byte> cause = stackalloc byte[24];
        device.TryWriteBytes(cause);
        BinaryPrimitives.WriteInt64BigEndian(cause[16..], seq);
        return CausedId.Of(at, cause);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal of the devices cannot be followed; trying again")]
    private partial void LogTrouble(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Device}: {Type} at {Place} is refused: {Why}")]
    private partial void LogRefused(string device, string type, string place, string why, Exception e);
}
