using System.Diagnostics;
using System.Globalization;
using Liren.Sdk.Cli;
using Npgsql;

namespace Liren.Host.Operations;

/// <summary>Runs PostgreSQL's own programs; the password goes through the environment, never through the command line.</summary>
internal static class PostgresTools
{
    /// <summary>Full path of a program of the newest PostgreSQL client found; null when none is installed.</summary>
    public static string? Find(string program)
    {
        var versioned = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0).Select(d => Path.Combine(d, "bin"))
            : [];
        return versioned.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);
    }

    /// <summary>Writes a dump of the whole database in PostgreSQL's archive form.</summary>
    public static Task DumpAsync(string connection, string file, CancellationToken cancellation) =>
        RunAsync("pg_dump", connection, ["--format=custom", "--no-owner", "--no-privileges", $"--file={file}"], cancellation);

    /// <summary>Replaces the database's content by the dump, in one transaction.</summary>
    public static Task RestoreAsync(string connection, string file, CancellationToken cancellation) =>
        RunAsync("pg_restore", connection, ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", file], cancellation);

    private static async Task RunAsync(string program, string connection, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var path = Find(program) ?? throw new CliFailureException($"{program} is missing. Install it: apt-get install postgresql-client");
        var to = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(path) { RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[$"--host={to.Host}", $"--port={to.Port}", $"--dbname={to.Database}", "--no-password", .. arguments]) start.ArgumentList.Add(argument);
        if (to.Username is not null) start.Environment["PGUSER"] = to.Username;
        if (to.Password is not null) start.Environment["PGPASSWORD"] = to.Password;
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new CliFailureException($"{program} failed: {errors.Trim()}");
    }
}
