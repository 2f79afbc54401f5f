using FsCheck;
using FsCheck.Fluent;
using Liren.Organisation.Domain;

namespace Liren.Tests.Organisation;

/// <summary>Who is on duty at an instant: midnight, holidays, turns, single changes.</summary>
public sealed class RotaTests
{
    private static readonly DateTimeOffset Long = At(2026, 1, 1, 0);
    private static readonly Guid PostId = Guid.CreateVersion7();
    private readonly Holding zhang = Person(), li = Person();
    private readonly List<Shift> shifts = [];
    private readonly List<ShiftChange> changes = [];
    private readonly Dictionary<DateOnly, DayKind> calendar = [];

    private static DateTimeOffset At(int year, int month, int day, int hour, int minute = 0) => new(year, month, day, hour, minute, 0, TimeSpan.FromHours(8));

    private static Holding Person()
    {
        var org = OrgUnit.Add(Guid.CreateVersion7(), "org", "Org", OrgKind.Street, "31", null, null, Long);
        return Holding.Fill(Guid.CreateVersion7(), Post.Add(PostId, org, PostKinds.Guard, "Gate", "31", true, null, Long), null, "某人", false, Long, null, Long);
    }

    private Rota Rota => new(shifts, changes, [zhang, li], calendar);

    private Shift Plan(Holding? who, int start, int hours, int days = Shift.AllDays, int weeks = 1, OnHolidays holidays = OnHolidays.Same, int day = 2)
    {
        var shift = Shift.Plan(Guid.CreateVersion7(), PostId, "班", days, start * 60, hours * 60, who?.Id, new(2026, 11, day), null, weeks, holidays, Long);
        shifts.Add(shift);
        return shift;
    }

    private Guid? Who(DateTimeOffset at) => Rota.At(at).Select(s => s.HoldingId).SingleOrDefault();

    [Fact]
    public void A_night_shift_goes_on_past_midnight_and_ends_to_the_minute()
    {
        Plan(zhang, 20, 12);
        Plan(li, 8, 12);
        Who(At(2026, 11, 25, 19, 59)).ShouldBe(li.Id);
        Who(At(2026, 11, 25, 20)).ShouldBe(zhang.Id);
        Who(At(2026, 11, 26, 0)).ShouldBe(zhang.Id);
        Who(At(2026, 11, 26, 7, 59)).ShouldBe(zhang.Id);
        Who(At(2026, 11, 26, 8)).ShouldBe(li.Id);
        // 2 November is the first day: nobody came the night before.
        Who(At(2026, 11, 2, 7)).ShouldBeNull();
    }

    [Fact]
    public void Days_of_the_week_are_those_of_Shanghai()
    {
        Plan(zhang, 0, 24, days: 1 << Shift.WeekdayOf(new(2026, 11, 25)));
        Who(new DateTimeOffset(2026, 11, 24, 16, 0, 0, TimeSpan.Zero)).ShouldBe(zhang.Id);
        Who(new DateTimeOffset(2026, 11, 24, 15, 59, 0, TimeSpan.Zero)).ShouldBeNull();
        Who(new DateTimeOffset(2026, 11, 25, 16, 0, 0, TimeSpan.Zero)).ShouldBeNull();
    }

    [Fact]
    public void Two_people_change_places_every_week()
    {
        Plan(zhang, 8, 12, weeks: 2);
        Plan(li, 8, 12, weeks: 2, day: 9);
        Who(At(2026, 11, 8, 12)).ShouldBe(zhang.Id);
        Who(At(2026, 11, 9, 12)).ShouldBe(li.Id);
        Who(At(2026, 11, 16, 12)).ShouldBe(zhang.Id);
        Who(At(2027, 11, 8, 12)).ShouldBe(li.Id);
    }

    [Fact]
    public void Holidays_and_working_weekends_are_kept()
    {
        Plan(zhang, 8, 8, days: 0b001_1111, holidays: OnHolidays.Off);
        Plan(li, 8, 8, holidays: OnHolidays.Only);
        calendar[new(2027, 1, 1)] = DayKind.Holiday;
        calendar[new(2027, 1, 2)] = DayKind.WorkingWeekend;
        Who(At(2026, 12, 31, 9)).ShouldBe(zhang.Id);
        Who(At(2027, 1, 1, 9)).ShouldBe(li.Id);
        Who(At(2027, 1, 2, 9)).ShouldBe(zhang.Id);
        Who(At(2027, 1, 3, 9)).ShouldBeNull();
    }

