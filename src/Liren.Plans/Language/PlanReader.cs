using Liren.Plans.Model;
using Liren.Plans.Text;

namespace Liren.Plans.Language;

/// <summary>Reads a plan section by section, names before the expressions that use them.</summary>
internal sealed partial class PlanReader(MapNode top, Names names, Report report)
{
    private static readonly string[] modes = ["peace", "emergency"];
    private readonly Section document = new(top, report);
    private readonly Fields fields = new(names, report);

    /// <summary>The plan; null when a part without which it means nothing is missing.</summary>
    public Plan? Read()
    {
        document.OneOf("apiVersion", ["liren/plan/v1"], true);
        document.OneOf("kind", ["Plan"], true);
        var metadata = document.Sub("metadata", true);
        var scope = ReadScope();
        var parameters = ReadParameters();
        foreach (var (name, parameter) in parameters) names.Parameters[name] = parameter.Type;
        NameActions();
        var close = document.Sub("close", true);
        names.Reasons = close?.Words("reasons", needed: true) ?? [];
        var trigger = ReadTrigger();
        var levels = ReadLevels();
        var actions = ReadActions();
        var escalation = ReadEscalation();
        var verification = ReadVerification();
        var end = close is null ? null : ReadClose(close);
        ReadPrivacy();
        document.End();
        WarnOfUnused(parameters.Keys);
        return metadata is null || ReadHead(metadata) is not { } head || scope is null || trigger is null || levels is null || verification is null || end is null
            ? null
            : head with { Scope = scope, Parameters = parameters, Trigger = trigger, Levels = levels, Actions = actions, Escalation = escalation, Verification = verification, Close = end };
    }

    private Plan? ReadHead(Section metadata)
    {
        var id = metadata.Word("id", true);
        var version = metadata.Count("version", 1, 1_000_000, true);
        var title = metadata.Sub("title", true);
        var (zh, en) = (title?.Word("zh", true), title?.Word("en", true));
        title?.End();
        var type = metadata.OneOf("eventType", [.. names.Words.Events.Keys], true);
        metadata.Find("mappings");
        var owner = metadata.Word("owner", true);
        if (owner is not null && !owner.Value.StartsWith("org/", StringComparison.Ordinal)) report.Error("owner", owner.At, owner.Path, "org/" + owner.Value, owner.Value);
        var (approval, drill) = (ReadApproval(metadata.Sub("approvedBy")), ReadDrill(metadata.Sub("drill")));
        metadata.End();
        return id is null || version is null || zh is null || en is null || type is null || owner is null ? null
            : new(id.Value, version.Value, zh.Value, en.Value, type, owner.Value, approval, drill, null!, null!, null!, null!, null!, null, null!, null!);
    }

    private Approval? ReadApproval(Section? approved)
    {
        if (approved is null) return null;
        var (role, at, expires) = (approved.Word("role", true), approved.Day("at", true), approved.Day("expires", true));
        if (expires <= at) report.Error("expires", approved.Map.Find("expires")!.At, "metadata.approvedBy.expires");
        approved.End();
        return role is null || at is null || expires is null ? null : new(role.Value, at.Value, expires.Value);
    }

    private DrillDuty? ReadDrill(Section? drill)
    {
        if (drill is null) return null;
        var (every, last) = (fields.Duration(drill.Word("every", true)), drill.Day("lastPassed"));
        drill.End();
        return every is null ? null : new(every.Value, last);
    }

    private Scope? ReadScope()
    {
        if (document.Sub("scope", true) is not { } scope) return null;
        var (areas, subjects) = (scope.Sub("areas"), scope.Sub("subjects"));
        if ((areas is null) == (subjects is null)) report.Error("scope", scope.Map.At, "scope");
        names.HasSubject = subjects is not null;
        var tagged = areas?.Word("tagged")?.Value;
        var inside = areas?.Words("in") ?? [];
        if (areas is not null && tagged is null && inside.Count == 0) report.Error("scope-empty", areas.Map.At, "scope.areas");
        var (lives, consent) = (subjects?.Word("tagged", true)?.Value, subjects?.Word("consent")?.Value);
        if (subjects is not null && consent is null) report.Warn("no-consent", subjects.Map.At, "scope.subjects");
        areas?.End();
        subjects?.End();
        var when = scope.Words("modes", modes, true);
        scope.End();
        return new(tagged, inside, lives, consent, when);
    }

