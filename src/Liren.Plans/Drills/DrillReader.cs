using System.Globalization;
using Liren.Plans.Language;
using Liren.Plans.Model;
using Liren.Plans.Text;

namespace Liren.Plans.Drills;

/// <summary>Reads a drill against the plan it drills.</summary>
internal sealed class DrillReader(MapNode top, Plan plan, Vocabulary words, Report report)
{
    private readonly Fields fields = new(new Names(words), report);
    private readonly Section document = new(top, report);

    public Drill? Read()
    {
        document.OneOf("apiVersion", ["liren/drill/v1"], true);
        document.OneOf("kind", ["Drill"], true);
        var metadata = document.Sub("metadata", true);
        var (id, of, master) = (metadata?.Word("id", true), metadata?.Word("plan", true), metadata?.Word("drillMaster", true));
        metadata?.End();
        var drilled = $"{plan.Id}@{plan.Version}";
        if (of is not null && of.Value != drilled) report.Error("drill-plan", of.At, of.Path, drilled, of.Value, drilled);
        if (master?.Value == plan.Owner) report.Error("drill-master", master.At, master.Path, null, plan.Owner);
        document.OneOf("status", ["exercise"], true);
        var mode = document.OneOf("mode", ["peace", "emergency"], true);
        var (start, speed) = ReadClock();
        var people = document.Sub("people");
        people?.OneOf("default", ["no-answer"]);
        people?.End();
        var world = document.Sub("world") is { } given ? given.Map.Pairs.ToDictionary(p => p.Key.Value, p => given.Words(p.Key.Value)) : [];
        var injects = Maps("inject").Select(ReadInject).OfType<Inject>().ToList();
        var expected = Maps("expect").Select(ReadExpectation).OfType<Expectation>().ToList();
        document.End();
        return id is null || master is null || start is null || report.HasErrors ? null
            : new(id.Value, plan.Id, plan.Version, master.Value, mode == "emergency", start.Value, speed, world, injects, expected);
    }

    private (DateTimeOffset? Start, double Speed) ReadClock()
    {
        if (document.Sub("clock", true) is not { } clock) return (null, 1);
        DateTimeOffset? start = null;
        if (clock.Word("start", true) is { } begin)
            if (DateTimeOffset.TryParse(begin.Value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && begin.Value.Length > 19) start = at;
            else report.Error("drill-start", begin.At, begin.Path, null, begin.Value);
        double speed = 1;
        if (clock.Word("speed") is { } fast && !(fast.Value.EndsWith('x') && double.TryParse(fast.Value[..^1], CultureInfo.InvariantCulture, out speed) && speed is >= 1 and <= 1000)) report.Error("drill-speed", fast.At, fast.Path, "20x", fast.Value);
        clock.Count("seed", 0, int.MaxValue);
        clock.End();
        return (start, speed);
    }

    private IEnumerable<MapNode> Maps(string key)
    {
        foreach (var node in document.List(key, true))
            if (node is MapNode map) yield return map;
            else report.Error("needs-map", node.At, node.Path, null, key);
    }

    private Inject? ReadInject(MapNode map)
    {
        var one = new Section(map, report);
        var at = fields.Duration(one.Word("at", true)) ?? TimeSpan.Zero;
        Inject? inject = null;
        if (map.Find("metric") is not null)
        {
            var (metric, area, source) = (one.OneOf("metric", [.. words.Metrics.Keys]), one.Word("area", true), one.Word("source")?.Value ?? "sensor-1");
            var kind = one.OneOf("kind", [.. words.Sources]) ?? (plan.Trigger.Source is { From: [var first, ..] } ? first : "camera");
            var values = one.Words("values", needed: true).Select(v => double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : Wrong(map, v)).ToList();
            var every = fields.Duration(one.Word("every")) ?? TimeSpan.FromSeconds(20);
            var keep = fields.Duration(one.Word("keepUntil")) ?? at + every * values.Count;
            if (every < TimeSpan.FromMilliseconds(100)) report.Error("drill-every", map.At, map.Path);
            else if (metric is not null && area is not null) inject = new SensorInject(at, metric, area.Value, source, kind, values, every, keep);
        }
        else if (map.Find("event") is not null)
        {
            var (type, area) = (one.OneOf("event", [.. words.Events.Keys]), one.Word("area", true));
            var given = one.Sub("fields") is { } of ? of.Map.Pairs.ToDictionary(p => p.Key.Value, p => of.Number(p.Key.Value, -1e9, 1e9) ?? 0) : [];
            if (type is not null && area is not null) inject = new EventInject(at, type, area.Value, given);
        }
        else if (map.Find("fail") is not null) inject = one.Word("fail") is { } device ? new FaultInject(at, device.Value[(device.Value.IndexOf('/') + 1)..]) : null;
        else
        {
            var person = one.Word("person", true);
            var does = one.OneOf("does", ["accept", "decline", "arrive", "handled", "withdraw", "verify", "dispute", "report", "answer"], true);
            var (reason, evidence) = (one.Word("reason")?.Value, one.Words("evidence"));
            if (person is not null && does is not null) inject = new PersonInject(at, person.Value, does, reason, evidence);
        }
        one.End();
        return inject;
    }

    private double Wrong(MapNode map, string value)
    {
        report.Error("number", map.At, map.Path, null, "values", "-∞", "∞", value);
        return 0;
    }

    private Expectation? ReadExpectation(MapNode map)
    {
        var one = new Section(map, report);
        var (by, within, of) = (fields.Duration(one.Word("by")), fields.Duration(one.Word("within")), one.Word("of"));
        if (of is not null && !(of.Value is "window-full" or "trigger" || of.Value.StartsWith("level:", StringComparison.Ordinal) || of.Value.StartsWith("action:", StringComparison.Ordinal))) report.Error("drill-mark", of.At, of.Path, Nearest.To(of.Value, ["window-full", "trigger"]), of.Value);
        var actions = plan.Actions.Select(a => a.Id).Append("escalate").ToList();
        var never = one.OneOf("never", actions);
        var (reason, on, assignee) = (one.Word("reason")?.Value, one.Word("on")?.Value, one.Word("assignee")?.Value);
        var action = one.OneOf("action", actions);
        var level = one.OneOf("level", ["I", "II", "III", "IV"]);
        var state = one.OneOf("state", Names.States);
        var check = one.OneOf("check", ["sensor", "human", "report"]);
        var end = one.OneOf("end", ["closed", "open"]);
        var (status, verdict, verified) = (one.Word("status")?.Value, one.OneOf("verdict", ["true", "false"]), one.OneOf("verified", ["true", "false"]));
        one.End();
        (string What, string Subject)? looked = level is not null ? ("level", level) : action is not null ? ("action", action) : state is not null ? ("state", state) : check is not null ? ("check", check) : end is not null ? ("end", end) : null;
        if (never is null && (looked is null || by is null && (within is null || of is null))) { report.Error("drill-expect", map.At, map.Path); return null; }
        var text = string.Join(", ", map.Pairs.Select(p => $"{p.Key.Value}: {(p.Value as ScalarNode)?.Value}"));
        return new(map.At, by, within, of?.Value, never, looked?.What ?? "never", looked?.Subject ?? never!, on ?? assignee, never is not null ? reason : assignee is not null ? "accepted" : status ?? verdict ?? (verified == "true" ? "verified" : null), text);
    }
}