    [Fact]
    public void A_cover_holds_for_one_day_and_can_be_taken_back()
    {
        var shift = Plan(zhang, 8, 12);
        var cover = ShiftChange.Cover(Guid.CreateVersion7(), Rota.Find(shift.Id, new(2026, 11, 25))!, PostId, li.Id, null, "x", null, Long);
        changes.Add(cover);
        Who(At(2026, 11, 25, 9)).ShouldBe(li.Id);
        Who(At(2026, 11, 26, 9)).ShouldBe(zhang.Id);
        cover.Withdraw(Long);
        Who(At(2026, 11, 25, 9)).ShouldBe(zhang.Id);
    }

    [Fact]
    public void A_swap_changes_nothing_before_the_other_says_yes()
    {
        var (day, night) = (Plan(zhang, 8, 12), Plan(li, 20, 12));
        var swap = ShiftChange.Swap(Guid.CreateVersion7(), Rota.Find(day.Id, new(2026, 11, 25))!, Rota.Find(night.Id, new(2026, 11, 27))!, PostId, null, "x", null, Long);
        changes.Add(swap);
        Who(At(2026, 11, 25, 9)).ShouldBe(zhang.Id);
        swap.Answer(true, Long);
        Who(At(2026, 11, 25, 9)).ShouldBe(li.Id);
        Who(At(2026, 11, 28, 3)).ShouldBe(zhang.Id);
        Should.Throw<Liren.Sdk.RuleBrokenException>(() => swap.Answer(false, Long)).Code.ShouldBe("organisation.change-decided");
    }

    [Fact]
    public void Whoever_is_ill_or_has_left_leaves_the_shift_empty()
    {
        var shift = Plan(zhang, 8, 12);
        changes.Add(ShiftChange.Absence(Guid.CreateVersion7(), Rota.Find(shift.Id, new(2026, 11, 25))!, PostId, "病假", "x", null, Long));
        Who(At(2026, 11, 25, 9)).ShouldBeNull();
        Rota.Empty(At(2026, 11, 25, 0), At(2026, 11, 26, 0), alwaysManned: false).ShouldHaveSingleItem().Date.ShouldBe(new DateOnly(2026, 11, 25));
        zhang.Leave(At(2026, 11, 26, 12));
        Who(At(2026, 11, 26, 11, 59)).ShouldBe(zhang.Id);
        Who(At(2026, 11, 26, 12)).ShouldBeNull();
        Rota.Empty(At(2026, 11, 27, 0), At(2026, 11, 28, 0), alwaysManned: false).Count.ShouldBe(1);
    }

    [Fact]
    public void A_post_that_must_be_manned_has_no_gap_unnoticed()
    {
        Plan(zhang, 8, 12);
        Plan(li, 20, 11);
        Rota.Empty(At(2026, 11, 25, 9), At(2026, 11, 26, 9), alwaysManned: false).ShouldBeEmpty();
        var gap = Rota.Empty(At(2026, 11, 25, 9), At(2026, 11, 26, 9), alwaysManned: true).ShouldHaveSingleItem();
        (gap.IsGap, gap.Start, gap.End).ShouldBe((true, At(2026, 11, 26, 7), At(2026, 11, 26, 8)));
    }

    [Fact]
    public void On_duty_at_an_instant_is_what_the_list_of_shifts_says() => Prop.ForAll(
        Gen.ListOf(from start in Gen.Choose(0, 1439) from length in Gen.Choose(15, 1440) from days in Gen.Choose(1, Shift.AllDays) from weeks in Gen.Choose(1, 4) from day in Gen.Choose(1, 28)
                   select Shift.Plan(Guid.CreateVersion7(), PostId, "x", days, start, length, null, new(2026, 11, day), null, weeks, OnHolidays.Same, Long)).ToArbitrary(), plans =>
    {
        var rota = new Rota([.. plans], [], [], calendar);
        var all = rota.Slots(At(2026, 10, 1, 0), At(2027, 2, 1, 0)).ToList();
        return Enumerable.Range(0, 60).Select(i => At(2026, 11, 20, 0).AddMinutes(i * 397))
            .All(at => rota.At(at).Select(s => (s.ShiftId, s.Date)).Order().SequenceEqual(all.Where(s => s.Start <= at && at < s.End).Select(s => (s.ShiftId, s.Date)).Order()));
    }).Check(Config.QuickThrowOnFailure);
}
