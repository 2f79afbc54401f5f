using Liren.Plans.Windows;

namespace Liren.Plans.Running;

/// <summary>An incident under a plan: level, state, and what is done about it.</summary>
internal sealed partial class RunningIncident(PlacePlan place, Guid id, DateTimeOffset openedAt)
{
    private readonly List<Occurred> events = [];
    private int gravest = 4;
    private DateTimeOffset? calmSince;

    private BoundPlan Bound => place.Bound;
    public Guid Id => id;
    public DateTimeOffset OpenedAt => openedAt;
    public DateTimeOffset? ClosedAt { get; private set; }
    public int Level { get; private set; } = 4;
    public string State { get; private set; } = "open";
    public string? Reason { get; private set; }
    public int Times { get; private set; }
    public HashSet<string> Flags { get; } = [];
    public HashSet<string> Reports { get; } = [];
    public IReadOnlyList<Occurred> Events => events;
    public bool IsOpen => ClosedAt is null;

    /// <summary>What was found to be none does not come back; it may begin anew.</summary>
    public bool MayReopen => State != "rejected";
    public IncidentView View => new(id, Bound.Plan.Id, Bound.Plan.Version, place.Area, Level, State, openedAt, ClosedAt, Times, [.. Assignees.Select(a => a.Person)], verified);

    public void Join(Occurred happened) => events.Add(happened);

    public void Open(DateTimeOffset at, Sink sink)
    {
        sink.Tell(at, id, "opened", Bound.Plan.Id, place.Area, detail: Bound.Plan.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Reach(4, at, sink);
        Climb(at);
    }

    public void Reopen(DateTimeOffset at, Sink sink)
    {
        (ClosedAt, Reason, verified) = (null, null, false);
        Times++;
        sink.Tell(at, id, "reopened", Bound.Plan.Id, place.Area, detail: Times.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Reset();
        Move("open", at, sink);
        for (var level = 4; level >= Level; level--) Start(level, at, sink);
        Climb(at);
    }

    public bool Wants(Effect effect) => IsOpen && (effect is not Send send || sent.TryGetValue(send.Key, out var one) && !one.Answered);

    /// <summary>Does what is due by an instant.</summary>
    public void Look(DateTimeOffset at, Sink sink)
    {
        if (!IsOpen) return;
        Levels(at, sink);
        RunSteps(at, sink);
        RunLadder(at, sink);
        Verify(at, sink);
    }

    /// <summary>The next instant after <paramref name="at"/> at which something is due here.</summary>
    public DateTimeOffset? Next(DateTimeOffset at)
    {
        if (!IsOpen) return null;
        var ages = new[] { Bound.III, Bound.II }.Concat(Bound.Actions.SelectMany(a => new[] { a.Unless, a.Disturb })).OfType<RunnableCondition>().SelectMany(c => c.Ages);
        // An age is passed only after its threshold.
        var instants = Contradictions().Concat(ages.Select(a => (DateTimeOffset?)(openedAt + a + TimeSpan.FromMilliseconds(1))).Append(calmSince + Bound.Plan.Levels.Hysteresis)).Concat(StepInstants()).Append(LadderInstant());
        return instants.Where(i => i > at).Min();
    }

    public void Take(Act act, Sink sink)
    {
        if (!IsOpen) return;
        switch (act.Deed)
        {
            case "level" when act.Word is "I" or "II" or "III" or "IV":
                var level = Array.IndexOf(["I", "II", "III", "IV"], act.Word) + 1;
                gravest = Math.Min(gravest, level);
                if (level < Level) Reach(level, act.At, sink, act.Person);
                else if (level > Level) { gravest = level; Lower(level, act.At, sink, act.Person); }
                break;
            case "report" when act.Word is { } code: Reports.Add(code); sink.Tell(act.At, id, "report", code, act.Person); break;
            case "ask" when act.Word is { } person: Ask(person, act.At, sink); break;
            case "take" when act.Word is { } person: Seat(person, act.At, sink); break;
            case "reject":
                (ClosedAt, State) = (act.At, "rejected");
                sink.Tell(act.At, id, "rejected", act.Person);
                break;
            default: Work(act, sink); break;
        }
    }

    private void Levels(DateTimeOffset at, Sink sink)
    {
        var facts = place.Facts(at, 0.8);
        var (two, three) = (Bound.II?.Verdict(facts) ?? Truth.False, Bound.III?.Verdict(facts) ?? Truth.False);
        var wanted = two == Truth.True ? 2 : three == Truth.True ? 3 : 4;
        if (wanted < Level) { calmSince = null; Reach(wanted, at, sink); return; }
        // Down only after a definite no that lasted: silence of the sensor is no all-clear. What people raised, people lower.
        var sure = Level switch { 2 => two == Truth.False, 3 => three == Truth.False && two == Truth.False, _ => false };
        if (!sure || gravest <= Level) { calmSince = null; return; }
        calmSince ??= at;
        if (at - calmSince < Bound.Plan.Levels.Hysteresis) return;
        calmSince = null;
        Lower(Math.Min(three == Truth.False ? 4 : 3, gravest), at, sink);
    }

    private void Reach(int level, DateTimeOffset at, Sink sink, string? by = null)
    {
        var first = Level == 4 && level == 4 ? 4 : Level - 1;
        Level = level;
        sink.Tell(at, id, "level", Name(level), detail: by);
        for (var step = first; step >= level; step--) Start(step, at, sink);
        Undisturb(at);
    }

    private void Lower(int level, DateTimeOffset at, Sink sink, string? by = null)
    {
        Level = level;
        sink.Tell(at, id, "level", Name(level), detail: by);
    }

    private void Move(string state, DateTimeOffset at, Sink sink, string? by = null)
    {
        if (State == state) return;
        State = state;
        sink.Tell(at, id, "state", state, detail: by);
    }

    private static string Name(int level) => level switch { 1 => "I", 2 => "II", 3 => "III", _ => "IV" };
}
