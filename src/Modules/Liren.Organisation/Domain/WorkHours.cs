using System.Globalization;
using Liren.Contracts.Organisation;
using Liren.Sdk;

namespace Liren.Organisation.Domain;

/// <summary>Working hours of a jurisdiction (工作时间) from a day on: which weekdays, and from when until when.</summary>
internal sealed class WorkHours : Entity
{
    /// <summary>What counts where nothing else is written: Monday to Friday, 9-12 and 13-17.</summary>
    public const string DefaultHours = "09:00-12:00,13:00-17:00";
    public const int DefaultDays = 0b001_1111;

    private WorkHours() { }

    /// <summary>The jurisdiction: a street or above; "" is everywhere.</summary>
    public required string PlacePath { get; init; }
    /// <summary>First day it holds.</summary>
    public DateOnly From { get; init; }
    /// <summary>Weekdays, Monday is bit 0.</summary>
    public int Days { get; private set; }
    /// <summary>Hours of a working day, Shanghai time: "09:00-12:00,13:00-17:00".</summary>
    public string Hours { get; private set; } = DefaultHours;
    /// <summary>On what grounds.</summary>
    public string Reason { get; private set; } = "";

    public static WorkHours Set(Guid id, string place, DateOnly from, int days, string hours, string reason, DateTimeOffset now)
    {
        var made = new WorkHours { Id = id, PlacePath = place, From = from };
        made.Change(days, hours, reason, now);
        return made;
    }

    public void Change(int days, string hours, string reason, DateTimeOffset now)
    {
        Rule.Require(days is > 0 and <= 0b111_1111, "organisation.work-days", "days");
        var parts = Parse(hours);
        Rule.Require(parts is not null, "organisation.work-hours", "hours");
        Rule.Require(reason.Trim().Length is >= 2 and <= 100, "organisation.work-reason", "reason");
        (Days, Hours, Reason) = (days, Write(parts!), reason.Trim());
        Raise(new WorkTimeChanged(PlacePath, Reason, now));
    }

    /// <summary>The hours as minutes of the day, in order; null when they are not written so or overlap.</summary>
    public static IReadOnlyList<(int From, int To)>? Parse(string hours)
    {
        var parts = new List<(int From, int To)>();
        foreach (var part in hours.Split([',', '，', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split(['-', '–', '~']) is not [var a, var b] || Minute(a) is not { } from || Minute(b) is not { } to || from >= to || (parts.Count > 0 && from < parts[^1].To)) return null;
            parts.Add((from, to));
        }
        return parts.Count is > 0 and <= 4 ? parts : null;
    }

    private static string Write(IEnumerable<(int From, int To)> parts) => string.Join(',', parts.Select(p => $"{p.From / 60:00}:{p.From % 60:00}-{p.To / 60:00}:{p.To % 60:00}"));

    private static int? Minute(string text) => text.Trim() is "24:00" ? 1440 : TimeOnly.TryParseExact(text.Trim(), ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at.Hour * 60 + at.Minute : null;
}
