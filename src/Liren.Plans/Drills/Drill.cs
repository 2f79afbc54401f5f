using Liren.Plans.Text;

namespace Liren.Plans.Drills;

/// <summary>A drill (演练): a plan run with a clock of its own, scripted sensors and people, and expectations that are checked.</summary>
/// <param name="Id">Name.</param>
/// <param name="PlanId">Which plan.</param>
/// <param name="PlanVersion">Which version of it.</param>
/// <param name="DrillMaster">Who leads it; never the plan's owner.</param>
/// <param name="Emergency">Which parameters are drilled.</param>
/// <param name="Start">Begin on the drill's clock.</param>
/// <param name="Speed">How many times faster than life it is shown.</param>
/// <param name="World">Who is found for a role, a group or a name; what is not given is made up.</param>
/// <param name="Injects">What happens.</param>
/// <param name="Expectations">What must follow.</param>
public sealed record Drill(
    string Id, string PlanId, int PlanVersion, string DrillMaster, bool Emergency, DateTimeOffset Start, double Speed, IReadOnlyDictionary<string, IReadOnlyList<string>> World,
    IReadOnlyList<Inject> Injects, IReadOnlyList<Expectation> Expectations);

/// <summary>Something that is made to happen.</summary>
/// <param name="At">After the begin.</param>
public abstract record Inject(TimeSpan At);

/// <summary>A sensor speaks; its last value is repeated until <paramref name="KeepUntil"/>.</summary>
public sealed record SensorInject(TimeSpan At, string Metric, string Area, string Source, string Kind, IReadOnlyList<double> Values, TimeSpan Every, TimeSpan KeepUntil) : Inject(At);

/// <summary>An event comes.</summary>
public sealed record EventInject(TimeSpan At, string Type, string Area, IReadOnlyDictionary<string, double> Fields) : Inject(At);

/// <summary>A device fails from now on.</summary>
public sealed record FaultInject(TimeSpan At, string Device) : Inject(At);

/// <summary>A person does something.</summary>
public sealed record PersonInject(TimeSpan At, string Person, string Does, string? Reason, IReadOnlyList<string> Evidence) : Inject(At);

/// <summary>What must follow, or must not.</summary>
/// <param name="Place">Where it is written.</param>
/// <param name="By">At the latest, after the begin; null: relative to <paramref name="Of"/>.</param>
/// <param name="Within">At the latest after <paramref name="Of"/>.</param>
/// <param name="Of">A mark: <c>window-full</c>, <c>trigger</c>, <c>level:II</c>, <c>action:ID</c>.</param>
/// <param name="Never">An action, or <c>escalate</c>, that must not happen.</param>
/// <param name="What">What is looked for: <c>level state action check end</c>.</param>
/// <param name="Subject">Its value.</param>
/// <param name="On">Target of the action.</param>
/// <param name="Status">How it must stand.</param>
/// <param name="Text">The expectation as a sentence of its fields.</param>
public sealed record Expectation(TextPosition Place, TimeSpan? By, TimeSpan? Within, string? Of, string? Never, string What, string Subject, string? On, string? Status, string Text);
