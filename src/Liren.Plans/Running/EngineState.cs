using Liren.Plans.Windows;

namespace Liren.Plans.Running;

/// <summary>Everything an engine knows at an instant (快照): an engine that is given it goes on as the one it was taken from.</summary>
/// <param name="Texts">The plans, as they were written.</param>
/// <param name="Places">Each plan at each place.</param>
public sealed record EngineState(IReadOnlyList<string> Texts, IReadOnlyList<PlaceState> Places);

/// <summary>A plan as it is bound: which text, in which mode, with which values.</summary>
public sealed record BindingState(int Text, bool Emergency, IReadOnlyDictionary<string, string>? Values);

/// <summary>One plan at one place.</summary>
public sealed record PlaceState(string Area, BindingState Bound, BindingState? Following, bool Leaving, bool Latched, bool Blind, int Opened, DateTimeOffset? Due, IReadOnlyList<WindowState> Windows, OpenState? Incident);

/// <summary>A metric at a place.</summary>
public sealed record WindowState(string Metric, IReadOnlyList<SourceState> Sources);

/// <summary>What a sensor said.</summary>
public sealed record SourceState(string Name, string Kind, IReadOnlyList<SavedReport> Reports);

/// <summary>An incident, open or the last of its place.</summary>
public sealed record OpenState(
    Guid Id, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, int Level, int Gravest, string State, string? Reason, int Times, DateTimeOffset? CalmSince, DateTimeOffset? HandledAt, bool Verified,
    int Rung, DateTimeOffset? ClimbFrom, bool Exhausted, IReadOnlyList<string> Flags, IReadOnlyList<string> Reports, IReadOnlyList<Occurred> Events, IReadOnlyList<Act> Approvals, IReadOnlyList<int> Told,
    IReadOnlyList<StepState> Steps, IReadOnlyList<SentState> Sent, IReadOnlyList<string> Declined, IReadOnlyList<ResolvedState> Resolved, IReadOnlyList<AssigneeState> Assignees);

/// <summary>An action that was reached.</summary>
public sealed record StepState(string Id, DateTimeOffset ReachedAt, int Occurrence, int Round, bool Done, bool Quiet, bool Again, DateTimeOffset? NextAt, IReadOnlyList<string> Candidates);

/// <summary>Something that was sent; without a step: a rung of the ladder.</summary>
public sealed record SentState(string Key, string? Step, string Target, DateTimeOffset? Until, bool Offer, bool Answered, DateTimeOffset? ExpiredAt);

/// <summary>A question for targets that was answered.</summary>
public sealed record ResolvedState(string Step, int Occurrence, int Round, string Expression);

/// <summary>Who took it on.</summary>
public sealed record AssigneeState(string Step, string Person, string Key);
