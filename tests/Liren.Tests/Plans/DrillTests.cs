using Liren.Plans;
using Liren.Plans.Drills;
using Liren.Plans.Model;
using Liren.Plans.Running;

namespace Liren.Tests.Plans;

/// <summary>Whole stories through the engine, on a clock of their own.</summary>
public sealed class DrillTests
{
    private static readonly PlanCompiler compiler = new(Vocabulary.Standard);
    private static readonly Plan plaza = PlanTexts.Check(PlanTexts.Plaza).Plan!;

    private static string Text(string name) => File.ReadAllText(Path.Combine(Repository.Root, "demo", "plans", name + ".drill.yaml"));

    private static DrillResult Run(string text)
    {
        var (drill, findings) = compiler.CheckDrill(text, plaza);
        return DrillRunner.Run(plaza, drill.ShouldNotBeNull(string.Join("; ", findings.Select(f => $"{f.At} {f.Message("en")}"))));
    }

    private static string Told(DrillResult result) => string.Join('\n', result.Verdicts.Where(v => !v.Met).Select(v => $"not met: {v.Expectation.Text} ({v.At})").Concat(result.Timeline.Select(t => $"{t.At} {t.What.What} {t.What.Subject} {t.What.Target} {t.What.Status} {t.What.Detail}")));

    [Theory, InlineData("plaza-gathering"), InlineData("plaza-13-february")]
    public void The_drills_of_the_demo_pass(string name)
    {
        var result = Run(Text(name));
        result.Passed.ShouldBeTrue(Told(result));
    }

