using Liren.Plans.Language;
using Liren.Plans.Model;
using Liren.Plans.Windows;

namespace Liren.Plans.Running;

/// <summary>A condition ready to be asked again and again: the tree is walked once, when a version or its parameters change.</summary>
public sealed class RunnableCondition
{
    private readonly Func<IFacts, Truth> verdict;

    private RunnableCondition(Func<IFacts, Truth> verdict, IReadOnlyList<WindowUse> windows, IReadOnlyList<TimeSpan> ages) => (this.verdict, Windows, Ages) = (verdict, windows, ages);

    /// <summary>The windows it looks through: each may change its verdict by itself.</summary>
    public IReadOnlyList<WindowUse> Windows { get; }

    /// <summary>Ages of an incident at which it may change.</summary>
    public IReadOnlyList<TimeSpan> Ages { get; }

    /// <summary>Asks now.</summary>
    public Truth Verdict(IFacts facts) => verdict(facts);

    /// <summary>Makes a checked condition runnable.</summary>
    /// <param name="expression">Of type Bool.</param>
    /// <param name="parameters">Values in the mode that holds.</param>
    public static RunnableCondition Of(Expression expression, IReadOnlyDictionary<string, BoundParameter> parameters)
    {
        var builder = new ConditionBuilder(parameters);
        return new(builder.Truth(expression.Tree), builder.Windows, builder.Ages);
    }
}

/// <summary>A window that a condition looks through; a length of zero is the value that holds now.</summary>
public sealed record WindowUse(string Metric, TimeSpan Over, IReadOnlyList<string> From);
