using Liren.Plans.Language;
using Liren.Plans.Model;
using Liren.Plans.Windows;

namespace Liren.Plans.Running;

internal sealed partial class RunningIncident
{
    private readonly List<Act> approvals = [];
    private readonly HashSet<Check> told = [];
    private DateTimeOffset? handledAt;
    private bool verified;

    private void Work(Act act, Sink sink)
    {
        var mine = Assignees.Find(a => a.Person == act.Person);
        switch (act.Deed)
        {
            case "arrive" when mine is not null:
                Flags.UnionWith([$"{mine.Step}.arrived", "dispatch.arrived"]);
                if (State is "accepted" or "dispatched" or "open") Move("on-scene", act.At, sink, act.Person);
                break;
            case "handled" when mine is not null:
                Flags.UnionWith([$"{mine.Step}.handled", "dispatch.handled"]);
                (handledAt, Reason) = (act.At, act.Word ?? Reason);
                approvals.Clear();
                Move("verifying", act.At, sink, act.Person);
                break;
            case "withdraw" when mine is not null: Withdraw(mine, act, sink); break;
            // Whoever did the work does not say that it is done.
            case "verify" when mine is null && handledAt is not null: approvals.Add(act); sink.Tell(act.At, id, "verify", act.Person, detail: string.Join(',', act.Evidence ?? [])); break;
            case "dispute" when mine is null && handledAt is not null:
                Return(act.Person, act.At, sink);
                break;
            default: sink.Tell(act.At, id, "refused", act.Deed, act.Person); break;
        }
    }

    private void Return(string by, DateTimeOffset at, Sink sink)
    {
        handledAt = null;
        approvals.Clear();
        told.Clear();
        Move("on-scene", at, sink, by);
    }

    // What triggers it holds again over a window that lies wholly behind "handled": the sensor says otherwise than the person.
    private IEnumerable<DateTimeOffset?> Contradictions() =>
        handledAt is { } since ? Bound.Triggers.SelectMany(t => t.When.Windows).Select(w => (DateTimeOffset?)(since + w.Over)).Order().Take(1) : [];

    // The seat is free again, and so is the ladder: it goes on after the last rung that was climbed.
    private void Withdraw(Assignee mine, Act act, Sink sink)
    {
        Assignees.Remove(mine);
        foreach (var word in new[] { "accepted", "arrived", "handled" })
        {
            Flags.Remove($"{mine.Step}.{word}");
            if (Assignees.Count == 0) Flags.Remove($"dispatch.{word}");
        }
        handledAt = Assignees.Count == 0 ? null : handledAt;
        sink.Tell(act.At, id, "receipt", mine.Step, act.Person, "withdrawn", act.Word);
        if (Assignees.Count == 0) Move("open", act.At, sink);
        if (steps.Find(s => s.Id == mine.Step) is { } step) Offer(step, act.At, sink);
    }

    private void Verify(DateTimeOffset at, Sink sink)
    {
        if (handledAt is null) return;
        if (Contradictions().Any(c => c <= at) && Bound.Triggers.Any(t => t.When.Verdict(place.Facts(at, t.Coverage)) == Truth.True && t.When.Windows.Any()))
        {
            Return("sensor", at, sink);
            sink.Tell(at, id, "contradicted", Bound.Plan.Trigger.Source?.Metric ?? "");
            return;
        }
        var checks = Bound.Plan.Verification.Checks;
        var blind = Bound.Plan.Verification.IfNoSensor;
        var proved = blind is not null && Blind(at) ? Proved(new CheckGroup(true, [.. WithoutSensors(checks), blind]), at, sink) : Proved(checks, at, sink);
        if (proved != Truth.True) return;
        verified = true;
        ClosedAt = at;
        Reason ??= Bound.Plan.Close.Reasons.Count > 0 ? Bound.Plan.Close.Reasons[0] : null;
        State = "closed";
        sink.Tell(at, id, "closed", Reason ?? "", status: "verified");
    }

    private bool Blind(DateTimeOffset at) => Bound.Plan.Trigger.Source is { } source && place.Window(source.Metric).Now(at.ToUnixTimeMilliseconds()).Value is null;

    private static IEnumerable<Check> WithoutSensors(Check check) => check switch
    {
        CheckGroup group => group.Checks.Where(c => c is not SensorCheck and not HumanCheck),
        SensorCheck => [],
        _ => [check],
    };

    private Truth Proved(Check check, DateTimeOffset at, Sink sink)
    {
        var truth = check switch
        {
            CheckGroup { All: true } group => group.Checks.Select(c => Proved(c, at, sink)).ToList().Aggregate(Truth.True, Truths.And),
            CheckGroup group => group.Checks.Select(c => Proved(c, at, sink)).ToList().Aggregate(Truth.False, Truths.Or),
            SensorCheck sensor => Bound.Sensors[sensor].Verdict(place.Facts(at, sensor.Coverage)),
            HumanCheck human => Truths.Of(approvals.Where(a => Suffices(human, a)).Select(a => a.Person).Distinct().Count() >= human.Count),
            ReportCheck report => Truths.Of(Flags.Contains("dispatch.handled") && (report.Outcomes.Count == 0 || Reason is not null && report.Outcomes.Contains(Reason))),
            _ => Truth.Unknown,
        };
        if (truth == Truth.True && check is not CheckGroup && told.Add(check))
            sink.Tell(at, id, "check", check switch { SensorCheck => "sensor", HumanCheck => "human", _ => "report" }, status: "true");
        if (truth != Truth.True) told.Remove(check);
        return truth;
    }

    // "geotag-within-100m" is met by any tighter position.
    private static bool Suffices(HumanCheck human, Act act) => human.Evidence.All(needed => (act.Evidence ?? []).Any(given => given == needed || Radius(given) is { } near && Radius(needed) is { } far && near <= far));

    private static double? Radius(string evidence) => evidence.StartsWith("geotag-within-", StringComparison.Ordinal) ? Quantity.Length(evidence[14..]) : null;
}
