using Liren.Plans.Text;

namespace Liren.Plans.Language;

/// <summary>Finds the type of every part of one expression and tells what does not fit, with its column.</summary>
internal sealed partial class TypeChecker(Names names, Report report, ScalarNode text)
{
    private static readonly PlanType[] ordered = [PlanType.Number, PlanType.Duration, PlanType.WorkTime, PlanType.Length];

    /// <summary>Checks a whole expression against what its field needs.</summary>
    public void Check(Expr expr, PlanType wanted)
    {
        var given = TypeOf(expr, wanted);
        if (!Fits(given, wanted)) Error("type", expr, null, Word(wanted), Word(given));
    }

    /// <summary>A ref or a person can be reached as a target; nothing else turns into something else.</summary>
    private static bool Fits(PlanType given, PlanType wanted) =>
        given == wanted || given == PlanType.Unknown || wanted == PlanType.Unknown || wanted == PlanType.Target && given is PlanType.Subject or PlanType.Ref && wanted == PlanType.Target;

    private PlanType TypeOf(Expr expr, PlanType wanted) => expr.Type = expr switch
    {
        NumberExpr => PlanType.Number,
        StringExpr => PlanType.String,
        BoolExpr => PlanType.Bool,
        LevelExpr => PlanType.Level,
        QuantityExpr quantity => wanted == PlanType.Length && Quantity.Length(quantity.Text) is not null ? PlanType.Length : Quantity.TypeOf(quantity.Text)!.Value,
        ParamExpr parameter => Parameter(parameter),
        RefExpr reference => Reference(reference),
        PathExpr path => Path(path),
        CallExpr call => Call(call),
        ListExpr list => List(list, wanted),
        NotExpr not => Needs(not.Operand, PlanType.Bool, "not"),
        BinaryExpr { Operator: "and" or "or" } both => Both(both),
        BinaryExpr { Operator: "+" or "-" or "*" or "/" } sum => Arithmetic(sum, wanted),
        BinaryExpr compare => Comparison(compare),
        _ => PlanType.Unknown,
    };

    private PlanType Needs(Expr expr, PlanType wanted, string by)
    {
        var given = TypeOf(expr, wanted);
        if (!Fits(given, wanted)) Error("operand", expr, null, by, Word(wanted), Word(given));
        return wanted;
    }

    private PlanType Both(BinaryExpr both)
    {
        Needs(both.Left, PlanType.Bool, both.Operator);
        return Needs(both.Right, PlanType.Bool, both.Operator);
    }

    private PlanType Parameter(ParamExpr parameter)
    {
        if (names.Parameters.TryGetValue(parameter.Name, out var type)) return type;
        return Error("param", parameter, Nearest.To(parameter.Name, names.Parameters.Keys) is { } near ? "$" + near : null, parameter.Name);
    }

    private PlanType Reference(RefExpr reference)
    {
        var kind = reference.Text[..reference.Text.IndexOf('/')];
        string[] kinds = ["role", "org", "device", "gate", "emergency", "group"];
        if (!kinds.Contains(kind)) return Error("ref", reference, Nearest.To(kind, kinds) is { } near ? near + reference.Text[kind.Length..] : null, kind, string.Join(", ", kinds));
        return kind == "gate" ? PlanType.Ref : PlanType.Target;
    }

    private PlanType Path(PathExpr path)
    {
        if (names.TypeOf(path.Text) is { } type) return type;
        if (path.Text == "manual") return Error("manual", path, null);
        if (names.Parameters.ContainsKey(path.Text)) return Error("name", path, "$" + path.Text, path.Text);
        if (names.Words.Metrics.ContainsKey(path.Text)) return Error("bare-metric", path, $"now({path.Text})", path.Text);
        if (names.Words.Events.ContainsKey(path.Text)) return Error("bare-event", path, $"event({path.Text})", path.Text);
        if (!names.HasSubject && (path.Text == "subject" || path.Text.StartsWith("subject.", StringComparison.Ordinal))) return Error("no-subject", path, null);
        return Error("name", path, Nearest.To(path.Text, names.All().Append("true").Append("false")), path.Text);
    }

    private PlanType List(ListExpr list, PlanType wanted)
    {
        foreach (var item in list.Items)
            if (wanted is PlanType.Target) Needs(item, wanted, "[]");
            else TypeOf(item, PlanType.Unknown);
        // Several targets are one target.
        return wanted == PlanType.Target ? PlanType.Target : PlanType.List;
    }

