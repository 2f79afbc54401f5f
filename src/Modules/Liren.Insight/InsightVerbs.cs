using System.CommandLine;
using System.Globalization;
using Liren.Contracts.Insight;
using Liren.Insight.Domain;
using Liren.Insight.Folding;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Insight;

/// <summary>Verbs: insight rebuild, insight check.</summary>
internal static class InsightVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        yield return new Command("insight", "Figures: count again, and check") { RebuildVerb(host), CheckVerb(host) };
    }

    private static Command RebuildVerb(CliHost host)
    {
        var measure = new Option<string?>("--measure") { Description = "The source of this measure; every source when left out" };
        var from = new Option<string?>("--from") { Description = "First day counted again, 2026-11-13; as far back as lines are kept when left out" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("rebuild", "Counts figures again beside those in force, compares, and swaps; the server may run") { measure, from, json }, async (parse, services, stop) =>
        {
            var book = services.GetRequiredService<MeasureBook>();
            DateOnly? day = parse.GetValue(from) is not { } text ? null : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : throw new RuleBrokenException("insight.day", "from", 422, text);
            var sources = parse.GetValue(measure) is { } id ? [book.SourceOf(Kept(book, id))] : book.Sources;
            var results = new List<Rebuild.Result>();
            foreach (var source in sources) results.Add(await services.GetRequiredService<Rebuild>().RunAsync(source, day, stop));
            if (parse.GetValue(json)) CliHost.PrintJson(new { sources = results });
            else foreach (var r in results) Console.WriteLine($"{r.Source}  build {r.Build}  {r.Different} rows were different");
            return 0;
        });
    }

    private static Command CheckVerb(CliHost host)
    {
        var day = new Option<string?>("--day") { Description = "2026-11-13; yesterday when left out" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("check", "Recounts one day from the sources; ends with 1 when a figure differs") { day, json }, async (parse, services, stop) =>
        {
            var number = parse.GetValue(day) is not { } text ? LocalTime.DayOf(services.GetRequiredService<TimeProvider>().GetUtcNow()) - 1
                : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read.DayNumber : throw new RuleBrokenException("insight.day", "day", 422, text);
            var (rows, different) = (0, new List<string>());
            foreach (var source in services.GetRequiredService<MeasureBook>().Sources)
            {
                var found = await services.GetRequiredService<Recount>().DayAsync(source, number, stop);
                rows += found.Rows;
                different.AddRange(found.Different.Select(d => d.ToString()));
            }
            if (parse.GetValue(json)) CliHost.PrintJson(new { day = DateOnly.FromDayNumber(number), rows, different });
            else
            {
                foreach (var line in different) Console.WriteLine(line);
                Console.WriteLine($"{DateOnly.FromDayNumber(number):yyyy-MM-dd}: {rows} rows compared, {different.Count} differ");
            }
            return different.Count == 0 ? 0 : 1;
        });
    }

    private static MeasureDef Kept(MeasureBook book, string id) => book.Get(id);
}
