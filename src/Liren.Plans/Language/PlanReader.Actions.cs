using System.Text.RegularExpressions;
using Liren.Plans.Model;
using Liren.Plans.Text;

namespace Liren.Plans.Language;

internal sealed partial class PlanReader
{
    private static readonly string[] levelNames = ["I", "II", "III", "IV"];

    // Actions name each other's results, so all names are known before the first is read.
    private void NameActions()
    {
        var list = document.List("actions", true);
        if (list.Count == 0 && document.Map.Find("actions") is { } none) report.Error("needs-list", none.At, none.Path);
        foreach (var action in list.OfType<MapNode>())
            if (action.Find("id") is ScalarNode { Value.Length: > 0 } id && action.Find("do") is ScalarNode kind && !names.Actions.TryAdd(id.Value, kind.Value))
                report.Error("action-twice", id.At, id.Path, null, id.Value);
    }

    private List<PlanAction> ReadActions()
    {
        var actions = new List<PlanAction>();
        foreach (var node in document.List("actions"))
            if (node is MapNode map) { if (ReadAction(new(map, report)) is { } action) actions.Add(action); }
            else report.Error("needs-map", node.At, node.Path, null, "actions");
        if (actions.Count > 0 && actions.TrueForAll(a => a.At != 4)) report.Warn("nothing-at-iv", document.Map.Find("actions")!.At, "actions");
        return actions;
    }

    private PlanAction? ReadAction(Section one)
    {
        var id = one.Word("id", true);
        if (id is not null && !ActionId().IsMatch(id.Value)) report.Error("action-id", id.At, id.Path, null, id.Value);
        var at = one.OneOf("at", levelNames, true);
        var kind = one.OneOf("do", [.. Names.Results.Keys], true);
        // Without its kind nothing can be said of its other fields.
        if (kind is null) return null;
        var options = new Dictionary<string, string>();
        var to = fields.Targets(one.List("to", kind is "broadcast" or "dispatch" or "notify" or "call" or "grantPass"));
        var via = one.Words("via", [.. names.Words.Channels], kind == "notify");
        var after = fields.Timing(one.Word("after"));
        var quiet = fields.Quiet(one.Word("quietHours"));
        fields.Targets(one.List("confirmBy"));
        Text(one, options, "consent");
        Time(one, options, "within");
        if (one.OneOf("require", ["sent", "delivered", "read", "ack", "answer"]) is { } receipt) options["require"] = receipt;
        if (one.Sub("repeat") is { } repeat)
        {
            Time(repeat, options, "every", true);
            if (repeat.Count("times", 1, 100, true) is { } times) options["times"] = $"{times}";
            repeat.End();
        }
        Special(one, kind, options);
        if (kind == "call" && to.Any(t => t.Text.StartsWith("emergency/", StringComparison.Ordinal)) && one.Map.Find("confirmBy") is null)
            report.Error("confirm", one.Map.At, one.Map.Path, "confirmBy: [dispatch.assignee]", id?.Value ?? "");
        one.End();
        return id is null || at is null ? null : new(id.Value, Array.IndexOf(levelNames, at) + 1, kind, to, via, after, quiet, options);
    }

    private void Special(Section one, string kind, Dictionary<string, string> options)
    {
        switch (kind)
        {
            case "broadcast": Text(one, options, "text", true); break;
            case "notify": Text(one, options, "text"); break;
            case "dispatch":
                if (one.Count("count", 1, 50) is { } people) options["count"] = $"{people}";
                Time(one, options, "accept", true);
                Time(one, options, "arrive");
                break;
            case "call":
                Text(one, options, "robot", true);
                if (one.Count("attempts", 1, 10) is { } attempts) options["attempts"] = $"{attempts}";
                Time(one, options, "gap");
                if (one.Count("cap", 1, 100_000) is { } most) options["cap"] = $"{most}";
                fields.Expression(one.Find("with"), PlanType.Fields);
                break;
            case "openCase":
                Text(one, options, "flow", true);
                if (one.Sub("stageSla") is { } stages)
                {
                    foreach (var stage in new[] { "register", "assign", "handle", "feedback", "verify", "evaluate" })
                        if (fields.AnyTime(stages.Word(stage)) is { } limit) options["sla." + stage] = limit;
                    stages.End();
                }
                break;
            case "publishCap":
                if (one.OneOf("scope", ["Public", "Restricted", "Private"], true) is { } scope) options["scope"] = scope;
                fields.Targets(one.List("addresses", options.GetValueOrDefault("scope") is "Restricted" or "Private"));
                break;
            case "grantPass":
                if (fields.Expression(one.Need("gate"), PlanType.Unknown) is { } gate) options["gate"] = gate.Text;
                Time(one, options, "valid", true);
                break;
            case "command":
                Text(one, options, "device", true);
                Text(one, options, "name", true);
                one.Find("args");
                break;
            case "raise":
                if (one.OneOf("event", [.. names.Words.Events.Keys], true) is { } raised) options["event"] = raised;
                break;
        }
    }

    private static void Text(Section one, Dictionary<string, string> options, string key, bool needed = false)
    {
        if (one.Word(key, needed) is { } word) options[key] = word.Value;
    }

    private void Time(Section one, Dictionary<string, string> options, string key, bool needed = false)
    {
        if (one.Word(key, needed) is { } word && fields.Duration(word) is not null) options[key] = word.Value;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
    private static partial Regex ActionId();
}
