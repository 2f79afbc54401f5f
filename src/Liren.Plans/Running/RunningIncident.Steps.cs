using Liren.Plans.Windows;

namespace Liren.Plans.Running;

internal sealed partial class RunningIncident
{
    private static readonly TimeSpan local = TimeSpan.FromHours(8);
    private readonly List<Step> steps = [];
    private readonly Dictionary<string, Sent> sent = [];
    private readonly HashSet<string> declined = [];
    private readonly HashSet<(string Step, int Occurrence, int Round, string Expression)> resolved = [];

    /// <summary>An action that was reached, and how far it is.</summary>
    private sealed class Step(BoundAction bound, DateTimeOffset reachedAt, int occurrence)
    {
        public BoundAction Bound { get; set; } = bound;
        public string Id => Bound.Action.Id;
        public string Kind => Bound.Action.Do;
        public DateTimeOffset ReachedAt => reachedAt;
        public int Occurrence => occurrence;
        public int Round { get; set; }
        public bool Done { get; set; }
        public bool Quiet { get; set; }
        public bool Again { get; set; }
        public DateTimeOffset? NextAt { get; set; }
        public Queue<string> Candidates { get; } = [];
    }

    private sealed record Sent(Step? Step, string Target, DateTimeOffset? Until, bool Offer)
    {
        public bool Answered { get; set; }
        public DateTimeOffset? ExpiredAt { get; init; }
    }

    /// <summary>Who took it on.</summary>
    internal sealed record Assignee(string Step, string Person, string Key);

    public List<Assignee> Assignees { get; } = [];

    private void Start(int level, DateTimeOffset at, Sink sink)
    {
        foreach (var action in Bound.Actions.Where(a => a.Action.At == level && !steps.Exists(s => s.Id == a.Action.Id)))
            steps.Add(new(action, at, Times) { NextAt = action.Action.After?.Result is null ? at + (action.Action.After?.Delay ?? TimeSpan.Zero) : null });
        RunSteps(at, sink);
    }

    private void RunSteps(DateTimeOffset at, Sink sink)
    {
        foreach (var step in steps.ToList())
        {
            if (step.Bound.Action.After?.Result is { } result && step.NextAt is null && !step.Done && Flags.Contains(result)) step.NextAt = at;
            if (step is { Done: false, NextAt: { } due } && due <= at) Run(step, at, sink);
        }
        foreach (var (key, one) in sent.Where(s => !s.Value.Answered && s.Value.Until <= at).ToList()) Expire(key, one, at, sink);
    }

    private void Run(Step step, DateTimeOffset at, Sink sink)
    {
        step.NextAt = null;
        var facts = place.Facts(at, 0.8);
        if (step.Bound.Unless?.Verdict(facts) == Truth.True) { Suppress(step, "unless", at, sink); return; }
        if (step.Bound.Action.QuietHours is { } quiet && IsQuiet(quiet, at) && step.Bound.Disturb?.Verdict(facts) != Truth.True)
        {
            step.Quiet = true;
            if (!step.Again) sink.Tell(at, id, "step", step.Id, status: "suppressed", detail: "quiet-hours");
            step.Again = true;
            return;
        }
        step.Quiet = false;
        if (step.Bound.Action.To.Count == 0) { Send(step, step.Round, place.Area, at, sink); Repeat(step, at); return; }
        foreach (var to in step.Bound.Action.To) sink.Add(new Resolve(id, step.Id, step.Occurrence, step.Round, place.Area, to.Text));
        Repeat(step, at);
    }

    // A graver level may allow what the night forbade.
    private void Undisturb(DateTimeOffset at)
    {
        foreach (var step in steps.Where(s => s.Quiet)) step.NextAt = at;
    }

    private static void Repeat(Step step, DateTimeOffset at)
    {
        step.Round++;
        if (step.Bound.Time("every") is { } every && step.Round < step.Bound.Count("times", 1)) step.NextAt = at + every;
        else step.Done = true;
    }

