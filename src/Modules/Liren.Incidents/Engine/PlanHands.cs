using System.Globalization;
using System.Text.Json;
using Liren.Contracts.Devices;
using Liren.Contracts.Incidents;
using Liren.Contracts.Modes;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Incidents.Features;
using Liren.Plans.Language;
using Liren.Plans.Running;
using Liren.Sdk;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Liren.Incidents.Engine;

/// <summary>
/// Does what the plan engine says: the incident follows its decisions, people are asked, devices get their orders. What happened and what is done in these
/// tables is saved in one unit with the number of the input, so that it is done once; what leaves them carries the key of its effect.
/// </summary>
internal sealed partial class PlanHands(IncidentsDb db, Judge judge, Ladder ladder, WhoIsMeant who, IResponsibilityMatrix matrix, IPlaceDirectory places, IDeviceCommands commands, IModes modes, PlansAtWork plans, Reflexes reflexes, Texts texts,
    TimeProvider clock, ILogger<PlanHands> log)
{
    /// <summary>Name of the mark: the last input whose outcome stands in the incidents.</summary>
    public const string Seen = "seen";

    private readonly Dictionary<Guid, Incident?> incidents = [];
    private readonly List<Receipt> answers = [];

    /// <summary>Does it. When it throws nothing is done, and it may be done again.</summary>
    public async Task DealAsync(Applied applied, CancellationToken stop)
    {
        var mark = await db.PlanMarks.SingleOrDefaultAsync(m => m.Name == Seen, stop);
        if (mark is null) db.Add(mark = new PlanMark { Name = Seen });
        if (applied.Seq > mark.Value)
            foreach (var happened in applied.Outcome.Happened) await FollowAsync(happened, stop);
        mark.Value = Math.Max(mark.Value, applied.Seq);
        foreach (var send in applied.Outcome.Effects.OfType<Send>())
            if (send.Kind != "broadcast" && !await db.PlanDeeds.AnyAsync(d => d.Key == send.Key, stop) && await FindAsync(send.Incident, stop) is var incident)
            {
                db.Add(new PlanDeed { Key = send.Key });
                await DoAsync(send, incident, stop);
            }
        foreach (var incident in incidents.Values.OfType<Incident>()) await judge.ResetClockAsync(incident, stop);
        await db.SaveChangesAsync(stop);

        foreach (var send in applied.Outcome.Effects.OfType<Send>().Where(s => s.Kind == "broadcast")) await SayAsync(send, stop);
        foreach (var ask in applied.Outcome.Effects.OfType<Resolve>()) await ResolveAsync(ask, stop);
        foreach (var answer in answers) await plans.SubmitAsync(now => answer with { At = now }, $"{answer.Result}/{answer.Key}", stop);
    }

    private async Task<Incident?> FindAsync(Guid id, CancellationToken stop)
    {
        if (id == Guid.Empty) return null;
        if (incidents.TryGetValue(id, out var known)) return known;
        return incidents[id] = await db.Whole.SingleOrDefaultAsync(i => i.PlanIncidentId == id, stop);
    }

    private async Task FollowAsync(Happened happened, CancellationToken stop)
    {
        try { await FollowAsync(happened, happened.What == "opened" ? await OpenAsync(happened, stop) : await FindAsync(happened.Incident, stop), stop); }
        // People have brought the incident elsewhere meanwhile; the engine hears of it next.
        catch (RuleBrokenException e) when (e.Status != 412) { LogPassed(happened.What, happened.Subject, happened.Incident, e.Message); }
    }

    private async Task FollowAsync(Happened h, Incident? incident, CancellationToken stop)
    {
        if (incident is null) { if (h.What == "stale") LogBlind(h.Target, h.Subject); return; }
        var at = h.At;
        switch (h.What)
        {
            case "level" when Enum.Parse<Level>(h.Subject) is var level && level != incident.Level && incident.State.IsOpen():
                incident.Grade(level, By.Machine, Doer.Machine, "incidents.why.level-plan", null, at);
                break;
            case "contradicted" when incident.State == IncidentState.Verifying:
                incident.ContradictByPlan(at);
                db.Tell(incident.AssigneeId is { } assignee ? [assignee] : [], "incidents.bell.contradicted", $"/field/{incident.Id}", at, incident.PlaceName, incident.Code);
                await ladder.TellManagersAsync(incident, "incidents.bell.contradicted", at, stop);
                break;
            case "closed" when incident.State == IncidentState.Verifying:
                var readings = await judge.ReadingsAsync(incident, stop);
                incident.CloseByPlan(() => Judge.CertificateOf(incident, readings, at), at);
                await ladder.TellManagersAsync(incident, "incidents.bell.closed", at, stop);
                break;
            case "reopened" when !incident.State.IsOpen():
                incident.ReopenByPlan(at);
                await ladder.TellManagersAsync(incident, "incidents.bell.reopened", at, stop);
                break;
            case "receipt" when h.Status == "expired" && incident.CurrentOffer is { Key: not null } offer && WhoIsMeant.TargetOf(offer.AccountId) == h.Target: incident.Expire(at); break;
            case "step" when h is { Status: "failed", Detail: "no-target" } && incident.State == IncidentState.Open:
                incident.NobodyLeft(at);
                await ladder.TellManagersAsync(incident, "incidents.bell.nobody", at, stop);
                break;
            case "step" when h.Status == "suppressed": incident.Tell(at, "incidents.why.plan-suppressed", await ActionAsync(incident, h.Subject, stop), Reason((h.Detail ?? "").Split(' ')[0])); break;
            case "receipt" when h.Status is "acked" or "failed" || h.Status == "expired" && WhoIsMeant.DeviceOf(h.Target ?? "") is not null:
                var action = await ActionAsync(incident, h.Subject, stop);
                if (!await ToldAsync(incident, $"incidents.why.plan-{h.Status}", action, stop))
                    incident.Tell(at, $"incidents.why.plan-{h.Status}", action, h.Target is null || h.Target == incident.PlacePath ? incident.PlaceName : await who.NameAsync(h.Target, stop), Reason(h.Detail));
                break;
            case "rung": incident.Tell(at, "incidents.why.plan-rung", h.Subject); break;
            case "check": incident.Tell(at, "incidents.why.plan-check", $"@incidents.plan.check.{h.Subject}"); break;
            case "stale": incident.Tell(at, "incidents.why.plan-blind"); await ladder.TellManagersAsync(incident, "incidents.bell.blind", at, stop); break;
        }
    }

    // A step that reaches many is told once for each result: the first of them.
    private async Task<bool> ToldAsync(Incident incident, string why, string action, CancellationToken stop)
    {
        var begin = JsonSerializer.Serialize(new[] { action })[..^1];
        return incident.Steps.Exists(s => s.Why == why && s.Args.StartsWith(begin, StringComparison.Ordinal))
            || await db.Steps.AnyAsync(s => s.IncidentId == incident.Id && s.Why == why && s.Args.StartsWith(begin) && s.At >= incident.Since, stop);
    }

    // What people call an action: what it does, not the name its author gave it.
    private async Task<string> ActionAsync(Incident incident, string action, CancellationToken stop) =>
        (await plans.HostAsync(stop)).InForce.Find(incident.PlanId ?? "", incident.PlacePath)?.Plan.Actions.FirstOrDefault(a => a.Id == action) is { } known ? $"@incidents.plan.do.{known.Do}" : action;

    private string Reason(string? code) => code is null ? "" : texts.Has($"incidents.plan.because.{code}") ? $"@incidents.plan.because.{code}" : texts.Has(code) ? "@" + code : code;

    private async Task<Incident?> OpenAsync(Happened opened, CancellationToken stop)
    {
        if (await FindAsync(opened.Incident, stop) is { } known) return known;
        var area = opened.Target!;
        if ((await plans.HostAsync(stop)).InForce.Find(opened.Subject, area) is not { } bound) return null;
        var plan = new UnderPlan(bound.Plan.Id, int.Parse(opened.Detail!, CultureInfo.InvariantCulture), bound.Plan.TitleZh, opened.Incident);
        var key = Observation.KeyOf(bound.Plan.EventType, area);
        var incident = await db.Whole.SingleOrDefaultAsync(i => i.OpenKey == key, stop);
        if (incident is not null)
        {
            incident.Follow(plan, opened.At);
            // Somebody has taken it already: the plan does not look for another.
            if (incident.AssigneeId is { } assignee) await plans.SubmitAsync(now => new Plans.Running.Act(now, opened.Incident, "", "take", WhoIsMeant.TargetOf(assignee)), $"take/{opened.Incident:N}", stop);
        }
        else
        {
            var responsible = await matrix.WhoAsync(bound.Plan.EventType, area, (await modes.ModeAtAsync(area, opened.At, stop)).Mode, stop);
            db.Add(incident = Incident.OpenByPlan(plan, bound.Plan.EventType, area, await places.FullNameAsync(area, stop), responsible, opened.At));
            // What led to it belongs to it.
            var since = opened.At - bound.Longest;
            foreach (var signal in await db.Observations.Where(o => o.Type == incident.Type && o.PlacePath == area && o.IncidentId == null && o.At >= since).OrderBy(o => o.At).ToListAsync(stop)) incident.Join(signal, opened.At);
        }
        await ladder.TellManagersAsync(incident, "incidents.bell.opened", opened.At, stop);
        return incidents[opened.Incident] = incident;
    }

    private async Task DoAsync(Send send, Incident? incident, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        switch (send.Kind)
        {
            case "dispatch" when incident is not null && await who.CandidateAsync(incident.Id, send.Target, stop) is { } whom: await AskAsync(send, incident, whom, now, stop); break;
            case "notify" when incident is not null && WhoIsMeant.AccountOf(send.Target) is { } account:
                db.Tell([account], "incidents.bell.plan", $"/incidents/{incident.Id}", now, incident.PlaceName, incident.Code);
                answers.Add(new(now, send.Key, "delivered"));
                break;
            // The timeline tells of it already; the plan hears nothing of what it raised.
            case "raise": break;
            default: answers.Add(new(now, send.Key, "failed", "no-channel")); break;
        }
    }

    private async Task AskAsync(Send send, Incident incident, Candidate whom, DateTimeOffset now, CancellationToken stop)
    {
        var within = Quantity.Duration(send.Options.GetValueOrDefault("accept") ?? "60s");
        if (incident.Offers.Where(o => o.AccountId == whom.AccountId && o.Rung == Rung.Chosen && o.Key is null).MaxBy(o => o.At) is { } chosen)
        {
            // A duty officer asked them before the engine heard of it.
            chosen.Key = send.Key;
            if (chosen.Result == OfferResult.Declined) answers.Add(new(now, send.Key, "declined", chosen.Reason));
        }
        else if (incident.State == IncidentState.Open) await ladder.AskAsync(incident, whom, By.Machine, Doer.Machine, null, now, stop, within, send.Key);
        else
        {
            // Somebody has it: the others are called to help.
            db.Tell([whom.AccountId], "incidents.bell.help", $"/field/{incident.Id}", now, incident.PlaceName, incident.Code);
            incident.Tell(now, "incidents.why.plan-help", whom.Name);
            answers.Add(new(now, send.Key, "delivered"));
        }
    }

    private async Task SayAsync(Send send, CancellationToken stop)
    {
        if (await FindAsync(send.Incident, stop) is not { } incident || reflexes.OrderOf(send, incident.Code) is not { } order) { answers.Add(new(default, send.Key, "failed", "no-channel")); return; }
        try { await commands.SendAsync(order, stop); }
        catch (RuleBrokenException refused) { answers.Add(new(default, send.Key, "failed", refused.Code)); }
    }

    private async Task ResolveAsync(Resolve ask, CancellationToken stop)
    {
        if (await FindAsync(ask.Incident, stop) is not { } incident) return;
        var names = await who.FindAsync(ask, incident, stop);
        await plans.SubmitAsync(now => new Targets(now, ask.Incident, ask.Step, ask.Occurrence, ask.Round, ask.Expression, names), null, stop);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{What} {Subject} of {Incident} is passed over: {Why}")]
    private partial void LogPassed(string what, string subject, Guid incident, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Place}: {Event}, its sensors are silent")]
    private partial void LogBlind(string? place, string @event);
}
