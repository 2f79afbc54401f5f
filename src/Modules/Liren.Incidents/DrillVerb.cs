using System.CommandLine;
using Liren.Plans;
using Liren.Plans.Drills;
using Liren.Plans.Model;
using Liren.Plans.Running;
using Liren.Plans.Text;
using Liren.Sdk.Cli;

namespace Liren.Incidents;

/// <summary>Verb <c>plan drill</c>: runs a drill and tells which expectations were met. Needs neither server nor database, and nothing leaves.</summary>
internal static class DrillVerb
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "Drill in YAML" };
        var plan = new Option<FileInfo?>("--plan") { Description = "The plan; found beside the drill when left out" };
        var speed = new Option<double?>("--speed") { Description = "Show it as it runs, so many times faster than life; as fast as it goes when left out" };
        speed.Validators.Add(r => { if (r.GetValueOrDefault<double?>() is { } fast && fast is not (>= 1 and <= 1000)) r.AddError("--speed lies between 1 and 1000."); });
        var language = new Option<string>("--lang") { Description = "Language: zh or en", DefaultValueFactory = _ => "zh" };
        language.AcceptOnlyFromAmong("zh", "en");
        var json = CliHost.JsonOption();
        return CliHost.RunsAlone(new Command("drill", "Run a drill; exit code 1 when an expectation was not met") { file, plan, speed, language, json },
            (parse, stop) => RunAsync(parse.GetValue(file)!, parse.GetValue(plan), parse.GetValue(speed), parse.GetValue(language) == "zh", parse.GetValue(json), stop));
    }

    private static async Task<int> RunAsync(FileInfo file, FileInfo? planFile, double? speed, bool chinese, bool json, CancellationToken stop)
    {
        var text = await File.ReadAllTextAsync(file.FullName, stop);
        var compiler = new PlanCompiler(Vocabulary.Standard);
        var wanted = PlanCompiler.PlanOfDrill(text) ?? throw new CliFailureException(chinese ? $"{file} 不是演练（kind: Drill）" : $"{file} is no drill (kind: Drill)");
        var plan = planFile is not null
            ? compiler.Check(await File.ReadAllTextAsync(planFile.FullName, stop)).Plan ?? throw new CliFailureException(chinese ? $"预案 {planFile} 有错误，先运行 ./liren plan check" : $"The plan {planFile} has errors; run ./liren plan check first")
            : Beside(file, wanted, compiler) ?? throw new CliFailureException(chinese ? $"在 {file.DirectoryName} 没有找到预案 {wanted}；可用 --plan 指定" : $"No plan {wanted} in {file.DirectoryName}; name it with --plan");
        var (drill, findings) = compiler.CheckDrill(text, plan);
        var language = chinese ? "zh" : "en";
        foreach (var finding in findings) await Console.Error.WriteLineAsync($"{file}:{finding.At}: {finding.Message(language)} ({finding.Path})");
        if (drill is null) return 1;
        var clock = TimeSpan.Zero;
        var result = DrillRunner.Run(plan, drill, (at, happened) =>
        {
            if (speed is { } fast && at > clock) { Task.Delay((at - clock) / fast, stop).GetAwaiter().GetResult(); clock = at; }
            if (!json) Console.WriteLine(Line(at, happened));
        });
        Print(result, chinese, json);
        return result.Passed ? 0 : 1;
    }

    private static Plan? Beside(FileInfo file, string wanted, PlanCompiler compiler) =>
        file.Directory!.EnumerateFiles("*.yaml").OrderBy(f => f.Name, StringComparer.Ordinal).Where(f => f.FullName != file.FullName && f.Length <= 262_144)
            .Select(f => compiler.Check(File.ReadAllText(f.FullName)).Plan).FirstOrDefault(p => p is not null && $"{p.Id}@{p.Version}" == wanted);

    private static string Line(TimeSpan at, Happened what) => $"【演练】 {at:hh\\:mm\\:ss\\.f}  {string.Join("  ", new[] { what.What, what.Subject, what.Target, what.Status, what.Detail }.Where(w => !string.IsNullOrEmpty(w)))}";

    private static void Print(DrillResult result, bool chinese, bool json)
    {
        if (json)
        {
            CliHost.PrintJson(new
            {
                drill = result.Drill.Id, plan = $"{result.Drill.PlanId}@{result.Drill.PlanVersion}", status = "exercise", passed = result.Passed,
                expectations = result.Verdicts.Select(v => new { line = v.Expectation.Place.Line, expected = v.Expectation.Text, met = v.Met, atSeconds = v.At?.TotalSeconds }),
                timeline = result.Timeline.Select(t => new { atSeconds = t.At.TotalSeconds, t.What.What, t.What.Subject, t.What.Target, t.What.Status, t.What.Detail }),
            });
            return;
        }
        foreach (var verdict in result.Verdicts)
            Console.WriteLine($"{(verdict.Met ? "✔" : "✘")} {verdict.Expectation.Place.Line}: {verdict.Expectation.Text}{(verdict.At is { } at ? $"  ({at:hh\\:mm\\:ss\\.f})" : "")}");
        var met = result.Verdicts.Count(v => v.Met);
        Console.WriteLine(chinese ? $"{met} 项符合，{result.Verdicts.Count - met} 项不符" : $"{met} met, {result.Verdicts.Count - met} not met");
    }
}
