using System.CommandLine;
using System.Globalization;
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
            DateOnly? day = parse.GetValue(from) is { } text ? Read(text, "from") : null;
            var sources = parse.GetValue(measure) is { } id ? [book.SourceOf(book.Get(id))] : book.Sources;
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
        var days = new Option<int>("--days") { Description = "So many days up to that day", DefaultValueFactory = _ => 1 };
        days.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 400) r.AddError("--days must be between 1 and 400"); });
        var json = CliHost.JsonOption();
        return host.Runs(new Command("check", "Recounts days from the sources; ends with 1 when a figure differs") { day, days, json }, async (parse, services, stop) =>
        {
            var last = parse.GetValue(day) is { } text ? Read(text, "day").DayNumber : LocalTime.DayOf(services.GetRequiredService<TimeProvider>().GetUtcNow()) - 1;
            var (rows, different) = (0, new List<string>());
            for (var n = last - parse.GetValue(days) + 1; n <= last; n++)
                foreach (var source in services.GetRequiredService<MeasureBook>().Sources)
                {
                    var found = await services.GetRequiredService<Recount>().DayAsync(source, n, stop);
                    rows += found.Rows;
                    different.AddRange(found.Different.Select(d => $"{DateOnly.FromDayNumber(n):yyyy-MM-dd} {d}"));
                }
            if (parse.GetValue(json)) CliHost.PrintJson(new { day = DateOnly.FromDayNumber(last), days = parse.GetValue(days), rows, different });
            else
            {
                foreach (var line in different) Console.WriteLine(line);
                Console.WriteLine($"{DateOnly.FromDayNumber(last):yyyy-MM-dd}: {rows} rows compared, {different.Count} differ");
            }
            return different.Count == 0 ? 0 : 1;
        });
    }

    private static DateOnly Read(string text, string field) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : throw new RuleBrokenException("insight.day", field, 422, text);
}
