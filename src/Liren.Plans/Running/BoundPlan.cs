using Liren.Plans.Language;
using Liren.Plans.Model;

namespace Liren.Plans.Running;

/// <summary>A plan with the parameters of one mode, ready to run at any number of places.</summary>
public sealed class BoundPlan
{
    /// <summary>Binds a plan.</summary>
    /// <param name="plan">Checked.</param>
    /// <param name="emergency">Emergency (战时) or peace (平时).</param>
    /// <param name="overrides">Values a community set, inside the plan's limits.</param>
    public BoundPlan(Plan plan, bool emergency, IReadOnlyDictionary<string, string>? overrides = null)
    {
        (Plan, Mode, Values) = (plan, emergency ? "emergency" : "peace", overrides);
        var values = plan.Parameters.ToDictionary(p => p.Key, p => new BoundParameter(p.Value.Type, overrides?.GetValueOrDefault(p.Key) ?? (emergency ? p.Value.Emergency : p.Value.Peace)));
        RunnableCondition? Make(Expression? expression) => expression is null ? null : RunnableCondition.Of(expression, values);
        Triggers = [.. plan.Trigger.Any.Select(t => new BoundTrigger(Make(t.When)!, Make(t.Unless), t.Coverage))];
        (III, II, Reopen, Review) = (Make(plan.Levels.III), Make(plan.Levels.II), Make(plan.Verification.ReopenWhen), Make(plan.Close.ReviewRequired));
        Actions = [.. plan.Actions.Select(a => new BoundAction(a, Make(a.After?.Unless), Make(a.QuietHours?.Unless)))];
        Sensors = plan.Verification.Checks.Leaves.Concat(plan.Verification.IfNoSensor is { } blind ? blind.Leaves : []).OfType<SensorCheck>().ToDictionary(c => c, c => Make(c.When)!);
        var conditions = Triggers.Select(t => t.When).Concat(Triggers.Select(t => t.Unless)).Concat([III, II, Reopen]).Concat(Sensors.Values).OfType<RunnableCondition>().ToList();
        Windows = [.. conditions.SelectMany(c => c.Windows)];
        Longest = Windows.Select(w => w.Over).DefaultIfEmpty().Max() + plan.Trigger.Late;
    }

    /// <summary>The plan.</summary>
    public Plan Plan { get; }

    /// <summary>The plan as it was written, when it came into force by an input.</summary>
    public string? Text { get; init; }

    /// <summary>Values a community set.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; }

    /// <summary><c>peace</c> or <c>emergency</c>.</summary>
    public string Mode { get; }

    /// <summary>Ways it begins.</summary>
    public IReadOnlyList<BoundTrigger> Triggers { get; }

    /// <summary>When level III holds.</summary>
    public RunnableCondition? III { get; }

    /// <summary>When level II holds.</summary>
    public RunnableCondition? II { get; }

    /// <summary>When a closed incident opens again.</summary>
    public RunnableCondition? Reopen { get; }

    /// <summary>When a review is due.</summary>
    public RunnableCondition? Review { get; }

    /// <summary>Its actions.</summary>
    public IReadOnlyList<BoundAction> Actions { get; }

    /// <summary>Sensor checks of the verification.</summary>
    public IReadOnlyDictionary<SensorCheck, RunnableCondition> Sensors { get; }

    /// <summary>All windows it looks through.</summary>
    public IReadOnlyList<WindowUse> Windows { get; }

    /// <summary>How far back a reading can matter.</summary>
    public TimeSpan Longest { get; }
}

/// <summary>A way a plan begins.</summary>
public sealed record BoundTrigger(RunnableCondition When, RunnableCondition? Unless, double Coverage);

/// <summary>An action with its conditions.</summary>
public sealed record BoundAction(PlanAction Action, RunnableCondition? Unless, RunnableCondition? Disturb)
{
    /// <summary>A time among its fields; null: not given.</summary>
    public TimeSpan? Time(string field) => Action.Options.TryGetValue(field, out var text) ? Quantity.Duration(text) : null;

    /// <summary>A number among its fields.</summary>
    public int Count(string field, int otherwise) => Action.Options.TryGetValue(field, out var text) ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;
}
