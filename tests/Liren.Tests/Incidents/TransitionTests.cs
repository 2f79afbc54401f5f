using System.Text.RegularExpressions;
using Liren.Contracts.Incidents;
using Liren.Contracts.Organisation;
using Liren.Incidents.Domain;
using Liren.Sdk;

namespace Liren.Tests.Incidents;

/// <summary>The table of transitions, tried whole: every state with every act in every capacity.</summary>
public sealed class TransitionTests
{
    private static readonly DateTimeOffset Start = new(2020, 2, 13, 6, 32, 0, TimeSpan.Zero);
    private static readonly Doer Worker = new(Guid.CreateVersion7(), "网格员"), Checker = new(Guid.CreateVersion7(), "核查员"), Officer = new(Guid.CreateVersion7(), "值班员");

    public static TheoryData<IncidentState> States => [.. Enum.GetValues<IncidentState>()];

    [Theory, MemberData(nameof(States))]
    public void What_the_table_does_not_know_is_refused_and_what_it_knows_leads_where_it_says(IncidentState state)
    {
        foreach (var act in Enum.GetValues<Act>())
            foreach (var by in Enum.GetValues<By>())
            {
                var row = Transitions.Table.SingleOrDefault(t => t.From == state && t.Act == act);
                var incident = In(state, notSo: act is Act.Reject or Act.Uphold);
                var before = incident.StepCount;
                if (row is null || (row.By & by) == 0)
                {
                    var broken = Should.Throw<RuleBrokenException>(() => Do(incident, act, by), $"{state} {act} {by}");
                    broken.Status.ShouldBe(row is null ? 409 : 403, $"{state} {act} {by}");
                    incident.State.ShouldBe(state);
                    incident.StepCount.ShouldBe(before, $"{state} {act} {by} left a line");
                }
                else
                {
                    Do(incident, act, by);
                    incident.State.ShouldBe(row.To, $"{state} {act} {by}");
                    incident.Steps[^1].Act.ShouldBe(act);
                    incident.Steps[^1].Why.ShouldNotBeNullOrEmpty();
                }
            }
    }

