using Liren.Plans.Windows;

namespace Liren.Plans.Running;

/// <summary>One plan at one place: its windows, its latch, and the incident that is open or was the last.</summary>
internal sealed class PlacePlan(BoundPlan first, string area)
{
    private static readonly TimeSpan unnamedStale = TimeSpan.FromHours(1);
    private readonly Dictionary<string, MetricWindow> windows = [];
    private BoundPlan bound = first;
    private BoundPlan? following;
    private bool latched;
    private bool blind = true;
    private int opened;

    public BoundPlan Bound => bound;
    public string Area => area;
    public RunningIncident? Incident { get; private set; }

    /// <summary>The plan that is to run here: another than <see cref="Bound"/> while an incident of an earlier version is open.</summary>
    public BoundPlan Wanted => following ?? bound;

    /// <summary>Not in force any more: nothing opens or opens again.</summary>
    public bool Leaving { get; private set; }

    /// <summary>The incident the engine knows by its id, and the keys of what it sent.</summary>
    public Guid? Settled { get; set; }
    public List<string> Keys { get; } = [];

    /// <summary>When something happens here by itself; null: nothing will.</summary>
    public DateTimeOffset? Due { get; private set; }

    /// <summary>The event that is looked at just now; a trigger sees it once.</summary>
    public Occurred? Current { get; private set; }

    public MetricWindow Window(string metric)
    {
        if (windows.TryGetValue(metric, out var known)) return known;
        var source = bound.Plan.Trigger.Source is { } one && one.Metric == metric ? one : null;
        return windows[metric] = new(source is null ? Fuse.Any : Enum.Parse<Fuse>(source.Fuse, ignoreCase: true), source?.StaleAfter ?? unnamedStale);
    }

    public void Take(Reading reading, Sink sink)
    {
        var source = bound.Plan.Trigger.Source;
        if (source is not null && source.Metric == reading.Metric && source.From.Count > 0 && !source.From.Contains(reading.Kind)) return;
        var at = Math.Min(reading.EventTime.ToUnixTimeMilliseconds(), reading.At.ToUnixTimeMilliseconds());
        if (reading.At.ToUnixTimeMilliseconds() - at > Math.Max(bound.Plan.Trigger.Late.TotalMilliseconds, 1000)) { sink.Tell(reading.At, Incident?.Id ?? Guid.Empty, "late", reading.Metric, reading.Source); return; }
        if (reading.Value is { } value) Window(reading.Metric).Add(reading.Source, reading.Kind, at, value);
        else Window(reading.Metric).Beat(reading.Source, reading.Kind, at);
        Window(reading.Metric).Forget((long)(reading.At - bound.Longest).ToUnixTimeMilliseconds());
        Look(reading.At, sink);
    }

    public void Take(Occurred happened, Sink sink)
    {
        Current = happened;
        if (Incident is { IsOpen: true } incident) incident.Join(happened);
        Look(happened.At, sink);
        Current = null;
    }

    public void Take(Act act, Sink sink)
    {
        if (act.Deed == "reopen" && Incident is { IsOpen: false }) { Incident.Reopen(act.At, sink); latched = true; }
        else Incident!.Take(act, sink);
    }

    /// <summary>Goes on with a plan. Another mode holds at once; another version waits until what is open has come to its end.</summary>
    public void Bind(BoundPlan next)
    {
        Leaving = false;
        (following, var another) = (null, next.Plan.Version != bound.Plan.Version);
        if (another && Incident is { IsOpen: true }) { following = next; return; }
        // Another version may join its sensors otherwise; it begins as one that comes into force, and has not heard of any yet.
        if (another) { windows.Clear(); blind = true; }
        bound = next;
        if (!another && Incident is { IsOpen: true } open) open.Rebind();
    }

    public void Leave() => Leaving = true;

