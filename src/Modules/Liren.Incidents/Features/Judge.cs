using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Liren.Contracts.Incidents;
using Liren.Contracts.Modes;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>
/// Looks at a signal (研判): it opens an incident, joins the open one, contradicts or confirms a handled one, or brings a closed one back. What
/// decides stands in <see cref="GatheringPlan"/>. Adds to the unit of work; the caller saves.
/// </summary>
internal sealed class Judge(IncidentsDb db, Ladder ladder, IResponsibilityMatrix matrix, IPlaceDirectory places, IModes modes, TimeProvider clock)
{
    /// <summary>The incident the signal belongs to now, or null when it is none.</summary>
    public async Task<Incident?> LookAsync(Observation signal, Doer reporter, string? description, Guid newId, CancellationToken stop)
    {
        if (!signal.Counts) return null;
        var now = clock.GetUtcNow();
        var open = await db.Whole.SingleOrDefaultAsync(i => i.OpenKey == signal.Key, stop);
        if (open is not null)
        {
            open.Join(signal, now);
            if (!open.ByPlan && open.State == IncidentState.Verifying) await VerifyAsync(open, signal, now, stop);
            return open;
        }
        // Where a plan is in force it decides on what machines say; what a person reports is an incident at once.
        if (signal.FromMachine && await GovernedAsync(signal, stop)) return null;
        if (!GatheringPlan.Triggers(signal)) return null;
        var last = await db.Whole
            .Where(i => i.Type == signal.Type && i.PlacePath == signal.PlacePath && i.EndedAt != null).OrderByDescending(i => i.EndedAt).FirstOrDefaultAsync(stop);
        if (last is { State: IncidentState.Rejected } && signal.FromMachine && await StillTheSameAsync(last, signal, stop)) return null;
        if (last is { State: IncidentState.Closed } && now - last.EndedAt < GatheringPlan.ReopenWithin && signal.At > last.EndedAt && signal.FromMachine)
        {
            last.Reopen(By.Machine, Doer.Machine, signal, null, null, now);
            await ladder.TellManagersAsync(last, "incidents.bell.reopened", now, stop);
            await ladder.AskNextAsync(last, now, stop);
            return last;
        }
        var who = await matrix.WhoAsync(signal.Type, signal.PlacePath, (await modes.ModeAtAsync(signal.PlacePath, now, stop)).Mode, stop);
        var made = Incident.Open(newId, signal.Type, signal.PlacePath, await places.FullNameAsync(signal.PlacePath, stop), GatheringPlan.LevelOf(signal.Type, signal.Value), who, reporter, description, signal, now);
        db.Add(made);
        await ladder.TellManagersAsync(made, "incidents.bell.opened", now, stop);
        await ladder.AskNextAsync(made, now, stop);
        return made;
    }

    private Task<bool> GovernedAsync(Observation signal, CancellationToken stop)
    {
        var at = PlacePath.SelfAndAncestors(signal.PlacePath).ToList();
        return (from place in db.PlanPlaces
                join text in db.PlanTexts on new { place.PlanId, place.PlanVersion } equals new { text.PlanId, text.PlanVersion }
                where at.Contains(place.PlacePath) && text.EventType == signal.Type
                select place).AnyAsync(stop);
    }

    /// <summary>The sensor's part of the verification: contradicts, or closes when people have confirmed already.</summary>
    private async Task VerifyAsync(Incident incident, Observation signal, DateTimeOffset now, CancellationToken stop)
    {
        if (GatheringPlan.Contradicts(signal, incident.HandledAt!.Value, incident.ValueWhenHandled))
        {
            incident.Contradict(signal, now);
            await ResetClockAsync(incident, stop);
            db.Tell(incident.AssigneeId is { } assignee ? [assignee] : [], "incidents.bell.contradicted", $"/field/{incident.Id}", now, incident.PlaceName, incident.Code);
            await ladder.TellManagersAsync(incident, "incidents.bell.contradicted", now, stop);
        }
        else await CloseWhenProvedAsync(incident, stop);
    }

    /// <summary>Closes when sensor and people agree; true when it did.</summary>
    public async Task<bool> CloseWhenProvedAsync(Incident incident, CancellationToken stop)
    {
        // A plan has its own checks.
        if (incident.ByPlan) return false;
        var now = clock.GetUtcNow();
        var readings = await ReadingsAsync(incident, stop);
        if (!incident.CloseWhenProved(GatheringPlan.Verdict(incident.Type, readings, now), () => CertificateOf(incident, readings, now), now)) return false;
        await ResetClockAsync(incident, stop);
        await ladder.TellManagersAsync(incident, "incidents.bell.closed", now, stop);
        return true;
    }

