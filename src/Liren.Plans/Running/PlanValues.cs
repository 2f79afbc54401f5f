using System.Globalization;
using Liren.Plans.Language;
using Liren.Plans.Model;

namespace Liren.Plans.Running;

/// <summary>Parameters that a community sets, inside the limits of the plan.</summary>
public static class PlanValues
{
    /// <summary>The first value that cannot stand, and what the plan allows there; null: all can. An unknown name has no limits to tell.</summary>
    public static (string Name, string? Least, string? Most)? Wrong(Plan plan, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, text) in values)
        {
            if (!plan.Parameters.TryGetValue(name, out var parameter)) return (name, null, null);
            if (Number(parameter.Type, text) is not { } value || value < Number(parameter.Type, parameter.Least) || value > Number(parameter.Type, parameter.Most)) return (name, parameter.Least, parameter.Most);
        }
        return null;
    }

    private static double? Number(PlanType type, string text) => type switch
    {
        PlanType.Duration => Quantity.Duration(text)?.TotalSeconds,
        PlanType.Length => Quantity.Length(text),
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
    };
}
