namespace Liren.Plans.Windows;

/// <summary>True, false, or not known because nobody looked (Kleene's three values).</summary>
public enum Truth
{
    /// <summary>Definitely not.</summary>
    False,

    /// <summary>Not observed enough to say.</summary>
    Unknown,

    /// <summary>Definitely.</summary>
    True,
}

/// <summary>Kleene's connectives.</summary>
public static class Truths
{
    /// <summary>True only when both are.</summary>
    public static Truth And(Truth a, Truth b) => (Truth)Math.Min((int)a, (int)b);

    /// <summary>True when one is.</summary>
    public static Truth Or(Truth a, Truth b) => (Truth)Math.Max((int)a, (int)b);

    /// <summary>The opposite; unknown stays unknown.</summary>
    public static Truth Not(Truth a) => Truth.True - (int)a;

    /// <summary>From what is known for sure.</summary>
    public static Truth Of(bool value) => value ? Truth.True : Truth.False;
}

/// <summary>
/// What is known of a number: it lies from <see cref="Low"/> to <see cref="High"/>. A window that was observed in part knows one side: the smallest of the
/// seen values bounds the minimum from above, so that a single low value denies <c>min(...) &gt;= 20</c> however much was missed.
/// </summary>
/// <param name="Low">Least possible value.</param>
/// <param name="High">Greatest possible value.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Nothing is known.</summary>
    public static readonly Interval Any = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>A known number.</summary>
    public static Interval Of(double value) => new(value, value);

    /// <summary>The number itself; null when it is not known.</summary>
    public double? Value => Low == High ? Low : null;

    /// <summary>Sum.</summary>
    public static Interval operator +(Interval a, Interval b) => new(a.Low + b.Low, a.High + b.High);

    /// <summary>Difference.</summary>
    public static Interval operator -(Interval a, Interval b) => new(a.Low - b.High, a.High - b.Low);

    /// <summary>Product.</summary>
    public static Interval operator *(Interval a, Interval b)
    {
        var (p, q, r, s) = (Times(a.Low, b.Low), Times(a.Low, b.High), Times(a.High, b.Low), Times(a.High, b.High));
        return new(Math.Min(Math.Min(p, q), Math.Min(r, s)), Math.Max(Math.Max(p, q), Math.Max(r, s)));
    }

    /// <summary>Quotient; nothing is known of a division by what may be zero.</summary>
    public static Interval operator /(Interval a, Interval b) => b.Low <= 0 && b.High >= 0 ? Any : a * new Interval(1 / b.High, 1 / b.Low);

    /// <summary>Compares by a sign of the plan language.</summary>
    public Truth Compare(string sign, Interval other) => sign switch
    {
        "<" => High < other.Low ? Truth.True : Low >= other.High ? Truth.False : Truth.Unknown,
        "<=" => High <= other.Low ? Truth.True : Low > other.High ? Truth.False : Truth.Unknown,
        ">" => other.Compare("<", this),
        ">=" => other.Compare("<=", this),
        "==" => Value is { } value && other.Value == value ? Truth.True : High < other.Low || Low > other.High ? Truth.False : Truth.Unknown,
        "!=" => Truths.Not(Compare("==", other)),
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "no comparison"),
    };

    // Nothing times an unknown number is nothing.
    private static double Times(double a, double b) => a == 0 || b == 0 ? 0 : a * b;
}
