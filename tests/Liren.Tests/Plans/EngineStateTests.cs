using FsCheck;
using FsCheck.Fluent;
using Liren.Incidents.Engine;
using Liren.Plans.Running;

namespace Liren.Tests.Plans;

/// <summary>An engine that is put away and taken out again goes on exactly as one that was left alone.</summary>
public sealed class EngineStateTests
{
    private static readonly string[] areas = ["a.plaza", "b.plaza"];
    private static readonly string[] people = ["worker-1", "worker-2", "worker-3", "checker-1"];
    private static readonly string text = File.ReadAllText(Path.Combine(Repository.Root, "demo", "plans", "plaza-gathering.yaml"));

    [Fact]
    public void Put_away_and_taken_out_at_any_moment_it_says_the_same() =>
        Prop.ForAll(Gen.Choose(1, int.MaxValue - 1).ToArbitrary(), seed => Same(new Random(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(int.Parse(Environment.GetEnvironmentVariable("LIREN_STATES") ?? "60")));

    [Theory]
    [InlineData(1979882984)]
    [InlineData(662126367)]
    [InlineData(1302103237)]
    public void What_once_differed_stays_the_same(int seed) => Same(new Random(seed));

    private static void Same(Random random)
    {
        var (left, put) = (new PlanEngine(), new PlanEngine());
        var at = new DateTimeOffset(2020, 2, 13, 8, 0, 0, TimeSpan.Zero);
        var open = new List<Effect>();
        var incidents = new List<Guid>();
        for (var i = 0; i < 250; i++)
        {
            at += TimeSpan.FromMilliseconds(random.Next(1, 40_000));
            var input = i == 0 ? new PutInForce(at, text, areas, true) : Next(random, at, open, incidents);
            var (a, b) = (left.Apply(input), put.Apply(input));
            PlanJson.Write(b).ShouldBe(PlanJson.Write(a), $"{i}: {PlanJson.Write(input)}");
            put.NextDue.ShouldBe(left.NextDue, $"{i}: {PlanJson.Write(input)}");
            open.AddRange(a.Effects);
            incidents.AddRange(a.Happened.Where(h => h.What == "opened").Select(h => h.Incident));
            if (random.Next(4) > 0) continue;
            var state = PlanJson.Write(put.Save());
            put = new PlanEngine();
            put.Restore(PlanJson.Read<EngineState>(state));
            PlanJson.Write(put.Save()).ShouldBe(state);
        }
    }

    private static Input Next(Random random, DateTimeOffset at, List<Effect> open, List<Guid> incidents)
    {
        var area = areas[random.Next(areas.Length)];
        var person = people[random.Next(people.Length)];
        switch (random.Next(12))
        {
            case 0: return new Tick(at);
            case 1 when open.OfType<Resolve>().ToList() is { Count: > 0 } asks: var ask = asks[random.Next(asks.Count)]; return new Targets(at, ask.Incident, ask.Step, ask.Occurrence, ask.Round, ask.Expression, [.. people.Take(random.Next(5))]);
            case 2 or 3 when open.OfType<Send>().ToList() is { Count: > 0 } sends:
                return new Receipt(at, sends[random.Next(sends.Count)].Key, new[] { "accepted", "declined", "acked", "failed", "delivered" }[random.Next(5)], null, random.Next(2) == 0 ? null : at - TimeSpan.FromSeconds(random.Next(90)));
            case 4 or 5 when incidents.Count > 0:
                return new Act(at, incidents[random.Next(incidents.Count)], person, new[] { "arrive", "handled", "withdraw", "verify", "dispute", "level", "ask", "take", "reject", "reopen", "report" }[random.Next(11)],
                    new[] { "II", "worker-3", "calm" }[random.Next(3)], ["photo", "geotag-within-20m"]);
            case 6 when random.Next(10) == 0: return new PutInForce(at, random.Next(2) == 0 ? text : text.Replace("version: 3", "version: 4"), [area], random.Next(2) == 0);
            case 7 when random.Next(20) == 0: return new TakenOut(at, "plaza-gathering", [area]);
            default: return new Reading(at, area, "people.count", "cam-" + random.Next(2), "camera", at - TimeSpan.FromSeconds(random.Next(5)), random.Next(10) == 0 ? null : random.Next(4) == 0 ? random.Next(10) : random.Next(20, 110));
        }
    }
}
