using System.Globalization;
using System.Runtime.CompilerServices;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Operations;
using Microsoft.EntityFrameworkCore;

namespace Liren.Host.Operations;

/// <summary>Keys are for the owner only, and present where there is data.</summary>
internal sealed class KeysCheck(DataLocation at) : ICheck
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Name => "keys";
    public bool NeedsDatabase => false;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var folder = Path.Combine(at.Folder, "keys");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        var open = files.Append(folder).Where(f => Path.Exists(f) && Open(f) && Open(folder)).ToList();
        if (files.Length == 0 && File.Exists(at.SqliteFile))
            yield return Finding.Warn(Name, "none yet", "Nothing to do on a new installation; otherwise restore the keys folder from a backup: without it personal data cannot be read.");
        else if (open.Count > 0)
            yield return Finding.Fail(Name, $"readable by other users: {string.Join(", ", open.Select(Path.GetFileName))}", $"chmod 700 '{folder}' && chmod 600 '{folder}'/*");
        else
            yield return Finding.Ok(Name, $"{files.Length} files, for their owner only");
    }

    // Files inside a folder that others cannot enter are closed, whatever their own mode says.
    private static bool Open(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;
}

/// <summary>Which modules and plug-ins are there, and which plug-ins could not be loaded.</summary>
internal sealed class PluginsCheck(ModuleList modules, IReadOnlyList<FaultyPlugin> faulty) : ICheck
{
    public string Name => "modules";
    public bool NeedsDatabase => false;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var plugins = modules.All.Except(Modules.BuiltIn).Select(m => m.Name).ToList();
        yield return Finding.Ok(Name, string.Join(", ", Modules.BuiltIn.Select(m => m.Name)) + (plugins.Count > 0 ? $"; plug-ins: {string.Join(", ", plugins)}" : "; no plug-ins"));
        foreach (var plugin in faulty)
            yield return Finding.Warn("plug-in", $"{plugin.Folder} was skipped: {plugin.Reason}", "Build it against this version of Liren.Sdk, or remove its folder.");
    }
}

/// <summary>Is the database whole, reachable and up to date.</summary>
internal sealed class DatabaseCheck(DataLocation at, Migrator migrator) : ICheck
{
    public const string Title = "database";
    public const string Tables = "tables";

    public string Name => Title;
    public bool NeedsDatabase => false;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (at.Postgres is null && !File.Exists(at.SqliteFile))
        {
            yield return Finding.Ok(Name, "SQLite, not made yet");
            yield return Finding.Warn(Tables, "none yet", "./liren up makes them.");
            yield break;
        }
        yield return at.Postgres is null ? await SqliteAsync(cancellation) : await PostgresAsync(cancellation);
        var pending = (await migrator.PendingAsync(cancellation)).Where(p => p.Value > 0).ToList();
        yield return pending.Count == 0
            ? Finding.Ok(Tables, "up to date")
            : Finding.Warn(Tables, $"migrations waiting: {string.Join(", ", pending.Select(p => $"{p.Key} {p.Value}"))}", "./liren backup FILE, then ./liren up applies them.");
    }

    private async Task<Finding> SqliteAsync(CancellationToken cancellation)
    {
        await using var connection = await at.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        var answer = (string?)await command.ExecuteScalarAsync(cancellation);
        var size = $"SQLite {connection.ServerVersion}, {new FileInfo(at.SqliteFile).Length / 1048576.0:F1} MiB";
        return answer == "ok" ? Finding.Ok(Name, $"{size}, whole") : Finding.Fail(Name, $"{size}, damaged: {answer}", "Stop the server and restore the last backup: ./liren restore FILE --yes");
    }

    private async Task<Finding> PostgresAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await at.OpenAsync(cancellation);
            return PostgresTools.Find("pg_dump") is null
                ? Finding.Warn(Name, $"PostgreSQL {connection.ServerVersion} at {connection.DataSource}, but pg_dump is missing", "Backups need it: apt-get install postgresql-client.")
                : Finding.Ok(Name, $"PostgreSQL {connection.ServerVersion} at {connection.DataSource}");
        }
        catch (System.Data.Common.DbException e)
        {
            return Finding.Fail(Name, $"PostgreSQL does not answer: {e.Message}", "Start it, or correct ConnectionStrings__Postgres.");
        }
    }
}

/// <summary>Do events reach their handlers in time.</summary>
internal sealed class EventsCheck(SdkDb db, TimeProvider clock, DataLocation at) : ICheck
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    public string Name => "events";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var journal = await db.Journal.LongCountAsync(cancellation);
        var waiting = await db.Outbox.CountAsync(cancellation);
        var oldest = waiting == 0 ? TimeSpan.Zero : now - await db.Outbox.MinAsync(o => o.At, cancellation);
        var found = $"{journal} in the journal, {waiting} waiting" + (waiting > 0 ? string.Create(CultureInfo.InvariantCulture, $", the oldest for {Math.Max(0, oldest.TotalSeconds):F0} s") : "");
        yield return waiting > 0 && oldest > Late && FolderLock.Holder(at.Folder) is not null
            ? Finding.Warn(Name, found, "If the number does not fall, read the failed messages below and the server's log.")
            : Finding.Ok(Name, found);
        foreach (var failed in await db.Outbox.Where(o => o.Tries > 0).OrderBy(o => o.At).Take(5).ToListAsync(cancellation))
            yield return Finding.Warn("failed event", $"{failed.Id} after {failed.Tries} tries: {failed.LastError}", "It is tried again by itself; if it keeps failing, report it with this line.");
        var overdue = await db.Timers.CountAsync(t => t.Due < now - Late, cancellation);
        if (overdue > 0 && FolderLock.Holder(at.Folder) is not null) yield return Finding.Warn("timers", $"{overdue} overdue", "The server should have fired them: restart it and report this line.");
    }
}

/// <summary>How old the last backup is.</summary>
internal sealed class BackupCheck(SdkDb db, TimeProvider clock) : ICheck
{
    public const string Setting = "backup.last";

    public string Name => "backup";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        const string repair = "./liren backup FILE --passphrase-file PASSPHRASE, daily, to another machine.";
        var last = (await db.Settings.FindAsync([Setting], cancellation))?.Value;
        if (last is null) { yield return Finding.Warn(Name, "none was ever made", repair); yield break; }
        var age = clock.GetUtcNow() - DateTimeOffset.Parse(last, CultureInfo.InvariantCulture);
        var found = string.Create(CultureInfo.InvariantCulture, $"the last is {age.TotalHours:F1} hours old");
        yield return age > TimeSpan.FromDays(2) ? Finding.Warn(Name, found, repair) : Finding.Ok(Name, found);
    }
}