    private void Suppress(Step step, string reason, DateTimeOffset at, Sink sink)
    {
        step.Done = true;
        sink.Tell(at, id, "step", step.Id, status: "suppressed", detail: reason);
    }

    public void Take(Targets targets, Sink sink)
    {
        // An answer that is given twice counts once.
        if (!IsOpen || !resolved.Add((targets.Step, targets.Occurrence, targets.Round, targets.Expression))) return;
        if (targets.Step.StartsWith(RungStep, StringComparison.Ordinal)) { Rung(targets, sink); return; }
        if (steps.Find(s => s.Id == targets.Step && s.Occurrence == targets.Occurrence) is not { } step) return;
        if (targets.Names.Count == 0) { sink.Tell(targets.At, id, "step", step.Id, status: "suppressed", detail: "no-target"); Flag(step, "failed"); return; }
        if (step.Kind == "dispatch")
        {
            foreach (var person in targets.Names.Where(n => !step.Candidates.Contains(n))) step.Candidates.Enqueue(person);
            for (var seat = 0; seat < step.Bound.Count("count", 1); seat++) Offer(step, targets.At, sink);
            return;
        }
        var most = step.Bound.Count("cap", int.MaxValue);
        foreach (var name in targets.Names.Take(most)) Send(step, targets.Round, name, targets.At, sink);
        if (targets.Names.Count > most) sink.Tell(targets.At, id, "step", step.Id, status: "suppressed", detail: $"cap {targets.Names.Count - most}");
    }

    private void Send(Step step, int round, string target, DateTimeOffset at, Sink sink)
    {
        // Within one occurrence a repetition is a new thing to send.
        var key = Sink.Key(id, Bound.Plan.Version, $"{step.Id}#{round}", target, step.Occurrence);
        var within = step.Bound.Action.Options.ContainsKey("require") ? step.Bound.Time("within") : null;
        // The same person in two groups is told once.
        if (!sent.TryAdd(key, new(step, target, at + within, false))) { sink.Tell(at, id, "step", step.Id, target, "suppressed", "duplicate"); return; }
        sink.Add(new Send(id, step.Id, step.Occurrence, key, step.Kind, target, step.Bound.Action.Via, step.Bound.Action.Options));
        sink.Tell(at, id, "step", step.Id, target, "sent");
        Flag(step, "sent");
    }

    // One person at a time for each seat; nobody is asked twice for it, and who declined is left alone.
    private void Offer(Step step, DateTimeOffset at, Sink sink)
    {
        string? person = null;
        while (person is null && step.Candidates.TryDequeue(out var next))
            if (!declined.Contains(next) && !sent.Values.Any(s => s.Offer && s.Step == step && s.Target == next) && !Assignees.Exists(a => a.Person == next)) person = next;
        if (person is null)
        {
            sink.Tell(at, id, "step", step.Id, status: "failed", detail: "no-target");
            Flag(step, "failed");
            return;
        }
        var key = Sink.Key(id, Bound.Plan.Version, step.Id, person, step.Occurrence);
        sent[key] = new(step, person, at + step.Bound.Time("accept"), true);
        sink.Add(new Send(id, step.Id, step.Occurrence, key, "dispatch", person, step.Bound.Action.Via, step.Bound.Action.Options));
        sink.Tell(at, id, "step", step.Id, person, "offered");
        Flag(step, "offered");
        if (State is "open" or "reopened") Move("dispatched", at, sink);
    }

    private void Expire(string key, Sent one, DateTimeOffset at, Sink sink)
    {
        one.Answered = true;
        sink.Tell(at, id, "receipt", one.Step?.Id ?? RungStep, one.Target, "expired");
        if (one.Step is not { } step) return;
        Flag(step, "expired");
        if (!one.Offer) return;
        sent[key] = one with { Until = null, Answered = true, ExpiredAt = one.Until };
        Offer(step, at, sink);
    }

