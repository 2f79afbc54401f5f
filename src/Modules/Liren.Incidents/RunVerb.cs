using System.CommandLine;
using System.Text;
using System.Text.Json;
using Liren.Incidents.Engine;
using Liren.Plans.Running;
using Liren.Sdk;
using Liren.Sdk.Cli;

namespace Liren.Incidents;

/// <summary>
/// Verb <c>plan run</c>: runs plans on inputs that come line by line, durably, without a server; for a box at the edge (边缘小站) and for integrators.
/// Effects go to standard output and stay open until an input answers them; after a crash the open ones are printed again under the same key.
/// </summary>
internal static class RunVerb
{
    /// <summary>Lines that may be on their way to the disk at once.</summary>
    private const int Window = 4_096;

    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "Plans in YAML", Arity = ArgumentArity.OneOrMore };
        var places = new Option<string[]>("--place") { Description = "Where they are in force; may be repeated", Required = true };
        var sensors = new Option<string[]>("--sensor") { Description = "A sensor that belongs there, as PLACE:METRIC:NAME:KIND; may be repeated" };
        var journal = new Option<FileInfo>("--journal") { Description = "File that survives crashes; made when missing", Required = true };
        var emergency = new Option<bool>("--emergency") { Description = "With the parameters of emergency (战时)" };
        return CliHost.RunsAlone(new Command("run", "Run plans on JSON lines from standard input; effects come as JSON lines") { files, places, sensors, journal, emergency },
            (parse, stop) => RunAsync(parse.GetValue(files)!, parse.GetValue(places)!, parse.GetValue(sensors) ?? [], parse.GetValue(journal)!, parse.GetValue(emergency), stop));
    }

    private static async Task<int> RunAsync(FileInfo[] files, string[] places, string[] sensors, FileInfo journalFile, bool emergency, CancellationToken stop)
    {
        var armed = new Armed([.. files.Select(f => File.ReadAllText(f.FullName))], places, sensors, emergency);
        var arm = armed.Check();
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        var printer = new Printer(output);
        await using var host = new PlanHost(() => PlanJournal.OfFile(journalFile.FullName, armed), arm, printer.Print, e => Console.Error.WriteLine(e.Message), TimeProvider.System);
        printer.Line(new { ready = true });
        await ReadAsync(host, printer, places.ToHashSet(), stop);
        return 0;
    }

    private static async Task ReadAsync(PlanHost host, Printer printer, HashSet<string> places, CancellationToken stop)
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        using var window = new SemaphoreSlim(Window);
        for (long n = 1; await input.ReadLineAsync(stop) is { } line; n++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            Func<DateTimeOffset, Input> make;
            try
            {
                make = PlanJson.ReadLine(line);
                if (make(default) is Reading { Area: var area } && !places.Contains(area) || make(default) is Occurred { Area: var at } && !places.Contains(at)) throw new JsonException("\"area\": no plan is in force there");
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException) { printer.Line(new { refused = n, error = e.Message }); continue; }
            await window.WaitAsync(stop);
            _ = SubmitAsync(n, make);
        }
        for (var i = 0; i < Window; i++) await window.WaitAsync(stop);

        async Task SubmitAsync(long n, Func<DateTimeOffset, Input> make)
        {
            try
            {
                await host.SubmitAsync(make);
                printer.Line(new { stored = n });
            }
            catch (Exception e) when (e is not OutOfMemoryException) { printer.Line(new { refused = n, error = e is RuleBrokenException ? "busy; send it again" : e.Message }); }
            finally { window.Release(); }
        }
    }

    /// <summary>One line at a time.</summary>
    private sealed class Printer(TextWriter output)
    {
        private readonly Lock turn = new();

        public void Line<T>(T value)
        {
            var text = PlanJson.Write(value);
            lock (turn) output.WriteLine(text);
        }

        public void Print(Applied applied)
        {
            foreach (var happened in applied.Outcome.Happened) Line(new { happened });
            foreach (var effect in applied.Outcome.Effects) Line(effect);
        }
    }
}
