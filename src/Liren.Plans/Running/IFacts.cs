using Liren.Plans.Language;
using Liren.Plans.Windows;

namespace Liren.Plans.Running;

/// <summary>What an expression may ask of the world, at the instant it is evaluated.</summary>
public interface IFacts
{
    /// <summary>A window function over a metric of the place.</summary>
    /// <param name="function"><c>min max avg sum count</c>.</param>
    /// <param name="metric">Which metric.</param>
    /// <param name="over">Length of the window.</param>
    /// <param name="from">Kinds of sensors; none: all.</param>
    Interval Window(string function, string metric, TimeSpan over, IReadOnlyList<string> from);

    /// <summary>The value that holds now.</summary>
    Interval Now(string metric);

    /// <summary>An event of a type came whose fields satisfy a predicate.</summary>
    Truth Event(string type, Func<IReadOnlyDictionary<string, double>, Truth>? predicate);

    /// <summary>A person at the scene reported a code.</summary>
    Truth Report(string code);

    /// <summary>Nothing came although asked.</summary>
    /// <param name="thing">What was awaited.</param>
    /// <param name="to">What asked.</param>
    /// <param name="over">For how long.</param>
    /// <param name="attempts">After so many attempts; 0: only the time counts.</param>
    Truth Absent(string thing, string to, TimeSpan over, int attempts);

    /// <summary>A name that is true or false: <c>sla.breached</c>, <c>ring.answered</c>, <c>subject.away</c>.</summary>
    Truth Flag(string name);

    /// <summary>A name that is a number, or a time in seconds: <c>age</c>, <c>subject.age</c>.</summary>
    Interval Measure(string name);

    /// <summary>A name that is a word: <c>state</c>, <c>reason</c>, <c>mode</c>; null: none yet.</summary>
    string? Symbol(string name);

    /// <summary>Level of the incident, 4 (IV) to 1 (I).</summary>
    int Level { get; }
}

/// <summary>A parameter's value in the mode that holds.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Text">As written.</param>
public sealed record BoundParameter(PlanType Type, string Text)
{
    /// <summary>As a number; times in seconds, lengths in metres.</summary>
    public double Number => Type switch
    {
        PlanType.Duration => Quantity.Duration(Text)!.Value.TotalSeconds,
        PlanType.Length => Quantity.Length(Text)!.Value,
        _ => double.Parse(Text, System.Globalization.CultureInfo.InvariantCulture),
    };
}
