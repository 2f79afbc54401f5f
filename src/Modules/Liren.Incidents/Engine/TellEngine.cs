using Liren.Contracts.Devices;
using Liren.Contracts.Incidents;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Plans.Running;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Engine;

/// <summary>Tells the plan engine what people did to an incident it runs. The incident has decided that they may; delivered again, it is taken once.</summary>
internal sealed class TellEngineOfPeople(IncidentsDb db, PlansAtWork plans) : IRelay<IncidentMoved>
{
    public async Task RelayAsync(IncidentMoved moved, Guid messageId, CancellationToken cancellation)
    {
        if (moved.ByAccount is not { } account) return;
        if (await db.Whole.AsNoTracking().SingleOrDefaultAsync(i => i.Id == moved.IncidentId && i.PlanIncidentId != null, cancellation) is not { PlanIncidentId: { } id } incident) return;
        var person = WhoIsMeant.TargetOf(account);
        Func<DateTimeOffset, Input>? make = moved.Act switch
        {
            "accept" => OfferOf(incident, account, OfferResult.Accepted) is { Key: { } key } offer ? now => new Receipt(now, key, "accepted", null, offer.AnsweredAt) : Acted("take", person),
            "decline" => OfferOf(incident, account, OfferResult.Declined) is { Key: { } key } offer ? now => new Receipt(now, key, "declined", offer.Reason, offer.AnsweredAt) : null,
            "reassign" => incident.Offers.Where(o => o.Rung == Rung.Chosen && o.At <= moved.At).MaxBy(o => o.At) is { } chosen ? Acted("ask", WhoIsMeant.TargetOf(chosen.AccountId)) : null,
            "arrive" => Acted("arrive"),
            "handle" => Acted("handled"),
            "hand-over" => Acted("withdraw"),
            "confirm" => now => new Plans.Running.Act(now, id, person, "verify", null, EvidenceOf(incident, account)),
            "refuse" => Acted("dispute"),
            "reject" => Acted("reject"),
            "reopen" => Acted("reopen"),
            "escalate" => Acted("level", incident.Level.ToString()),
            _ => null,
        };
        if (make is not null) await plans.SubmitAsync(make, messageId.ToString("N"), cancellation);

        Func<DateTimeOffset, Input> Acted(string deed, string? word = null) => now => new Plans.Running.Act(now, id, person, deed, word);
    }

    private static Offer? OfferOf(Incident incident, Guid account, OfferResult result) => incident.Offers.Where(o => o.AccountId == account && o.Result == result).MaxBy(o => o.AnsweredAt);

    private static List<string> EvidenceOf(Incident incident, Guid account)
    {
        var evidence = new List<string>();
        if (incident.Photos.Exists(p => p.AccountId == account && p.Act == Domain.Act.Confirm)) evidence.Add("photo");
        if (incident.Confirmations.Where(c => c.AccountId == account && c.Agrees).MaxBy(c => c.At) is { Distance: { } metres }) evidence.Add($"geotag-within-{Math.Max(1, Math.Ceiling(metres))}m");
        return evidence;
    }
}

/// <summary>Tells the plan engine of signals that are no readings of devices: counts that programs send, happenings, what people report.</summary>
internal sealed class TellEngineOfSignals(IncidentsDb db, PlansAtWork plans) : IRelay<ObservationReceived>
{
    public async Task RelayAsync(ObservationReceived received, Guid messageId, CancellationToken cancellation)
    {
        if (!received.Counts) return;
        // Most places have no plan; that is known without the engine.
        var around = PlacePath.SelfAndAncestors(received.PlacePath).ToList();
        if (!await db.PlanPlaces.AnyAsync(p => around.Contains(p.PlacePath), cancellation)) return;
        var at = (await plans.HostAsync(cancellation)).InForce.At(received.PlacePath).ToList();
        if (at.Count == 0 || await db.Observations.AsNoTracking().SingleOrDefaultAsync(o => o.Id == received.ObservationId, cancellation) is not { } signal) return;
        foreach (var (area, here) in at.GroupBy(p => p.Area, p => p.Plan.Plan).Select(g => (g.Key, g)))
        {
            Func<DateTimeOffset, Input> make = signal is { FromMachine: true, Value: { } value } && here.FirstOrDefault(p => p.EventType == signal.Type)?.Trigger.Source is { } source
                ? now => new Plans.Running.Reading(now, area, source.Metric, signal.Source, source.From is [var kind, ..] ? kind : "", signal.At, value)
                : now => new Occurred(now, area, signal.Type, signal.Value is { } count ? new Dictionary<string, double> { ["count"] = count } : []);
            await plans.SubmitAsync(make, $"{messageId:N}/{area}", cancellation);
        }
    }
}

/// <summary>Tells the plan engine what became of an order to a device.</summary>
internal sealed class TellEngineOfCommands(PlansAtWork plans) : IRelay<DeviceCommandMoved>
{
    private const int KeyLength = 64;

    public async Task RelayAsync(DeviceCommandMoved moved, Guid messageId, CancellationToken cancellation)
    {
        // Keys of effects are SHA-256; other orders have other keys, and the engine does not know a foreign one.
        if (moved.Key.Length != KeyLength) return;
        var result = moved.Stage switch
        {
            CommandStage.Accepted or CommandStage.Playing or CommandStage.Done => "acked",
            CommandStage.Failed => "failed",
            CommandStage.Expired or CommandStage.Cancelled => "expired",
            _ => null,
        };
        if (result is not null) await plans.SubmitAsync(now => new Receipt(now, moved.Key, result), $"{result}/{moved.Key}", cancellation);
    }
}

/// <summary>Tells the plan engine which plans come into force where, and which are taken out.</summary>
internal sealed class TellEngineOfPlans(IncidentsDb db, PlansAtWork plans) : IRelay<PlanPutInForce>, IRelay<PlanTakenOut>
{
    public async Task RelayAsync(PlanPutInForce put, Guid messageId, CancellationToken cancellation)
    {
        var text = await db.PlanTexts.Where(p => p.Id == put.PlanTextId).Select(p => p.Text).SingleAsync(cancellation);
        await plans.SubmitAsync(now => new PutInForce(now, text, put.Places, put.Emergency, put.Values), messageId.ToString("N"), cancellation);
    }

    public Task RelayAsync(PlanTakenOut taken, Guid messageId, CancellationToken cancellation) =>
        plans.SubmitAsync(now => new TakenOut(now, taken.PlanId, taken.Places), messageId.ToString("N"), cancellation);
}
