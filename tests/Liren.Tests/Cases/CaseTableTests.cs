using Case = Liren.Cases.Domain.Case;
using Liren.Cases.Domain;
using Liren.Contracts.Cases;
using Liren.Contracts.Organisation;
using Liren.Sdk;

namespace Liren.Tests.Cases;

/// <summary>The table of the seven steps, walked whole: every state, every act, every capacity.</summary>
public sealed class CaseTableTests
{
    private static readonly DateTimeOffset Start = new(2020, 2, 13, 6, 0, 0, TimeSpan.Zero);
    private static readonly Doer Centre = new(Guid.CreateVersion7(), "坐席"), Unit = new(Guid.CreateVersion7(), "处置"), Collector = new(Guid.CreateVersion7(), "采集员"), Approver = new(Guid.CreateVersion7(), "领导"), Reporter = new(Guid.CreateVersion7(), "居民");
    private static readonly By[] Capacities = [By.Machine, By.Centre, By.Unit, By.Collector, By.Approver, By.Reporter, By.Reader];

    private static Photo Photo() => new() { Sha = new string('a', 64), ContentType = "image/png" };

    private static Case Fresh() => Case.Report(Guid.CreateVersion7(), "environment.rubbish", true, "31.01.15.016.037.liren.plaza", "中心广场", 121.5, 31.2, "垃圾满溢", CaseSource.Resident, Reporter, null, null, Start);

    /// <summary>A case brought to a state by the acts that lead there.</summary>
    private static Case In(CaseState state)
    {
        var c = Fresh();
        if (state == CaseState.Collected) return c;
        if (state == CaseState.Rejected) { Do(c, Act.Reject, By.Centre); return c; }
        if (state == CaseState.Merged) { Do(c, Act.Merge, By.Centre); return c; }
        foreach (var act in new[] { Act.Register, Act.Assign, Act.Accept })
        {
            if (c.State == state) return c;
            Do(c, act, act == Act.Accept ? By.Unit : By.Centre);
        }
        if (state == CaseState.Handling) return c;
        if (state == CaseState.Suspended)
        {
            Do(c, Act.AskSuspend, By.Unit);
            Do(c, Act.Suspend, By.Approver);
            return c;
        }
        Do(c, Act.FeedBack, By.Unit);
        if (state == CaseState.FedBack) return c;
        Do(c, Act.Confirm, By.Collector);
        if (state == CaseState.Evaluated) Do(c, Act.Evaluate, By.Centre);
        c.State.ShouldBe(state);
        return c;
    }

    private static void Do(Case c, Act act, By by)
    {
        var now = Start.AddHours(1);
        switch (act)
        {
            case Act.Register: c.Register(c.Type, Centre, by, null, now); break;
            case Act.Reject: c.Reject("不属实", Centre, by, null, now); break;
            case Act.Merge: c.Merge(Fresh(), Centre, by, null, now); break;
            case Act.Assign: c.Assign(Guid.CreateVersion7(), "执法队", null, Centre, by, null, now); break;
            case Act.Accept: c.Accept(Unit, by, null, now); break;
            case Act.Return: c.Return("不属于本单位", Unit, by, null, now); break;
            case Act.FeedBack: c.FeedBack("已清运", [Photo()], Unit, by, null, now); break;
            case Act.Confirm: c.Confirm(null, [], Collector, by, null, now); break;
            case Act.Rework: c.SendBack("没清干净", [], Collector, by, null, now); break;
            case Act.AskSuspend: c.AskSuspend("等配件", now.AddDays(10), Unit, by, null, now); break;
            case Act.Suspend: c.Suspend(null, Approver, by, null, now); break;
            case Act.RefuseSuspend: c.RefuseSuspend("可以先处理", Approver, by, null, now); break;
            case Act.Resume: c.Resume(Unit, by, null, now); break;
            case Act.Reopen: c.Reopen("又满了", Reporter, by, null, now); break;
            case Act.Rate: c.Rate(true, 5, null, Reporter, by, null, now); break;
            case Act.Evaluate: c.Evaluate(new(), null, Centre, by, null, now); break;
            case Act.Supervise: c.Supervise("请抓紧", Approver, by, null, now); break;
            case Act.Remark: c.Remark("已电话联系", Centre, by, null, now); break;
        }
    }

    public static TheoryData<string, string, string> Everything()
    {
        var all = new TheoryData<string, string, string>();
        foreach (var state in Enum.GetValues<CaseState>())
            foreach (var act in Enum.GetValues<Act>())
                foreach (var by in Capacities) all.Add(state.ToString(), act.ToString(), by.ToString());
        return all;
    }

    [Theory, MemberData(nameof(Everything))]
    public void Each_state_allows_exactly_the_acts_of_the_table_to_exactly_its_people(string stateName, string actName, string byName)
    {
        var (state, act, by) = (Enum.Parse<CaseState>(stateName), Enum.Parse<Act>(actName), Enum.Parse<By>(byName));
        var c = In(state);
        if (act is Act.Suspend or Act.RefuseSuspend && state == CaseState.Handling) Do(c, Act.AskSuspend, By.Unit);
        var (before, row) = (c.StepCount, Transitions.Find(state, act));
        if (row is null) Should.Throw<RuleBrokenException>(() => Do(c, act, by)).ShouldSatisfyAllConditions(e => e.Status.ShouldBe(409), e => e.Code.ShouldBe("cases.not-now"));
        else if (!row.By.HasFlag(by)) Should.Throw<RuleBrokenException>(() => Do(c, act, by)).ShouldSatisfyAllConditions(e => e.Status.ShouldBe(403), e => e.Code.ShouldBe("cases.not-yours"));
        else
        {
            Do(c, act, by);
            c.State.ShouldBe(row.To);
            c.StepCount.ShouldBe(before + 1);
            return;
        }
        // A refused act leaves no trace.
        c.State.ShouldBe(state);
        c.StepCount.ShouldBe(before);
    }

