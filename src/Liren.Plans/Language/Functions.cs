namespace Liren.Plans.Language;

/// <summary>What an argument may be.</summary>
internal enum ArgumentKind { Metric, MetricOrEvent, Event, Predicate, Role, OnDuty, Skill, Report, Thing, Robot, Sources, Area, Duration, DurationOrAttempts, Length }

/// <summary>A parameter of a function.</summary>
internal sealed record FunctionParameter(string Name, ArgumentKind Kind, bool Needed = false, bool ByPlace = false);

/// <summary>A function of the plan language.</summary>
internal sealed record Function(PlanType Gives, params FunctionParameter[] Parameters)
{
    /// <summary>All functions by name (docs/developers/plans.md).</summary>
    public static readonly IReadOnlyDictionary<string, Function> All = new Dictionary<string, Function>
    {
        ["min"] = Window(ArgumentKind.Metric), ["max"] = Window(ArgumentKind.Metric), ["avg"] = Window(ArgumentKind.Metric), ["sum"] = Window(ArgumentKind.Metric),
        ["count"] = Window(ArgumentKind.MetricOrEvent),
        ["now"] = new(PlanType.Number, new FunctionParameter("metric", ArgumentKind.Metric, true, true)),
        ["event"] = new(PlanType.Bool, new FunctionParameter("type", ArgumentKind.Event, true, true), new FunctionParameter("predicate", ArgumentKind.Predicate, false, true)),
        ["absent"] = new(PlanType.Bool, new FunctionParameter("thing", ArgumentKind.Thing, true, true), new FunctionParameter("to", ArgumentKind.Robot, true), new FunctionParameter("for", ArgumentKind.DurationOrAttempts, true)),
        ["report"] = new(PlanType.Bool, new FunctionParameter("code", ArgumentKind.Report, true, true)),
        ["nearest"] = new(PlanType.Target, new FunctionParameter("role", ArgumentKind.Role, true, true), new FunctionParameter("onDuty", ArgumentKind.OnDuty, true, true),
            new FunctionParameter("skill", ArgumentKind.Skill), new FunctionParameter("within", ArgumentKind.Length, true)),
    };

    private static Function Window(ArgumentKind first) => new(PlanType.Number, new FunctionParameter("metric", first, true, true), new FunctionParameter("over", ArgumentKind.Duration, true),
        new FunctionParameter("from", ArgumentKind.Sources), new FunctionParameter("area", ArgumentKind.Area));
}
