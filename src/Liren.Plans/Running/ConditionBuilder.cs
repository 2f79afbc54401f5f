using System.Globalization;
using Liren.Plans.Language;
using Liren.Plans.Windows;

namespace Liren.Plans.Running;

/// <summary>Turns typed trees into functions. Only checked trees come here: what does not fit was told as a finding and never runs.</summary>
internal sealed class ConditionBuilder(IReadOnlyDictionary<string, BoundParameter> parameters)
{
    private readonly List<WindowUse> windows = [];
    private readonly List<TimeSpan> ages = [];
    private IReadOnlyDictionary<string, double>? fields;

    public IReadOnlyList<WindowUse> Windows => windows;
    public IReadOnlyList<TimeSpan> Ages => ages;

    public Func<IFacts, Truth> Truth(Expr expr)
    {
        switch (expr)
        {
            case BoolExpr constant: { var always = Truths.Of(constant.Value); return _ => always; }
            case NotExpr not: { var operand = Truth(not.Operand); return f => Truths.Not(operand(f)); }
            case BinaryExpr { Operator: "and" } and: { var (left, right) = (Truth(and.Left), Truth(and.Right)); return f => left(f) is Plans.Windows.Truth.False ? Plans.Windows.Truth.False : Truths.And(left(f), right(f)); }
            case BinaryExpr { Operator: "or" } or: { var (left, right) = (Truth(or.Left), Truth(or.Right)); return f => left(f) is Plans.Windows.Truth.True ? Plans.Windows.Truth.True : Truths.Or(left(f), right(f)); }
            case BinaryExpr compare: return Comparison(compare);
            case PathExpr path: return f => f.Flag(path.Text);
            case CallExpr call: return Call(call);
            default: throw Untyped(expr);
        }
    }

    private Func<IFacts, Truth> Comparison(BinaryExpr compare)
    {
        var sign = compare.Operator;
        if (compare.Left.Type == PlanType.Symbol || compare.Right.Type == PlanType.Symbol) return Symbols(compare);
        if (compare.Left.Type == PlanType.Level)
        {
            var (first, second) = (Level(compare.Left), Level(compare.Right));
            // Level I is the gravest and has the smallest number.
            return sign switch
            {
                "atLeast" => f => Truths.Of(first(f) <= second(f)),
                "atMost" => f => Truths.Of(first(f) >= second(f)),
                "==" => f => Truths.Of(first(f) == second(f)),
                _ => f => Truths.Of(first(f) != second(f)),
            };
        }
        if (compare.Left.Type == PlanType.Bool)
        {
            var (one, other) = (Truth(compare.Left), Truth(compare.Right));
            return f =>
            {
                var (a, b) = (one(f), other(f));
                var same = a == Plans.Windows.Truth.Unknown || b == Plans.Windows.Truth.Unknown ? Plans.Windows.Truth.Unknown : Truths.Of(a == b);
                return sign == "==" ? same : Truths.Not(same);
            };
        }
        Ageing(compare.Left, compare.Right);
        Ageing(compare.Right, compare.Left);
        var (left, right) = (Number(compare.Left), Number(compare.Right));
        return f => left(f).Compare(sign, right(f));
    }

    // An age only grows, so its thresholds are instants known beforehand.
    private void Ageing(Expr side, Expr limit)
    {
        if (side is PathExpr { Text: "age" } && limit.IsConstant) ages.Add(TimeSpan.FromSeconds(Constant(limit)));
    }

    private static Func<IFacts, Truth> Symbols(BinaryExpr compare)
    {
        var (variable, other) = Names.Enumerations.Contains((compare.Left as PathExpr)?.Text) ? (compare.Left, compare.Right) : (compare.Right, compare.Left);
        var name = ((PathExpr)variable).Text;
        var words = (other is ListExpr list ? list.Items : [other]).Select(Word).ToHashSet();
        var not = compare.Operator == "!=";
        return f => f.Symbol(name) is not { } word ? Plans.Windows.Truth.Unknown : Truths.Of(words.Contains(word) != not);
    }

    private static string Word(Expr expr) => expr switch { PathExpr path => path.Text, StringExpr text => text.Value, _ => throw Untyped(expr) };

    private static Func<IFacts, int> Level(Expr expr) => expr is LevelExpr level ? _ => level.Value : f => f.Level;

