using System.Globalization;
using Liren.Contracts.Insight;
using Liren.Insight.Domain;
using Liren.Sdk.Security;
using Liren.Sdk.Text;

namespace Liren.Insight.Features;

/// <summary>A figure at one time of many.</summary>
/// <param name="Period">2026-11-13, or 2026-11-13T08.</param>
/// <param name="Value">Height of the bar; null when there is no data.</param>
/// <param name="Said">As people read it.</param>
internal sealed record FigurePoint(string Period, double? Value, string Said);

/// <summary>Figures as people read them.</summary>
internal static class Figures
{
    /// <summary>A figure in words: 1,204 · 96.5 % · "no data".</summary>
    public static string Said(this Texts texts, MeasureDef def, FactRow? row) => def.Roll switch
    {
        Roll.Ratio => row is { Value: { } of, Per: > 0 and var per } ? $"{Share(of, per)} %" : texts["insight.no-data"],
        Roll.Histogram => row is { Value: > 0, P50: { } half } ? Minutes(texts, half) : texts["insight.no-data"],
        _ => (row?.Value ?? 0).ToString("N0", CultureInfo.InvariantCulture),
    };

    /// <summary>≤ 15 minutes, ≤ 8 hours, more than 10 days: the end of a bin.</summary>
    public static string Minutes(Texts texts, int minutes) => minutes switch
    {
        int.MaxValue => texts["insight.over-days", Bins.Ends[^1] / 1440],
        >= 2_880 => texts["insight.days-at-most", minutes / 1440],
        >= 120 => texts["insight.hours-at-most", minutes / 60],
        _ => texts["insight.minutes-at-most", minutes],
    };

    public static string Share(long of, long per) => (Math.Round(1000.0 * of / per) / 10).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>What a figure is made of, or what it must be.</summary>
    public static string Detail(this Texts texts, MeasureDef def, FactRow? row) => def switch
    {
        { Must: { } must } => texts[def.IsWrong(row) ? "insight.must-not" : "insight.must", must],
        { Roll: Roll.Ratio } => texts["insight.of", row?.Value ?? 0, row?.Per ?? 0],
        { Roll: Roll.Histogram } => row is { Value: > 0, P90: { } most } ? texts["insight.p90", Minutes(texts, most), row.Value] : texts["insight.none-timed"],
        _ => texts[$"insight.unit.{def.Unit}"],
    };

    /// <summary>It must not be so.</summary>
    public static bool IsWrong(this MeasureDef def, FactRow? row) => def.Must is { } must && (row?.Value ?? 0) != must;

    /// <summary>act: it must not be so; ok: it is as it must be.</summary>
    public static string? Tone(this MeasureDef def, FactRow? row) => def.Must is null ? null : def.IsWrong(row) ? "act" : "ok";

    /// <summary>How high its bar is: a count, for a ratio per cent, for times the median in minutes; null when there is no data.</summary>
    public static double? Height(MeasureDef def, FactRow? row) => def.Roll switch
    {
        Roll.Ratio => row is { Value: { } of, Per: > 0 and var per } ? 100.0 * of / per : null,
        Roll.Histogram => row is { Value: > 0, P50: { } half } ? Math.Min(half, Bins.Ends[^1]) : null,
        _ => row?.Value ?? 0,
    };

    /// <summary>Every hour or day asked for; one without a row is zero for a count and nothing for a share.</summary>
    public static IReadOnlyList<FigurePoint> Points(this Texts texts, FactsAsked asked, FactsAnswer series)
    {
        var found = series.Rows.ToDictionary(r => r.Period);
        var periods = series.By == Period.Hour ? Enumerable.Range(0, 24).Select(h => $"{asked.From:yyyy-MM-dd}T{h:00}")
            : Enumerable.Range(0, asked.To.DayNumber - asked.From.DayNumber + 1).Select(d => asked.From.AddDays(d).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return [.. periods.Select(p => new FigurePoint(p, Height(asked.Measure, found.GetValueOrDefault(p)), texts.Said(asked.Measure, found.GetValueOrDefault(p))))];
    }

    /// <summary>A figure over time in one sentence: its most and its least.</summary>
    public static string Summary(this Texts texts, MeasureDef def, string place, IReadOnlyList<FigurePoint> points)
    {
        var known = points.Where(p => p.Value is not null).ToList();
        if (known.Count == 0 || known.All(p => p.Value == 0)) return texts["insight.summary-none", place, texts[def.Key]];
        var (most, least) = (known.MaxBy(p => p.Value)!, known.MinBy(p => p.Value)!);
        return texts["insight.summary", place, texts[def.Key], most.Period, most.Said, least.Period, least.Said];
    }

    /// <summary>Page with the items behind it, for those who may open it at the place.</summary>
    public static string? BehindFor(this MeasureDef def, Actor actor, string place) => def.Behind is { } behind && actor.May(behind.Permission, place) ? behind.Href : null;
}
