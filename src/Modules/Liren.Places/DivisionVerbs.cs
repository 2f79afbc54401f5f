using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Liren.Places.Features;
using Liren.Sdk.Cli;
using Liren.Sdk.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Places;

/// <summary>import divisions FILE.</summary>
internal static class DivisionVerbs
{
    /// <summary>Refusals shown to a person at the terminal; a program and a report get all.</summary>
    private const int Shown = 50;

    public static Command Import(CliHost host)
    {
        var file = new Argument<string>("file") { Description = "Table of divisions: CSV code,name[,parent] in UTF-8 or GB18030" };
        var dry = new Option<bool>("--dry-run") { Description = "Say what would happen, write nothing" };
        var report = new Option<string?>("--report") { Description = "Write refused rows with their reasons into this CSV file" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("divisions", "National divisions by code. Exit code 0 also when rows were refused: they are named") { file, dry, report, json }, async (parse, services, stop) =>
        {
            var start = Stopwatch.GetTimestamp();
            var (feature, texts) = (services.GetRequiredService<ImportDivisions>(), services.GetRequiredService<Texts>());
            await using Stream opened = File.OpenRead(parse.GetValue(file)!);
            await using var input = opened.CanSeek ? opened : await feature.ReceiveAsync(opened, stop);
            var done = await feature.RunAsync(input, parse.GetValue(dry), new Meter(), stop);
            var refused = done.Refusals.Select(r => ImportDivisions.Say(texts, r));
            if (parse.GetValue(report) is { } path) await ReportAsync(path, refused, stop);
            else if (parse.GetValue(json)) foreach (var row in refused) CliHost.PrintJson(row);
            else
            {
                foreach (var row in refused.Take(Shown)) Console.WriteLine(texts["places.divisions.line", row.Row, row.Column, row.Value, row.Reason]);
                if (done.Refused > Shown) Console.WriteLine(texts["places.divisions.more", done.Refused - Shown]);
            }
            if (parse.GetValue(json))
                CliHost.PrintJson(new { read = done.Read, added = done.Added, changed = done.Changed, unchanged = done.Unchanged, refused = done.Refused, filled = done.Filled, absent = done.Absent, dryRun = done.DryRun, seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 2) });
            else Console.WriteLine(ImportDivisions.Say(texts, done));
            return 0;
        });
    }

    private static async Task ReportAsync(string path, IEnumerable<ImportDivisions.RefusedRow> rows, CancellationToken stop)
    {
        // With a mark, so that a spreadsheet opens it as UTF-8.
        await using var to = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await to.WriteLineAsync("row,column,value,reason");
        foreach (var row in rows)
        {
            stop.ThrowIfCancellationRequested();
            await to.WriteLineAsync($"{row.Row},{row.Column},{Cell(row.Value)},{Cell(row.Reason)}");
        }
    }

    /// <summary>Quoted; what a spreadsheet would run as a formula is shown as text.</summary>
    private static string Cell(string text) => $"\"{(text.Length > 0 && text[0] is '=' or '+' or '-' or '@' ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Says on stderr how far it is: a line that renews itself at a terminal, one line each tenth elsewhere.</summary>
    private sealed class Meter : IProgress<ImportDivisions.Progress>
    {
        private int tenth = -1;

        public void Report(ImportDivisions.Progress value)
        {
            var now = value.Total == 0 ? 10 : (int)(10L * value.Done / value.Total);
            if (!Console.IsErrorRedirected) Console.Error.Write($"\r{value.Done} / {value.Total}{(value.Done == value.Total ? "\n" : "")}");
            else if (now != tenth) Console.Error.WriteLine($"{value.Done} / {value.Total}");
            tenth = now;
        }
    }
}
