using Liren.Plans.Text;

namespace Liren.Plans.Language;

internal sealed partial class TypeChecker
{
    private PlanType Call(CallExpr call)
    {
        if (call.Text.LastIndexOf('.') is > 0 and var dot) return Method(call, call.Text[..dot], call.Text[(dot + 1)..]);
        if (!Function.All.TryGetValue(call.Text, out var function))
            return Error("function", call, Nearest.To(call.Text, Function.All.Keys), call.Text, string.Join(", ", Function.All.Keys));
        var given = Arguments(call, function);
        foreach (var missing in function.Parameters.Where(p => p.Needed && !given.Contains(p)))
            Error("argument-missing", call, missing.ByPlace ? null : $"{missing.Name}=…", call.Text, missing.Name);
        return function.Gives;
    }

    private HashSet<FunctionParameter> Arguments(CallExpr call, Function function)
    {
        var given = new HashSet<FunctionParameter>();
        foreach (var argument in call.Arguments)
        {
            var parameter = argument.Name is null
                ? function.Parameters.FirstOrDefault(p => p.ByPlace && !given.Contains(p))
                : function.Parameters.FirstOrDefault(p => p.Name == argument.Name);
            if (parameter is null)
            {
                var open = function.Parameters.Where(p => !given.Contains(p)).Select(p => p.Name).ToList();
                if (argument.Name is null) Error("argument-many", argument.Value, open.Count > 0 ? $"{open[0]}=…" : null, call.Text);
                else Error("argument-name", argument.Value, Nearest.To(argument.Name, open) is { } near ? $"{near}=" : null, call.Text, argument.Name, string.Join(", ", function.Parameters.Select(p => p.Name)));
            }
            else if (!given.Add(parameter)) Error("argument-twice", argument.Value, null, call.Text, parameter.Name);
            else One(call, parameter, argument.Value);
        }
        return given;
    }

    private void One(CallExpr call, FunctionParameter parameter, Expr value)
    {
        switch (parameter.Kind)
        {
            case ArgumentKind.Metric: Known(value, names.Words.Metrics.Keys, "metric"); break;
            case ArgumentKind.MetricOrEvent: Known(value, names.Words.Metrics.Keys.Concat(names.Words.Events.Keys), "metric"); break;
            case ArgumentKind.Event: Known(value, names.Words.Events.Keys, "event"); break;
            case ArgumentKind.Report: Known(value, names.Words.Reports, "report"); break;
            case ArgumentKind.OnDuty: Known(value, ["onDuty"], "onDuty"); break;
            case ArgumentKind.Role or ArgumentKind.Skill or ArgumentKind.Thing or ArgumentKind.Robot: Symbol(value, parameter.Name); break;
            case ArgumentKind.Sources: foreach (var one in value is ListExpr list ? list.Items : [value]) Known(one, names.Words.Sources, "source"); break;
            case ArgumentKind.Area: Needs(value, PlanType.Area, parameter.Name); break;
            case ArgumentKind.Duration: Positive(value, PlanType.Duration, parameter.Name); break;
            case ArgumentKind.Length: Positive(value, PlanType.Length, parameter.Name); break;
            case ArgumentKind.DurationOrAttempts: if (value is AttemptsExpr tries) tries.Type = PlanType.Duration; else Positive(value, PlanType.Duration, parameter.Name); break;
            case ArgumentKind.Predicate: Predicate(call, value); break;
        }
    }

    private void Positive(Expr value, PlanType wanted, string by)
    {
        Needs(value, wanted, by);
        if (!value.IsConstant) Error("constant", value, null, by);
        if (value is QuantityExpr quantity && Quantity.Parts(quantity.Text).All(p => p.Number == 0)) Error("nothing", value, null, by);
    }

    private void Predicate(CallExpr call, Expr value)
    {
        var fields = call.Arguments[0].Value is PathExpr type && names.Words.Events.TryGetValue(type.Text, out var known) ? known : null;
        names.EventFields = fields ?? [];
        // Of an event that is not known nothing more can be said.
        if (fields is not null) Needs(value, PlanType.Bool, "event");
        names.EventFields = null;
    }

    private void Symbol(Expr value, string of)
    {
        value.Type = PlanType.Symbol;
        if (value is not PathExpr) Error("needs-name", value, value is StringExpr quoted ? quoted.Value : value is RefExpr { Text: var full } ? full[(full.LastIndexOf('/') + 1)..] : null, of);
    }

    private void Known(Expr value, IEnumerable<string> known, string what)
    {
        Symbol(value, what);
        if (value is PathExpr path && !known.Contains(path.Text)) Error("unknown-" + what, value, Nearest.To(path.Text, known), path.Text);
    }

    private PlanType Method(CallExpr call, string of, string method)
    {
        switch (method)
        {
            case "in":
                if (!names.Words.Populations.Contains(of)) return Error("population", call, Nearest.To(of, names.Words.Populations) is { } near ? near + ".in(…)" : null, of, string.Join(", ", names.Words.Populations));
                Single(call, a => Needs(a, PlanType.Area, "in"));
                return PlanType.Target;
            case "radius" when names.TypeOf(of) == PlanType.Area:
                Single(call, a => Positive(a, PlanType.Length, "radius"));
                return PlanType.Area;
            case "summary" when names.TypeOf(of) == PlanType.Subject:
                Single(call, a => Known(a, names.Words.Summaries, "summary"));
                return PlanType.Fields;
            case "radius" or "summary": return Error("method-of", call, null, method, of);
            default: return Error("method", call, Nearest.To(method, ["in", "radius", "summary"]) is { } meant ? $"{of}.{meant}(…)" : null, method, "in, radius, summary");
        }
    }

    private void Single(CallExpr call, Action<Expr> check)
    {
        if (call.Arguments is [{ Name: null, Value: var only }]) check(only);
        else Error("argument-one", call, null, call.Text);
    }

    // A threshold outside of what the sensor can say is a slip: such a rule is always or never true.
    private void Plausible(BinaryExpr compare)
    {
        if ((Metric(compare.Left) ?? Metric(compare.Right)) is not { } metric || (compare.Left as NumberExpr ?? compare.Right as NumberExpr) is not { } number) return;
        var (least, most) = names.Words.Metrics[metric];
        if (number.Value < least || number.Value > most) report.Warn("range", text.Within(number.Offset), text.Path, null, metric, $"{least}", $"{most}");
    }

    private string? Metric(Expr side) =>
        side is CallExpr { Text: "min" or "max" or "avg" or "now", Arguments: [{ Value: PathExpr path }, ..] } && names.Words.Metrics.ContainsKey(path.Text) ? path.Text : null;
}
