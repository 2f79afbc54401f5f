using Liren.Plans.Text;

namespace Liren.Tests.Plans;

/// <summary>One slip each in a plan that is right: what is told, where, and what is offered instead.</summary>
public sealed class WrongPlanTests
{
    /// <summary>Find in the plan, put instead, code, the text at which the finding points, what is suggested (null: nothing).</summary>
    public static TheoryData<string, string, string, string, string?> Plaza => new()
    {
        // The document
        { "apiVersion: liren/plan/v1", "apiVersion: liren/plan/v2", "not-one-of", "liren/plan/v2", "liren/plan/v1" },
        { "kind: Plan", "kind: plan", "not-one-of", "plan\n", "Plan" },
        { "kind: Plan", "kind: !x Plan", "no-tags", "!x Plan", null },
        { "kind: Plan", "kind: &k Plan", "no-anchors", "&k Plan", null },
        { "kind: Plan", "kind: Plan\nkind: Plan", "twice", "kind: Plan\nmetadata", null },
        { "escalate:", "escalat:", "unknown-key", "escalat:", "escalate" },
        { "verify:  ", "verfiy:  ", "unknown-key", "verfiy:", "verify" },
        { "privacy: {", "private: {", "unknown-key", "private: {", "privacy" },
        // Metadata
        { "  id: plaza-gathering\n", "", "missing", "version: 3", null },
        { "  version: 3", "  version: three", "number", "three", null },
        { "  version: 3", "  version: 0", "number", "0\n", null },
        { "  version: 3", "  version: 2.5", "whole-number", "2.5", null },
        { "eventType: crowd.gathering", "eventType: crowd.gatherin", "not-one-of", "crowd.gatherin ", "crowd.gathering" },
        { "owner: org/safety-office", "owner: safety-office", "owner", "safety-office", "org/safety-office" },
        { "at: 2026-03-02", "at: 2026-02-30", "day", "2026-02-30", null },
        { "expires: 2027-03-02", "expires: 2026-03-01", "expires", "2026-03-01", null },
        { "every: 90d", "every: 90", "duration", "90,", "90s" },
        { "zh: 广场人员聚集处置预案, ", "", "missing", "{en: Plaza", null },
        // Scope and parameters
        { "areas: {tagged: plaza}", "areas: {taged: plaza}", "unknown-key", "taged", "tagged" },
        { "areas: {tagged: plaza}", "areas: {}", "scope-empty", "{}                # any area", null },
        { "modes: [peace, emergency]", "modes: [peace, war]", "not-one-of", "war]", null },
        { "people:   {peace: 80", "people:   {peace: 80m", "param-types", "20, min: 5,", null },
        { "emergency: 2m, min: 10s", "emergency: 45m, min: 10s", "param-range", "45m", null },
        { "min: 5, max: 500", "min: 501, max: 500", "param-limits", "501", null },
        { "min: 10s, max: 30m", "min: soon, max: 30m", "param-value", "soon", null },
        { "min: 0, max: 400", "min: 0", "missing", "{peace: 40", null },
        { "min: 0, max: 400", "min: 0, maxx: 400", "unknown-key", "maxx", "max" },
        // Trigger
        { "key: area.id ", "key: aera.id ", "not-one-of", "aera.id", "area.id" },
        { "metric: people.count, from", "metric: people.cuont, from", "not-one-of", "people.cuont", "people.count" },
        { "from: [camera, radar]", "from: [camera, lidar]", "not-one-of", "lidar", "radar" },
        { "fuse: max", "fuse: most", "not-one-of", "most,", null },
        { "staleAfter: 90s", "staleAfter: 90sec", "duration", "90sec", null },
        { ", staleAfter: 90s", "", "missing", "{metric: people.count", null },
        { "coverage: 0.8  ", "coverage: 80  ", "number", "80  ", null },
        { "raise(sensor.blind)", "raise(sensor.blin)", "unknown-event", "sensor.blin)", "sensor.blind" },
        { "raise(sensor.blind)", "blind", "stale", "\"blind", "raise(sensor.blind)" },
        { "\"min(people.count, over=$hold) >= $people\"", "true or false", "quote", "true or false", "\"true or false\"" },
        // Expressions
        { "min(people.count, over=$hold) >=", "mim(people.count, over=$hold) >=", "function", "mim(", "min" },
        { "min(people.count, over=$hold) >=", "min(people.cuont, over=$hold) >=", "unknown-metric", "people.cuont", "people.count" },
        { "min(people.count, over=$hold) >=", "min(people.count, over=$hodl) >=", "param", "$hodl", "$hold" },
        { "min(people.count, over=$hold) >=", "min(people.count, ovr=$hold) >=", "argument-name", "$hold", "over=" },
        { "min(people.count, over=$hold) >=", "min(people.count) >=", "argument-missing", "min(people.count) ", "over=…" },
        { "min(people.count, over=$hold) >=", "min(people.count, over=$people) >=", "operand", "$people)", null },
        { "min(people.count, over=$hold) >=", "min(people.count, over=$hold, over=3m) >=", "argument-twice", "3m) >=", null },
        { "min(people.count, over=$hold) >=", "min(people.count, over=$hold, 3) >=", "argument-many", "3) >=", "from=…" },
        { "min(people.count, over=$hold) >=", "min(people.count, over=0s) >=", "nothing", "0s)", null },
        { "min(people.count, over=$hold) >=", "min(people.count, over=2min) >=", "unit", "2min", "2m" },
        { "over=$hold) >= $people", "over=$hold >= $people", "not-closed", "\"\n  coverage: 0.8 ", ")" },
        { "over=$hold) >= $people", "over=$hold) => $people", "habit", "=> $people", ">=" },
        { "over=$hold) >= $people", "over=$hold) ＞ $people", "habit", "＞", ">" },
        { "over=$hold) >= $people", "over=$hold) = $people", "assign", "= $people\"\n  coverage", "==" },
        { "over=$hold) >= $people", "over=$hold) >= people", "name", "people\"\n  coverage", "$people" },
        { "over=$hold) >= $people", "over=$hold) >= $hold", "compare", ">= $hold\"", null },
        { "over=$hold) >= $people", "over=$hold)", "type", "min(people.count, over=$hold)", null },
        { "over=$hold) >= $people", "over=$hold) >= ", "ends", "\"\n  coverage", null },
        { "over=$hold) >= $people", "over=$hold) >= $people and 3", "operand", "3\"\n", null },
        { "over=$hold) >= $people", "over=$hold) >= $people && true", "habit", "&& true", "and" },
        { "now(people.count) >= 2 * $people", "people.count >= 2 * $people", "bare-metric", "people.count >= 2", "now(people.count)" },
        { "now(people.count) >= 2 * $people", "1 < now(people.count) < 5", "chained", "< 5", "and" },
        { "now(people.count) >= 2 * $people", "now(people.count) -$people > 1", "spaces", "-$people", " - " },
        { "now(people.count) >= 2 * $people", "now(people.count) / 0 > 1", "zero", "0 > 1", null },
        { "now(people.count) >= 2 * $people", "now(people.count) + 2m > 1", "arithmetic", "+ 2m", null },
        { "now(people.count) >= 2 * $people", "event(fire.smok)", "unknown-event", "fire.smok", "fire.smoke" },
        { "now(people.count) >= 2 * $people", "event(fire.smoke, confidenc > 0.5)", "name", "confidenc", "confidence" },
        { "now(people.count) >= 2 * $people", "fire.smoke", "bare-event", "fire.smoke", "event(fire.smoke)" },
        { "age > 10m", "age > 10", "compare", "> 10\"", "10m" },
        { "age > 10m", "age - 5m > 10m", "age-alone", "- 5m", null },
        { "age > 10m", "age > 4wh", "compare", "> 4wh", null },
        { "min(people.count, over=$hold) >=", "min(people.count, over=age) >=", "constant", "age)", null },
        { "age > 10m", "agee > 10m", "name", "agee", "age" },
        { "age > 10m", "subject.away", "no-subject", "subject.away", null },
        { "{when: manual, by", "{when: \"age > 1h\", by", "manual-only", "\"age > 1h\"", "manual" },
        { "{when: \"now(people.count) >= 5 * $people or age > 30m\"}", "{when: manual}", "manual", "manual}", null },
        { "hysteresis: 2m", "hysteresis: 4wh", "duration", "4wh", null },
        // Actions
        { "do: broadcast", "do: broadcst", "not-one-of", "broadcst", "broadcast" },
        { "{id: say, ", "{id: go, ", "action-twice", "go,    at: IV,  do: dispatch", null },
        { "{id: say, ", "{id: 'say it', ", "action-id", "'say it'", null },
        { "{id: say,   at: IV", "{id: say,   at: V", "not-one-of", "V,  do: broadcast", "I" },
        { "speakers.in(area)", "speaker.in(area)", "population", "speaker.in", "speakers.in(…)" },
        { "speakers.in(area)", "speakers.at(area)", "method", "speakers.at", null },
        { "speakers.in(area)", "speakers.in(300m)", "operand", "300m)\", text", null },
        { ", text: t.plaza.disperse", "", "missing", "{id: say", null },
        { "require: ack", "require: ok", "not-one-of", "ok, within", null },
        { "onDuty, skill=crowd", "onduty, skil=crowd", "unknown-onDuty", "onduty", "onDuty" },
        { "skill=crowd, within=1500m", "skill=crowd", "argument-missing", "nearest(grid-worker, onDuty, skill=crowd)", "within=…" },
        { "within=1500m", "within=1500s", "operand", "1500s", null },
        { "accept: 60s, arrive: 8m", "acept: 60s, arrive: 8m", "unknown-key", "acept", "accept" },
        { "area.watchkeeper,", "area.watchkeper,", "name", "area.watchkeper", "area.watchkeeper" },
        { "via: [app, sms]", "via: [app, fax]", "not-one-of", "fax", null },
        { "handle: 2wh, verify", "handle: 2work, verify", "duration", "2work", null },
        { "21:00-08:00 unless level atLeast II", "21:00-25:00", "quiet", "\"21:00-25:00", null },
        { "level atLeast II\"", "level >= II\"", "level-order", ">= II", "atLeast" },
        { "cap: 200", "cap: 0", "number", "0, quiet", null },
        { "scope: Restricted", "scope: restricted", "not-one-of", "restricted", "Restricted" },
        { "area.radius(300m)", "area.radius(300s)", "operand", "300s", null },
        // Ladder, verification, end
        { "until: [dispatch.accepted]", "until: [dispatch.acepted]", "result", "dispatch.acepted", "dispatch.accepted" },
        { "after: 3m, ", "after: 30s, ", "ladder-order", "{after: 30s", null },
        { "role/community-secretary", "roles/community-secretary", "ref", "roles/", "role/community-secretary" },
        { "onExhausted: raiseLevel", "onExhausted: raiseLevl", "not-one-of", "raiseLevl", "raiseLevel" },
        { "{human: {by: role/checker, not: [dispatch.assignee], evidence", "{human: {by: role/checker, evidence", "verifier", "{by: role/checker, evidence", "not: [dispatch.assignee]" },
        { "evidence: [photo, geotag", "evidence: [foto, geotag", "not-one-of", "foto", "photo" },
        { "{sensor: \"max(", "{senser: \"max(", "not-one-of", "senser", "sensor" },
        { "reason == false-positive", "reason == false-postive", "not-one-of", "false-postive", "false-positive" },
        { "reason == false-positive", "reason >= false-positive", "no-order", ">= false-positive", "==" },
        { "solved: 45", "solved: 40", "score", "{response", null },
        { "within: 5bd, owner", "within: 5workdays, owner", "duration", "5workdays", null },
        { "faces: never", "faces: always", "not-one-of", "always", null },
        { "store: counts-only", "store: frames", "not-one-of", "frames, ", null },
    };

