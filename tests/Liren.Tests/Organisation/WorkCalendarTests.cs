using FsCheck;
using FsCheck.Fluent;
using Liren.Contracts.Organisation;
using Liren.Organisation.Domain;

namespace Liren.Tests.Organisation;

/// <summary>Limits in working time.</summary>
public sealed class WorkCalendarTests
{
    private const string District = "31.01.15", Street = "31.01.15.016", Compound = "31.01.15.016.037.liren";

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text + "+08:00", System.Globalization.CultureInfo.InvariantCulture);
    private static CalendarDay Day(string date, DayKind kind, string place = "") => new() { Date = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), Kind = kind, PlacePath = place };
    private static TimeLimit Limit(string text) => TimeLimit.Parse(text)!.Value;

    /// <summary>Spring Festival 2020 as first announced: off 24-30 January, working on Sunday 19 January and Saturday 1 February.</summary>
    private static List<CalendarDay> Announced() =>
        [.. Enumerable.Range(24, 7).Select(d => Day($"2020-01-{d}", DayKind.Holiday)), Day("2020-01-19", DayKind.WorkingWeekend), Day("2020-02-01", DayKind.WorkingWeekend)];

    /// <summary>As extended on 26 and 27 January: off until 2 February.</summary>
    private static List<CalendarDay> Extended() =>
        [.. Enumerable.Range(24, 8).Select(d => Day($"2020-01-{d}", DayKind.Holiday)), Day("2020-02-01", DayKind.Holiday), Day("2020-02-02", DayKind.Holiday), Day("2020-01-19", DayKind.WorkingWeekend)];

    [Fact]
    public void Four_working_hours_from_the_eve_of_the_festival_end_on_31_January() =>
        new WorkCalendar(Compound, Announced(), []).Due(Limit("4wh"), At("2020-01-23T16:30")).ShouldBe(At("2020-01-31T13:30"));

    [Fact]
    public void After_the_holiday_was_extended_they_end_on_3_February() =>
        new WorkCalendar(Compound, Extended(), []).Due(Limit("4wh"), At("2020-01-23T16:30")).ShouldBe(At("2020-02-03T13:30"));

    [Fact]
    public void Five_working_days_end_at_close_of_business_on_7_February() =>
        new WorkCalendar(Compound, Extended(), []).Due(Limit("5bd"), At("2020-01-23T16:30")).ShouldBe(At("2020-02-07T17:00"));

    [Fact]
    public void Natural_time_knows_no_holiday() => new WorkCalendar(Compound, Extended(), []).Due(Limit("2d"), At("2020-01-23T16:30")).ShouldBe(At("2020-01-25T16:30"));

    [Theory]
    [InlineData("2020-02-08T10:00", "2wh", "2020-02-10T11:00")]
    [InlineData("2020-02-10T12:30", "30wm", "2020-02-10T13:30")]
    [InlineData("2020-02-10T09:00", "7wh", "2020-02-10T17:00")]
    [InlineData("2020-02-10T17:00", "1wm", "2020-02-11T09:01")]
    [InlineData("2020-02-08T10:00", "1bd", "2020-02-10T17:00")]
    [InlineData("2020-01-18T10:00", "1bd", "2020-01-19T17:00")]
    public void Limits_run_in_working_time_only(string start, string limit, string due) => new WorkCalendar(Compound, Announced(), []).Due(Limit(limit), At(start)).ShouldBe(At(due));

    [Fact]
    public void The_deepest_jurisdiction_says_what_a_day_is()
    {
        var days = Extended();
        days.Add(Day("2020-02-03", DayKind.Holiday, District));
        days.Add(Day("2020-02-02", DayKind.WorkingWeekend, Street));
        new WorkCalendar(Compound, days, []).Due(Limit("1bd"), At("2020-01-23T16:30")).ShouldBe(At("2020-02-02T17:00"));
        new WorkCalendar("31.01.15.104", days, []).Due(Limit("1bd"), At("2020-01-23T16:30")).ShouldBe(At("2020-02-04T17:00"));
        new WorkCalendar("11", days, []).Due(Limit("1bd"), At("2020-01-23T16:30")).ShouldBe(At("2020-02-03T17:00"));
    }

    [Fact]
    public void Hours_change_on_their_day_and_a_street_has_its_own()
    {
        var (winter, early) = (new DateOnly(2020, 2, 11), DateTimeOffset.UnixEpoch);
        WorkHours[] hours = [WorkHours.Set(Guid.CreateVersion7(), "", winter, 0b001_1111, "8:30-11:30,13:30-17:30", "冬令", early), WorkHours.Set(Guid.CreateVersion7(), Street, new(2020, 2, 1), 0b111_1111, "08:00-20:00", "街道值班", early)];
        new WorkCalendar("31.01.15.104", [], hours).Due(Limit("1bd"), At("2020-02-07T10:00")).ShouldBe(At("2020-02-10T17:00"));
        new WorkCalendar("31.01.15.104", [], hours).Due(Limit("2bd"), At("2020-02-07T10:00")).ShouldBe(At("2020-02-11T17:30"));
        new WorkCalendar(Compound, [], hours).Due(Limit("1bd"), At("2020-02-07T10:00")).ShouldBe(At("2020-02-08T20:00"));
        new WorkCalendar(Compound, [], hours).Of(new(2020, 1, 31)).ShouldBe([(540, 720), (780, 1020)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12:00-09:00")]
    [InlineData("09:00-12:00,11:00-17:00")]
    [InlineData("9-12")]
    [InlineData("25:00-26:00")]
    public void Hours_that_are_none_are_refused(string hours) => Should.Throw<Liren.Sdk.RuleBrokenException>(() => WorkHours.Set(Guid.CreateVersion7(), "", new(2020, 1, 1), 31, hours, "依据", DateTimeOffset.UnixEpoch)).Field.ShouldBe("hours");

    [Theory]
    [InlineData("30m", ClockKind.Natural, 30, "30m")]
    [InlineData("120m", ClockKind.Natural, 120, "2h")]
    [InlineData("3d", ClockKind.Natural, 4320, "3d")]
    [InlineData(" 4wh ", ClockKind.WorkingHours, 240, "4wh")]
    [InlineData("90wm", ClockKind.WorkingHours, 90, "90wm")]
    [InlineData("15bd", ClockKind.WorkingDays, 15, "15bd")]
    public void A_limit_is_read_and_written(string text, ClockKind kind, int amount, string written)
    {
        TimeLimit.Parse(text).ShouldBe(new TimeLimit(kind, amount));
        TimeLimit.Parse(text)!.Value.ToString().ShouldBe(written);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("4")]
    [InlineData("wh")]
    [InlineData("-4wh")]
    [InlineData("4 weeks")]
    [InlineData("4.5wh")]
    [InlineData("99999999999bd")]
    public void What_is_no_limit_is_not_read(string? text) => TimeLimit.Parse(text).ShouldBeNull();

    private static readonly Arbitrary<(int Minute, int Amount, int Kind)> Cases =
        (from minute in Gen.Choose(0, 60 * 24 * 60) from amount in Gen.Choose(1, 1500) from kind in Gen.Choose(0, 2) select (minute, kind == 2 ? amount % 30 + 1 : amount, kind)).ToArbitrary();

    [Fact]
    public void A_due_time_lies_after_its_start_in_working_time_and_a_later_start_is_never_due_earlier() => Prop.ForAll(Cases, c =>
    {
        var (calendar, limit, start) = (new WorkCalendar(Compound, Extended(), []), new TimeLimit((ClockKind)c.Kind, c.Amount), At("2020-01-10T00:00").AddMinutes(c.Minute));
        var due = calendar.Due(limit, start);
        var within = c.Kind == 0 || calendar.Worked(due.AddMinutes(-1), due) == TimeSpan.FromMinutes(1);
        return due > start && within && calendar.Due(limit, start.AddMinutes(7)) >= due;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Working_hours_until_due_are_the_limit_and_nothing_is_left_then() => Prop.ForAll(Cases, c =>
    {
        var (calendar, limit, start) = (new WorkCalendar(Compound, Extended(), []), new TimeLimit((ClockKind)c.Kind, c.Amount), At("2020-01-10T00:00").AddMinutes(c.Minute));
        var due = calendar.Due(limit, start);
        return calendar.Left(limit, start, due).Amount == 0 && calendar.Left(limit, start, start) == limit && (c.Kind != 1 || calendar.Worked(start, due) == TimeSpan.FromMinutes(c.Amount));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Stopping_a_clock_in_working_hours_and_going_on_at_once_changes_nothing() => Prop.ForAll(Cases, c =>
    {
        if (c.Kind == 2) return true;
        var (calendar, limit, start) = (new WorkCalendar(Compound, Extended(), []), new TimeLimit((ClockKind)c.Kind, c.Amount), At("2020-01-10T00:00").AddMinutes(c.Minute));
        var stopped = start.AddMinutes(c.Amount / 2);
        var left = calendar.Left(limit, start, stopped);
        return left.Amount == 0 || calendar.Due(left, stopped) == calendar.Due(limit, start);
    }).QuickCheckThrowOnFailure();
}
