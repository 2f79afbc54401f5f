using Acme.Noise.Data;
using Acme.Noise.Domain;
using Liren.Contracts.Incidents;
using Liren.Sdk.Events;

namespace Acme.Noise.Features;

/// <summary>Counts incidents of other modules by place. Runs in the plug-in's own transaction, with exactly one effect an event.</summary>
internal sealed class WatchPlacesOfIncidents(NoiseDb db) : IHandle<IncidentOpened>
{
    public async Task HandleAsync(IncidentOpened @event, CancellationToken cancellation)
    {
        var watch = await db.Watches.FindAsync([@event.PlacePath], cancellation);
        if (watch is null) db.Add(watch = new Watch { Place = @event.PlacePath });
        watch.Incidents++;
    }
}
