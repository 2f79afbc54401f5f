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
            var size = Parameter.SizeOf(text);
            if (Parameter.TypeOf(text) != parameter.Type || size < Parameter.SizeOf(parameter.Least) || size > Parameter.SizeOf(parameter.Most)) return (name, parameter.Least, parameter.Most);
        }
        return null;
    }
}
