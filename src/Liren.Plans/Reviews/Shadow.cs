using Liren.Plans.Running;

namespace Liren.Plans.Reviews;

/// <summary>
/// Runs changed plans over what a journal recorded (影子运行): the same readings and events, and a world that answers as it answered then. Nothing leaves. Where
/// the changed plan asks what was never asked, whoever is meant bears the name of the expression and does not answer.
/// </summary>
public sealed class Shadow
{
    private readonly Dictionary<(string Area, string Expression), (IReadOnlyList<string> Names, TimeSpan After)> names = [];
    private readonly Dictionary<(string Area, string Kind, string Target), (string Result, string? Detail, TimeSpan After)> answers = [];
    private readonly PriorityQueue<Func<Input?>, (DateTimeOffset, int)> script = new();
    private readonly PlanEngine engine;
    private readonly Dictionary<Guid, string> areas = [];
    private readonly List<Happened> happened = [];
    private DateTimeOffset end = DateTimeOffset.MaxValue;
    private int order;

    private Shadow(PlanEngine changed) => engine = changed;

    /// <summary>What the changed plans would have done.</summary>
    /// <param name="recorded">With the plans of the journal in force, and no history.</param>
    /// <param name="changed">With the changed plans in force at the same places, and no history.</param>
    /// <param name="inputs">The journal, in order.</param>
    public static IReadOnlyList<IncidentReview> Run(PlanEngine recorded, PlanEngine changed, IReadOnlyList<Input> inputs)
    {
        var shadow = new Shadow(changed);
        shadow.Learn(recorded, inputs);
        shadow.Play();
        return Review.Compile(shadow.happened);
    }

    private void Learn(PlanEngine recorded, IReadOnlyList<Input> inputs)
    {
        var where = new Dictionary<Guid, string>();
        var asked = new Dictionary<(Guid, string, int, int, string), (string Area, DateTimeOffset At)>();
        var sent = new Dictionary<string, (string Area, string Kind, string Target, DateTimeOffset At)>();
        foreach (var input in inputs)
        {
            var outcome = recorded.Apply(input);
            foreach (var opened in outcome.Happened.Where(h => h.What == "opened")) where[opened.Incident] = opened.Target!;
            foreach (var effect in outcome.Effects)
                if (effect is Resolve r) asked[(r.Incident, r.Step, r.Occurrence, r.Round, r.Expression)] = (r.Area, input.At);
                else if (effect is Send s) sent[s.Key] = (where[s.Incident], s.Kind, s.Target, input.At);
            switch (input)
            {
                case Reading or Occurred: Add(input.At, () => input); break;
                case Act act when where.TryGetValue(act.Incident, out var area): Add(act.At, () => OpenAt(area) is { } id ? act with { Incident = id } : null); break;
                case Targets t when asked.TryGetValue((t.Incident, t.Step, t.Occurrence, t.Round, t.Expression), out var question): names.TryAdd((question.Area, t.Expression), (t.Names, t.At - question.At)); break;
                case Receipt r when sent.TryGetValue(r.Key, out var what): answers.TryAdd((what.Area, what.Kind, what.Target), (r.Result, r.Detail, r.At - what.At)); break;
            }
        }
        // What would be answered after the end of the journal is not known.
        if (inputs.Count > 0) end = inputs[^1].At;
    }

    private void Play()
    {
        while (script.TryPeek(out _, out var next))
        {
            // What falls due by itself between two lines of the journal is answered from its own instant on.
            if (engine.NextDue is { } due && due < next.Item1) { Apply(new Tick(due)); continue; }
            if (script.Dequeue()() is { } input) Apply(input with { At = next.Item1 });
        }
    }

    private void Apply(Input input)
    {
        var outcome = engine.Apply(input);
        happened.AddRange(outcome.Happened);
        foreach (var opened in outcome.Happened.Where(h => h.What == "opened")) areas[opened.Incident] = opened.Target!;
        foreach (var effect in outcome.Effects) Answer(effect, input.At);
    }

    private void Answer(Effect effect, DateTimeOffset at)
    {
        if (effect is Resolve r)
        {
            var (who, after) = names.GetValueOrDefault((r.Area, r.Expression), ([r.Expression], TimeSpan.Zero));
            Add(at + after, () => new Targets(at, r.Incident, r.Step, r.Occurrence, r.Round, r.Expression, who));
        }
        else if (effect is Send s && answers.TryGetValue((areas[s.Incident], s.Kind, s.Target), out var answer))
            Add(at + answer.After, () => new Receipt(at, s.Key, answer.Result, answer.Detail));
    }

    private Guid? OpenAt(string area) => engine.Incidents.FirstOrDefault(i => i.Area == area && i.ClosedAt is null)?.Id;

    private void Add(DateTimeOffset at, Func<Input?> make)
    {
        if (at <= end) script.Enqueue(make, (at, order++));
    }
}
