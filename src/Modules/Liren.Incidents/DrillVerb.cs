using System.CommandLine;
using System.Diagnostics;
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
        var places = new Option<int>("--places") { Description = "Play it at so many places at once, each with people and devices of its own", DefaultValueFactory = _ => 1 };
        places.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 10_000) r.AddError("--places must be 1-10000"); });
        return CliHost.RunsAlone(new Command("drill", "Run a drill; exit code 1 when an expectation was not met") { file, plan, speed, places, language, json },
            (parse, stop) => RunAsync(parse.GetValue(file)!, parse.GetValue(plan), parse.GetValue(speed), parse.GetValue(places), parse.GetValue(language) == "zh", parse.GetValue(json), stop));
    }

    private static async Task<int> RunAsync(FileInfo file, FileInfo? planFile, double? speed, int places, bool chinese, bool json, CancellationToken stop)
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
        var pace = new Pace(speed);
        var result = DrillRunner.Run(plan, drill, (at, happened) =>
        {
            pace.Wait(at, stop);
            if (!json) Console.WriteLine(Line(at, happened));
        }, places);
        Print(result, places, pace, chinese, json);
        return result.Passed ? 0 : 1;
    }

    /// <summary>Shows a drill at a speed, and remembers how far it fell behind.</summary>
    private sealed class Pace(double? speed)
    {
        private readonly long began = Stopwatch.GetTimestamp();

        public TimeSpan Behind { get; private set; }

        public void Wait(TimeSpan at, CancellationToken stop)
        {
            if (speed is not { } fast) return;
            var early = at / fast - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero) Task.Delay(early, stop).GetAwaiter().GetResult();
            else if (-early > Behind) Behind = -early;
        }
    }

    private static Plan? Beside(FileInfo file, string wanted, PlanCompiler compiler) =>
        file.Directory!.EnumerateFiles("*.yaml").OrderBy(f => f.Name, StringComparer.Ordinal).Where(f => f.FullName != file.FullName && f.Length <= 262_144)
            .Select(f => compiler.Check(File.ReadAllText(f.FullName)).Plan).FirstOrDefault(p => p is not null && $"{p.Id}@{p.Version}" == wanted);

    private static string Line(TimeSpan at, Happened what) => $"【演练】 {at:hh\\:mm\\:ss\\.f}  {string.Join("  ", new[] { what.What, what.Subject, what.Target, what.Status, what.Detail }.Where(w => !string.IsNullOrEmpty(w)))}";

    private static void Print(DrillResult result, int places, Pace pace, bool chinese, bool json)
    {
        if (json && places > 1)
        {
            CliHost.PrintJson(new
            {
                drill = result.Drill.Id, plan = $"{result.Drill.PlanId}@{result.Drill.PlanVersion}", status = "exercise", passed = result.Passed, places, behindMs = Math.Round(pace.Behind.TotalMilliseconds, 1), happened = result.Timeline.Count,
                expectations = result.Verdicts.GroupBy(v => v.Expectation).Select(g => new
                {
                    line = g.Key.Place.Line, expected = g.Key.Text, met = g.Count(v => v.Met), notMet = g.Where(v => !v.Met).Select(v => v.Place), fromSeconds = g.Min(v => v.At?.TotalSeconds), toSeconds = g.Max(v => v.At?.TotalSeconds),
                }),
            });
            return;
        }
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
        // Of many places only what went wrong is of interest.
        foreach (var verdict in result.Verdicts.Where(v => places == 1 || !v.Met))
            Console.WriteLine($"{(verdict.Met ? "✔" : "✘")} {(places == 1 ? "" : $"[{verdict.Place}] ")}{verdict.Expectation.Place.Line}: {verdict.Expectation.Text}{(verdict.At is { } at ? $"  ({at:hh\\:mm\\:ss\\.f})" : "")}");
        var met = result.Verdicts.Count(v => v.Met);
        Console.WriteLine(chinese ? $"{met} 项符合，{result.Verdicts.Count - met} 项不符" : $"{met} met, {result.Verdicts.Count - met} not met");
    }
}
