using Liren.Plans;
using Liren.Plans.Model;

namespace Liren.Tests.Plans;

/// <summary>The plans of the demo, whole and with one thing changed.</summary>
internal static class PlanTexts
{
    public static readonly string Plaza = Read("plaza-gathering");
    public static readonly string Elder = Read("elder-no-activity");

    public static Compiled Check(string text) => new PlanCompiler(Vocabulary.Standard).Check(text);

    /// <summary>Changes one place, which must be there once.</summary>
    public static string With(string plan, string find, string replace)
    {
        plan.Split(find).Length.ShouldBe(2, $"'{find}' must be in the plan once");
        return plan.Replace(find, replace, StringComparison.Ordinal);
    }

    /// <summary>Line and column, from 1, of the only place of a text.</summary>
    public static (int Line, int Column) Of(string plan, string needle)
    {
        var at = plan.IndexOf(needle, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0, needle);
        plan.IndexOf(needle, at + 1, StringComparison.Ordinal).ShouldBe(-1, $"'{needle}' is there twice");
        return (plan.AsSpan(0, at).Count('\n') + 1, at - plan.LastIndexOf('\n', at));
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Repository.Root, "demo", "plans", name + ".yaml"));
}
