using Liren.Sdk.Text;

namespace Liren.Organisation.Domain;

/// <summary>One shift on one day: when exactly, and who.</summary>
/// <param name="ShiftId">The pattern; empty for a gap at a post that must always be manned.</param>
/// <param name="Date">Day it begins.</param>
/// <param name="Name">Name of the shift.</param>
/// <param name="Start">Begins.</param>
/// <param name="End">Ends.</param>
/// <param name="HoldingId">Who; null when nobody: an empty shift.</param>
/// <param name="Change">The change that decided who, if one did.</param>
internal sealed record DutySlot(Guid ShiftId, DateOnly Date, string Name, DateTimeOffset Start, DateTimeOffset End, Guid? HoldingId, ShiftChange? Change = null)
{
    public bool IsGap => ShiftId == Guid.Empty;
    public bool Covers(DateTimeOffset at) => Start <= at && at < End;
}

/// <summary>Computes who is on duty from patterns, single changes, holidays and who stands in the post. Pure: the same input gives the same answer.</summary>
internal sealed class Rota(IReadOnlyList<Shift> shifts, IReadOnlyList<ShiftChange> changes, IReadOnlyList<Holding> holdings, IReadOnlyDictionary<DateOnly, DayKind> calendar)
{
    private readonly Dictionary<(Guid, DateOnly), ShiftChange> decided = Decide(changes);
    private readonly Dictionary<Guid, Holding> people = holdings.ToDictionary(h => h.Id);

    /// <summary>Shifts that overlap the time, in order of begin.</summary>
    public IEnumerable<DutySlot> Slots(DateTimeOffset from, DateTimeOffset to)
    {
        // A shift lasts a day at most, so whatever reaches into the time began no earlier than the day before.
        var (first, last) = (DayOf(from).AddDays(-1), DayOf(to));
        var found = new List<DutySlot>();
        foreach (var shift in shifts)
            for (var day = shift.From > first ? shift.From : first; day <= last; day = day.AddDays(1))
                if (Find(shift, day) is { } slot && slot.Start < to && slot.End > from) found.Add(slot);
        return found.OrderBy(s => s.Start).ThenBy(s => s.End).ThenBy(s => s.ShiftId);
    }

    /// <summary>The slot of a shift on a day, or null when it does not begin that day.</summary>
    public DutySlot? Find(Guid shiftId, DateOnly day) => shifts.FirstOrDefault(s => s.Id == shiftId) is { } shift ? Find(shift, day) : null;

    /// <summary>Who is on duty at the instant.</summary>
    public IEnumerable<DutySlot> At(DateTimeOffset at) => Slots(at, at.AddTicks(1)).Where(s => s.Covers(at))
        .Select(s => s.HoldingId is { } who && !people[who].IsActive(at) ? s with { HoldingId = null } : s);

    /// <summary>Empty shifts in the time; for a post that must always be manned also the gaps between shifts.</summary>
    public IReadOnlyList<DutySlot> Empty(DateTimeOffset from, DateTimeOffset to, bool alwaysManned)
    {
        var slots = Slots(from, to).ToList();
        if (!alwaysManned) return [.. slots.Where(s => s.HoldingId is null)];
        // Two may stand at once: an empty shift beside a manned one leaves no gap, but is still empty.
        var empty = slots.Where(s => s.HoldingId is null).ToList();
        var at = from;
        foreach (var slot in slots)
        {
            if (slot.Start > at) empty.Add(Gap(at, slot.Start));
            if (slot.End > at) at = slot.End;
        }
        if (at < to) empty.Add(Gap(at, to));
        return [.. empty.OrderBy(s => s.Start)];
    }

    /// <summary>Day of an instant in Shanghai.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(Show.Local(at).DateTime);

    /// <summary>Instant of a minute of a day in Shanghai.</summary>
    public static DateTimeOffset Instant(DateOnly day, int minute)
    {
        var local = day.ToDateTime(TimeOnly.MinValue).AddMinutes(minute);
        return new(local, Show.Zone.GetUtcOffset(local));
    }

    private DutySlot? Find(Shift shift, DateOnly day)
    {
        if (!shift.BeginsOn(day, calendar.GetValueOrDefault(day))) return null;
        var start = Instant(day, shift.Start);
        var change = decided.GetValueOrDefault((shift.Id, day));
        var who = change is null ? shift.HoldingId : change.ShiftId == shift.Id && change.Date == day ? change.ToHolding : change.FromHolding;
        var end = start.AddMinutes(shift.Length);
        // Whoever has left the post, or is not in it yet, stands no shift.
        if (who is { } holding && !(people.TryGetValue(holding, out var person) && person.Since < end && !(person.Until <= start))) who = null;
        return new(shift.Id, day, shift.Name, start, end, who, change);
    }

    private static DutySlot Gap(DateTimeOffset from, DateTimeOffset to) => new(Guid.Empty, DayOf(from), "", from, to, null);

    /// <summary>The last change in force of each shift and day.</summary>
    private static Dictionary<(Guid, DateOnly), ShiftChange> Decide(IEnumerable<ShiftChange> changes)
    {
        var last = new Dictionary<(Guid, DateOnly), ShiftChange>();
        foreach (var change in changes.Where(c => c.State == ChangeState.InForce).OrderBy(c => c.DecidedAt).ThenBy(c => c.Id))
        {
            last[(change.ShiftId, change.Date)] = change;
            if (change is { OtherShiftId: { } other, OtherDate: { } date }) last[(other, date)] = change;
        }
        return last;
    }
}
