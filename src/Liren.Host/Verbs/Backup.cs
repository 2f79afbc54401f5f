using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Liren.Host.Operations;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;

namespace Liren.Host.Verbs;

/// <summary><c>backup FILE</c>: database, keys and files in one archive, consistent while the server runs.</summary>
internal static class Backup
{
    public const int ShortestPassphrase = 12;
    private const string SqliteName = "liren.db", DumpName = "liren.pgdump";

    /// <summary>Folders of the data folder that a backup holds beside the database.</summary>
    public static readonly string[] Folders = ["keys", "files"];

    public static readonly Option<FileInfo?> PassphraseFile = new("--passphrase-file") { Description = $"File whose first line is the passphrase ({ShortestPassphrase} characters or more); else LIREN_BACKUP_PASSPHRASE; without either the archive is not encrypted" };

    public static Command Create(CliHost host)
    {
        var target = new Argument<FileInfo>("file") { Description = "Archive to write" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("backup", "Write database, keys and files into one archive, while the server runs") { target, PassphraseFile, json }, async (parse, services, cancellation) =>
        {
            var (file, passphrase) = (parse.GetRequiredValue(target), Passphrase(parse.GetValue(PassphraseFile)));
            var at = services.GetRequiredService<DataLocation>();
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var manifest = await WriteAsync(at, file.FullName, passphrase, now, cancellation);
            await RememberAsync(services.GetRequiredService<SdkDb>(), now, cancellation);
            if (passphrase is null)
                await Console.Error.WriteLineAsync("The archive is NOT encrypted and holds the keys of all personal data: whoever reads the file reads everything. It is readable by you only; use --passphrase-file before it leaves this machine.");
            var bytes = new FileInfo(file.FullName).Length;
            if (parse.GetValue(json)) CliHost.PrintJson(new { file = file.FullName, bytes, encrypted = passphrase is not null, manifest.MadeAt, manifest.Database, entries = manifest.Entries.Count });
            else Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}: {manifest.Entries.Count} files, {bytes / 1048576.0:F1} MiB{(passphrase is null ? "" : ", encrypted")}"));
            return 0;
        });
    }

    /// <summary>The passphrase of file or environment; null when neither is given.</summary>
    public static string? Passphrase(FileInfo? file)
    {
        var passphrase = file is not null ? File.ReadLines(file.FullName).FirstOrDefault()?.Trim() ?? "" : Environment.GetEnvironmentVariable("LIREN_BACKUP_PASSPHRASE");
        if (passphrase is { Length: < ShortestPassphrase }) throw new CliFailureException($"The passphrase has {passphrase.Length} characters; take {ShortestPassphrase} or more.");
        return passphrase;
    }

    private static async Task<BackupManifest> WriteAsync(DataLocation at, string target, string? passphrase, DateTimeOffset now, CancellationToken cancellation)
    {
        if (Path.GetDirectoryName(target) is { } parent && !Directory.Exists(parent)) throw new CliFailureException($"The folder {parent} does not exist. Make it first.");
        var staging = Directory.CreateDirectory(Path.Combine(at.Sub("tmp"), $"backup-{Guid.CreateVersion7():N}")).FullName;
        try
        {
            // The database first: a photo is on disk before its row, so every photo of the snapshot is found afterwards.
            var snapshot = Path.Combine(staging, at.Postgres is null ? SqliteName : DumpName);
            if (at.Postgres is null) await VacuumAsync(at, snapshot, cancellation);
            else await PostgresTools.DumpAsync(at.Postgres, snapshot, cancellation);
            var paths = new Dictionary<string, string> { [Path.GetFileName(snapshot)] = snapshot };
            foreach (var folder in Folders.Select(f => Path.Combine(at.Folder, f)).Where(Directory.Exists))
                foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                    paths[Path.GetRelativePath(at.Folder, file).Replace('\\', '/')] = file;
            var entries = new List<BackupEntry>();
            foreach (var (name, path) in paths) entries.Add(await BackupArchive.DescribeAsync(name, path, cancellation));
            var version = typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            var manifest = new BackupManifest(BackupArchive.Format, version, now, at.Postgres is null ? "sqlite" : "postgres", entries);
            await BackupArchive.WriteAsync(target, manifest, name => paths[name], passphrase, cancellation);
            return manifest;
        }
        finally { Directory.Delete(staging, recursive: true); }
    }

    private static async Task VacuumAsync(DataLocation at, string into, CancellationToken cancellation)
    {
        await using var connection = await at.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $into";
        command.With("$into", into);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task RememberAsync(SdkDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        var value = now.ToString("O", CultureInfo.InvariantCulture);
        if (await db.Settings.FindAsync([BackupCheck.Setting], cancellation) is { } last) last.Value = value;
        else db.Settings.Add(new Setting { Key = BackupCheck.Setting, Value = value });
        await db.SaveChangesAsync(cancellation);
    }
}
