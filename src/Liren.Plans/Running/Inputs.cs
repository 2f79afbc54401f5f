using System.Text.Json.Serialization;

namespace Liren.Plans.Running;

/// <summary>Something that comes in. The engine knows nothing else: the same inputs in the same order give the same state and the same effects.</summary>
/// <param name="At">When it arrived, UTC.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "input", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Tick), "tick")]
[JsonDerivedType(typeof(Reading), "reading")]
[JsonDerivedType(typeof(Occurred), "occurred")]
[JsonDerivedType(typeof(Targets), "targets")]
[JsonDerivedType(typeof(Receipt), "receipt")]
[JsonDerivedType(typeof(Act), "act")]
[JsonDerivedType(typeof(PutInForce), "put-in-force")]
[JsonDerivedType(typeof(TakenOut), "taken-out")]
public abstract record Input(DateTimeOffset At);

/// <summary>Time passes: whatever is due by now happens.</summary>
public sealed record Tick(DateTimeOffset At) : Input(At);

/// <summary>A reading of a sensor (读数).</summary>
/// <param name="At">Arrival.</param>
/// <param name="Area">Path of the place.</param>
/// <param name="Metric">Which metric.</param>
/// <param name="Source">Name of the sensor.</param>
/// <param name="Kind">What it is, as <c>camera</c>.</param>
/// <param name="EventTime">When it was measured.</param>
/// <param name="Value">The reading; null: a heartbeat.</param>
public sealed record Reading(DateTimeOffset At, string Area, string Metric, string Source, string Kind, DateTimeOffset EventTime, double? Value) : Input(At);

/// <summary>Something happened at a place.</summary>
public sealed record Occurred(DateTimeOffset At, string Area, string Type, IReadOnlyDictionary<string, double> Fields) : Input(At);

/// <summary>The answer to <see cref="Resolve"/>: who is to be reached, the first choice first.</summary>
/// <param name="At">Arrival.</param>
/// <param name="Incident">As asked.</param>
/// <param name="Step">As asked.</param>
/// <param name="Occurrence">As asked.</param>
/// <param name="Round">As asked.</param>
/// <param name="Expression">As asked: one step may ask for several groups.</param>
/// <param name="Names">Who is meant; none: nobody was found.</param>
public sealed record Targets(DateTimeOffset At, Guid Incident, string Step, int Occurrence, int Round, string Expression, IReadOnlyList<string> Names) : Input(At);

/// <summary>What became of something that was sent.</summary>
/// <param name="At">Arrival.</param>
/// <param name="Key">Key of the effect.</param>
/// <param name="Result">One of the results of its kind: <c>acked</c>, <c>failed</c>, <c>accepted</c>, <c>declined</c> …</param>
/// <param name="Detail">For people: the reason.</param>
/// <param name="Since">When it was so, if earlier than it arrived: a yes in time stays in time however long it was on its way.</param>
public sealed record Receipt(DateTimeOffset At, string Key, string Result, string? Detail = null, DateTimeOffset? Since = null) : Input(At);

/// <summary>A person did something.</summary>
/// <param name="At">Arrival.</param>
/// <param name="Incident">Which incident.</param>
/// <param name="Person">Who.</param>
/// <param name="Deed"><c>arrive handled withdraw verify dispute report level ask take reject reopen</c>; the last four are a duty officer's: ask this
/// person next, this person has it already, it was none, it is not over.</param>
/// <param name="Word">A reported code, the level that is set, the person who is asked or has it.</param>
/// <param name="Evidence">Kinds of evidence.</param>
public sealed record Act(DateTimeOffset At, Guid Incident, string Person, string Deed, string? Word = null, IReadOnlyList<string>? Evidence = null) : Input(At);

/// <summary>A plan comes into force at places, or goes on there in another version or mode.</summary>
/// <param name="At">When.</param>
/// <param name="Text">The plan as it was written, YAML; checked before.</param>
/// <param name="Areas">Paths of the places.</param>
/// <param name="Emergency">With the parameters of emergency (战时).</param>
/// <param name="Values">Parameters a community set, inside the plan's limits; null: none.</param>
public sealed record PutInForce(DateTimeOffset At, string Text, IReadOnlyList<string> Areas, bool Emergency, IReadOnlyDictionary<string, string>? Values = null) : Input(At);

/// <summary>A plan is no longer in force at places; what is open there goes on to its end.</summary>
/// <param name="At">When.</param>
/// <param name="Plan">Id of the plan.</param>
/// <param name="Areas">Paths of the places.</param>
public sealed record TakenOut(DateTimeOffset At, string Plan, IReadOnlyList<string> Areas) : Input(At);

/// <summary>Something that is to be done outside. The host writes it down together with its cause before anything leaves.</summary>
/// <param name="Incident">For which incident.</param>
/// <param name="Step">Action or rung.</param>
/// <param name="Occurrence">Which time, from 0.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "effect", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Resolve), "resolve")]
[JsonDerivedType(typeof(Send), "send")]
public abstract record Effect(Guid Incident, string Step, int Occurrence);

/// <summary>Find out who is meant by an expression; answered by <see cref="Targets"/>.</summary>
/// <param name="Round">Which repetition of the action, from 0.</param>
/// <param name="Area">Where.</param>
/// <param name="Expression">Of type Target, as written in the plan.</param>
public sealed record Resolve(Guid Incident, string Step, int Occurrence, int Round, string Area, string Expression) : Effect(Incident, Step, Occurrence);

/// <summary>Send something to one target; answered by receipts.</summary>
/// <param name="Key">SHA-256 over incident, plan version, step, target and occurrence: the same effect twice is one effect.</param>
/// <param name="Kind">Kind of action.</param>
/// <param name="Target">Who.</param>
/// <param name="Via">Channels in order; none: the kind's own.</param>
/// <param name="Options">The action's other fields, as written.</param>
public sealed record Send(Guid Incident, string Step, int Occurrence, string Key, string Kind, string Target, IReadOnlyList<string> Via, IReadOnlyDictionary<string, string> Options) : Effect(Incident, Step, Occurrence);

/// <summary>What happened in an incident, for its journal and for the review (复盘).</summary>
/// <param name="At">When.</param>
/// <param name="Incident">Which incident.</param>
/// <param name="What"><c>opened level state step receipt rung check reopened closed</c>.</param>
/// <param name="Subject">Action, level, state or check.</param>
/// <param name="Target">Who; null: nobody in particular.</param>
/// <param name="Status">How it stands: <c>sent acked suppressed</c> …</param>
/// <param name="Detail">Reason or person.</param>
public sealed record Happened(DateTimeOffset At, Guid Incident, string What, string Subject, string? Target = null, string? Status = null, string? Detail = null);

/// <summary>What an input led to.</summary>
public sealed record Outcome(IReadOnlyList<Effect> Effects, IReadOnlyList<Happened> Happened);
