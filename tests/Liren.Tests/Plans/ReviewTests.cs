using Liren.Plans.Reviews;
using Liren.Plans.Running;

namespace Liren.Tests.Plans;

/// <summary>Reviews and shadow runs of a journal.</summary>
public sealed class ReviewTests
{
    private static readonly DateTimeOffset Start = new(2020, 2, 13, 7, 0, 0, TimeSpan.Zero);

    private static PlanEngine Engine(string text)
    {
        var plan = PlanTexts.Check(text).Plan.ShouldNotBeNull();
        var engine = new PlanEngine();
        foreach (var area in new[] { "31.1", "31.2" }) engine.Arm(new BoundPlan(plan, emergency: true), area);
        return engine;
    }

    /// <summary>25 people at one place, 18 at another; the first worker asked is silent, the second accepts, handles, and the plaza is empty.</summary>
    private static List<Input> Story()
    {
        var (engine, inputs, answers) = (Engine(PlanTexts.Plaza), new List<Input>(), new PriorityQueue<Input, DateTimeOffset>());
        for (var at = Start; at < Start.AddMinutes(20); at = at.AddSeconds(10))
        {
            foreach (var (area, value) in new[] { ("31.1", at < Start.AddMinutes(8) ? 25 : 2), ("31.2", 18) }) Take(new Reading(at, area, "people.count", "cam", "camera", at, value));
            while (answers.TryPeek(out _, out var due) && due <= at) Take(answers.Dequeue() with { At = at });
        }
        return inputs;

        void Take(Input input)
        {
            inputs.Add(input);
            foreach (var effect in engine.Apply(input).Effects)
                if (effect is Resolve r) answers.Enqueue(new Targets(input.At, r.Incident, r.Step, r.Occurrence, r.Round, r.Expression, r.Step == "go" ? ["worker-1", "worker-2"] : [r.Step]), input.At);
                else if (effect is Send { Target: "worker-2" } s)
                {
                    answers.Enqueue(new Receipt(input.At, s.Key, "accepted"), input.At.AddSeconds(20));
                    answers.Enqueue(new Act(input.At, s.Incident, "worker-2", "arrive"), input.At.AddMinutes(2));
                    answers.Enqueue(new Act(input.At, s.Incident, "worker-2", "handled", Evidence: ["photo"]), input.At.AddMinutes(4));
                }
        }
    }

    [Fact]
    public void A_review_tells_what_became_of_an_incident_and_who_was_late()
    {
        var incident = Review.Of(Engine(PlanTexts.Plaza), Story()).ShouldHaveSingleItem();
        (incident.Plan, incident.Area).ShouldBe(("plaza-gathering", "31.1"));
        incident.OpenedAt.ShouldBe(Start.AddMinutes(2));
        incident.AcceptedAt.ShouldNotBeNull().ShouldBeInRange(Start.AddMinutes(3), Start.AddMinutes(4));
        incident.HandledAt.ShouldNotBeNull().ShouldBeGreaterThan(incident.AcceptedAt!.Value);
        incident.ClosedAt.ShouldBeNull();
        incident.Late.ShouldContain(h => h.Subject == "go" && h.Target == "worker-1" && h.Status == "expired");
        incident.Late.ShouldNotContain(h => h.Target == "worker-2");
    }

    [Fact]
    public void A_shadow_run_of_the_same_plan_does_what_was_done()
    {
        var story = Story();
        var (was, would) = (Review.Of(Engine(PlanTexts.Plaza), story), Shadow.Run(Engine(PlanTexts.Plaza), Engine(PlanTexts.Plaza), story));
        would.Select(w => (w.Id, w.OpenedAt, w.Worst, w.Sent, w.Late.Count)).ShouldBe(was.Select(w => (w.Id, w.OpenedAt, w.Worst, w.Sent, w.Late.Count)));
        would[0].HandledAt.ShouldBe(was[0].HandledAt);
    }

    [Theory]
    [InlineData("people:   {peace: 80, emergency: 20", "people:   {peace: 80, emergency: 15", new[] { "31.1", "31.2" })]
    [InlineData("people:   {peace: 80, emergency: 20", "people:   {peace: 80, emergency: 30", new string[0])]
    public void A_changed_threshold_shows_what_it_would_have_done(string before, string after, string[] areas)
    {
        Shadow.Run(Engine(PlanTexts.Plaza), Engine(PlanTexts.With(PlanTexts.Plaza, before, after)), Story()).Select(r => r.Area).Order().ShouldBe(areas);
    }

    [Fact]
    public void What_would_come_too_late_is_not_wanted_any_more()
    {
        var engine = Engine(PlanTexts.Plaza);
        var sends = new List<Send>();
        foreach (var input in Story()) sends.AddRange(engine.Apply(input).Effects.OfType<Send>());
        engine.Wants(sends.Single(s => s.Target == "worker-1")).ShouldBeFalse();
        engine.Wants(sends.Single(s => s.Target == "worker-2")).ShouldBeFalse();
        engine.Wants(sends.First(s => s.Kind == "broadcast")).ShouldBeFalse("it ran out, unacknowledged, after five seconds");
        engine.Wants(sends.First(s => s.Kind == "notify")).ShouldBeTrue("nobody has answered it");
    }
}
