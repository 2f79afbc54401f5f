namespace Liren.Insight.Pages;

/// <summary>One bar.</summary>
/// <param name="Period">2026-11-13, or 2026-11-13T08.</param>
/// <param name="Value">Its height: a count, for a ratio per cent, for times the median in minutes; null when there is no data.</param>
/// <param name="Said">As people read it.</param>
public sealed record BarPoint(string Period, double? Value, string Said);
