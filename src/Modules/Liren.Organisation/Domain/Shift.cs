using Liren.Contracts.Organisation;
using Liren.Sdk;

namespace Liren.Organisation.Domain;

/// <summary>What a shift does on public holidays.</summary>
internal enum OnHolidays
{
    /// <summary>照常: holidays make no difference.</summary>
    Same,
    /// <summary>放假: none on a public holiday; on a working weekend (调休) as on a Monday.</summary>
    Off,
    /// <summary>仅节假日: only on public holidays.</summary>
    Only,
}

/// <summary>
/// A shift that repeats (班次): on these days of the week, from this time of the day for so long, also across midnight, by Shanghai time.
/// Kept as a rule, not as rows: who is on duty at an instant is computed from it.
/// </summary>
internal sealed class Shift : Entity
{
    public const int AllDays = 0b111_1111;

    private Shift() { }

    public Guid PostId { get; private init; }
    public string Name { get; private set; } = "";
    /// <summary>Days of the week it begins on; bit 0 is Monday.</summary>
    public int Days { get; private set; }
    /// <summary>Minute of the day it begins.</summary>
    public int Start { get; private set; }
    /// <summary>Length in minutes, up to a whole day.</summary>
    public int Length { get; private set; }
    /// <summary>Who stands it; null is an empty shift (空班).</summary>
    public Guid? HoldingId { get; private set; }
    /// <summary>First day.</summary>
    public DateOnly From { get; private set; }
    /// <summary>Last day; null goes on.</summary>
    public DateOnly? Until { get; private set; }
    /// <summary>Every how many weeks (轮班), counted from the week of <see cref="From"/>.</summary>
    public int EveryWeeks { get; private set; } = 1;
    public OnHolidays Holidays { get; private set; }

    public static Shift Plan(Guid id, Guid postId, string name, int days, int start, int length, Guid? holdingId, DateOnly from, DateOnly? until, int everyWeeks, OnHolidays holidays, DateTimeOffset now)
    {
        var shift = new Shift { Id = id, PostId = postId };
        shift.Set(name, days, start, length, holdingId, from, until, everyWeeks, holidays);
        shift.Raise(new RotaChanged(postId, now));
        return shift;
    }

    public void Change(string name, int days, int start, int length, Guid? holdingId, DateOnly from, DateOnly? until, int everyWeeks, OnHolidays holidays, DateTimeOffset now)
    {
        Set(name, days, start, length, holdingId, from, until, everyWeeks, holidays);
        Raise(new RotaChanged(PostId, now));
    }

    /// <summary>Ends the pattern after a day; what was stays in history.</summary>
    public void End(DateOnly last, DateTimeOffset now)
    {
        Until = last < From ? From.AddDays(-1) : last;
        Raise(new RotaChanged(PostId, now));
    }

    /// <summary>Does it begin on this day?</summary>
    public bool BeginsOn(DateOnly day, DayKind kind)
    {
        if (day < From || day > Until) return false;
        if (EveryWeeks > 1 && (Monday(day).DayNumber - Monday(From).DayNumber) / 7 % EveryWeeks != 0) return false;
        return Holidays switch
        {
            OnHolidays.Only => kind == DayKind.Holiday && OnWeekday(day),
            OnHolidays.Off => kind != DayKind.Holiday && (OnWeekday(day) || (kind == DayKind.WorkingWeekend && (Days & 1) != 0)),
            _ => OnWeekday(day),
        };
    }

    private bool OnWeekday(DateOnly day) => (Days & (1 << WeekdayOf(day))) != 0;

    /// <summary>0 is Monday.</summary>
    public static int WeekdayOf(DateOnly day) => ((int)day.DayOfWeek + 6) % 7;

    public static DateOnly Monday(DateOnly day) => day.AddDays(-WeekdayOf(day));

    private void Set(string name, int days, int start, int length, Guid? holdingId, DateOnly from, DateOnly? until, int everyWeeks, OnHolidays holidays)
    {
        Rule.Require(name.Trim().Length is >= 1 and <= 20, "organisation.shift-name", "name");
        Rule.Require(days is > 0 and <= AllDays, "organisation.shift-days", "days");
        Rule.Require(start is >= 0 and < 1440, "organisation.shift-start", "start");
        Rule.Require(length is >= 15 and <= 1440, "organisation.shift-length", "length");
        Rule.Require(until is null || until >= from, "organisation.shift-until", "until");
        Rule.Require(everyWeeks is >= 1 and <= 8, "organisation.shift-weeks", "everyWeeks");
        Rule.Require(Enum.IsDefined(holidays), "organisation.shift-holidays", "holidays");
        (Name, Days, Start, Length, HoldingId, From, Until, EveryWeeks, Holidays) = (name.Trim(), days, start, length, holdingId, from, until, everyWeeks, holidays);
    }
}

/// <summary>What a day is in the calendar of public holidays.</summary>
internal enum DayKind
{
    /// <summary>As the week says.</summary>
    Ordinary,
    /// <summary>法定节假日.</summary>
    Holiday,
    /// <summary>调休上班的周末.</summary>
    WorkingWeekend,
}

