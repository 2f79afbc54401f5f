using System.Globalization;

namespace Liren.People.Domain;

/// <summary>Dates as written in rosters: ISO, 2020/2/3, 2020.2.3, 20200203, 2020年2月3日, 二〇二〇年二月三日, a spreadsheet's day number.</summary>
internal static class DateText
{
    /// <summary>No date at all.</summary>
    public const string Shape = "people.date-shape";
    /// <summary>Could be two dates: 02/03/2020, 20-2-3.</summary>
    public const string Ambiguous = "people.date-ambiguous";
    /// <summary>A date of the lunar calendar (农历).</summary>
    public const string Lunar = "people.date-lunar";
    /// <summary>Note: only year and month were written; taken as the first of the month.</summary>
    public const string MonthOnly = "people.date-month-only";

    private static readonly DateOnly SerialZero = new(1899, 12, 30);

    /// <summary>Reads a date; an empty text gives neither value nor problem.</summary>
    public static Reading<DateOnly?> Read(string? text)
    {
        var date = CellText.Fold(text);
        if (date.Length == 0) return default;
        if (date.AsSpan().IndexOfAny("农阴闰腊") >= 0) return Reading<DateOnly?>.Wrong(Lunar);
        date = ChineseNumber.ToDigits(date.Replace("正月", "1月", StringComparison.Ordinal).Replace('元', '1'));
        // A time of day behind the date says nothing here: 2020-02-03 00:00:00, 2020-02-03T00:00:00Z.
        if (date.Length > 10 && date.AsSpan().IndexOfAny(' ', 'T') is var time and > 5 && date.Contains(':', StringComparison.Ordinal)) date = date[..time];
        if (date.AsSpan().IsDigits()) return Digits(date);
        Span<Range> ranges = stackalloc Range[5];
        var cleaned = CellText.WithoutBlanks(date).TrimEnd('日', '号', '.', '-', '/');
        if (cleaned.EndsWith('月')) cleaned = cleaned[..^1];
        var count = cleaned.AsSpan().SplitAny(ranges, "-/.年月\\", StringSplitOptions.RemoveEmptyEntries);
        if (count is < 2 or > 3) return Reading<DateOnly?>.Wrong(Shape);
        Span<int> parts = stackalloc int[3];
        for (var i = 0; i < count; i++)
            if (cleaned[ranges[i]].Length > 4 || !int.TryParse(cleaned.AsSpan(ranges[i]), NumberStyles.None, CultureInfo.InvariantCulture, out parts[i])) return Reading<DateOnly?>.Wrong(Shape);
        var yearFirst = cleaned[ranges[0]].Length == 4;
        if (count == 2) return yearFirst ? Make(parts[0], parts[1], 1) is { Value: { } month } ? new(month, null, MonthOnly) : Reading<DateOnly?>.Wrong(Shape) : Reading<DateOnly?>.Wrong(Ambiguous);
        if (yearFirst) return Make(parts[0], parts[1], parts[2]);
        if (cleaned[ranges[2]].Length == 4) return DayAndMonth(parts[0], parts[1], parts[2]);
        return Reading<DateOnly?>.Wrong(cleaned[ranges[0]].Length <= 2 && cleaned[ranges[2]].Length <= 2 ? Ambiguous : Shape);
    }

    // 20200203, 202002, or the day number of a spreadsheet (25789 is 1970-08-09).
    private static Reading<DateOnly?> Digits(string digits) => digits.Length switch
    {
        8 => Make(Part(digits, 0, 4), Part(digits, 4, 2), Part(digits, 6, 2)),
        // 201806 can only be a month; 200203 may be a day of 2020 as well.
        6 when Make(2000 + Part(digits, 0, 2), Part(digits, 2, 2), Part(digits, 4, 2)).Value is null && Part(digits, 0, 4) is >= 1900 and <= 2100 && Part(digits, 4, 2) is >= 1 and <= 12 => new(new DateOnly(Part(digits, 0, 4), Part(digits, 4, 2), 1), null, MonthOnly),
        6 => Reading<DateOnly?>.Wrong(Ambiguous),
        4 or 5 when Part(digits, 0, digits.Length) is >= 3000 and <= 73050 and var serial => new(SerialZero.AddDays(serial)),
        _ => Reading<DateOnly?>.Wrong(Shape),
    };

    // 13/2/2020 can only be one; 2/3/2020 is the second of March or the third of February.
    private static Reading<DateOnly?> DayAndMonth(int first, int second, int year) =>
        first == second || second > 12 ? Make(year, first, second) : first > 12 ? Make(year, second, first) : Reading<DateOnly?>.Wrong(Ambiguous);

    private static Reading<DateOnly?> Make(int year, int month, int day) =>
        year is >= 1850 and <= 2200 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new(new DateOnly(year, month, day)) : Reading<DateOnly?>.Wrong(Shape);

    private static int Part(string digits, int at, int length) => int.Parse(digits.AsSpan(at, length), NumberStyles.None, CultureInfo.InvariantCulture);
}
