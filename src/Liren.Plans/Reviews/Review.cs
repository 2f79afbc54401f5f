using Liren.Plans.Running;

namespace Liren.Plans.Reviews;

/// <summary>What became of one incident (复盘).</summary>
/// <param name="Id">Which.</param>
/// <param name="Plan">Under which plan.</param>
/// <param name="Area">Where.</param>
/// <param name="OpenedAt">UTC.</param>
/// <param name="AcceptedAt">When somebody took it first; null: nobody did.</param>
/// <param name="HandledAt">When it was said to be handled last; null: never.</param>
/// <param name="ClosedAt">When it was proved to be over; null: it is not.</param>
/// <param name="Worst">The gravest level it reached, I to IV.</param>
/// <param name="Reopened">How often it came back.</param>
/// <param name="Sent">How many effects went out.</param>
/// <param name="Late">Who answered late or not at all, and what failed.</param>
/// <param name="Timeline">Everything, in order.</param>
public sealed record IncidentReview(Guid Id, string Plan, string Area, DateTimeOffset OpenedAt, DateTimeOffset? AcceptedAt, DateTimeOffset? HandledAt, DateTimeOffset? ClosedAt,
    string Worst, int Reopened, int Sent, IReadOnlyList<Happened> Late, IReadOnlyList<Happened> Timeline);

/// <summary>Compiles the review of each incident from a journal.</summary>
public static class Review
{
    private static readonly string[] Levels = ["IV", "III", "II", "I"];

    /// <summary>Replays a journal.</summary>
    /// <param name="engine">With the plans of the journal in force, and no history.</param>
    /// <param name="inputs">The journal, in order.</param>
    /// <returns>By time of opening.</returns>
    public static IReadOnlyList<IncidentReview> Of(PlanEngine engine, IEnumerable<Input> inputs) => Compile(inputs.SelectMany(i => engine.Apply(i).Happened));

    internal static IReadOnlyList<IncidentReview> Compile(IEnumerable<Happened> all) =>
        [.. all.GroupBy(h => h.Incident).Select(g => Of(g.Key, [.. g])).OfType<IncidentReview>().OrderBy(r => r.OpenedAt)];

    private static IncidentReview? Of(Guid id, List<Happened> timeline)
    {
        // Readings that came too late and silent sensors belong to no incident.
        if (timeline.Find(h => h.What == "opened") is not { } opened) return null;
        var closed = timeline.FindLast(h => h.What is "closed" or "reopened");
        return new(id, opened.Subject, opened.Target!, opened.At,
            timeline.Find(h => h is { What: "receipt", Status: "accepted" })?.At,
            timeline.FindLast(h => h is { What: "state", Subject: "verifying" })?.At,
            closed?.What == "closed" ? closed.At : null,
            Levels[timeline.Where(h => h.What == "level").Select(h => Array.IndexOf(Levels, h.Subject)).DefaultIfEmpty(0).Max()],
            timeline.Count(h => h.What == "reopened"),
            timeline.Count(h => h is { What: "step", Status: "sent" or "offered" }),
            [.. timeline.Where(h => h.Status is { } s && (s is "expired" or "failed" || s.StartsWith("late-", StringComparison.Ordinal)))],
            timeline);
    }
}