    public static TheoryData<string, string, string, string, string?> Elder => new()
    {
        { "subjects: {tagged", "areas: {tagged: plaza}\n  subjects: {tagged", "scope", "areas: {tagged: plaza}", null },
        { "event(fall.detected, confidence >= 0.8)", "event(fall.detected, 0.8)", "operand", "0.8)", null },
        { "from=[door, water-meter, motion]) == 0", "from=[doors, water-meter, motion]) == 0", "unknown-source", "doors", "door" },
        { "to=robot.daily-call, for=2 attempts over 3h", "to=robot.daily-call, for=2 attempts within 3h", "attempts", "within 3h", "over" },
        { "unless: \"subject.away\"", "unless: \"subject.age\"", "type", "subject.age", null },
        { "after: ring.unanswered", "after: ring.unanswred", "after", "ring.unanswred", "ring.unanswered" },
        { "\"10m unless ring.answered\"", "\"10m unless ring.answerd\"", "name", "ring.answerd", "ring.answered" },
        { ", confirmBy: [dispatch.assignee, area.watchkeeper]", "", "confirm", "{id: \"120\"", "confirmBy: [dispatch.assignee]" },
        { "report(unconscious)", "report(unconcious)", "unknown-report", "unconcious", "unconscious" },
        { "subject.summary(minimal)", "subject.summary(all)", "unknown-summary", "all)", null },
        { "subject.summary(minimal)", "subject.family", "type", "subject.family\"", null },
        { "valid: 60m", "valid: an hour", "duration", "an hour", null },
        { "count(activity, over=30m", "count(activty, over=30m", "unknown-metric", "activty", "activity" },
    };

