using System.CommandLine;
using Liren.Cases.Data;
using Liren.Cases.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Cases;

/// <summary>Verbs: case list, show, limits check, limits import.</summary>
internal static class CasesVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        yield return new Command("case", "Grid cases: the seven steps and their limits") { List(host), Show(host), new Command("limits", "Limits per jurisdiction and type") { Check(host), Import(host) } };
    }

    private static Command List(CliHost host)
    {
        var filter = new Option<string?>("--filter") { Description = "open, overdue, check, suspension, a state or a type" };
        var place = new Option<string?>("--place") { Description = "At or below this place" };
        var text = new Option<string?>("--search") { Description = "Number, place, unit or words" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("list", "Cases and where they stand") { filter, place, text, json }, async (parse, services, stop) =>
        {
            var rows = await services.GetRequiredService<ListCases>().RunAsync(new(parse.GetValue(text), Place: parse.GetValue(place), Filter: parse.GetValue(filter)) { All = true }, stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { cases = rows.Items });
            else foreach (var c in rows.Items) Console.WriteLine($"{c.Code}  {c.State,-10}  {c.Deadline?.ToOffset(TimeSpan.FromHours(8)).ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) ?? "-",-11}  {(c.Late ? "late" : "    ")}  {c.TypeName}  {c.PlaceName}  {c.UnitName}");
            return 0;
        });
    }

    private static Command Show(CliHost host)
    {
        var code = new Argument<string>("code") { Description = "The case's number" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("show", "One case with its record") { code, json }, async (parse, services, stop) =>
        {
            var asked = parse.GetValue(code)!.ToUpperInvariant();
            var found = Rule.Found(await services.GetRequiredService<CasesDb>().Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Code == asked, stop), "cases.not-found");
            var c = await services.GetRequiredService<ShowCase>().RunAsync(found.Id, stop);
            if (parse.GetValue(json)) { CliHost.PrintJson(c); return 0; }
            Console.WriteLine($"{c.Row.Code}  {c.Row.TypeName}  {c.Row.PlaceName}\n{c.Row.State}  {c.Row.UnitName}  {(c.Row.Deadline is { } due ? $"{c.Row.Clock} {c.ClockLimit} until {due.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd HH:mm}" : "")}\n{c.Description}");
            foreach (var step in c.Steps) Console.WriteLine($"{step.At.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd HH:mm}  {step.Why}  {step.Who}  {step.Note}");
            return 0;
        });
    }

    private static Command Check(CliHost host)
    {
        var place = new Option<string?>("--place") { Description = "Limits as they hold at this place; everywhere when left out" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("check", "The limits in force for every type, and holes in them; ends with 1 when there is a hole") { place, json }, async (parse, services, stop) =>
        {
            var check = await services.GetRequiredService<CheckLimits>().RunAsync(parse.GetValue(place) ?? "", stop);
            if (parse.GetValue(json)) CliHost.PrintJson(check);
            else
            {
                foreach (var row in check.Rows) Console.WriteLine($"{row.Type,-24}  {string.Join("  ", row.Limits.Select(l => $"{l ?? "MISSING",-8}"))}  {(row.Public ? "public" : "")}  {row.TypeName}");
                foreach (var unused in check.Unused) Console.WriteLine($"{unused,-24}  has a rule but is no case here");
            }
            return check.Holes == 0 ? 0 : 1;
        });
    }

    private static Command Import(CliHost host)
    {
        var file = new Argument<FileInfo>("file") { Description = "CSV (place,type,from,until,register,assign,handle,verify,basis) or a YAML list with the same names" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("import", "Set limits from a table, whole or not at all; the same table twice changes nothing") { file, json }, async (parse, services, stop) =>
        {
            var done = await services.GetRequiredService<SetLimits>().ImportAsync(await File.ReadAllTextAsync(parse.GetValue(file)!.FullName, stop), services.GetRequiredService<Texts>(), stop);
            if (parse.GetValue(json)) CliHost.PrintJson(done);
            else Console.WriteLine($"{done.Added} added, {done.Changed} changed, {done.Unchanged} as before");
            foreach (var fault in done.Faults) await Console.Error.WriteLineAsync($"line {fault.Line}: {fault.Field} {fault.Sentence}");
            return done.Faults.Count == 0 ? 0 : 1;
        });
    }
}
