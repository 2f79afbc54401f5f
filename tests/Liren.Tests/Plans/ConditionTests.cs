using Liren.Plans.Running;
using Liren.Plans.Windows;

namespace Liren.Tests.Plans;

/// <summary>Conditions of plans, asked of a world that is told what it knows.</summary>
public sealed class ConditionTests
{
    private readonly World world = new();

    [Theory]
    [InlineData("now(people.count) >= 2 * $people", 40, Truth.True)]
    [InlineData("now(people.count) >= 2 * $people", 39, Truth.False)]
    [InlineData("now(people.count) >= 2 * $people", null, Truth.Unknown)]
    [InlineData("not (now(people.count) > 5)", null, Truth.Unknown)]
    [InlineData("now(people.count) > 5 or true", null, Truth.True)]
    [InlineData("now(people.count) > 5 and false", null, Truth.False)]
    [InlineData("now(people.count) > 5 or age > 10m", null, Truth.True)]
    [InlineData("now(people.count) * 0 == 0", null, Truth.True)]
    [InlineData("now(people.count) / 2 - 1 == 9", 20, Truth.True)]
    [InlineData("10 / now(people.count) > 1", 0, Truth.Unknown)]
    [InlineData("now(people.count) != 20", 20, Truth.False)]
    [InlineData("level atLeast III", 1, Truth.True)]
    [InlineData("level atLeast II", 1, Truth.False)]
    [InlineData("level atMost III", 1, Truth.True)]
    [InlineData("level == III", 1, Truth.True)]
    [InlineData("reason == false-positive", 1, Truth.Unknown)]
    [InlineData("state in [open, dispatched]", 1, Truth.True)]
    [InlineData("state != open", 1, Truth.False)]
    [InlineData("sla.breached == false", 1, Truth.True)]
    [InlineData("go.accepted and not dispatch.arrived", 1, Truth.True)]
    [InlineData("event(fall.detected, confidence >= 0.8)", 1, Truth.True)]
    [InlineData("event(fall.detected, confidence >= 0.95)", 1, Truth.False)]
    [InlineData("event(fire.smoke)", 1, Truth.False)]
    [InlineData("report(injured)", 1, Truth.True)]
    [InlineData("absent(reply, to=daily-call, for=2 attempts over 3h)", 1, Truth.True)]
    [InlineData("age > 12m", 1, Truth.False)]
    public void A_condition_says_what_the_world_knows(string text, int? count, Truth wanted)
    {
        world.Count = count;
        Condition(text).Verdict(world).ShouldBe(wanted);
    }

    [Fact]
    public void A_window_is_asked_with_the_parameters_of_the_mode()
    {
        var condition = Condition("min(people.count, over=$hold, from=[camera]) >= $people or age > 10m or age > $hold");
        condition.Windows.ShouldHaveSingleItem().ShouldSatisfyAllConditions(w => w.Over.ShouldBe(TimeSpan.FromMinutes(2)), w => w.From.ShouldBe(["camera"]));
        condition.Ages.ShouldBe([TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(2)]);
        world.Seen = new(double.NegativeInfinity, 19);
        world.Age = 60;
        condition.Verdict(world).ShouldBe(Truth.False);
        world.Seen = new(20, 20);
        condition.Verdict(world).ShouldBe(Truth.True);
    }

    private static RunnableCondition Condition(string text)
    {
        var plan = PlanTexts.Check(PlanTexts.With(PlanTexts.Plaza, "now(people.count) >= 2 * $people or age > 10m", text));
        plan.Plan.ShouldNotBeNull(string.Join("; ", plan.Findings.Select(f => f.Message("en"))));
        return RunnableCondition.Of(plan.Plan.Levels.III!, plan.Plan.Parameters.ToDictionary(p => p.Key, p => new BoundParameter(p.Value.Type, p.Value.Emergency)));
    }

    private sealed class World : IFacts
    {
        public int? Count { get; set; }
        public Interval Seen { get; set; } = Interval.Any;
        public double Age { get; set; } = 700;
        public int Level => 3;
        public Interval Window(string function, string metric, TimeSpan over, IReadOnlyList<string> from) => Seen;
        public Interval Now(string metric) => Count is { } count ? Interval.Of(count) : Interval.Any;
        public Truth Event(string type, Func<IReadOnlyDictionary<string, double>, Truth>? predicate) => type != "fall.detected" ? Truth.False : predicate?.Invoke(new Dictionary<string, double> { ["confidence"] = 0.9 }) ?? Truth.True;
        public Truth Report(string code) => Truths.Of(code == "injured");
        public Truth Absent(string thing, string to, TimeSpan over, int attempts) => Truths.Of(to == "daily-call" && attempts == 2 && over == TimeSpan.FromHours(3));
        public Truth Flag(string name) => Truths.Of(name == "go.accepted");
        public Interval Measure(string name) => name == "age" ? Interval.Of(Age) : Interval.Any;
        public string? Symbol(string name) => name == "state" ? "open" : null;
    }
}
