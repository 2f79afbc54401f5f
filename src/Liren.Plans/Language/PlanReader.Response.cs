using Liren.Plans.Model;
using Liren.Plans.Text;

namespace Liren.Plans.Language;

internal sealed partial class PlanReader
{
    private static readonly string[] fuses = ["max", "min", "avg", "sum", "any"];

    private Trigger? ReadTrigger()
    {
        if (document.Sub("trigger", true) is not { } trigger) return null;
        var key = trigger.OneOf("key", names.HasSubject ? ["subject.id", "area.id"] : ["area.id"], true);
        var source = ReadSource(trigger.Sub("source"));
        var any = trigger.Find("any") is null ? [ReadCondition(trigger, end: false)] : trigger.List("any").Select(n => n is MapNode map ? ReadCondition(new(map, report), end: true) : Told(n)).ToList();
        if (trigger.Map.Find("any") is not null && trigger.Map.Find("when") is { } both) report.Error("when-and-any", both.At, "trigger.when");
        var stale = ReadStale(trigger.Word("onStale"));
        var (late, dedupe) = (fields.Duration(trigger.Word("late")), fields.Duration(trigger.Word("dedupe")));
        if (stale is null && trigger.Map.Find("onStale") is null) report.Warn("no-stale", trigger.Map.At, "trigger");
        trigger.End();
        return key is null || any.Count == 0 || any.Contains(null) ? null : new(key, source, any!, stale, late ?? TimeSpan.Zero, dedupe ?? TimeSpan.Zero);
    }

    private Condition? Told(Node node)
    {
        report.Error("needs-map", node.At, node.Path, null, "any");
        return null;
    }

    private Source? ReadSource(Section? source)
    {
        if (source is null) return null;
        var metric = source.OneOf("metric", [.. names.Words.Metrics.Keys], true);
        var from = source.Words("from", [.. names.Words.Sources]);
        var fuse = source.OneOf("fuse", fuses);
        var stale = fields.Duration(source.Word("staleAfter", true));
        source.End();
        return metric is null || stale is null ? null : new(metric, from, fuse ?? "max", stale.Value);
    }

    private Condition? ReadCondition(Section one, bool end)
    {
        var when = fields.Expression(one.Need("when"), PlanType.Bool);
        var unless = fields.Expression(one.Find("unless"), PlanType.Bool);
        var coverage = one.Number("coverage", 0.1, 1);
        if (end) one.End();
        return when is null ? null : new(when, unless, coverage ?? 0.8);
    }

    private string? ReadStale(ScalarNode? word)
    {
        if (word is null) return null;
        if (word.Value.StartsWith("raise(", StringComparison.Ordinal) && word.Value.EndsWith(')') && word.Value[6..^1].Trim() is var type)
        {
            if (names.Words.Events.ContainsKey(type)) return type;
            report.Error("unknown-event", word.Within(6), word.Path, Nearest.To(type, names.Words.Events.Keys), type);
        }
        else report.Error("stale", word.At, word.Path, "raise(sensor.blind)", word.Value);
        return null;
    }

    private Levels? ReadLevels()
    {
        if (document.Sub("levels", true) is not { } levels) return null;
        levels.Sub("IV", true)?.End();
        var (three, two) = (ReadLevel(levels.Sub("III")), ReadLevel(levels.Sub("II")));
        IReadOnlyList<string> by = [];
        if (levels.Sub("I") is { } one)
        {
            // The gravest level takes away freedoms: it needs a named human.
            if (one.Word("when", true) is { } when && when.Value != "manual") report.Error("manual-only", when.At, when.Path, "manual");
            by = [.. fields.Targets(one.List("by", true)).Select(t => t.Text)];
            one.End();
        }
        var calm = fields.Duration(levels.Word("hysteresis"));
        if (calm is null && (three ?? two) is not null && levels.Map.Find("hysteresis") is null) report.Warn("no-hysteresis", levels.Map.At, "levels");
        levels.End();
        return new(three, two, by, calm ?? TimeSpan.Zero);
    }

    private Expression? ReadLevel(Section? level)
    {
        if (level is null) return null;
        var when = fields.Expression(level.Need("when"), PlanType.Bool);
        level.End();
        return when;
    }

    private Escalation? ReadEscalation()
    {
        if (document.Sub("escalate") is not { } escalate) return null;
        var until = escalate.List("until", true).OfType<ScalarNode>().Where(IsResult).Select(w => w.Value).ToList();
        var ladder = new List<Rung>();
        foreach (var node in escalate.List("ladder", true))
        {
            if (node is not MapNode map) { report.Error("needs-map", node.At, node.Path, null, "ladder"); continue; }
            var rung = new Section(map, report);
            var (after, to, via) = (fields.Duration(rung.Word("after", true)), fields.Expression(rung.Need("to"), PlanType.Target), rung.Words("via", [.. names.Words.Channels], true));
            rung.End();
            if (after <= ladder.LastOrDefault()?.After) report.Error("ladder-order", map.At, map.Path, null, map.Find("after") is ScalarNode late ? late.Value : "");
            if (after is not null && to is not null) ladder.Add(new(after.Value, to, via));
        }
        var exhausted = escalate.OneOf("onExhausted", ["raiseLevel", "notifyOwner"]);
        escalate.End();
        return new(until, ladder, exhausted ?? "notifyOwner");
    }

