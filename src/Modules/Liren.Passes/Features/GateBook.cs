using System.Collections.Concurrent;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Passes.Features;

/// <summary>Which gate a device key belongs to, and when each was last heard: in memory, because every line of the gate log asks.</summary>
internal sealed class GateBook : IDisposable
{
    /// <summary>State of a gate that should speak and does not.</summary>
    public const string Away = "away";

    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<Guid, Gate> byKey = new();
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset At, long? ListAge)> seen = new();
    private readonly IDisposable ear;

    public GateBook(IServiceScopeFactory scopes, TimeProvider clock)
    {
        (this.scopes, this.clock) = (scopes, clock);
        ear = LiveBus.Shared.Listen(note => { if (note.Type == nameof(Contracts.Passes.GateChanged)) byKey.Clear(); });
    }

    /// <summary>The gate that speaks; 403 when the caller is no gate's device.</summary>
    public async ValueTask<Gate> CurrentAsync(CancellationToken stop)
    {
        var key = Actor.Current.Id ?? Guid.Empty;
        if (!byKey.TryGetValue(key, out var gate))
        {
            await using var scope = scopes.CreateAsyncScope();
            gate = await scope.ServiceProvider.GetRequiredService<PassesDb>().Gates.AsNoTracking().SingleOrDefaultAsync(g => g.KeyId == key && g.ClosedAt == null, stop)
                ?? throw new RuleBrokenException("passes.not-a-gate", null, 403);
            byKey[key] = gate;
        }
        Actor.Current.Require("passes.gate", gate.CompoundPath);
        return gate;
    }

    /// <summary>Notes that the gate spoke.</summary>
    public void Heard(Guid gate, long? listAge = null) =>
        seen.AddOrUpdate(gate, _ => (clock.GetUtcNow(), listAge), (_, before) => (clock.GetUtcNow(), listAge ?? before.ListAge));

    /// <summary>When it last spoke since the server started, and how old its lists were.</summary>
    public (DateTimeOffset? At, long? ListAge) Seen(Guid gate) => seen.TryGetValue(gate, out var at) ? (at.At, at.ListAge) : (null, null);

    /// <summary>unpaired, online, or away: silent for more than two minutes.</summary>
    public string StateOf(Guid gate, bool paired, DateTimeOffset now) => !paired ? "unpaired" : Seen(gate).At is { } at && now - at < TimeSpan.FromMinutes(2) ? "online" : Away;

    public void Dispose() => ear.Dispose();
}
