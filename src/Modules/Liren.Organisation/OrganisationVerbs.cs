using System.CommandLine;
using System.Globalization;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Organisation.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Organisation;

/// <summary>Verbs: who, matrix check|export|import.</summary>
internal static class OrganisationVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        yield return Who(host);
        yield return new Command("matrix", "The responsibility matrix") { Check(host), Export(host), Import(host) };
    }

    private static Command Check(CliHost host)
    {
        var file = new Argument<FileInfo?>("file") { Description = "Sheet of rules (xlsx or csv)", Arity = ArgumentArity.ZeroOrOne };
        var active = new Option<bool>("--active") { Description = "Check the version in force" };
        var json = CliHost.JsonOption();
        var command = new Command("check", "Name every tie, hole and circle, and what is odd; exit code 1 when there are errors") { file, active, json };
        command.Validators.Add(r => { if (r.GetValue(file) is null == !r.GetValue(active)) r.AddError("Give a file or --active, one of the two."); });
        return host.Runs(command, async (parse, services, stop) =>
        {
            var db = services.GetRequiredService<OrganisationDb>();
            var present = await db.Versions.AsNoTracking().SingleOrDefaultAsync(v => v.State == MatrixState.Active, stop);
            var texts = services.GetRequiredService<Texts>();
            IReadOnlyList<MatrixRule> rules;
            if (parse.GetValue(file) is { } sheet)
            {
                (rules, var bad) = MatrixSheet.Read(await File.ReadAllBytesAsync(sheet.FullName, stop), Guid.Empty, 1_000_001, texts);
                if (bad.Count > 0) return Refused(bad, texts, parse.GetValue(json));
            }
            else rules = await db.Rules.AsNoTracking().Where(r => r.VersionId == Rule.Found(present, "organisation.no-matrix").Id).OrderBy(r => r.Number).ToListAsync(stop);
            // A sheet holds rules only: what must be covered, who follows and how long to sign in are those in force.
            var findings = await services.GetRequiredService<MatrixChecker>().CheckAsync(present?.Number ?? 0, rules, present?.Settings ?? MatrixSettings.Default, stop);
            return Tell(findings, rules.Count, texts, parse.GetValue(json));
        });
    }

    private static int Refused(IReadOnlyList<MatrixSheet.BadRow> bad, Texts texts, bool json)
    {
        if (json) CliHost.PrintJson(new { bad });
        else foreach (var row in bad) Console.Error.WriteLine(texts["organisation.bad-row", row.Row, row.Column, row.Says]);
        return 1;
    }

    private static int Tell(IReadOnlyList<FindingRow> findings, int rules, Texts texts, bool json)
    {
        var errors = findings.Count(f => f.Error);
        if (json) CliHost.PrintJson(new { rules, errors, warnings = findings.Count - errors, findings });
        else
        {
            foreach (var f in findings) Console.WriteLine($"{(f.Error ? "✗" : "!")} {texts["organisation.finding." + f.Kind]}  {f.Says} {f.Do}");
            Console.WriteLine($"{texts["organisation.errors", errors]}, {texts["organisation.warnings", findings.Count - errors]}");
        }
        return errors == 0 ? 0 : 1;
    }

    private static Command Export(CliHost host)
    {
        var file = new Argument<FileInfo>("file") { Description = "Where to write (.xlsx or .csv)" };
        return host.Runs(new Command("export", "Write the rules in force to a sheet") { file }, async (parse, services, stop) =>
        {
            var present = Rule.Found(await services.GetRequiredService<OrganisationDb>().Versions.AsNoTracking().SingleOrDefaultAsync(v => v.State == MatrixState.Active, stop), "organisation.no-matrix");
            var to = parse.GetValue(file)!;
            var (_, bytes) = await services.GetRequiredService<ExportMatrix>().RunAsync(present.Id, to.Extension.Equals(".csv", StringComparison.OrdinalIgnoreCase) ? "csv" : "xlsx", stop);
            await File.WriteAllBytesAsync(to.FullName, bytes, stop);
            return 0;
        });
    }

    private static Command Import(CliHost host)
    {
        var file = new Argument<FileInfo>("file") { Description = "Sheet of rules (xlsx or csv)" };
        var note = new Option<string>("--note") { Description = "What is different", Required = true };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("import", "Make a draft of a sheet and check it; it is activated in the console, by a person") { file, note, json }, async (parse, services, stop) =>
        {
            var texts = services.GetRequiredService<Texts>();
            var bytes = await File.ReadAllBytesAsync(parse.GetValue(file)!.FullName, stop);
            var (rules, bad) = MatrixSheet.Read(bytes, Guid.Empty, 1_000_001, texts);
            if (bad.Count > 0) return Refused(bad, texts, parse.GetValue(json));
            var draft = await services.GetRequiredService<DraftMatrix>().RunAsync(new(parse.GetValue(note)!), NewId.Fresh, stop);
            await services.GetRequiredService<ImportMatrix>().RunAsync(draft.Id, bytes, new IfMatch((await services.GetRequiredService<ShowMatrix>().RunAsync(draft.Id, stop)).Version), stop);
            var check = await services.GetRequiredService<CheckMatrix>().RunAsync(draft.Id, stop);
            if (!parse.GetValue(json)) Console.WriteLine(texts["organisation.matrix-version", draft.Number]);
            return Tell(check.Findings, rules.Count, texts, parse.GetValue(json));
        });
    }

    private static Command Who(CliHost host)
    {
        var type = new Argument<string>("event") { Description = "Event type, e.g. crowd.gathering" };
        var place = new Argument<string>("place") { Description = "Place path, e.g. 31.01.15.016" };
        var mode = new Option<string?>("--mode") { Description = "peace or emergency; the one that holds there when left out" };
        var at = new Option<string?>("--at") { Description = "Time; Shanghai time when it has no offset" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("who", "Who owns this kind of event at this place, who follows, who is on duty, and why") { type, place, mode, at, json }, async (parse, services, stop) =>
        {
            var answer = await services.GetRequiredService<AskWho>().RunAsync(parse.GetValue(type)!, parse.GetValue(place)!, AskWho.ModeOf(parse.GetValue(mode)), Time(parse.GetValue(at)), stop);
            if (parse.GetValue(json)) { CliHost.PrintJson(answer); return answer.Owner is null ? 1 : 0; }
            var texts = services.GetRequiredService<Texts>();
            Line(texts["organisation.lead"], answer.Owner);
            foreach (var org in answer.Support) Line(texts["organisation.support"], org);
            foreach (var org in answer.Fallback) Line(texts["organisation.fallback"], org);
            foreach (var reason in answer.Because) Console.WriteLine($"  - {reason}");
            Console.WriteLine(texts["organisation.matrix-version", answer.MatrixVersion]);
            return answer.Owner is null ? 1 : 0;
        });
    }

    private static void Line(string role, AskWho.OrgRow? org) =>
        Console.WriteLine($"{role}  {(org is null ? "-" : $"{org.Name} ({org.Code})  {string.Join("、", org.OnDuty.Select(d => $"{d.Name}·{d.Post}"))}")}");

    private static DateTimeOffset? Time(string? text)
    {
        if (text is null) return null;
        Rule.Require(DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var parsed), "organisation.time", "at", text);
        return parsed.Kind == DateTimeKind.Utc ? new(parsed) : new(parsed, Show.Zone.GetUtcOffset(parsed));
    }
}