/// <summary>A day that is not as its weekday says, in a jurisdiction and below. Rotas follow the days that hold everywhere.</summary>
internal sealed class CalendarDay
{
    /// <summary>The jurisdiction; "" is everywhere.</summary>
    public string PlacePath { get; init; } = "";
    public DateOnly Date { get; init; }
    public DayKind Kind { get; set; }
    public string Name { get; set; } = "";
}

/// <summary>Kinds of single changes.</summary>
internal enum ChangeKind
{
    /// <summary>代班: another stands it.</summary>
    Cover,
    /// <summary>换班: two exchange their shifts; needs the other's yes.</summary>
    Swap,
    /// <summary>请假、病假: nobody stands it until somebody covers.</summary>
    Absence,
}

/// <summary>Where a change stands.</summary>
internal enum ChangeState
{
    /// <summary>Waits for the other's yes.</summary>
    Asked,
    /// <summary>In force.</summary>
    InForce,
    /// <summary>The other said no.</summary>
    Refused,
    /// <summary>Taken back by who asked, or undone.</summary>
    Withdrawn,
}

/// <summary>A change of one shift on one day (调班).</summary>
internal sealed class ShiftChange : Entity
{
    private ShiftChange() { }

    public Guid PostId { get; private init; }
    public Guid ShiftId { get; private init; }
    /// <summary>The day the shift begins.</summary>
    public DateOnly Date { get; private init; }
    public ChangeKind Kind { get; private init; }
    public Guid? FromHolding { get; private init; }
    public Guid? ToHolding { get; private init; }
    /// <summary>For a swap: the shift given in return.</summary>
    public Guid? OtherShiftId { get; private init; }
    public DateOnly? OtherDate { get; private init; }
    public ChangeState State { get; private set; }
    public string? Reason { get; private init; }
    public string AskedBy { get; private init; } = "";
    public Guid? AskedById { get; private init; }
    public DateTimeOffset At { get; private init; }
    public DateTimeOffset? DecidedAt { get; private set; }

    public static ShiftChange Cover(Guid id, DutySlot slot, Guid postId, Guid to, string? reason, string by, Guid? byId, DateTimeOffset now)
    {
        Rule.Require(to != slot.HoldingId, "organisation.cover-same", "toHolding");
        return New(new() { Id = id, PostId = postId, ShiftId = slot.ShiftId, Date = slot.Date, Kind = ChangeKind.Cover, FromHolding = slot.HoldingId, ToHolding = to, State = ChangeState.InForce, Reason = Clean(reason), AskedBy = by, AskedById = byId, At = now, DecidedAt = now }, now);
    }

    public static ShiftChange Absence(Guid id, DutySlot slot, Guid postId, string? reason, string by, Guid? byId, DateTimeOffset now)
    {
        Rule.State(slot.HoldingId is not null, "organisation.slot-empty");
        return New(new() { Id = id, PostId = postId, ShiftId = slot.ShiftId, Date = slot.Date, Kind = ChangeKind.Absence, FromHolding = slot.HoldingId, State = ChangeState.InForce, Reason = Clean(reason), AskedBy = by, AskedById = byId, At = now, DecidedAt = now }, now);
    }

    public static ShiftChange Swap(Guid id, DutySlot mine, DutySlot theirs, Guid postId, string? reason, string by, Guid? byId, DateTimeOffset now)
    {
        Rule.State(mine.HoldingId is not null && theirs.HoldingId is not null, "organisation.slot-empty");
        Rule.Require(mine.HoldingId != theirs.HoldingId, "organisation.swap-same", "otherShiftId");
        return New(new() { Id = id, PostId = postId, ShiftId = mine.ShiftId, Date = mine.Date, Kind = ChangeKind.Swap, FromHolding = mine.HoldingId, ToHolding = theirs.HoldingId, OtherShiftId = theirs.ShiftId, OtherDate = theirs.Date, State = ChangeState.Asked, Reason = Clean(reason), AskedBy = by, AskedById = byId, At = now }, now);
    }

    /// <summary>The other says yes or no.</summary>
    public void Answer(bool yes, DateTimeOffset now)
    {
        Rule.State(State == ChangeState.Asked, "organisation.change-decided");
        (State, DecidedAt) = (yes ? ChangeState.InForce : ChangeState.Refused, now);
        Raise(new RotaChanged(PostId, now));
    }

    /// <summary>Takes it back: as if it had not been asked.</summary>
    public void Withdraw(DateTimeOffset now)
    {
        Rule.State(State is ChangeState.Asked or ChangeState.InForce, "organisation.change-decided");
        (State, DecidedAt) = (ChangeState.Withdrawn, now);
        Raise(new RotaChanged(PostId, now));
    }

    private static ShiftChange New(ShiftChange change, DateTimeOffset now)
    {
        Rule.Require(change.Reason is null or { Length: <= 100 }, "organisation.reason-long", "reason");
        change.Raise(new RotaChanged(change.PostId, now));
        return change;
    }

    private static string? Clean(string? reason) => string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
}