    [Fact]
    public void The_page_for_developers_shows_the_same_table()
    {
        var open = Enum.GetValues<CaseState>().Where(s => s.IsOpen()).ToList();
        var written = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "developers", "cases.md")).Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Where(c => c.Length == 6 && Enum.TryParse<Act>(c[2], out _))
            .SelectMany(c => (c[1] switch { "every state" => Enum.GetValues<CaseState>(), "every open state" => [.. open], _ => [Enum.Parse<CaseState>(c[1])] })
                .Select(from => $"{from} {c[2]} {(c[3] == "the same" ? from.ToString() : c[3])} {string.Join(",", c[4].Split(", ").Order(StringComparer.Ordinal))}"));
        written.Order(StringComparer.Ordinal).ShouldBe(Transitions.Table.Select(t => $"{t.From} {t.Act} {t.To} {string.Join(",", t.By.ToString().Split(", ").Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_case_is_returned_once()
    {
        var c = In(CaseState.Assigned);
        Do(c, Act.Return, By.Unit);
        c.UnitId.ShouldBeNull();
        Do(c, Act.Assign, By.Centre);
        Should.Throw<RuleBrokenException>(() => Do(c, Act.Return, By.Unit)).Code.ShouldBe("cases.returned-already");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void A_suspension_lasts_at_most_thirty_days(int days, bool allowed)
    {
        var (c, now) = (In(CaseState.Handling), Start.AddHours(1));
        if (allowed) { c.AskSuspend("等配件", now.AddDays(days), Unit, By.Unit, null, now); c.SuspendUntil.ShouldBe(now.AddDays(days)); }
        else Should.Throw<RuleBrokenException>(() => c.AskSuspend("等配件", now.AddDays(days), Unit, By.Unit, null, now)).Field.ShouldBe("until");
    }

    [Fact]
    public void Nothing_is_suspended_that_nobody_asked_for() => Should.Throw<RuleBrokenException>(() => In(CaseState.Handling).Suspend(null, Approver, By.Approver, null, Start)).Code.ShouldBe("cases.suspend-not-asked");

    [Fact]
    public void Feedback_needs_a_note_and_a_photo()
    {
        var c = In(CaseState.Handling);
        Should.Throw<RuleBrokenException>(() => c.FeedBack(" ", [Photo()], Unit, By.Unit, null, Start)).Field.ShouldBe("note");
        Should.Throw<RuleBrokenException>(() => c.FeedBack("已清运", [], Unit, By.Unit, null, Start)).Field.ShouldBe("photos");
    }

    [Fact]
    public void Whoever_handled_it_is_remembered_also_after_it_went_to_another_unit()
    {
        var c = In(CaseState.Handling);
        Do(c, Act.Assign, By.Centre);
        c.HandlerId.ShouldBeNull();
        c.HadAHand(Unit.Id!.Value).ShouldBeTrue();
        c.HadAHand(Collector.Id!.Value).ShouldBeFalse();
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void The_reporter_has_it_reopened_once_within_seven_days(int days, bool allowed)
    {
        var c = In(CaseState.Closed);
        var then = c.ClosedAt!.Value.AddDays(days);
        if (!allowed) { Should.Throw<RuleBrokenException>(() => c.Reopen("没有解决", Reporter, By.Reporter, null, then)).Code.ShouldBe("cases.reopen-over"); return; }
        c.Reopen("没有解决", Reporter, By.Reporter, null, then);
        c.State.ShouldBe(CaseState.Registered);
        c.Assign(Guid.CreateVersion7(), "执法队", null, Centre, By.Centre, null, then);
        c.Accept(Unit, By.Unit, null, then);
        c.FeedBack("再次清运", [Photo()], Unit, By.Unit, null, then);
        c.Confirm(null, [], Collector, By.Collector, null, then);
        Should.Throw<RuleBrokenException>(() => c.Reopen("还是没有解决", Reporter, By.Reporter, null, then)).Code.ShouldBe("cases.reopen-over");
    }

    [Theory]
    [InlineData(true, true, 5, 100)]
    [InlineData(false, true, 5, 70)]
    [InlineData(true, false, 1, 30)]
    [InlineData(true, true, 3, 85)]
    [InlineData(true, true, null, 100)]
    [InlineData(false, true, null, 57)]
    [InlineData(false, false, 1, 0)]
    public void The_score_weighs_in_time_solved_and_satisfied(bool inTime, bool solved, int? stars, int score) => new Weights().ScoreOf(inTime, solved, stars).ShouldBe(score);

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(null)]
    public void Stars_are_one_to_five(int? stars) => Should.Throw<RuleBrokenException>(() => In(CaseState.Closed).Rate(true, stars, null, Reporter, By.Reporter, null, Start)).Field.ShouldBe("stars");

    [Fact]
    public void A_suspension_keeps_what_is_left_of_the_limit()
    {
        var c = In(CaseState.Suspended);
        c.PauseHandling(TimeLimit.Parse("90wm")!.Value);
        c.Deadline.ShouldBe(c.SuspendUntil);
        c.TakeHandleLeft().ShouldBe(TimeLimit.Parse("90wm"));
        c.TakeHandleLeft().ShouldBeNull();
    }
}