    [Fact]
    public void A_drill_of_487_compounds_at_once_passes_and_one_that_goes_otherwise_is_named()
    {
        var (drill, _) = compiler.CheckDrill(Text("plaza-13-february"), plaza);
        var result = DrillRunner.Run(plaza, drill!, places: 487);
        result.Passed.ShouldBeTrue(string.Join('\n', result.Verdicts.Where(v => !v.Met).Select(v => $"{v.Place}: {v.Expectation.Text} ({v.At})").Take(20)));
        result.Verdicts.Count.ShouldBe(487 * drill!.Expectations.Count);
        result.Timeline.Count(t => t.What.What == "opened").ShouldBe(487);
        result.Timeline.Where(t => t.What.What == "opened").Select(t => t.What.Target).Distinct().Count().ShouldBe(487);

        // The script of one place says nothing of the others: a speaker that fails everywhere fails at each of them by itself.
        var (broken, _) = compiler.CheckDrill(PlanTexts.With(Text("plaza-13-february"), "inject:", "inject:\n  - {at: 0s, fail: device/speaker-1}"), plaza);
        var wrong = DrillRunner.Run(plaza, broken!, places: 3);
        wrong.Verdicts.Where(v => !v.Met).Select(v => v.Place).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_closed_incident_opens_again_under_its_own_number_and_acts_again()
    {
        var result = Run(Text("plaza-13-february"));
        var incidents = result.Timeline.Where(t => t.What.What is "opened" or "reopened").Select(t => t.What).ToList();
        incidents.Select(i => i.What).ShouldBe(["opened", "reopened"]);
        incidents.Select(i => i.Incident).Distinct().Count().ShouldBe(1);
        result.Timeline.Count(t => t.What is { What: "step", Subject: "go", Target: "worker-1", Status: "offered" }).ShouldBe(2);
        // Whoever did the work does not say that it is done.
        result.Timeline.ShouldContain(t => t.What.What == "refused" && t.What.Subject == "verify" && t.What.Target == "worker-3");
    }

    [Theory]
    [InlineData("by: 2m41s, level: IV", "by: 2m39s, level: IV")]
    [InlineData("{never: escalate, reason: accepted}", "{never: say}")]
    [InlineData("{by: 20m, end: closed, verified: true}", "{by: 18m, end: closed, verified: true}")]
    [InlineData("does: verify, evidence: [photo, geotag-within-100m]", "does: verify, evidence: [photo, geotag-within-101m]")]
    [InlineData("values: [18, 9, 4, 3]", "values: [18, 9, 4, 9]")]
    [InlineData("person: worker-3, does: accept", "person: worker-4, does: accept")]
    public void A_drill_that_goes_otherwise_fails(string find, string replace) => Run(PlanTexts.With(Text("plaza-gathering"), find, replace)).Passed.ShouldBeFalse();

    [Theory]
    [InlineData("plan: plaza-gathering@3", "plan: plaza-gathering@2", "drill-plan")]
    [InlineData("drillMaster: role/district-arbiter", "drillMaster: org/safety-office", "drill-master")]
    [InlineData("T21:30:00+08:00", "T21:30:00", "drill-start")]
    [InlineData("speed: 20x", "speed: fast", "drill-speed")]
    [InlineData("of: window-full", "of: window-ful", "drill-mark")]
    [InlineData("{by: 4m,  action: go, assignee: worker-3}", "{by: 4m,  action: goo, assignee: worker-3}", "not-one-of")]
    [InlineData("does: decline", "does: declin", "not-one-of")]
    [InlineData("{by: 12m41s, level: III}", "{level: III}", "drill-expect")]
    public void A_slip_in_a_drill_is_told_where_it_is(string find, string replace, string code)
    {
        var text = PlanTexts.With(Text("plaza-gathering"), find, replace);
        var (drill, findings) = compiler.CheckDrill(text, plaza);
        drill.ShouldBeNull();
        findings.ShouldContain(f => f.Code == code && f.At.Line == PlanTexts.Of(text, replace).Line, string.Join("; ", findings.Select(f => $"{f.At} {f.Code}")));
    }

    [Fact]
    public void The_same_inputs_bring_back_the_same_incident_and_the_same_keys_and_no_key_twice()
    {
        var inputs = new List<Input>();
        var keys = new List<string>();
        var engine = Armed();
        var start = new DateTimeOffset(2020, 2, 13, 8, 0, 0, TimeSpan.Zero);
        for (var second = 0; second < 1500; second += 10)
        {
            var at = start.AddSeconds(second);
            Feed(new Reading(at, "p", "people.count", "c", "camera", at, second < 900 ? 25 : 3));
        }
        keys.ShouldNotBeEmpty();
        keys.ShouldBeUnique();
        var again = Armed();
        inputs.SelectMany(i => again.Apply(i).Effects).OfType<Send>().Select(s => s.Key).Order().ShouldBe(keys.Order());
        System.Text.Json.JsonSerializer.Serialize(again.Incidents).ShouldBe(System.Text.Json.JsonSerializer.Serialize(engine.Incidents));

        void Feed(Input input)
        {
            inputs.Add(input);
            foreach (var effect in engine.Apply(input).Effects)
                if (effect is Send send) keys.Add(send.Key);
                else if (effect is Resolve ask) Feed(new Targets(input.At, ask.Incident, ask.Step, ask.Occurrence, ask.Round, ask.Expression, ["a", "b"]));
        }
    }

    [Fact]
    public void Timers_that_were_missed_while_nobody_ran_happen_in_order_at_the_next_input()
    {
        var (steady, late) = (Armed(), Armed());
        var start = new DateTimeOffset(2020, 2, 13, 8, 0, 0, TimeSpan.Zero);
        var reading = new Reading(start, "p", "people.count", "c", "camera", start, 25);
        foreach (var engine in new[] { steady, late })
        {
            engine.Apply(reading);
            for (var i = 1; i < 7; i++) engine.Apply(reading with { At = start.AddSeconds(20 * i), EventTime = start.AddSeconds(20 * i) });
        }
        var one = new List<Happened>();
        for (var second = 121; second <= 1200; second++) one.AddRange(steady.Apply(new Tick(start.AddSeconds(second))).Happened);
        var all = late.Apply(new Tick(start.AddSeconds(1200))).Happened;
        all.ShouldNotBeEmpty();
        all.ShouldBe(one);
    }

    [Fact]
    public void A_drill_of_487_compounds_has_no_failed_expectation()
    {
        var text = Text("plaza-13-february");
        for (var compound = 0; compound < 487; compound++)
        {
            var shifted = text.Replace("plaza-1,", $"plaza-{compound},", StringComparison.Ordinal);
            Run(shifted).Passed.ShouldBeTrue($"compound {compound}");
        }
    }

    private static PlanEngine Armed()
    {
        var engine = new PlanEngine();
        engine.Arm(new BoundPlan(plaza, emergency: true), "p");
        return engine;
    }
}