    /// <summary>Readings of the incident's sensor that count, oldest first; those that had arrived by a time.</summary>
    public async Task<List<Reading>> ReadingsAsync(Incident incident, CancellationToken stop, DateTimeOffset? arrivedBy = null)
    {
        var by = arrivedBy ?? DateTimeOffset.MaxValue.AddYears(-1);
        var since = incident.OpenedAt - GatheringPlan.BlindAfter;
        var until = (incident.EndedAt ?? DateTimeOffset.MaxValue.AddYears(-1)) + GatheringPlan.BlindAfter;
        var rows = await db.Observations.AsNoTracking()
            .Where(o => o.Type == incident.Type && o.PlacePath == incident.PlacePath && o.FromMachine && o.Value != null && o.At >= since && o.At <= until && o.ArrivedAt <= by && (o.Quality & (Quality.Late | Quality.Suspect)) == 0)
            .OrderByDescending(o => o.At).Take(2_000).Select(o => new { o.At, Value = o.Value!.Value }).ToListAsync(stop);
        return [.. rows.OrderBy(r => r.At).Select(r => new Reading(r.At, r.Value))];
    }

    /// <summary>A gathering judged to be none stays none until the count has fallen below the threshold in between.</summary>
    private async Task<bool> StillTheSameAsync(Incident rejected, Observation signal, CancellationToken stop) =>
        GatheringPlan.Measures(signal.Type) && !await db.Observations.AnyAsync(o => o.Type == signal.Type && o.PlacePath == signal.PlacePath && o.Value < GatheringPlan.Threshold && o.At > rejected.EndedAt && o.At < signal.At, stop);

    /// <summary>Plans the clock of the present step, and takes away the others.</summary>
    public async Task ResetClockAsync(Incident incident, CancellationToken stop)
    {
        if (incident.State != IncidentState.Dispatched) await db.CancelTimerAsync(Ladder.OfferTimer(incident.Id), stop);
        await db.CancelTimerAsync(Ladder.ClockTimer("ask", incident.Id), stop);
        var clockName = incident.State switch { IncidentState.Accepted or IncidentState.OnScene => "handle", IncidentState.Verifying => "verify", _ => null };
        foreach (var other in new[] { "handle", "verify" })
            if (other != clockName) await db.CancelTimerAsync(Ladder.ClockTimer(other, incident.Id), stop);
        if (clockName is not null && incident.Deadline is { } due)
            await db.ScheduleAsync(Ladder.ClockTimer(clockName, incident.Id), due, new ClockRanOut(incident.Id, clockName, incident.StepCount, incident.PlacePath, due), stop);
    }

    /// <summary>SHA-256 over what closed it: people, photos, readings. Times in milliseconds, as both databases keep them.</summary>
    public static string CertificateOf(Incident incident, IReadOnlyList<Reading> readings, DateTimeOffset at) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        incident.Id, incident.Type, incident.PlacePath, opened = incident.OpenedAt.ToUnixTimeMilliseconds(), incident.AssigneeId, handled = incident.HandledAt?.ToUnixTimeMilliseconds(), closed = at.ToUnixTimeMilliseconds(), incident.Handlings,
        photos = incident.Photos.Select(p => p.Sha).Order(),
        people = incident.Confirmations.Where(c => c.Handling == incident.Handlings && c.Agrees).OrderBy(c => c.At).ThenBy(c => c.AccountId).Select(c => new { c.AccountId, at = c.At.ToUnixTimeMilliseconds() }),
        readings = readings.TakeLast(50).Select(r => new { at = r.At.ToUnixTimeMilliseconds(), r.Value }),
    }))));
}

/// <summary>Looks at each signal after it has become durable.</summary>
internal sealed class JudgeSignal(IncidentsDb db, Judge judge) : IHandle<ObservationReceived>
{
    public async Task HandleAsync(ObservationReceived @event, CancellationToken cancellation)
    {
        if (!@event.Counts || await db.Observations.FindAsync([@event.ObservationId], cancellation) is not { } signal) return;
        // A report by a person was judged together with its receipt.
        if (signal.IncidentId is null) await judge.LookAsync(signal, new Doer(null, signal.Source), null, Guid.CreateVersion7(), cancellation);
    }
}
