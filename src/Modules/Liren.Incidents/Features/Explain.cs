using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Domain;
using Check = Liren.Plans.Model.Check;
using HumanCheck = Liren.Plans.Model.HumanCheck;
using SensorCheck = Liren.Plans.Model.SensorCheck;
using Liren.Sdk;
using Liren.Sdk.Files;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Liren.Incidents.Features;

/// <summary>Why it is as it is (为什么): why it opened, why this owner, why this person, what still has to be shown; and who is near.</summary>
[Needs("incidents.read")]
internal sealed class ExplainIncident(Desk desk, Judge judge, Ladder ladder, PlanOf plans, IDutyRota rota, Texts texts, TimeProvider clock) : IFeature
{
    public sealed record NearView(Guid AccountId, string Name, string Post, double? Distance, int Load, string? Answer);
    public sealed record Response(IReadOnlyList<string> Opened, IReadOnlyList<string> Owner, IReadOnlyList<string> Asked, IReadOnlyList<string> Verification, IReadOnlyList<NearView> Near);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}/explain", (Guid id, ExplainIncident feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var i = await desk.LoadAsync(id, stop);
        Actor.Current.Require("incidents.read", i.PlacePath);
        var now = clock.GetUtcNow();
        var readings = await judge.ReadingsAsync(i, stop);
        var plan = await plans.FindAsync(i, stop);
        var verdict = plan?.Verdict(i, readings, now) ?? GatheringPlan.Verdict(i.Type, readings, now);
        var near = await ladder.RankAsync(i, Rung.Nearest, await rota.OnDutyAsync("grid-worker", i.PlacePath, now, stop), now, stop);
        return new(
            plan is not null ? [texts["incidents.why.plan", plan.Plan.TitleZh, plan.Plan.Version], .. plan.Triggers.Select(t => texts["incidents.explain.trigger", t]), .. Levels(plan)]
            : [GatheringPlan.Measures(i.Type) ? texts["incidents.explain.rule", GatheringPlan.Threshold] : texts["incidents.explain.direct"], texts["incidents.explain.level", i.Level.ToString(), i.PeakValue ?? 0]],
            i.Reasons.Count > 0 ? i.Reasons : [texts["incidents.why.no-owner"]],
            [.. i.Offers.OrderBy(o => o.At).Select(o => texts["incidents.explain.offer", o.Name, texts["incidents.rung." + o.Rung], o.Distance is { } d ? texts["incidents.metres", Math.Round(d)] : "–", texts["incidents.offer." + o.Result], o.Reason ?? ""])],
            plan is not null ? [.. plan.Proofs.Select(p => Proof(plan, p)), texts["incidents.verdict." + verdict], texts["incidents.explain.people", i.Agreeing]]
            : [texts["incidents.explain.verify." + (verdict is SensorVerdict.None or SensorVerdict.Blind ? "people" : "sensor"), GatheringPlan.Threshold, (int)GatheringPlan.CalmFor.TotalSeconds, GatheringPlan.PeopleWithoutSensor],
             texts["incidents.verdict." + verdict], texts["incidents.explain.people", i.Agreeing]],
            [.. near.Select(c => new NearView(c.AccountId, c.Name, c.PostName, c.Distance, c.Load, i.Offers.LastOrDefault(o => o.AccountId == c.AccountId && o.Round == i.Round)?.Result.ToString()))]);
    }

    private IEnumerable<string> Levels(PlanShown plan)
    {
        if (plan.Plan.Levels.III is { } three) yield return texts["incidents.explain.plan-level", "III", plan.Filled(three.Text)];
        if (plan.Plan.Levels.II is { } two) yield return texts["incidents.explain.plan-level", "II", plan.Filled(two.Text)];
    }

    private string Proof(PlanShown plan, Check check) => check switch
    {
        SensorCheck sensor => texts["incidents.explain.proof-sensor", plan.Filled(sensor.When.Text)],
        HumanCheck human => texts["incidents.explain.proof-human", human.Count, string.Join("、", human.Evidence)],
        _ => texts["incidents.plan.check.report"],
    };
}

/// <summary>A photo of the incident, for whoever may read it.</summary>
[Needs("incidents.read")]
internal sealed class ShowPhoto(Desk desk, PhotoStore store) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}/photos/{sha}", async (Guid id, string sha, HttpContext http, ShowPhoto feature, CancellationToken stop) =>
        PhotoStore.Answer(http, await feature.RunAsync(id, sha, stop)));

    public async Task<(string Path, string ContentType)> RunAsync(Guid id, string sha, CancellationToken stop)
    {
        var incident = await desk.LoadAsync(id, stop);
        Actor.Current.Require("incidents.read", incident.PlacePath);
        var photo = Rule.Found(incident.Photos.FirstOrDefault(p => p.Sha == sha), "incidents.no-photo");
        return (Rule.Found(store.Find(photo.Sha), "incidents.no-photo"), photo.ContentType);
    }
}
