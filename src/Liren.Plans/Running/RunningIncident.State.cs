namespace Liren.Plans.Running;

internal sealed partial class RunningIncident
{
    // The order in which checks are counted in a state.
    private List<Model.Check> AllChecks => [.. Bound.Plan.Verification.Checks.Leaves, .. Bound.Plan.Verification.IfNoSensor is { } blind ? blind.Leaves : []];

    /// <summary>Everything it knows; sets in an order of their own, so that the same knowledge is the same text.</summary>
    public OpenState Save()
    {
        var checks = AllChecks;
        return new(id, openedAt, ClosedAt, Level, gravest, State, Reason, Times, calmSince, handledAt, verified, rung, climbFrom, exhausted, [.. Flags.Order(StringComparer.Ordinal)], [.. Reports.Order(StringComparer.Ordinal)], [.. events], [.. approvals],
            [.. told.Select(c => checks.IndexOf(c)).Where(n => n >= 0).Order()],
            [.. steps.Select(s => new StepState(s.Id, s.ReachedAt, s.Occurrence, s.Round, s.Done, s.Quiet, s.Again, s.NextAt, [.. s.Candidates]))],
            [.. sent.Select(s => new SentState(s.Key, s.Value.Step?.Id, s.Value.Target, s.Value.Until, s.Value.Offer, s.Value.Answered, s.Value.ExpiredAt))],
            [.. declined.Order(StringComparer.Ordinal)],
            [.. resolved.Order().Select(r => new ResolvedState(r.Step, r.Occurrence, r.Round, r.Expression))], [.. Assignees.Select(a => new AssigneeState(a.Step, a.Person, a.Key))]);
    }

    /// <summary>The incident of a state, at its place.</summary>
    public static RunningIncident Restore(PlacePlan place, OpenState saved)
    {
        var made = new RunningIncident(place, saved.Id, saved.OpenedAt)
        {
            ClosedAt = saved.ClosedAt, Level = saved.Level, gravest = saved.Gravest, State = saved.State, Reason = saved.Reason, Times = saved.Times, calmSince = saved.CalmSince, handledAt = saved.HandledAt, verified = saved.Verified,
            rung = saved.Rung, climbFrom = saved.ClimbFrom, exhausted = saved.Exhausted,
        };
        made.Flags.UnionWith(saved.Flags);
        made.Reports.UnionWith(saved.Reports);
        made.events.AddRange(saved.Events);
        made.approvals.AddRange(saved.Approvals);
        var checks = made.AllChecks;
        made.told.UnionWith(saved.Told.Select(n => checks[n]));
        foreach (var s in saved.Steps)
        {
            var step = new Step(made.Bound.Actions.First(a => a.Action.Id == s.Id), s.ReachedAt, s.Occurrence) { Round = s.Round, Done = s.Done, Quiet = s.Quiet, Again = s.Again, NextAt = s.NextAt };
            foreach (var candidate in s.Candidates) step.Candidates.Enqueue(candidate);
            made.steps.Add(step);
        }
        foreach (var s in saved.Sent) made.sent[s.Key] = new(s.Step is { } step ? made.steps.Find(x => x.Id == step) : null, s.Target, s.Until, s.Offer) { Answered = s.Answered, ExpiredAt = s.ExpiredAt };
        made.declined.UnionWith(saved.Declined);
        made.resolved.UnionWith(saved.Resolved.Select(r => (r.Step, r.Occurrence, r.Round, r.Expression)));
        made.Assignees.AddRange(saved.Assignees.Select(a => new Assignee(a.Step, a.Person, a.Key)));
        return made;
    }

    /// <summary>Keys of what was sent and may still be answered.</summary>
    public IEnumerable<string> Keys => sent.Keys;

    // Another mode: what was begun goes on with the parameters that hold now.
    public void Rebind()
    {
        foreach (var step in steps) step.Bound = Bound.Actions.First(a => a.Action.Id == step.Id);
    }
}
