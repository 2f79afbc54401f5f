using Liren.Contracts.Modes;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Modes.Features;

/// <summary>Keeps every signed order in memory and answers from there; read again after an order was signed or cut short.</summary>
internal sealed class ModeBook(IServiceScopeFactory scopes) : IModes, ICollections
{
    private ModeMap? map;
    private int turn;

    public async ValueTask<ModeNow> ModeAtAsync(string place, DateTimeOffset at, CancellationToken cancellation = default) => (await MapAsync(cancellation)).At(place, at);

    public async ValueTask<CollectionLeave> MayAsync(string collection, string place, DateTimeOffset at, CancellationToken cancellation = default) =>
        (await MapAsync(cancellation)).May(collection, place, at);

    /// <summary>The map as it is now.</summary>
    public ValueTask<ModeMap> MapAsync(CancellationToken stop) => Volatile.Read(ref map) is { } ready ? new(ready) : new(LoadAsync(stop));

    /// <summary>The next question reads again.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref turn);
        Volatile.Write(ref map, null);
    }

    private async Task<ModeMap> LoadAsync(CancellationToken stop)
    {
        var started = Volatile.Read(ref turn);
        await using var scope = scopes.CreateAsyncScope();
        var signed = await scope.ServiceProvider.GetRequiredService<ModesDb>().Orders.AsNoTracking().Include(o => o.Collections).Where(o => o.StartsAt != null).ToListAsync(stop);
        var read = new ModeMap(signed.Select(Hold.Of));
        // Something changed while it was read: good for this answer, not for the next.
        if (started == Volatile.Read(ref turn)) Volatile.Write(ref map, read);
        return read;
    }
}