    private bool IsResult(ScalarNode word)
    {
        if (word.Value.Contains('.') && names.TypeOf(word.Value) == PlanType.Bool) return true;
        report.Error("result", word.At, word.Path, Nearest.To(word.Value, names.All().Where(n => n.Contains('.') && names.TypeOf(n) == PlanType.Bool)), word.Value);
        return false;
    }

    private Verification? ReadVerification()
    {
        if (document.Sub("verify", true) is not { } verify) return null;
        var checks = ReadGroup(verify);
        var blind = verify.Find("ifNoSensor") is { } instead ? ReadCheck(instead) : null;
        var reopen = verify.Sub("reopenIf");
        var (when, within) = (fields.Expression(reopen?.Need("when"), PlanType.Bool), fields.Duration(reopen?.Word("within", true)));
        reopen?.End();
        verify.End();
        if (checks is not null && !checks.Leaves.Any(c => c is HumanCheck)) report.Error("no-person", verify.Map.At, "verify");
        if (checks is not null && checks.Leaves.Any(c => c is SensorCheck) && blind is null && verify.Map.Find("all") is not null) report.Warn("no-sensor", verify.Map.At, "verify");
        return checks is null ? null : new(checks, blind, when, within ?? TimeSpan.Zero);
    }

    private CheckGroup? ReadGroup(Section section)
    {
        var (all, any) = (section.Find("all"), section.Find("any"));
        if ((all ?? any) is not { } list || all is not null && any is not null) { report.Error("all-or-any", section.Map.At, section.Map.Path); return null; }
        return list is ListNode { Items.Count: > 0 } items ? new(all is not null, [.. items.Items.Select(ReadCheck).OfType<Check>()]) : Empty(list);
    }

    private CheckGroup? Empty(Node list)
    {
        report.Error("needs-list", list.At, list.Path);
        return null;
    }

    private Check? ReadCheck(Node node)
    {
        if (node is not MapNode map) { report.Error("needs-map", node.At, node.Path, null, "verify"); return null; }
        var one = new Section(map, report);
        Check? check = null;
        if (map.Find("sensor") is not null) check = fields.Expression(one.Find("sensor"), PlanType.Bool) is { } when ? new SensorCheck(when, one.Number("coverage", 0.1, 1) ?? 0.8) : null;
        else if (map.Find("human") is not null) check = one.Sub("human") is { } human ? ReadHuman(human) : null;
        else if (map.Find("report") is not null) check = one.Sub("report") is { } said ? ReadReport(said) : null;
        else if (map.Find("all") is not null || map.Find("any") is not null) check = ReadGroup(one);
        else if (map.Pairs is [var (key, _), ..]) { report.Error("not-one-of", key.At, map.Path, Nearest.To(key.Value, ["sensor", "human", "report", "all", "any"]), key.Value, "sensor, human, report, all, any"); return null; }
        one.Find("coverage");
        one.End();
        return check;
    }

    private HumanCheck? ReadHuman(Section human)
    {
        var by = fields.Expression(human.Need("by"), PlanType.Target);
        var not = fields.Targets(human.List("not"));
        // Whoever did the work does not say that it is done.
        var excluded = not.Any(n => n.Text.EndsWith(".assignee", StringComparison.Ordinal)) || by?.Text.StartsWith("subject", StringComparison.Ordinal) == true;
        if (names.Actions.ContainsValue("dispatch") && !excluded) report.Error("verifier", human.Map.At, human.Map.Path, "not: [dispatch.assignee]");
        var evidence = Evidence(human);
        var (count, confirm, within) = (human.Count("count", 1, 10), human.OneOf("confirm", ["true", "false"]), fields.Duration(human.Word("within")));
        human.Words("outcome");
        human.End();
        return by is null ? null : new(by, not, evidence, count ?? 1, confirm == "true", within);
    }

    private ReportCheck? ReadReport(Section said)
    {
        var by = fields.Expression(said.Need("by"), PlanType.Target);
        var (evidence, outcomes) = (Evidence(said), said.Words("outcome", needed: true));
        said.End();
        return by is null ? null : new(by, evidence, outcomes);
    }

    private List<string> Evidence(Section of)
    {
        var known = new List<string>();
        foreach (var word in of.List("evidence").OfType<ScalarNode>())
            if (names.Words.Evidence.Contains(word.Value) || word.Value.StartsWith("geotag-within-", StringComparison.Ordinal) && Quantity.Length(word.Value[14..]) is > 0) known.Add(word.Value);
            else report.Error("not-one-of", word.At, word.Path, Nearest.To(word.Value, names.Words.Evidence.Append("geotag-within-100m")), word.Value, string.Join(", ", names.Words.Evidence.Append("geotag-within-100m")));
        return known;
    }
}
