namespace Liren.Plans.Running;

internal sealed partial class RunningIncident
{
    private const string RungStep = "rung-";
    private int rung;
    private DateTimeOffset? climbFrom;
    private bool exhausted;

    // Every opening climbs from the first rung again.
    private void Climb(DateTimeOffset at) => (climbFrom, rung, exhausted) = (at, 0, false);

    private bool Answered => Bound.Plan.Escalation is { } ladder && ladder.Until.Any(Flags.Contains);

    private DateTimeOffset? LadderInstant()
    {
        if (Bound.Plan.Escalation is not { } ladder || climbFrom is not { } from || exhausted || Answered) return null;
        return from + (rung < ladder.Ladder.Count ? ladder.Ladder[rung].After : AfterLast(ladder));
    }

    // Whoever stands highest gets as long as the rung below had.
    private static TimeSpan AfterLast(Model.Escalation ladder) =>
        ladder.Ladder.Count switch { 0 => TimeSpan.Zero, 1 => ladder.Ladder[0].After * 2, var n => ladder.Ladder[^1].After * 2 - ladder.Ladder[n - 2].After };

    private void RunLadder(DateTimeOffset at, Sink sink)
    {
        while (LadderInstant() is { } due && due <= at)
        {
            if (rung == Bound.Plan.Escalation!.Ladder.Count) { Exhaust(at, sink); return; }
            sink.Add(new Resolve(id, RungStep + rung, Times, 0, place.Area, Bound.Plan.Escalation.Ladder[rung].To.Text));
            sink.Tell(at, id, "rung", Bound.Plan.Escalation.Ladder[rung].To.Text);
            rung++;
        }
    }

    private void Exhaust(DateTimeOffset at, Sink sink)
    {
        exhausted = true;
        var how = Bound.Plan.Escalation!.OnExhausted;
        sink.Tell(at, id, "rung", how);
        // The gravest level takes a named human.
        if (how == "raiseLevel" && Level > 2) { gravest = Math.Min(gravest, Level - 1); Reach(Level - 1, at, sink, "ladder"); }
        else Reach(RungStep + "owner", Bound.Plan.Owner, ["app"], at, sink);
    }

    private void Rung(Targets targets, Sink sink)
    {
        var number = int.Parse(targets.Step[RungStep.Length..], System.Globalization.CultureInfo.InvariantCulture);
        if (targets.Names.Count == 0) sink.Tell(targets.At, id, "rung", targets.Step, status: "suppressed", detail: "no-target");
        foreach (var name in targets.Names) Reach(targets.Step, name, Bound.Plan.Escalation!.Ladder[number].Via, targets.At, sink);
    }

    private void Reach(string step, string target, IReadOnlyList<string> via, DateTimeOffset at, Sink sink)
    {
        var key = Sink.Key(id, Bound.Plan.Version, step, target, Times);
        if (!sent.TryAdd(key, new(null, target, null, false))) return;
        sink.Add(new Send(id, step, Times, key, "notify", target, via, new Dictionary<string, string>()));
        sink.Tell(at, id, "step", "escalate", target, "sent");
    }
}