    private Func<IFacts, Interval> Number(Expr expr)
    {
        switch (expr)
        {
            case NumberExpr or QuantityExpr or ParamExpr: { var constant = Interval.Of(Constant(expr)); return _ => constant; }
            case PathExpr path when fields is not null: return f => f.Measure("event." + path.Text);
            case PathExpr path: return f => f.Measure(path.Text);
            case CallExpr { Text: "now" } now: { var metric = Word(now.Arguments[0].Value); windows.Add(new(metric, TimeSpan.Zero, [])); return f => f.Now(metric); }
            case CallExpr window: return Window(window);
            case BinaryExpr sum:
                var (left, right) = (Number(sum.Left), Number(sum.Right));
                return sum.Operator switch { "+" => f => left(f) + right(f), "-" => f => left(f) - right(f), "*" => f => left(f) * right(f), _ => f => left(f) / right(f) };
            default: throw Untyped(expr);
        }
    }

    private Func<IFacts, Interval> Window(CallExpr call)
    {
        var use = new WindowUse(Word(call.Arguments[0].Value), TimeSpan.FromSeconds(Constant(Named(call, "over")!)), Named(call, "from") switch { null => [], ListExpr list => [.. list.Items.Select(Word)], var one => [Word(one)] });
        windows.Add(use);
        return f => f.Window(call.Text, use.Metric, use.Over, use.From);
    }

    private Func<IFacts, Truth> Call(CallExpr call)
    {
        var first = Word(call.Arguments[0].Value);
        switch (call.Text)
        {
            case "report": return f => f.Report(first);
            case "event" when call.Arguments.Count > 1: return Event(first, call.Arguments[1].Value);
            case "event": return f => f.Event(first, null);
            case "absent":
                var (to, waited) = (Word(Named(call, "to")!), Named(call, "for")!);
                var (over, attempts) = waited is AttemptsExpr tries ? (Constant(tries.Over), tries.Times) : (Constant(waited), 0);
                return f => f.Absent(first, to, TimeSpan.FromSeconds(over), attempts);
            default: throw Untyped(call);
        }
    }

    private Func<IFacts, Truth> Event(string type, Expr predicate)
    {
        fields = new Dictionary<string, double>();
        var verdict = Truth(predicate);
        fields = null;
        return f => f.Event(type, values => verdict(new FieldsOf(f, values)));
    }

    private static Expr? Named(CallExpr call, string name) => call.Arguments.FirstOrDefault(a => a.Name == name)?.Value;

    private double Constant(Expr expr) => expr switch
    {
        NumberExpr number => number.Value,
        ParamExpr parameter => parameters[parameter.Name].Number,
        QuantityExpr { Type: PlanType.Length } length => Quantity.Length(length.Text)!.Value,
        QuantityExpr quantity => Quantity.Duration(quantity.Text)!.Value.TotalSeconds,
        BinaryExpr { Operator: "*" } times => Constant(times.Left) * Constant(times.Right),
        BinaryExpr { Operator: "/" } share => Constant(share.Left) / Constant(share.Right),
        BinaryExpr { Operator: "+" } sum => Constant(sum.Left) + Constant(sum.Right),
        BinaryExpr { Operator: "-" } rest => Constant(rest.Left) - Constant(rest.Right),
        _ => throw Untyped(expr),
    };

    private static InvalidOperationException Untyped(Expr expr) => new(string.Create(CultureInfo.InvariantCulture, $"{expr.GetType().Name} at {expr.Offset} was not checked"));

    /// <summary>An event's fields in front of the world.</summary>
    private sealed class FieldsOf(IFacts world, IReadOnlyDictionary<string, double> values) : IFacts
    {
        public int Level => world.Level;
        public Interval Window(string function, string metric, TimeSpan over, IReadOnlyList<string> from) => world.Window(function, metric, over, from);
        public Interval Now(string metric) => world.Now(metric);
        public Truth Event(string type, Func<IReadOnlyDictionary<string, double>, Truth>? predicate) => world.Event(type, predicate);
        public Truth Report(string code) => world.Report(code);
        public Truth Absent(string thing, string to, TimeSpan over, int attempts) => world.Absent(thing, to, over, attempts);
        public Truth Flag(string name) => world.Flag(name);
        public string? Symbol(string name) => world.Symbol(name);
        public Interval Measure(string name) => !name.StartsWith("event.", StringComparison.Ordinal) ? world.Measure(name) : values.TryGetValue(name[6..], out var value) ? Interval.Of(value) : Interval.Any;
    }
}
