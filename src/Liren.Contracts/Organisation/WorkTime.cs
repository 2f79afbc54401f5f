using System.Globalization;

namespace Liren.Contracts.Organisation;

/// <summary>How a limit is counted (时限口径).</summary>
public enum ClockKind
{
    /// <summary>自然时间: by the clock, day and night.</summary>
    Natural,
    /// <summary>工作时间: only inside working hours.</summary>
    WorkingHours,
    /// <summary>工作日: until the close of business of the n-th working day after the day of the start.</summary>
    WorkingDays,
}

/// <summary>A limit (时限), written like "30m", "2h", "3d", "90wm", "4wh", "5bd".</summary>
/// <param name="Kind">How it is counted.</param>
/// <param name="Amount">Minutes; for <see cref="ClockKind.WorkingDays"/> days. Zero when nothing is left.</param>
public readonly record struct TimeLimit(ClockKind Kind, int Amount)
{
    /// <summary>Longest limit: ten years of minutes, or 3,660 days.</summary>
    private const int MostMinutes = 5_270_400, MostDays = 3_660;

    /// <summary>The limit written so; null when it is none.</summary>
    public static TimeLimit? Parse(string? text)
    {
        var said = text?.Trim() ?? "";
        var digits = said.TakeWhile(char.IsAsciiDigit).Count();
        if (!int.TryParse(said.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        (ClockKind Kind, long Amount)? read = said[digits..] switch
        {
            "m" => (ClockKind.Natural, number),
            "h" => (ClockKind.Natural, number * 60L),
            "d" => (ClockKind.Natural, number * 1440L),
            "wm" => (ClockKind.WorkingHours, number),
            "wh" => (ClockKind.WorkingHours, number * 60L),
            "bd" => (ClockKind.WorkingDays, number),
            _ => null,
        };
        return read is { } limit && limit.Amount <= (limit.Kind == ClockKind.WorkingDays ? MostDays : MostMinutes) ? new(limit.Kind, (int)limit.Amount) : null;
    }

    /// <summary>Shortest way to write it.</summary>
    public override string ToString() => Kind switch
    {
        ClockKind.WorkingDays => $"{Amount}bd",
        ClockKind.WorkingHours => Amount % 60 == 0 ? $"{Amount / 60}wh" : $"{Amount}wm",
        _ => Amount % 1440 == 0 && Amount > 0 ? $"{Amount / 1440}d" : Amount % 60 == 0 ? $"{Amount / 60}h" : $"{Amount}m",
    };
}

/// <summary>Working time of a place (工作时间): week and hours of its jurisdiction, public holidays and working weekends (调休), all as dated data.</summary>
public interface IWorkTime
{
    /// <summary>When a limit that starts at an instant ends, at this place.</summary>
    Task<DateTimeOffset> DueAsync(TimeLimit limit, string place, DateTimeOffset start, CancellationToken cancellation = default);

    /// <summary>What is left of a limit that has run from <paramref name="start"/> to <paramref name="until"/>; never less than nothing.</summary>
    Task<TimeLimit> LeftAsync(TimeLimit limit, string place, DateTimeOffset start, DateTimeOffset until, CancellationToken cancellation = default);
}

/// <summary>Working hours or a day of the calendar changed: whoever has clocks running there counts them again.</summary>
/// <param name="PlacePath">The jurisdiction; "" is everywhere.</param>
/// <param name="Why">What changed, in words: goes into the record of each clock.</param>
/// <param name="At">When.</param>
public sealed record WorkTimeChanged(string PlacePath, string Why, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => PlacePath;
}