    private PlanType Arithmetic(BinaryExpr sum, PlanType wanted)
    {
        var left = TypeOf(sum.Left, wanted);
        var right = TypeOf(sum.Right, wanted == PlanType.Length || left == PlanType.Length ? PlanType.Length : PlanType.Unknown);
        if (left == PlanType.Unknown || right == PlanType.Unknown) return PlanType.Unknown;
        // An age alone against a limit is an instant known beforehand, at which a timer can be set.
        if (IsAge(sum.Left) || IsAge(sum.Right)) return Error("age-alone", sum, null);
        if (sum is { Operator: "/", Right: NumberExpr { Value: 0 } }) return Error("zero", sum.Right, null);
        PlanType? gives = sum.Operator switch
        {
            "+" or "-" => left == right && ordered.Contains(left) ? left : null,
            "*" => left == PlanType.Number && ordered.Contains(right) ? right : right == PlanType.Number && ordered.Contains(left) ? left : null,
            _ => right == PlanType.Number && ordered.Contains(left) ? left : left == right && ordered.Contains(left) ? PlanType.Number : null,
        };
        return gives ?? Error("arithmetic", sum, null, Word(left), sum.Operator, Word(right));
    }

    private PlanType Comparison(BinaryExpr compare)
    {
        var words = Enumeration(compare.Left) ?? Enumeration(compare.Right);
        if (words is not null) return Symbols(compare, words);
        // The side with a sure type tells what a bare m on the other side means.
        var fromRight = compare.Left is QuantityExpr && compare.Right is not QuantityExpr;
        var first = TypeOf(fromRight ? compare.Right : compare.Left, PlanType.Unknown);
        var second = TypeOf(fromRight ? compare.Left : compare.Right, first);
        if (first == PlanType.Unknown || second == PlanType.Unknown) return PlanType.Bool;
        var sign = compare.Operator;
        if (first == PlanType.Level && second == PlanType.Level)
        {
            if (sign is "<" or "<=" or ">" or ">=") Error("level-order", compare, sign is ">=" or ">" ? "atLeast" : "atMost", sign);
            return PlanType.Bool;
        }
        if (sign is "atLeast" or "atMost") { Error("only-levels", compare, sign == "atLeast" ? ">=" : "<=", sign); return PlanType.Bool; }
        if (sign == "in") { Error("in", compare, null, Word(second)); return PlanType.Bool; }
        var (left, right) = fromRight ? (second, first) : (first, second);
        if (IsAge(compare.Left) && !compare.Right.IsConstant || IsAge(compare.Right) && !compare.Left.IsConstant) Error("age-alone", compare, null);
        // How long a working time is depends on the day it begins.
        if (left != right || left == PlanType.WorkTime) Error("compare", compare, Meant(compare, left, right), Word(left), Word(right));
        else if (sign is not ("==" or "!=") && !ordered.Contains(left)) Error("no-order", compare, "==", sign, Word(left));
        else Plausible(compare);
        return PlanType.Bool;
    }

    // "age > 10": the unit was forgotten.
    private static string? Meant(BinaryExpr compare, PlanType left, PlanType right) => (compare.Left, compare.Right) switch
    {
        (_, NumberExpr number) when left == PlanType.Duration => $"{number.Value}m",
        (NumberExpr number, _) when right == PlanType.Duration => $"{number.Value}m",
        _ => null,
    };

    private IReadOnlyList<string>? Enumeration(Expr side) => side is PathExpr path ? names.WordsOf(path.Text) : null;

    private PlanType Symbols(BinaryExpr compare, IReadOnlyList<string> words)
    {
        var (variable, other) = Enumeration(compare.Left) is not null ? (compare.Left, compare.Right) : (compare.Right, compare.Left);
        variable.Type = PlanType.Symbol;
        if (compare.Operator is not ("==" or "!=" or "in")) { Error("no-order", compare, "==", compare.Operator, Word(PlanType.Symbol)); return PlanType.Bool; }
        if (compare.Operator == "in" && other is not ListExpr) { Error("in", compare, null, Word(TypeOf(other, PlanType.Unknown))); return PlanType.Bool; }
        foreach (var one in other is ListExpr list ? list.Items : [other])
        {
            one.Type = PlanType.Symbol;
            var word = one switch { PathExpr path => path.Text, StringExpr quoted => quoted.Value, _ => null };
            if (word is null) Error("symbol", one, null, string.Join(", ", words));
            else if (!words.Contains(word)) Error("not-one-of", one, Nearest.To(word, words), word, string.Join(", ", words));
        }
        return PlanType.Bool;
    }

    private static bool IsAge(Expr side) => side is PathExpr { Text: "age" };

    private PlanType Error(string code, Expr at, string? suggestion, params string[] args)
    {
        report.Error(code, text.Within(at.Offset), text.Path, suggestion, args);
        return PlanType.Unknown;
    }

    private static string Word(PlanType type) => "{" + type + "}";
}
