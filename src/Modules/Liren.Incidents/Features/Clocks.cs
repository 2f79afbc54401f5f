using Liren.Contracts.Incidents;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>Nobody answered in time: the next is asked.</summary>
internal sealed class AskNextAfterTimeout(IncidentsDb db, Ladder ladder, TimeProvider clock) : IHandle<OfferRanOut>
{
    public async Task HandleAsync(OfferRanOut @event, CancellationToken cancellation)
    {
        var incident = await db.Incidents.Include(i => i.Offers).SingleOrDefaultAsync(i => i.Id == @event.IncidentId, cancellation);
        // A plan has its own clock for what it asked.
        if (incident?.CurrentOffer is not { Key: null } offer || offer.Id != @event.OfferId) return;
        var now = clock.GetUtcNow();
        incident.Expire(now);
        await ladder.AskNextAsync(incident, now, cancellation);
    }
}

/// <summary>Handling or verifying takes too long: people are told; or there was nobody to ask, and now it is tried again.</summary>
internal sealed class TellWhenLate(IncidentsDb db, Ladder ladder, TimeProvider clock) : IHandle<ClockRanOut>
{
    public async Task HandleAsync(ClockRanOut @event, CancellationToken cancellation)
    {
        var incident = await db.Incidents.Include(i => i.Offers).SingleOrDefaultAsync(i => i.Id == @event.IncidentId, cancellation);
        if (incident is null) return;
        var now = clock.GetUtcNow();
        if (@event.Clock == "ask")
        {
            if (incident.State != IncidentState.Open) return;
            incident.NextTurn();
            await ladder.AskNextAsync(incident, now, cancellation);
        }
        else if (incident.Overdue(@event.Clock, now))
        {
            await ladder.TellManagersAsync(incident, $"incidents.bell.late-{@event.Clock}", now, cancellation);
            if (incident.AssigneeId is { } assignee && @event.Clock == "handle") db.Tell([assignee], "incidents.bell.late-handle", $"/field/{incident.Id}", now, incident.PlaceName, incident.Code);
        }
    }
}