    [Theory, MemberData(nameof(Plaza))]
    public void A_slip_in_the_plan_of_the_plaza_is_told_where_it_is(string find, string replace, string code, string at, string? suggestion) => Tells(PlanTexts.Plaza, find, replace, code, at, suggestion);

    [Theory, MemberData(nameof(Elder))]
    public void A_slip_in_the_plan_of_the_elders_is_told_where_it_is(string find, string replace, string code, string at, string? suggestion) => Tells(PlanTexts.Elder, find, replace, code, at, suggestion);

    private static void Tells(string plan, string find, string replace, string code, string at, string? suggestion)
    {
        var text = PlanTexts.With(plan, find, replace);
        var compiled = PlanTexts.Check(text);
        compiled.Ok.ShouldBeFalse();
        var all = string.Join("\n", compiled.Findings.Select(f => $"{f.At} {f.Code} {f.Message("en")}"));
        var told = compiled.Findings.FirstOrDefault(f => f.Code == code && f.Severity == Severity.Error).ShouldNotBeNull(all);
        var (line, column) = PlanTexts.Of(text, at);
        told.At.Line.ShouldBe(line, all);
        // The begin of a section stands for what is missing in it.
        if (code is not ("missing" or "no-stale")) told.At.Column.ShouldBe(column, all);
        told.Suggestion.ShouldBe(suggestion, all);
        // One slip is one finding, not a page of them.
        compiled.Findings.Count(f => f.Severity == Severity.Error).ShouldBeLessThanOrEqualTo(2, all);
        foreach (var language in new[] { "zh", "en" }) told.Message(language).ShouldNotContain("{");
    }
}
