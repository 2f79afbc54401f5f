using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.People.Features;
using Liren.Sdk.Data;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.People;

/// <summary><c>import residents FILE --compound PATH</c>: the same import as in the console, for files at hand on the machine.</summary>
internal static class ImportVerb
{
    // More lines than anybody reads; the report has them all.
    private const int MostShown = 1_000;

    public static Command Create(CliHost host)
    {
        var file = new Argument<FileInfo>("file") { Description = "Roster: .xlsx or .csv (UTF-8 or GB18030)" };
        var compound = new Option<string>("--compound") { Description = "Path of the compound, e.g. 31.01.15.016.037.liren", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would happen and write nothing" };
        var map = new Option<FileInfo?>("--map") { Description = "JSON file that says what the columns hold" };
        var sheet = new Option<int?>("--sheet") { Description = "Sheet of the workbook, from 1" };
        var noRooms = new Option<bool>("--no-rooms") { Description = "Refuse rows whose room is not in the register instead of making it" };
        var report = new Option<FileInfo?>("--report") { Description = "Write the refused rows with their reasons (.csv or .xlsx): correct them there and import that file. Holds personal data" };
        var json = CliHost.JsonOption();
        return new Command("import", "Take data over from files")
        {
            host.Runs(new Command("residents", "Import residents from a roster") { file, compound, dryRun, map, sheet, noRooms, report, json }, async (parse, services, stop) =>
            {
                Purpose.State(Purposes.RegisterKeeping);
                var bytes = await File.ReadAllBytesAsync(parse.GetValue(file)!.FullName, stop);
                var given = parse.GetValue(map) is { } path ? RosterMap.Parse(await File.ReadAllTextAsync(path.FullName, stop)) : new();
                given = given with { Sheet = parse.GetValue(sheet) ?? given.Sheet, MakeRooms = parse.GetValue(noRooms) ? false : given.MakeRooms };
                var import = new Import(services, parse.GetValue(file)!.Name, bytes, parse.GetValue(compound)!, given);
                var start = Stopwatch.GetTimestamp();
                var done = parse.GetValue(dryRun) ? await import.PreviewAsync(stop) : await import.RunAsync(stop);
                if (parse.GetValue(report) is { } to) await import.ReportAsync(done, to, stop);
                done.Print(parse.GetValue(json), services.GetRequiredService<Texts>(), Stopwatch.GetElapsedTime(start));
                return 0;
            }),
        };
    }

    private sealed record Done(Guid? Id, bool DryRun, int Total, int Added, int Changed, int Unchanged, int Refused, IReadOnlyList<RowReason> Problems, IReadOnlyList<string> Undecided, Roster Roster, IReadOnlyList<RosterRow> Rows)
    {
        public void Print(bool json, Texts texts, TimeSpan took)
        {
            if (!json)
            {
                foreach (var p in Problems.Take(MostShown))
                    Console.WriteLine($"{texts["people.import.row", p.Row]}\t{p.Column} {p.Header}\t{p.Value}\t{p.Code}\t{p.Message}");
                if (Problems.Count > MostShown) Console.WriteLine(texts["people.import.more", Problems.Count - MostShown]);
                foreach (var column in Undecided) Console.Error.WriteLine(texts["people.import.undecided", column]);
                Console.WriteLine(texts[DryRun ? "people.import.would" : "people.import.did", Total, Added, Changed, Unchanged, Refused]);
                return;
            }
            CliHost.PrintJson(new
            {
                id = Id, dryRun = DryRun, total = Total, added = Added, changed = Changed, unchanged = Unchanged, refused = Refused, seconds = Math.Round(took.TotalSeconds, 2),
                reasons = Problems.GroupBy(p => p.Code).ToDictionary(g => g.Key, g => g.Count()), undecided = Undecided, problems = Problems.Take(MostShown),
            });
        }
    }

    private sealed class Import(IServiceProvider services, string name, byte[] file, string compound, RosterMap map)
    {
        private readonly PeopleDb db = services.GetRequiredService<PeopleDb>();
        private readonly TimeProvider clock = services.GetRequiredService<TimeProvider>();
        private readonly ImportRunner runner = services.GetRequiredService<ImportRunner>();
        private readonly Reasons reasons = services.GetRequiredService<Reasons>();

        public async Task<Done> PreviewAsync(CancellationToken stop)
        {
            var (preview, roster, rows) = await services.GetRequiredService<PreviewRoster>().RunAsync(file, compound, map, true, stop);
            return new(null, true, preview.Total, preview.Added, preview.Changed, preview.Unchanged, preview.Refused, preview.Problems, preview.Undecided, roster, rows);
        }

        public async Task<Done> RunAsync(CancellationToken stop)
        {
            var roster = await services.GetRequiredService<RosterLoader>().OpenAsync(file, compound, map, stop);
            roster.MustBeComplete();
            var id = await FindUnfinishedAsync(stop) ?? await UploadAsync(stop);
            IReadOnlyList<RosterRow> rows;
            try { rows = await runner.RunAsync(id, file, map, (done, all) => Console.Error.WriteLine($"{done} / {all}"), stop); }
            catch (RuleBrokenException rule) when (rule.Code is not ("people.import-taken-over" or "people.import-busy"))
            {
                await runner.FailAsync(id, rule.Code, stop);
                throw;
            }
            db.ChangeTracker.Clear();
            var run = await db.Imports.AsNoTracking().SingleAsync(r => r.Id == id, stop);
            return new(id, false, run.Total, run.Added, run.Changed, run.Unchanged, run.Refused, [.. rows.SelectMany(r => r.Problems).Select(reasons.Of)], [.. roster.Mapping.Undecided.Select(c => $"{c.Letter} {c.Header}")], roster, rows);
        }

        public async Task ReportAsync(Done done, FileInfo to, CancellationToken stop)
        {
            var why = done.Rows.Where(r => !r.IsGood).ToDictionary(r => r.Number, reasons.Of);
            var content = RefusedRows.Write(done.Roster, why, services.GetRequiredService<Texts>(), !to.Name.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase));
            await using var stream = OwnFile.Create(to.FullName, FileMode.Create);
            await stream.WriteAsync(content, stop);
        }

        // The same file that a crash has cut short goes on where it stopped.
        private async Task<Guid?> FindUnfinishedAsync(CancellationToken stop)
        {
            var hash = ImportFiles.HashOf(file);
            var told = false;
            while (true)
            {
                var run = await db.Imports.AsNoTracking().Where(r => r.FileHash == hash && r.CompoundPath == compound && (r.State == ImportState.Running || r.State == ImportState.Failed))
                    .OrderByDescending(r => r.CreatedAt).FirstOrDefaultAsync(stop);
                if (run is null || run.State == ImportState.Failed || clock.GetUtcNow() - run.BeatAt > ImportRunner.Stale) return run?.Id;
                if (!told) await Console.Error.WriteLineAsync(services.GetRequiredService<Texts>()["people.import.waiting"]);
                told = true;
                await Task.Delay(300, stop);
            }
        }

        private async Task<Guid> UploadAsync(CancellationToken stop)
        {
            var run = ImportRun.Upload(Guid.CreateVersion7(), compound, name, file.Length, ImportFiles.HashOf(file), "command line", Actor.Current.Id, Actor.Current.Name, Purpose.Required, true, clock.GetUtcNow(), null);
            db.Add(run);
            await db.SaveChangesAsync(stop);
            db.ChangeTracker.Clear();
            return run.Id;
        }
    }
}
