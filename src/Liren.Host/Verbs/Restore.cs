using System.CommandLine;
using System.Globalization;
using Liren.Host.Operations;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;

namespace Liren.Host.Verbs;

/// <summary>
/// <c>restore FILE</c>: checks the whole archive first, then puts it in place of the data folder's content. What was there before is kept
/// in <c>replaced-TIME</c> until somebody deletes it.
/// </summary>
internal static class Restore
{
    private static readonly string[] Database = ["liren.db", "liren.db-wal", "liren.db-shm"];

    public static Command Create(CliHost host)
    {
        var source = new Argument<FileInfo>("file") { Description = "Archive written by backup" };
        var yes = new Option<bool>("--yes") { Description = "Replace what the data folder holds" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("restore", "Put a backup into the data folder; the server must be stopped") { source, Backup.PassphraseFile, yes, json }, async (parse, services, cancellation) =>
        {
            var at = services.GetRequiredService<DataLocation>();
            var file = parse.GetRequiredValue(source);
            if (!file.Exists) throw new CliFailureException($"{file.FullName} does not exist.");
            using var held = FolderLock.TryTake(at.Folder) ?? throw new CliFailureException($"A Liren server (process {FolderLock.Holder(at.Folder)}) runs on {at.Folder}. Stop it first.");
            var filled = Database.Concat(Backup.Folders).Where(n => Path.Exists(Path.Combine(at.Folder, n))).ToList();
            if ((filled.Count > 0 || at.Postgres is not null) && !parse.GetValue(yes))
                throw new CliFailureException($"{(filled.Count > 0 ? $"{at.Folder} holds data already" : "The PostgreSQL database would be replaced")}. Add --yes to put the backup in its place.");
            var staging = Directory.CreateDirectory(Path.Combine(at.Sub("tmp"), $"restore-{Guid.CreateVersion7():N}")).FullName;
            try
            {
                var manifest = await BackupArchive.ReadAsync(file.FullName, staging, Backup.Passphrase(parse.GetValue(Backup.PassphraseFile)), cancellation);
                var kept = await PlaceAsync(at, manifest, staging, filled, services.GetRequiredService<TimeProvider>().GetUtcNow(), cancellation);
                if (parse.GetValue(json)) CliHost.PrintJson(new { folder = at.Folder, manifest.MadeAt, manifest.Program, entries = manifest.Entries.Count, kept });
                else Console.WriteLine($"Restored {manifest.Entries.Count} files of {manifest.MadeAt:u} into {at.Folder}.{(kept is null ? "" : $" What was there before lies in {kept}; delete it when all is well.")}");
                return 0;
            }
            finally { Directory.Delete(staging, recursive: true); }
        }, migrate: false);
    }

    private static async Task<string?> PlaceAsync(DataLocation at, BackupManifest manifest, string staging, List<string> filled, DateTimeOffset now, CancellationToken cancellation)
    {
        var needed = at.Postgres is null ? "sqlite" : "postgres";
        if (manifest.Database != needed) throw new CliFailureException($"The backup is of a {manifest.Database} database, this installation uses {needed}. {(needed == "sqlite" ? "Set" : "Unset")} ConnectionStrings__Postgres.");
        // The dump goes in first, in one transaction: if it fails, nothing has changed.
        if (at.Postgres is not null) await PostgresTools.RestoreAsync(at.Postgres, Path.Combine(staging, "liren.pgdump"), cancellation);
        string? kept = null;
        if (filled.Count > 0)
        {
            kept = at.Sub($"replaced-{now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}");
            foreach (var name in filled) Directory.Move(Path.Combine(at.Folder, name), Path.Combine(kept, name));
        }
        foreach (var name in Backup.Folders.Append("liren.db").Where(n => Path.Exists(Path.Combine(staging, n))))
            Directory.Move(Path.Combine(staging, name), Path.Combine(at.Folder, name));
        return kept;
    }
}
