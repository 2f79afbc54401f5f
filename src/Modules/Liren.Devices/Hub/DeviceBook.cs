using System.Collections.Concurrent;
using Liren.Contracts.Devices;
using Liren.Contracts.Places;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Devices.Hub;

/// <summary>All devices in memory, by their code: the hub asks it for each message. Read from the tables when it misses one, refreshed when one changes.</summary>
internal sealed class DeviceBook(IServiceScopeFactory scopes, DeviceKinds kinds, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, LiveDevice> byCode = new();
    private readonly ConcurrentDictionary<long, LiveDevice> byNumber = new();
    private readonly ConcurrentDictionary<Guid, LiveDevice> byId = new();

    // Those behind each gateway, by what it calls them.
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, LiveDevice>> byChannel = new();

    // By kind, in order of place; made when it is asked for, gone when a device moves or changes its state.
    private volatile Dictionary<string, (string Place, LiveDevice Device)[]>? byPlace;

    /// <summary>The key of a device ended or changed hands; whoever is connected with it must be let go.</summary>
    public event Action<LiveDevice>? Revoked;

    public ICollection<LiveDevice> All => byCode.Values;

    /// <summary>The device, or null.</summary>
    public async ValueTask<LiveDevice?> FindAsync(string code, CancellationToken cancellation) => byCode.GetValueOrDefault(code) ?? await LoadAsync(d => d.Code == code, cancellation);

    public async ValueTask<LiveDevice?> FindAsync(long number, CancellationToken cancellation) => byNumber.GetValueOrDefault(number) ?? await LoadAsync(d => d.Number == number, cancellation);

    /// <summary>The device that a gateway calls so, or null.</summary>
    public async ValueTask<LiveDevice?> FindChildAsync(string gateway, string channel, CancellationToken cancellation) =>
        byChannel.GetValueOrDefault(gateway)?.GetValueOrDefault(channel) ?? await LoadAsync(d => d.Gateway == gateway && d.Channel == channel, cancellation);

    /// <summary>Those behind a gateway that have a channel there, as far as they were read before.</summary>
    public IEnumerable<LiveDevice> Children(string gateway) => byChannel.GetValueOrDefault(gateway)?.Values ?? [];

    /// <summary>The device whose secret this is. One that does not fit may have changed a moment ago: then the table is asked, at most ten times a second.</summary>
    public async ValueTask<(LiveDevice? Device, bool Fits)> AdmitAsync(string code, ReadOnlyMemory<byte> secret, CancellationToken cancellation)
    {
        if (await FindAsync(code, cancellation) is not { } device) return (null, false);
        var now = clock.GetUtcNow();
        if ((!device.Fits(secret.Span, now) || !device.MaySpeak) && Environment.TickCount64 - device.ReadAt > 100) await LoadAsync(d => d.Code == code, cancellation);
        return (device, device.Fits(secret.Span, now));
    }

    /// <summary>The device, if it was read before.</summary>
    public LiveDevice? FindKnown(string code) => byCode.GetValueOrDefault(code);

    /// <summary>The device, if it was read before.</summary>
    public LiveDevice? Find(Guid id) => byId.GetValueOrDefault(id);

    /// <summary>Devices of a kind that take orders, at a place and below, by their code; null: not all are read yet.</summary>
    public IReadOnlyList<Guid>? At(string place, string kind)
    {
        if (!loaded) return null;
        if (!(byPlace ??= ByPlace()).TryGetValue(kind, out var sorted)) return [];
        var (low, high) = (0, sorted.Length);
        while (low < high) { var middle = (low + high) / 2; if (string.CompareOrdinal(sorted[middle].Place, place) < 0) low = middle + 1; else high = middle; }
        var found = new List<LiveDevice>();
        for (; low < sorted.Length && sorted[low].Place.StartsWith(place, StringComparison.Ordinal); low++) if (PlacePath.IsWithin(sorted[low].Place, place)) found.Add(sorted[low].Device);
        return [.. found.OrderBy(d => d.Code, StringComparer.Ordinal).Select(d => d.Id)];
    }

    private Dictionary<string, (string Place, LiveDevice Device)[]> ByPlace() =>
        byCode.Values.Where(d => d.State is DeviceState.Commissioning or DeviceState.InService).GroupBy(d => d.Kind.Code).ToDictionary(g => g.Key, g => g.Select(d => (d.Place, d)).OrderBy(d => d.Place, StringComparer.Ordinal).ToArray());

    private volatile bool loaded;

    /// <summary>Reads all of them, the first time it is called.</summary>
    public async Task LoadOnceAsync(CancellationToken cancellation)
    {
        if (loaded) return;
        await using var scope = scopes.CreateAsyncScope();
        await foreach (var device in scope.ServiceProvider.GetRequiredService<DevicesDb>().Devices.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellation)) Take(device);
        loaded = true;
    }

    /// <summary>Reads one again after a change.</summary>
    public async Task RefreshAsync(Guid id, CancellationToken cancellation)
    {
        if (await LoadAsync(d => d.Id == id, cancellation) is { Connected: true } device && (device.SecretHash is null || !device.MaySpeak)) Revoked?.Invoke(device);
    }

    private async ValueTask<LiveDevice?> LoadAsync(System.Linq.Expressions.Expression<Func<Device, bool>> which, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DevicesDb>().Devices.AsNoTracking().SingleOrDefaultAsync(which, cancellation) is { } device ? Take(device) : null;
    }

    private LiveDevice? Take(Device device)
    {
        // A kind that was taken out of the file: its devices are refused like unknown ones.
        if (kinds.Find(device.Kind) is not { } kind) return null;
        var live = byCode.GetOrAdd(device.Code, static (code, d) => new LiveDevice(d.Id, string.Intern(code), d.Number)
        {
            Simulated = d.Simulated, Health = d.Health, HeardAt = d.HeardAt?.ToUnixTimeMilliseconds() ?? 0,
        }, device);
        bool moved;
        lock (live)
        {
            moved = live.Kind != kind || live.Place != device.PlacePath || live.State != device.State;
            if (live is { Gateway: { } before, Channel: { } called } && (before != device.Gateway || called != device.Channel)) byChannel.GetValueOrDefault(before)?.TryRemove(new(called, live));
            (live.Kind, live.Place, live.Gateway, live.Channel, live.State) = (kind, device.PlacePath, device.Gateway, device.Channel, device.State);
            if (live is { Gateway: { } gateway, Channel: { } channel }) byChannel.GetOrAdd(gateway, static _ => new())[channel] = live;
            (live.SecretHash, live.OldSecretHash, live.OldSecretUntil) = (device.SecretHash, device.OldSecretHash, device.OldSecretUntil);
            (live.Digest, live.OldDigest) = (device.Digest, device.OldDigest);
            live.ReadAt = Environment.TickCount64;
            if (live.DisconnectedAt == 0) live.DisconnectedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
        }
        (byNumber[live.Number], byId[live.Id]) = (live, live);
        if (moved) byPlace = null;
        return live;
    }
}

/// <summary>Keeps the book true when a device changes, whichever process changed it.</summary>
internal sealed class RefreshBook(DeviceBook book) : IHandle<DeviceChanged>
{
    public Task HandleAsync(DeviceChanged @event, CancellationToken cancellation) => book.RefreshAsync(@event.DeviceId, cancellation);
}
