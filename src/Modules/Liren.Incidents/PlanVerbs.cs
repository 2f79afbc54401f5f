using System.CommandLine;
using Liren.Plans;
using Liren.Plans.Model;
using Liren.Plans.Text;
using Liren.Sdk.Cli;

namespace Liren.Incidents;

/// <summary>Verb <c>plan check</c>: reads plans as their author wrote them and tells what is wrong, line by line. Needs neither server nor database.</summary>
internal static class PlanVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        var plan = new Command("plan", "Contingency plans (预案)") { Check(), DrillVerb.Create(), RunVerb.Create(), ReviewVerb.Create() };
        foreach (var verb in PlanForceVerbs.All(host)) plan.Add(verb);
        yield return plan;
    }

    private static Command Check()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "Plans in YAML", Arity = ArgumentArity.OneOrMore };
        var language = new Option<string>("--lang") { Description = "Language of the findings: zh or en", DefaultValueFactory = _ => "zh" };
        language.AcceptOnlyFromAmong("zh", "en");
        var json = CliHost.JsonOption();
        return CliHost.RunsAlone(new Command("check", "Check plans; exit code 1 when one of them has an error") { files, language, json }, async (parse, stop) =>
        {
            var results = new List<(string File, Compiled Compiled)>();
            var compiler = new PlanCompiler(Vocabulary.Standard);
            foreach (var file in parse.GetValue(files)!) results.Add((file.ToString(), compiler.Check(await File.ReadAllTextAsync(file.FullName, stop))));
            Print(results, parse.GetValue(language)!, parse.GetValue(json));
            return results.TrueForAll(r => r.Compiled.Ok) ? 0 : 1;
        });
    }

    private static void Print(List<(string File, Compiled Compiled)> results, string language, bool json)
    {
        if (json)
        {
            CliHost.PrintJson(new
            {
                ok = results.TrueForAll(r => r.Compiled.Ok),
                files = results.Select(r => new
                {
                    file = r.File, ok = r.Compiled.Ok, plan = r.Compiled.Plan is { } plan ? $"{plan.Id}@{plan.Version}" : null,
                    findings = r.Compiled.Findings.Select(f => new { f.Code, f.Severity, f.At.Line, f.At.Column, f.Path, message = f.Message(language), f.Suggestion }),
                }),
            });
            return;
        }
        foreach (var (file, compiled) in results)
        {
            foreach (var finding in compiled.Findings)
                Console.WriteLine($"{file}:{finding.At}: {Word(finding.Severity, language)}: {finding.Message(language)} ({finding.Path})");
            if (compiled.Plan is { } plan) Console.WriteLine($"{file}: {plan.Id}@{plan.Version} {(language == "zh" ? "可用" : "is fit for use")}");
        }
    }

    private static string Word(Severity severity, string language) => (severity, language) switch
    {
        (Severity.Error, "zh") => "错误",
        (Severity.Error, _) => "error",
        (_, "zh") => "提醒",
        _ => "warning",
    };
}
