using Liren.Contracts.Incidents;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>One incident, whole: owner with reasons, clocks, sensor, evidence, timeline, and what the reader may do now.</summary>
[Needs("incidents.read")]
internal sealed class ShowIncident(IncidentsDb db, Desk desk, Judge judge, PlanOf plans, Words words, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    /// <summary>A clock: when it began, when it should have ended, when it did.</summary>
    public sealed record ClockView(string Kind, DateTimeOffset Since, DateTimeOffset? Until, DateTimeOffset? Done, bool Late);
    public sealed record ReadingView(DateTimeOffset At, double Value);
    public sealed record SensorView(SensorVerdict Verdict, double? Threshold, IReadOnlyList<ReadingView> Readings);
    public sealed record OfferView(Guid AccountId, string Name, string Rung, int Round, DateTimeOffset At, DateTimeOffset Until, double? Distance, OfferResult Result, string? Reason, DateTimeOffset? AnsweredAt);
    public sealed record PhotoView(string Sha, string Href, Act Act, string Name, DateTimeOffset At, long Size, bool Stripped);
    public sealed record WordView(string Name, DateTimeOffset At, bool Agrees, string? Note, bool Present);
    public sealed record StepView(DateTimeOffset At, Act Act, IncidentState From, IncidentState To, string? Who, string Why, string? Note);
    public sealed record Response(IncidentRow Row, string? Description, Guid? OwnerOrgId, IReadOnlyList<string> Because, string Support, string Followers, int MatrixVersion, Guid? AssigneeId, OfferView? Offer,
        IReadOnlyList<OfferView> Offers, IReadOnlyList<ClockView> Clocks, SensorView Sensor, IReadOnlyList<PhotoView> Photos, IReadOnlyList<WordView> Words, int Agreeing, int Needed, IReadOnlyList<StepView> Timeline,
        double? Longitude, double? Latitude, string? NotSoBy, string? NotSoWhy, string? Certificate, IReadOnlyList<Act> Acts, DateTimeOffset Now)
    {
        /// <summary>True when the reader may do it now.</summary>
        public bool May(Act act) => Acts.Contains(act);
    }

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}", (Guid id, ShowIncident feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var i = await desk.LoadAsync(id, stop);
        Actor.Current.Require("incidents.read", i.PlacePath);
        var now = clock.GetUtcNow();
        var steps = await db.Steps.AsNoTracking().Where(s => s.IncidentId == id).OrderBy(s => s.Seq).ToListAsync(stop);
        var readings = await judge.ReadingsAsync(i, stop);
        var plan = await plans.FindAsync(i, stop);
        var verdict = plan?.Verdict(i, readings, now) ?? GatheringPlan.Verdict(i.Type, readings, now);
        var blind = verdict is SensorVerdict.None or SensorVerdict.Blind;
        var here = await places.FindAsync(i.PlacePath, stop);
        var by = Desk.ByOf(i, Actor.Current);
        var offers = i.Offers.OrderBy(o => o.At).ThenBy(o => o.Id).Select(OfferOf).ToList();
        return new(IncidentRow.Of(i, await words.TypeAsync(i.Type, stop)), i.Description, i.OwnerOrgId, i.Reasons, i.Support, i.Followers, i.MatrixVersion, i.AssigneeId,
            i.CurrentOffer is { } current ? OfferOf(current) : null, offers, [.. ClocksOf(i, now)],
            new(verdict, plan is not null ? plan.Threshold : GatheringPlan.Measures(i.Type) ? GatheringPlan.Threshold : null, [.. readings.Select(r => new ReadingView(r.At, r.Value))]),
            [.. i.Photos.OrderBy(p => p.At).Select(p => new PhotoView(p.Sha, $"/api/incidents/{id}/photos/{p.Sha}", p.Act, p.Name, p.At, p.Size, p.Stripped))],
            [.. i.Confirmations.OrderBy(c => c.At).Select(c => new WordView(c.Name, c.At, c.Agrees, c.Note, c.Handling == i.Handlings))],
            i.Agreeing, plan?.People(blind) ?? (blind ? GatheringPlan.PeopleWithoutSensor : 1),
            [.. steps.Select(s => new StepView(s.At, s.Act, s.From, s.To, s.Name, words.Why(s), s.Note))],
            here?.Longitude, here?.Latitude, i.NotSoName, i.NotSoWhy, i.Certificate, [.. ActsOf(i, by)], now);
    }

    private static OfferView OfferOf(Offer o) => new(o.AccountId, o.Name, o.Rung.ToString(), o.Round, o.At, o.Until, o.Distance, o.Result, o.Reason, o.AnsweredAt);

    /// <summary>The four clocks: accept, arrive and handle (one limit), verify.</summary>
    private static IEnumerable<ClockView> ClocksOf(Incident i, DateTimeOffset now)
    {
        var asked = i.Offers.Where(o => o.Round == i.Round).OrderBy(o => o.At).ToList();
        if (asked.Count > 0)
        {
            var taken = i.AcceptedAt >= asked[0].At ? i.AcceptedAt : null;
            var last = asked[^1];
            yield return new("accept", asked[0].At, last.Until, taken, last.Result == OfferResult.Expired || asked.Any(o => o.Result == OfferResult.Expired));
            if (taken is { } accepted && i.AssigneeId is not null)
            {
                yield return new("arrive", accepted, null, i.ArrivedAt, false);
                var handle = accepted + GatheringPlan.HandleWithin;
                var until = i.State is IncidentState.Accepted or IncidentState.OnScene && i.Deadline is { } due ? due : handle;
                yield return new("handle", i.ArrivedAt ?? accepted, until, i.HandledAt, (i.HandledAt ?? now) > until);
            }
        }
        if (i.HandledAt is { } handled) yield return new("verify", handled, handled + GatheringPlan.VerifyWithin, i.EndedAt, (i.EndedAt ?? now) > handled + GatheringPlan.VerifyWithin);
    }

    /// <summary>What this person may do now; what would only be refused is not offered.</summary>
    private static IEnumerable<Act> ActsOf(Incident i, By by)
    {
        var me = Actor.Current.Id;
        foreach (var act in Transitions.From(i.State, by))
        {
            if (act == Act.NotSo && i.NotSoBy is not null) continue;
            if (act is Act.Reject or Act.Uphold && (i.NotSoBy is null || i.NotSoBy == me)) continue;
            if (act == Act.Confirm && i.Confirmations.Any(c => c.AccountId == me && c.Handling == i.Handlings && c.Agrees)) continue;
            yield return act;
        }
    }
}