    /// <summary>Everything it knows.</summary>
    /// <param name="save">Tells how a plan is bound.</param>
    public PlaceState Save(Func<BoundPlan, BindingState> save) => new(area, save(bound), following is { } next ? save(next) : null, Leaving, latched, blind, opened, Due,
        [.. windows.Where(w => w.Value.Sources.Any()).Select(w => new WindowState(w.Key, [.. w.Value.Sources.Select(s => new SourceState(s.Name, s.Kind, s.Series.Reports))]))], Incident?.Save());

    /// <summary>Takes on what another knew.</summary>
    public void Restore(PlaceState saved, BoundPlan? next)
    {
        (following, Leaving, latched, blind, opened, Due) = (next, saved.Leaving, saved.Latched, saved.Blind, saved.Opened, saved.Due);
        foreach (var window in saved.Windows)
            foreach (var source in window.Sources) Window(window.Metric).Source(source.Name, source.Kind).Restore(source.Reports);
        Incident = saved.Incident is { } open ? RunningIncident.Restore(this, open) : null;
    }

    /// <summary>Judges everything that may have changed by an instant.</summary>
    public void Look(DateTimeOffset at, Sink sink)
    {
        Stale(at, sink);
        var fires = bound.Triggers.Any(t => t.When.Verdict(Facts(at, t.Coverage)) == Truth.True && t.Unless?.Verdict(Facts(at, t.Coverage)) != Truth.True);
        if (Incident is not { IsOpen: true } && !Leaving)
        {
            if (Incident is { ClosedAt: { } closed } last && bound.Reopen is { } reopen && at > closed && at - closed <= bound.Plan.Verification.ReopenWithin && last.MayReopen && reopen.Verdict(Facts(at, 0.8)) == Truth.True) { last.Reopen(at, sink); latched = true; }
            else if (fires && !latched) Open(at, sink);
        }
        latched = fires || latched && Incident is { IsOpen: true };
        Incident?.Look(at, sink);
        if (following is { } next && Incident is { IsOpen: false }) Bind(next);
        Due = Leaving && Incident is not { IsOpen: true } ? null : Next(at);
    }

    /// <summary>The world as a condition sees it.</summary>
    public IFacts Facts(DateTimeOffset at, double coverage) => new Facts(this, at, coverage);

    private void Open(DateTimeOffset at, Sink sink)
    {
        Incident = new(this, Sink.Id(bound.Plan.Id, area, at, opened++), at);
        if (Current is { } cause) Incident.Join(cause);
        Incident.Open(at, sink);
    }

    // Silence of a sensor is an event of its own, told once.
    private void Stale(DateTimeOffset at, Sink sink)
    {
        if (bound.Plan.Trigger is not { Source: { } source, OnStale: { } raised }) return;
        var sees = Window(source.Metric).Now(at.ToUnixTimeMilliseconds()).Value is not null;
        if (sees) blind = false;
        else if (!blind)
        {
            blind = true;
            var id = Incident is { IsOpen: true } open ? open.Id : Guid.Empty;
            sink.Tell(at, id, "stale", raised, area);
            sink.Add(new Send(id, "onStale", 0, Sink.Key(id, bound.Plan.Version, raised, area, (int)(at.ToUnixTimeSeconds() & int.MaxValue)), "raise", area, [], new Dictionary<string, string> { ["event"] = raised }));
        }
    }

    private DateTimeOffset? Next(DateTimeOffset at)
    {
        var now = at.ToUnixTimeMilliseconds();
        long? next = null;
        foreach (var use in bound.Windows)
            foreach (var coverage in bound.Triggers.Select(t => t.Coverage).Append(0.8).Distinct())
                if (Window(use.Metric).NextChange(now, (long)use.Over.TotalMilliseconds, coverage, use.From) is { } change && (next is null || change < next)) next = change;
        var due = next is { } instant ? DateTimeOffset.FromUnixTimeMilliseconds(instant) : (DateTimeOffset?)null;
        return Incident?.Next(at) is { } own && (due is null || own < due) ? own : due;
    }
}
