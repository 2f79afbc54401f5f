using Liren.Contracts.Identity;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>Somebody who could be asked, and how far away.</summary>
internal sealed record Candidate(Guid AccountId, string Name, Guid PostId, string PostName, Rung Rung, double? Distance, int Load);

/// <summary>
/// Asks the next person (派单阶梯): the nearest on duty, then the owner's others, the next organisations, the community secretary, the street's
/// duty officer. One at a time, nobody twice in one turn. Adds to the unit of work; the caller saves.
/// </summary>
internal sealed class Ladder(IncidentsDb db, IDutyRota rota, IPlaceDirectory places, IAccountDirectory accounts)
{
    /// <summary>Asks the next one, or notes that nobody is left.</summary>
    public async Task AskNextAsync(Incident incident, DateTimeOffset now, CancellationToken stop)
    {
        // The plan asks.
        if (incident.ByPlan) return;
        if (await NextAsync(incident, now, stop) is { } next) { await AskAsync(incident, next, By.Machine, Doer.Machine, null, now, stop); return; }
        await db.CancelTimerAsync(OfferTimer(incident.Id), stop);
        incident.NobodyLeft(now);
        var again = now + GatheringPlan.AskAgainAfter;
        await db.ScheduleAsync(ClockTimer("ask", incident.Id), again, new ClockRanOut(incident.Id, "ask", incident.StepCount, incident.PlacePath, again), stop);
        await TellManagersAsync(incident, "incidents.bell.nobody", now, stop);
    }

    /// <summary>Asks this one; when a plan does, it gives the time and the key of its effect, and sees itself when the time is over.</summary>
    public async Task AskAsync(Incident incident, Candidate whom, By by, Doer who, string? note, DateTimeOffset now, CancellationToken stop, TimeSpan? within = null, string? key = null)
    {
        var offer = incident.Ask(whom.AccountId, whom.Name, whom.Rung, whom.Distance, by, who, note, now, within, key);
        if (key is null) await db.ScheduleAsync(OfferTimer(incident.Id), offer.Until, new OfferRanOut(incident.Id, offer.Id, incident.PlacePath, offer.Until), stop);
        db.Tell([whom.AccountId], "incidents.bell.offer", $"/field/{incident.Id}", now, incident.PlaceName, incident.Code);
        if (whom.Rung is not (Rung.Nearest or Rung.Chosen)) await TellManagersAsync(incident, "incidents.bell.escalated", now, stop);
    }

    /// <summary>The bell of those who run incidents at the place.</summary>
    public async Task TellManagersAsync(Incident incident, string textKey, DateTimeOffset now, CancellationToken stop) =>
        db.Tell((await accounts.WithPermissionAsync("incidents.manage", incident.PlacePath, stop)).Select(a => a.Id), textKey, $"/incidents/{incident.Id}", now, incident.PlaceName, incident.Code);

    /// <summary>Name of the timer of the open offer.</summary>
    public static string OfferTimer(Guid incident) => $"incidents.offer:{incident}";

    /// <summary>Name of another timer.</summary>
    public static string ClockTimer(string clock, Guid incident) => $"incidents.{clock}:{incident}";

    private async Task<Candidate?> NextAsync(Incident incident, DateTimeOffset now, CancellationToken stop)
    {
        var may = (await accounts.WithPermissionAsync("incidents.handle", incident.PlacePath, stop)).ToDictionary(a => a.Id);
        var asked = incident.Offers.Where(o => o.Round == incident.Round).Select(o => o.AccountId).ToHashSet();
        foreach (var (rung, people) in Rungs(incident, now, stop))
            if ((await RankAsync(incident, rung, await people(), now, stop)).FirstOrDefault(c => may.ContainsKey(c.AccountId) && !asked.Contains(c.AccountId)) is { } next) return next;
        return null;
    }

    private IEnumerable<(Rung, Func<Task<IReadOnlyList<DutyPerson>>>)> Rungs(Incident incident, DateTimeOffset now, CancellationToken stop)
    {
        yield return (Rung.Nearest, () => rota.OnDutyAsync("grid-worker", incident.PlacePath, now, stop));
        if (incident.OwnerOrgId is { } owner) yield return (Rung.Deputy, () => rota.OnDutyOfAsync(owner, now, stop));
        foreach (var next in incident.FallbackOrgs) yield return (Rung.NextOrg, () => rota.OnDutyOfAsync(next, now, stop));
        yield return (Rung.Secretary, () => rota.OnDutyAsync("community-secretary", incident.PlacePath, now, stop));
        yield return (Rung.DutyOfficer, () => rota.OnDutyAsync("duty-officer", incident.PlacePath, now, stop));
    }

    /// <summary>People with an account, nearest first; equally near: whoever has less to do, then in the order of the rota.</summary>
    public async Task<IReadOnlyList<Candidate>> RankAsync(Incident incident, Rung rung, IReadOnlyList<DutyPerson> people, DateTimeOffset now, CancellationToken stop)
    {
        var known = people.Where(p => p.AccountId is not null).DistinctBy(p => p.AccountId).ToList();
        if (known.Count == 0) return [];
        var cards = await places.FindManyAsync(known.Select(p => p.PlacePath).Append(incident.PlacePath), stop);
        var here = cards.GetValueOrDefault(incident.PlacePath);
        var ids = known.Select(p => p.AccountId!.Value).ToList();
        var loads = await db.Incidents.Where(i => i.AssigneeId != null && ids.Contains(i.AssigneeId.Value) && i.OpenKey != null && i.Id != incident.Id)
            .GroupBy(i => i.AssigneeId!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop);
        return [.. known.Select(p => new Candidate(p.AccountId!.Value, p.PersonName, p.PostId, p.PostName, rung, Distance(p, here, cards.GetValueOrDefault(p.PlacePath), now), loads.GetValueOrDefault(p.AccountId!.Value)))
            .OrderBy(c => c.Distance ?? double.MaxValue).ThenBy(c => c.Load)];
    }

    /// <summary>From the last position when it is fresh, else from the post's place.</summary>
    private static double? Distance(DutyPerson person, PlaceCard? here, PlaceCard? post, DateTimeOffset now)
    {
        var fresh = person.PositionAt is { } at && now - at < GatheringPlan.PositionFor;
        return Earth.Metres(fresh ? person.Longitude : post?.Longitude, fresh ? person.Latitude : post?.Latitude, here?.Longitude, here?.Latitude);
    }
}