    private Dictionary<string, Parameter> ReadParameters()
    {
        var parameters = new Dictionary<string, Parameter>();
        if (document.Find("params") is not { } node) return parameters;
        if (node is not MapNode map) { report.Error("needs-map", node.At, node.Path, null, "params"); return parameters; }
        foreach (var (key, value) in map.Pairs)
            if (value is not MapNode one) report.Error("needs-map", value.At, value.Path, null, key.Value);
            else if (ReadParameter(new(one, report)) is { } parameter) parameters[key.Value] = parameter;
            // Whatever it is: that it exists is known, and its users are not told again.
            else parameters[key.Value] = new(PlanType.Unknown, "", "", "", "");
        return parameters;
    }

    private Parameter? ReadParameter(Section one)
    {
        string[] keys = ["peace", "emergency", "min", "max"];
        var values = keys.Select(k => one.Word(k, true)).ToArray();
        one.End();
        if (values.Contains(null)) return null;
        var types = values.Select(v => Parameter.TypeOf(v!.Value)).ToArray();
        for (var i = 0; i < 4; i++)
            if (types[i] is null) { report.Error("param-value", values[i]!.At, values[i]!.Path, null, values[i]!.Value); return null; }
            else if (types[i] != types[0]) { report.Error("param-types", values[i]!.At, values[i]!.Path, null, keys[i], "{" + types[i] + "}", "{" + types[0] + "}"); return null; }
        var sizes = values.Select(v => Parameter.SizeOf(v!.Value)).ToArray();
        if (sizes[2] > sizes[3]) report.Error("param-limits", values[2]!.At, values[2]!.Path, null, values[2]!.Value, values[3]!.Value);
        else
            for (var i = 0; i < 2; i++)
                if (sizes[i] < sizes[2] || sizes[i] > sizes[3]) report.Error("param-range", values[i]!.At, values[i]!.Path, null, keys[i], values[i]!.Value, values[2]!.Value, values[3]!.Value);
        return new(types[0]!.Value, values[0]!.Value, values[1]!.Value, values[2]!.Value, values[3]!.Value);
    }

    // A parameter nobody uses looks to its community like one that works.
    private void WarnOfUnused(IEnumerable<string> parameters)
    {
        var texts = Scalars(top).Where(s => !s.Path.StartsWith("params.", StringComparison.Ordinal)).Select(s => s.Value).ToList();
        foreach (var name in parameters)
            if (!texts.Exists(t => t.Contains("$" + name, StringComparison.Ordinal)))
                report.Warn("unused-param", ((MapNode)document.Map.Find("params")!).Pairs.First(p => p.Key.Value == name).Key.At, $"params.{name}", null, name);
    }

    private static IEnumerable<ScalarNode> Scalars(Node node) => node switch
    {
        ScalarNode word => [word],
        ListNode list => list.Items.SelectMany(Scalars),
        MapNode map => map.Pairs.SelectMany(p => Scalars(p.Value)),
        _ => [],
    };

    private void ReadPrivacy()
    {
        if (document.Sub("privacy", true) is not { } privacy) return;
        privacy.OneOf("store", ["counts-only", "activity-booleans", "events-only"], true);
        privacy.OneOf("frames", ["none", "blurred-on-alarm"]);
        privacy.OneOf("faces", ["never"]);
        fields.Duration(privacy.Word("retain"));
        fields.Targets(privacy.List("readers"));
        privacy.End();
    }

    private Close? ReadClose(Section close)
    {
        var review = close.Sub("review");
        var required = fields.Expression(review?.Need("required"), PlanType.Bool);
        var within = fields.AnyTime(review?.Word("within", true));
        review?.OneOf("owner", ["owner"]);
        review?.End();
        if (close.Sub("score") is { } score)
        {
            var total = new[] { "response", "solved", "satisfied" }.Sum(k => score.Count(k, 0, 100, true) ?? 0);
            if (total != 100) report.Error("score", score.Map.At, "close.score", null, $"{total}");
            score.End();
        }
        close.End();
        return new(names.Reasons, required, within);
    }
}
