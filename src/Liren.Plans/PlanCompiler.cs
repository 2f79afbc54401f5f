using Liren.Plans.Drills;
using Liren.Plans.Language;
using Liren.Plans.Model;
using Liren.Plans.Text;

namespace Liren.Plans;

/// <summary>What reading a document gave.</summary>
/// <param name="Plan">The plan; null when there are errors.</param>
/// <param name="Findings">Errors and warnings in the order of the text.</param>
public sealed record Compiled(Plan? Plan, IReadOnlyList<Diagnostic> Findings)
{
    /// <summary>True when the plan may be used.</summary>
    public bool Ok => Plan is not null;
}

/// <summary>Reads and checks plans. Pure: no clock, no disk, no network; the same text gives the same findings.</summary>
/// <param name="words">What plans may name.</param>
public sealed class PlanCompiler(Vocabulary words)
{
    /// <summary>Reads and checks a plan.</summary>
    /// <param name="text">YAML, at most 256 KiB.</param>
    public Compiled Check(string text)
    {
        var report = new Report();
        var plan = YamlText.Read(text, report) is { } top ? new PlanReader(top, new Names(words), report).Read() : null;
        return new(report.HasErrors ? null : plan, report.Found);
    }

    /// <summary>Reads and checks a drill of a plan.</summary>
    /// <param name="text">YAML, at most 256 KiB.</param>
    /// <param name="plan">The plan that it names.</param>
    public (Drill? Drill, IReadOnlyList<Diagnostic> Findings) CheckDrill(string text, Plan plan)
    {
        var report = new Report();
        var drill = YamlText.Read(text, report) is { } top ? new DrillReader(top, plan, words, report).Read() : null;
        return (report.HasErrors ? null : drill, report.Found);
    }

    /// <summary>The parts of an expression of a checked plan, for whoever has to find out who is meant.</summary>
    /// <param name="text">As it stands in the plan.</param>
    public static Expr TreeOf(string text) => Parser.Parse(text);

    /// <summary>The plan that a drill names, as <c>id@version</c>; null when the text is no drill.</summary>
    public static string? PlanOfDrill(string text) =>
        YamlText.Read(text, new()) is { } top && top.Find("kind") is ScalarNode { Value: "Drill" } ? ((top.Find("metadata") as MapNode)?.Find("plan") as ScalarNode)?.Value ?? "" : null;
}
