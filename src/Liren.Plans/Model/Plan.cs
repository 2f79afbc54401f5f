using Liren.Plans.Language;

namespace Liren.Plans.Model;

/// <summary>A checked expression.</summary>
/// <param name="Text">As written.</param>
/// <param name="Tree">Read and typed.</param>
public sealed record Expression(string Text, Expr Tree);

/// <summary>A contingency plan (预案), checked.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Version">From 1; a version never changes.</param>
/// <param name="TitleZh">Chinese title.</param>
/// <param name="TitleEn">English title.</param>
/// <param name="EventType">Code of what it is about.</param>
/// <param name="Owner">Organisation that answers for it.</param>
/// <param name="Approval">Who allowed it, and until when; null: a draft.</param>
/// <param name="Drill">How often it is drilled.</param>
/// <param name="Scope">Where or for whom it runs.</param>
/// <param name="Parameters">What a community may set.</param>
/// <param name="Trigger">When it begins.</param>
/// <param name="Levels">Steps IV to I.</param>
/// <param name="Actions">What is done.</param>
/// <param name="Escalation">Who is asked when nobody answers; null: nobody.</param>
/// <param name="Verification">What proves the end.</param>
/// <param name="Close">How it is closed.</param>
public sealed record Plan(
    string Id, int Version, string TitleZh, string TitleEn, string EventType, string Owner, Approval? Approval, DrillDuty? Drill, Scope Scope, IReadOnlyDictionary<string, Parameter> Parameters,
    Trigger Trigger, Levels Levels, IReadOnlyList<PlanAction> Actions, Escalation? Escalation, Verification Verification, Close Close);

/// <summary>The signature under a plan.</summary>
public sealed record Approval(string Role, DateOnly At, DateOnly Expires);

/// <summary>How often a plan must be drilled, and when it last passed.</summary>
public sealed record DrillDuty(TimeSpan Every, DateOnly? LastPassed);

/// <summary>Areas or persons with a tag, in which modes (平/战).</summary>
public sealed record Scope(string? AreasTagged, IReadOnlyList<string> AreasIn, string? SubjectsTagged, string? Consent, IReadOnlyList<string> Modes);

/// <summary>A parameter with its value in both modes and its limits, all as written and of one type.</summary>
public sealed record Parameter(PlanType Type, string Peace, string Emergency, string Least, string Most)
{
    /// <summary>What a value is by the look of it; null: nothing a parameter may be.</summary>
    public static PlanType? TypeOf(string text) => Number(text) is not null ? PlanType.Number : Quantity.TypeOf(text);

    /// <summary>How large a value is, for comparing values of one type.</summary>
    public static double SizeOf(string text) => Number(text) ?? Quantity.Duration(text)?.TotalSeconds ?? Quantity.Length(text) ?? (Quantity.Work(text) is var (minutes, days) ? days * 480 + minutes : 0);

    private static double? Number(string text) =>
        double.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint | System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>When an incident begins, and which readings it looks at.</summary>
public sealed record Trigger(string Key, Source? Source, IReadOnlyList<Condition> Any, string? OnStale, TimeSpan Late, TimeSpan Dedupe);

/// <summary>The sensors of a metric and how they are joined.</summary>
public sealed record Source(string Metric, IReadOnlyList<string> From, string Fuse, TimeSpan StaleAfter);

/// <summary>One way a plan begins.</summary>
/// <param name="When">Must be true.</param>
/// <param name="Unless">Must not be true.</param>
/// <param name="Coverage">Share of the time that must be observed, 0 to 1.</param>
public sealed record Condition(Expression When, Expression? Unless, double Coverage);

/// <summary>Conditions of the levels; IV holds from the begin, I is set by people only.</summary>
public sealed record Levels(Expression? III, Expression? II, IReadOnlyList<string> IBy, TimeSpan Hysteresis);

/// <summary>Something that is done.</summary>
/// <param name="Id">Name in this plan.</param>
/// <param name="At">Level from which it is done, 4 (IV) to 1 (I).</param>
/// <param name="Do">Kind of action.</param>
/// <param name="To">Who is reached.</param>
/// <param name="Via">Channels in order.</param>
/// <param name="After">When.</param>
/// <param name="QuietHours">When people are not disturbed.</param>
/// <param name="Options">The rest of its fields, as written.</param>
public sealed record PlanAction(string Id, int At, string Do, IReadOnlyList<Expression> To, IReadOnlyList<string> Via, Timing? After, QuietHours? QuietHours, IReadOnlyDictionary<string, string> Options);

/// <summary>When an action is done: a time after its level, or after a result of another action.</summary>
public sealed record Timing(TimeSpan? Delay, string? Result, Expression? Unless);

/// <summary>Hours in which nobody is called, local time, over midnight when the end is before the begin.</summary>
public sealed record QuietHours(TimeOnly From, TimeOnly To, Expression? Unless);

/// <summary>The ladder (升级).</summary>
public sealed record Escalation(IReadOnlyList<string> Until, IReadOnlyList<Rung> Ladder, string OnExhausted);

/// <summary>A rung: from the begin of the incident after this time.</summary>
public sealed record Rung(TimeSpan After, Expression To, IReadOnlyList<string> Via);

/// <summary>What proves the end (核查).</summary>
public sealed record Verification(Check Checks, Check? IfNoSensor, Expression? ReopenWhen, TimeSpan ReopenWithin);

/// <summary>A proof.</summary>
public abstract record Check
{
    /// <summary>The single proofs it is made of.</summary>
    public IEnumerable<Check> Leaves => this is CheckGroup group ? group.Checks.SelectMany(c => c.Leaves) : [this];
}

/// <summary>Several proofs: all of them, or any.</summary>
public sealed record CheckGroup(bool All, IReadOnlyList<Check> Checks) : Check;

/// <summary>The sensor says so.</summary>
public sealed record SensorCheck(Expression When, double Coverage) : Check;

/// <summary>A person says so: another one than who did the work.</summary>
public sealed record HumanCheck(Expression By, IReadOnlyList<Expression> Not, IReadOnlyList<string> Evidence, int Count, bool Confirm, TimeSpan? Within) : Check;

/// <summary>Who did the work reports what was found.</summary>
public sealed record ReportCheck(Expression By, IReadOnlyList<string> Evidence, IReadOnlyList<string> Outcomes) : Check;

/// <summary>How it is closed.</summary>
public sealed record Close(IReadOnlyList<string> Reasons, Expression? ReviewRequired, string? ReviewWithin);
