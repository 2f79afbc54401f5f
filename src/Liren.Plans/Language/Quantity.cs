using System.Globalization;

namespace Liren.Plans.Language;

/// <summary>Reads numbers with units. A bare <c>m</c> is metres where a length is expected and minutes elsewhere.</summary>
public static class Quantity
{
    private static readonly (string Unit, double Seconds)[] natural = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    /// <summary>Units of time, length and work.</summary>
    public static readonly IReadOnlyList<string> Units = ["ms", "s", "m", "h", "d", "wm", "wh", "bd", "km"];

    /// <summary>A time by the clock (自然时间).</summary>
    public static TimeSpan? Duration(string text)
    {
        var total = 0.0;
        foreach (var (number, unit) in Parts(text))
        {
            if (Array.Find(natural, n => n.Unit == unit) is not { Unit: not null } found) return null;
            total += number * found.Seconds;
        }
        return text.Length > 0 && total is >= 0 and < 3_155_760_000 ? TimeSpan.FromSeconds(total) : null;
    }

    /// <summary>A length in metres.</summary>
    public static double? Length(string text) => Parts(text) is [var (number, unit)] ? unit switch { "m" => number, "km" => number * 1000, _ => null } : null;

    /// <summary>A working time (工作时间): minutes inside working hours, and whole working days.</summary>
    public static (int Minutes, int Days)? Work(string text)
    {
        double minutes = 0, days = 0;
        foreach (var (number, unit) in Parts(text))
            switch (unit)
            {
                case "wm": minutes += number; break;
                case "wh": minutes += number * 60; break;
                case "bd": days += number; break;
                default: return null;
            }
        // Half a working day has no agreed end.
        return text.Length > 0 && days == Math.Floor(days) && minutes is >= 0 and < 1_000_000 && days < 10_000 ? ((int)Math.Round(minutes), (int)days) : null;
    }

    /// <summary>The type of a quantity by its units alone; a bare <c>m</c> counts as minutes. Null: no such unit, or units that do not go together.</summary>
    public static PlanType? TypeOf(string text) =>
        Duration(text) is not null ? PlanType.Duration : Work(text) is not null ? PlanType.WorkTime : Length(text) is not null ? PlanType.Length : null;

    /// <summary>Numbers and units; an unreadable text gives one part without a unit.</summary>
    public static IReadOnlyList<(double Number, string Unit)> Parts(string text)
    {
        var parts = new List<(double, string)>();
        for (var i = 0; i < text.Length;)
        {
            var begin = i;
            while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.')) i++;
            var unit = i;
            while (i < text.Length && !char.IsAsciiDigit(text[i])) i++;
            if (!double.TryParse(text.AsSpan(begin, unit - begin), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return [(0, "")];
            parts.Add((number, text[unit..i]));
        }
        return parts;
    }
}
