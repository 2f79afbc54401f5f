using Liren.Plans.Running;

namespace Liren.Plans.Drills;

/// <summary>Looks for what was expected in what happened.</summary>
internal static class Expectations
{
    public static Verdict Judge(Expectation one, IReadOnlyList<(TimeSpan At, Happened What)> timeline)
    {
        if (one.Never is { } never) return Never(one, never, timeline);
        TimeSpan? from = one.Of is null ? TimeSpan.Zero : Mark(one.Of, timeline);
        if (from is not { } begin) return new(one, false, null);
        var limit = one.By ?? begin + one.Within!.Value;
        var (at, what) = timeline.FirstOrDefault(t => t.At >= begin && Fits(one, t.What));
        return what is null ? new(one, false, null) : new(one, at <= limit, at);
    }

    // What must not happen must not; when a reason is named, that reason must have kept it from happening.
    private static Verdict Never(Expectation one, string never, IReadOnlyList<(TimeSpan At, Happened What)> timeline)
    {
        var (at, what) = timeline.FirstOrDefault(t => never == "escalate" ? t.What.What == "rung" : t.What.What == "step" && t.What.Subject == never && t.What.Status is ("sent" or "offered"));
        if (what is not null) return new(one, false, at);
        var because = one.Status is null || timeline.Any(t => never == "escalate" ? t.What.What == "receipt" && t.What.Status == one.Status : t.What.What == "step" && t.What.Subject == never && t.What.Status == "suppressed" && t.What.Detail == one.Status);
        return new(one, because, null);
    }

    private static TimeSpan? Mark(string mark, IReadOnlyList<(TimeSpan At, Happened What)> timeline)
    {
        var found = timeline.FirstOrDefault(t => mark switch
        {
            "window-full" or "trigger" => t.What.What is "opened",
            _ when mark.StartsWith("level:", StringComparison.Ordinal) => t.What.What == "level" && t.What.Subject == mark[6..],
            _ => t.What.What == "step" && t.What.Subject == mark[7..] && t.What.Status is ("sent" or "offered"),
        });
        return found.What is null ? null : found.At;
    }

    private static bool Fits(Expectation one, Happened what) => one.What switch
    {
        "action" when one.Subject == "escalate" => what.What == "rung" || what.What == "step" && what.Subject == "escalate",
        "action" => what.What is ("step" or "receipt") && what.Subject == one.Subject && (one.On is null || what.Target == one.On) && (one.Status is null || what.Status == one.Status),
        "end" => what.What == one.Subject && (one.Status is null || what.Status == one.Status),
        "check" => what.What == "check" && what.Subject == one.Subject && what.Status == (one.Status ?? "true"),
        _ => what.What == one.What && what.Subject == one.Subject,
    };
}
