using Liren.Plans.Language;
using Liren.Plans.Text;

namespace Liren.Tests.Plans;

/// <summary>Plans that are right, and texts that are nothing.</summary>
public sealed class PlanCompilerTests
{
    [Fact]
    public void The_plans_of_the_demo_are_right_and_read_whole()
    {
        var plaza = PlanTexts.Check(PlanTexts.Plaza);
        plaza.Findings.ShouldBeEmpty();
        var plan = plaza.Plan!;
        (plan.Id, plan.Version, plan.EventType).ShouldBe(("plaza-gathering", 3, "crowd.gathering"));
        plan.Parameters["hold"].ShouldBe(new(PlanType.Duration, "10m", "2m", "10s", "30m"));
        plan.Actions.Select(a => a.Id).ShouldBe(["say", "go", "tell", "case", "phone", "more", "cap"]);
        plan.Actions.Single(a => a.Id == "phone").QuietHours!.From.ShouldBe(new(21, 0));
        plan.Escalation!.Ladder.Select(r => r.After.TotalSeconds).ShouldBe([60, 180, 480, 900]);
        plan.Trigger.Source!.StaleAfter.ShouldBe(TimeSpan.FromSeconds(90));
        PlanTexts.Check(PlanTexts.Elder).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("- a\n- b\n", "not-a-map")]
    [InlineData("a: [", "yaml")]
    [InlineData("a: 1\n---\nb: 2\n", "one-document")]
    public void A_text_that_is_no_plan_is_told_as_that(string text, string code) => PlanTexts.Check(text).Findings[0].Code.ShouldBe(code);

    [Fact]
    public void Too_big_and_too_deep_are_refused()
    {
        PlanTexts.Check(new string('a', 300_000)).Findings.Single().Code.ShouldBe("too-big");
        PlanTexts.Check(new string('[', 5000)).Findings[0].Code.ShouldBe("yaml");
        PlanTexts.Check(PlanTexts.With(PlanTexts.Plaza, "age > 10m", new string('(', 5000) + "true")).Findings.ShouldContain(f => f.Code == "too-deep");
    }

    [Fact]
    public void A_bare_m_is_metres_only_where_a_length_is_expected()
    {
        Quantity.Length("1500m").ShouldBe(1500);
        Quantity.Duration("1h30m").ShouldBe(TimeSpan.FromMinutes(90));
        Quantity.Work("1bd4wh").ShouldBe((240, 1));
        Quantity.TypeOf("5x").ShouldBeNull();
        var near = (CallExpr)PlanTexts.Check(PlanTexts.Plaza).Plan!.Actions.Single(a => a.Id == "go").To[0].Tree;
        near.Arguments.Single(a => a.Name == "within").Value.Type.ShouldBe(PlanType.Length);
    }

    [Fact]
    public void Warnings_do_not_stop_a_plan()
    {
        var plan = PlanTexts.Check(PlanTexts.With(PlanTexts.Plaza, "now(people.count) >= 2 * $people", "now(people.count) >= 200000"));
        plan.Ok.ShouldBeTrue();
        plan.Findings.ShouldHaveSingleItem().Code.ShouldBe("range");
        PlanTexts.Check(PlanTexts.With(PlanTexts.Plaza, "  hysteresis: 2m ", "  ")).Findings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Code.ShouldBe("no-hysteresis"), f => f.Severity.ShouldBe(Severity.Warning));
    }

    [Fact]
    public void Whatever_is_cut_out_or_put_in_ends_in_findings_and_never_in_an_exception()
    {
        const string Letters = "aI$(){}[]:,'\"=<>-/.0 \n#&!*|＞";
        var random = new Random(20260213);
        for (var round = 0; round < 3000; round++)
        {
            var at = random.Next(PlanTexts.Plaza.Length);
            var put = string.Concat(random.GetItems(Letters.ToCharArray(), random.Next(8)));
            var text = PlanTexts.Plaza.Remove(at, Math.Min(random.Next(40), PlanTexts.Plaza.Length - at)).Insert(at, put);
            var compiled = PlanTexts.Check(text);
            foreach (var finding in compiled.Findings) finding.Message("zh").ShouldNotBeEmpty(text);
            compiled.Ok.ShouldBe(!compiled.Findings.Any(f => f.Severity == Severity.Error), text);
        }
    }
}
