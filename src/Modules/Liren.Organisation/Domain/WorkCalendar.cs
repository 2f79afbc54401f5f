using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.Organisation.Domain;

/// <summary>
/// Counts limits in the working time of one place. Pure: the same data gives the same answer. A day is what the deepest jurisdiction above the place
/// says of it; the hours are those of the deepest jurisdiction that has any, in their latest version of that day.
/// </summary>
internal sealed class WorkCalendar
{
    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);
    private readonly Dictionary<DateOnly, DayKind> days = [];
    private readonly List<(DateOnly From, int Days, IReadOnlyList<(int From, int To)> Parts)> hours = [];

    public WorkCalendar(string place, IEnumerable<CalendarDay> calendar, IEnumerable<WorkHours> patterns)
    {
        foreach (var day in calendar.Where(d => PlacePath.IsWithin(place, d.PlacePath)).OrderBy(d => PlacePath.Depth(d.PlacePath))) days[day.Date] = day.Kind;
        // Above the first day of a deeper jurisdiction's own hours those of the jurisdiction above it hold.
        hours.Add((DateOnly.MinValue, WorkHours.DefaultDays, WorkHours.Parse(WorkHours.DefaultHours)!));
        foreach (var level in patterns.Where(p => PlacePath.IsWithin(place, p.PlacePath)).GroupBy(p => PlacePath.Depth(p.PlacePath)).OrderBy(g => g.Key))
        {
            var first = level.Min(p => p.From);
            hours.RemoveAll(h => h.From >= first);
            hours.AddRange(level.OrderBy(p => p.From).Select(p => (p.From, p.Days, WorkHours.Parse(p.Hours)!)));
        }
    }

    /// <summary>Working hours of a day, as minutes of the day; empty when nobody works.</summary>
    public IReadOnlyList<(int From, int To)> Of(DateOnly day)
    {
        var pattern = hours.FindLast(h => h.From <= day);
        var works = days.GetValueOrDefault(day) switch
        {
            DayKind.Holiday => false,
            DayKind.WorkingWeekend => true,
            _ => (pattern.Days & 1 << Shift.WeekdayOf(day)) != 0,
        };
        return works ? pattern.Parts : [];
    }

    /// <summary>When a limit that starts then ends.</summary>
    public DateTimeOffset Due(TimeLimit limit, DateTimeOffset start)
    {
        if (limit.Kind == ClockKind.Natural || limit.Amount == 0) return start.AddMinutes(limit.Kind == ClockKind.Natural ? limit.Amount : 0);
        return limit.Kind == ClockKind.WorkingDays ? DueInDays(limit.Amount, start) : DueInHours(limit.Amount, start);
    }

    /// <summary>What is left of it after it has run from one instant to another.</summary>
    public TimeLimit Left(TimeLimit limit, DateTimeOffset start, DateTimeOffset until)
    {
        if (until <= start) return limit;
        var spent = limit.Kind switch
        {
            ClockKind.Natural => (until - start).TotalMinutes,
            ClockKind.WorkingHours => Worked(start, until).TotalMinutes,
            _ => ClosedDays(start, until),
        };
        return limit with { Amount = (int)Math.Max(0, Math.Ceiling(limit.Amount - spent)) };
    }

    /// <summary>Working time between two instants.</summary>
    public TimeSpan Worked(DateTimeOffset from, DateTimeOffset to)
    {
        var total = TimeSpan.Zero;
        for (var day = DayOf(from); day <= DayOf(to); day = day.AddDays(1))
            foreach (var (begin, end) in Of(day))
            {
                var (a, b) = (Max(At(day, begin), from), Min(At(day, end), to));
                if (b > a) total += b - a;
            }
        return total;
    }

    private DateTimeOffset DueInHours(int minutes, DateTimeOffset start)
    {
        var left = TimeSpan.FromMinutes(minutes);
        foreach (var day in DaysFrom(DayOf(start)))
            foreach (var (begin, end) in Of(day))
            {
                var (a, b) = (Max(At(day, begin), start), At(day, end));
                if (b <= a) continue;
                if (b - a >= left) return a + left;
                left -= b - a;
            }
        throw new RuleBrokenException("organisation.no-work-time", null, 409);
    }

    private DateTimeOffset DueInDays(int count, DateTimeOffset start)
    {
        foreach (var day in DaysFrom(DayOf(start).AddDays(1)))
            if (Of(day) is { Count: > 0 } parts && --count == 0) return At(day, parts[^1].To);
        throw new RuleBrokenException("organisation.no-work-time", null, 409);
    }

    /// <summary>Working days after the day of the start whose close of business has passed.</summary>
    private int ClosedDays(DateTimeOffset start, DateTimeOffset until)
    {
        var closed = 0;
        for (var day = DayOf(start).AddDays(1); day <= DayOf(until); day = day.AddDays(1))
            if (Of(day) is { Count: > 0 } parts && At(day, parts[^1].To) <= until) closed++;
        return closed;
    }

    // Whoever finds no working time in thirty years has a calendar without any.
    private static IEnumerable<DateOnly> DaysFrom(DateOnly first) => Enumerable.Range(0, 11_000).Select(first.AddDays);
    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Shanghai).DateTime);
    private static DateTimeOffset At(DateOnly day, int minute) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Shanghai).AddMinutes(minute);
    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