    [Fact]
    public void The_guide_shows_the_same_table()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "developers", "incidents.md"));
        var shown = Regex.Matches(guide, @"^\| ([A-Z]\w+) \| (\w+) \| (\w+) \| ([\w, ]+) \|$", RegexOptions.Multiline).Select(m => $"{m.Groups[1]} {m.Groups[2]} {m.Groups[3]} {m.Groups[4].Value.Trim()}").Order().ToList();
        var known = Transitions.Table.Select(t => $"{t.From} {t.Act} {t.To} {t.By}").Order().ToList();
        shown.ShouldBe(known);
    }

    [Fact]
    public void Only_a_proof_closes_and_no_clock_ever_does()
    {
        Transitions.Table.Where(t => t.To == IncidentState.Closed && t.From != IncidentState.Closed).ShouldHaveSingleItem().Act.ShouldBe(Act.Close);
        foreach (var verdict in Enum.GetValues<SensorVerdict>())
            for (var people = 0; people <= 3; people++)
            {
                var incident = In(IncidentState.Verifying);
                for (var p = 0; p < people; p++) incident.Confirm(new(Guid.CreateVersion7(), $"{p}"), By.SecondPerson, null, [], null, Start.AddMinutes(9));
                var should = verdict == SensorVerdict.Calm ? people >= 1 : verdict is SensorVerdict.None or SensorVerdict.Blind && people >= 2;
                incident.CloseWhenProved(verdict, () => "hash", Start.AddMinutes(9)).ShouldBe(should, $"{verdict} {people}");
            }
        var waiting = In(IncidentState.Verifying);
        waiting.Overdue("verify", Start.AddDays(30)).ShouldBeTrue();
        waiting.State.ShouldBe(IncidentState.Verifying);
    }

    [Fact]
    public void The_handler_counts_never_as_a_second_person_and_nobody_counts_twice()
    {
        var incident = In(IncidentState.Verifying);
        incident.Confirm(Worker, By.SecondPerson, null, [], null, Start);
        incident.Agreeing.ShouldBe(0);
        incident.Confirm(Checker, By.SecondPerson, null, [], null, Start);
        incident.Confirm(Checker, By.SecondPerson, null, [], null, Start);
        incident.Agreeing.ShouldBe(1);
    }

    [Fact]
    public void Level_one_is_declared_by_a_person_only()
    {
        GatheringPlan.LevelOf(GatheringPlan.Type, 100_000).ShouldBe(Level.II);
        var level = Level.IV;
        for (var i = 0; i < 10; i++) level = GatheringPlan.Raised(level);
        level.ShouldBe(Level.II);
        GatheringPlan.LevelOf(GatheringPlan.Type, 39).ShouldBe(Level.IV);
        GatheringPlan.LevelOf(GatheringPlan.Type, 40).ShouldBe(Level.III);
        GatheringPlan.LevelOf(GatheringPlan.Type, 100).ShouldBe(Level.II);
    }

    internal static Incident In(IncidentState state, bool notSo = false)
    {
        var signal = Observation.Receive(Guid.CreateVersion7(), GatheringPlan.Type, "31.01.a", 21, "counter", true, Start, Quality.Good, DateTimeOffset.MinValue, Start);
        var incident = Incident.Open(Guid.CreateVersion7(), signal.Type, signal.PlacePath, "广场", Level.IV, new Responsibility(null, [], [], TimeSpan.Zero, [], 1), Doer.Machine, null, signal, Start);
        if (state == IncidentState.Open) return NotSo(incident, notSo);
        incident.Ask(Worker.Id!.Value, Worker.Name!, Rung.Nearest, 12, By.Machine, Doer.Machine, null, Start);
        if (state == IncidentState.Dispatched) return NotSo(incident, notSo);
        if (state == IncidentState.Rejected)
        {
            NotSo(incident, true).DecideNotSo(Checker, By.SecondPerson, true, "演出", null, Start);
            return incident;
        }
        incident.Accept(Worker, By.Asked, null, Start);
        if (state == IncidentState.Accepted) return NotSo(incident, notSo);
        incident.Arrive(Worker, By.Assignee, 5, false, null, null, Start);
        if (state == IncidentState.OnScene) return NotSo(incident, notSo);
        incident.Handle(Worker, By.Assignee, "已劝离", [Photo()], null, Start);
        if (state == IncidentState.Verifying) return incident;
        incident.Confirm(Checker, By.SecondPerson, null, [], null, Start);
        incident.CloseWhenProved(SensorVerdict.Calm, () => "hash", Start).ShouldBeTrue();
        return incident;
    }

    private static Incident NotSo(Incident incident, bool said)
    {
        if (said) incident.SayNotSo(Officer, By.Manager, "排练", null, Start);
        return incident;
    }

    private static Photo Photo() => new() { Sha = new string('a', 64), ContentType = "image/png", Size = 1, Name = "x", Act = Act.Handle };

    private static void Do(Incident i, Act act, By by)
    {
        var later = Start.AddSeconds(10);
        switch (act)
        {
            case Act.Offer: i.Ask(Checker.Id!.Value, "b", Rung.Nearest, null, by, Doer.Machine, null, later); break;
            case Act.Reassign: i.Ask(Checker.Id!.Value, "b", Rung.Chosen, null, by, Officer, "近", later); break;
            case Act.Accept: i.Accept(Worker, by, null, later); break;
            case Act.Decline: i.Decline(Worker, by, "生病", null, later); break;
            case Act.Expire: i.Check(Act.Expire, by); i.Expire(later); break;
            case Act.Arrive: i.Arrive(Worker, by, 5, false, null, null, later); break;
            case Act.Handle: i.Handle(Worker, by, "已劝离", [Photo()], null, later); break;
            case Act.HandOver: i.HandOver(Worker, by, "换班", null, later); break;
            case Act.Confirm: i.Confirm(Checker, by, null, [], null, later); break;
            case Act.Refuse: i.Refuse(Checker, by, "仍有人", null, later); break;
            case Act.Contradict: i.Check(Act.Contradict, by); i.Contradict(Observation.Receive(Guid.CreateVersion7(), GatheringPlan.Type, "31.01.a", 30, "counter", true, later, Quality.Good, DateTimeOffset.MinValue, later), later); break;
            case Act.Close:
                i.Check(Act.Close, by);
                i.Confirm(Checker, By.SecondPerson, null, [], null, later);
                i.CloseWhenProved(SensorVerdict.Calm, () => "hash", later);
                break;
            case Act.Reopen: i.Reopen(by, Officer, null, "又来", null, later); break;
            case Act.NotSo: i.SayNotSo(Worker, by, "排练", null, later); break;
            case Act.Reject: i.DecideNotSo(Checker, by, true, "同意", null, later); break;
            case Act.Uphold: i.DecideNotSo(Checker, by, false, "确有", null, later); break;
            case Act.Escalate: i.Grade(Level.III, by, Officer, "incidents.why.level-hand", "扩大", later); break;
            case Act.Comment: i.Remark(Officer, by, "备注", null, later); break;
            default: throw new ArgumentOutOfRangeException(nameof(act), act, null);
        }
    }
}
