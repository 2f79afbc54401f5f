using System.Diagnostics;
using Liren.Shared;

namespace Liren.Bench.Passes;

/// <summary>From a roster of 50,000 people to passes issued and sheets printed, by the two verbs an operator would use; the import before them is not counted.</summary>
internal sealed class SheetsBench : IBench
{
    public string Name => "sheets";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var rows = run.Quick ? 1_500 : 50_001;
        var (whole, issue, print) = (new List<double>(), new List<double>(), new List<double>());
        long bytes = 0;
        for (var round = 0; round < Math.Min(3, run.Rounds); round++)
        {
            BenchRun.Say($"passes of {rows} residents, round {round + 1}");
            var data = Directory.CreateTempSubdirectory("liren-bench-").FullName;
            try
            {
                await Roster.CompoundAsync(data);
                var file = Path.Combine(data, "roster.csv");
                Roster.Write(file, rows);
                await LirenProcess.JsonAsync(data, "import", "residents", file, "--compound", Roster.Compound);
                var start = Stopwatch.GetTimestamp();
                var issued = await LirenProcess.JsonAsync(data, "pass", "issue", "--place", Roster.Compound);
                var between = Stopwatch.GetTimestamp();
                var printed = await LirenProcess.JsonAsync(data, "pass", "print", "--place", Roster.Compound, "--out", Path.Combine(data, "sheets.pdf"));
                if (issued.GetProperty("issued").GetInt32() != rows || printed.GetProperty("printed").GetInt32() != rows) throw new InvalidOperationException($"{rows} should be issued and printed: {issued} {printed}");
                issue.Add(Stopwatch.GetElapsedTime(start, between).TotalSeconds);
                print.Add(Stopwatch.GetElapsedTime(between).TotalSeconds);
                whole.Add(issue[^1] + print[^1]);
                bytes = printed.GetProperty("bytes").GetInt64();
            }
            finally { Directory.Delete(data, recursive: true); }
        }
        run.Report.Figure("seconds_50k", whole.Median());
        run.Report.Figure("issue_s", issue.Median());
        run.Report.Figure("print_s", print.Median());
        run.Report.Figure("pages", (rows + 9) / 10);
        run.Report.Figure("mb", bytes / 1e6);
    }
}