    public void Take(Receipt receipt, Sink sink)
    {
        if (!IsOpen || !sent.TryGetValue(receipt.Key, out var one)) return;
        // An acceptance that was given after the next one was asked changes nothing; it is written down. One that was only long on its way still counts
        // while nobody else has the seat.
        var inTime = one.ExpiredAt is { } expired && receipt.Since <= expired && !Assignees.Exists(a => a.Step == one.Step!.Id);
        var late = one is { Offer: true, Answered: true } && !inTime;
        one.Answered |= receipt.Result is not ("delivered" or "ringing" or "queued" or "sent");
        sink.Tell(receipt.At, id, "receipt", one.Step?.Id ?? RungStep, one.Target, late ? "late-" + receipt.Result : receipt.Result, receipt.Detail);
        if (late) return;
        if (one.Step is not { } step) { Flags.Add("rung." + receipt.Result); return; }
        if (receipt.Result != "declined") Flag(step, receipt.Result);
        if (!one.Offer) return;
        if (receipt.Result == "declined") { declined.Add(one.Target); Offer(step, receipt.At, sink); }
        else if (receipt.Result == "accepted")
        {
            if (inTime) Withdraw(step, receipt.At, sink);
            Assignees.Add(new(step.Id, one.Target, receipt.Key));
            if (State is "open" or "dispatched" or "reopened") Move("accepted", receipt.At, sink, one.Target);
        }
    }

    // Nobody else is waited for at this step.
    private void Withdraw(Step step, DateTimeOffset at, Sink sink)
    {
        foreach (var other in sent.Values.Where(s => s.Offer && s.Step == step && !s.Answered))
        {
            other.Answered = true;
            sink.Tell(at, id, "receipt", step.Id, other.Target, "withdrawn");
        }
    }

    // A duty officer chooses: whoever was asked or had it is not any more.
    private void Ask(string person, DateTimeOffset at, Sink sink)
    {
        if (Free(at, sink) is not { } step) return;
        // The same person may be asked again by hand: their earlier answer no longer counts.
        var key = Sink.Key(id, Bound.Plan.Version, $"{step.Id}!{at.ToUnixTimeMilliseconds()}", person, step.Occurrence);
        if (!sent.TryAdd(key, new(step, person, at + step.Bound.Time("accept"), true))) return;
        sink.Add(new Send(id, step.Id, step.Occurrence, key, "dispatch", person, step.Bound.Action.Via, step.Bound.Action.Options));
        sink.Tell(at, id, "step", step.Id, person, "offered");
        Flag(step, "offered");
        Move("dispatched", at, sink);
    }

    // Somebody has it already: nobody needs to be asked.
    private void Seat(string person, DateTimeOffset at, Sink sink)
    {
        if (Free(at, sink) is not { } step) return;
        Assignees.Add(new(step.Id, person, ""));
        Flag(step, "accepted");
        Move("accepted", at, sink, person);
    }

    private Step? Free(DateTimeOffset at, Sink sink)
    {
        if (steps.Find(s => s.Kind == "dispatch") is not { } step) return null;
        Withdraw(step, at, sink);
        Assignees.RemoveAll(a => a.Step == step.Id);
        handledAt = null;
        foreach (var word in new[] { "accepted", "arrived", "handled" }) Flags.ExceptWith([$"{step.Id}.{word}", $"dispatch.{word}"]);
        return step;
    }

    private void Flag(Step step, string result)
    {
        Flags.Add($"{step.Id}.{result}");
        Flags.Add($"{step.Kind}.{result}");
    }

    private void Reset()
    {
        steps.Clear();
        sent.Clear();
        declined.Clear();
        resolved.Clear();
        Assignees.Clear();
        Flags.Clear();
        approvals.Clear();
        told.Clear();
        handledAt = null;
        events.Clear();
    }

    private IEnumerable<DateTimeOffset?> StepInstants() => steps.Where(s => !s.Done).Select(s => s.NextAt).Concat(sent.Values.Where(s => !s.Answered).Select(s => s.Until));

    private static bool IsQuiet(Model.QuietHours quiet, DateTimeOffset at)
    {
        var time = TimeOnly.FromDateTime(at.ToOffset(local).DateTime);
        return quiet.From < quiet.To ? time >= quiet.From && time < quiet.To : time >= quiet.From || time < quiet.To;
    }
}
