using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Liren.Sdk.Data;

/// <summary>Brings the tables of every module up to date. Expand-migrate-contract: an older program must still run against newer tables.</summary>
public sealed class Migrator(IServiceScopeFactory scopes, IEnumerable<ModuleTables> tables, DataLocation at, ILogger<Migrator> log)
{
    /// <summary>Applies what is missing. Costs one small query a module when nothing is: the model is not even built.</summary>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        using var _ = await FileLockAsync(cancellation);
        await using var scope = scopes.CreateAsyncScope();
        foreach (var module in tables.OrderBy(t => t.Context == typeof(SdkDb) ? 0 : 1))
        {
            var known = KnownMigrations(module);
            await using var connection = await at.OpenAsync(cancellation);
            var applied = await AppliedAsync(connection, module.HistoryTable, cancellation);
            if (applied.Except(known).FirstOrDefault() is { } newer)
                throw new Cli.CliFailureException($"The data folder was written by a newer version of Liren (migration {newer} of {module.Context.Name} is unknown here). Start that version instead.");
            if (known.All(applied.Contains)) continue;
            // A crash in the middle of a migration leaves EF's lock row behind, and the next start would wait for ever; our file lock replaces it.
            await ExecuteAsync(connection, at.Postgres is null ? "DROP TABLE IF EXISTS \"__EFMigrationsLock\"" : "SELECT 1", cancellation);
            log.LogInformation("Migrating {Context}: {Count} to apply", module.Context.Name, known.Count - applied.Count);
            await module.Create(scope.ServiceProvider).Database.MigrateAsync(cancellation);
        }
    }

    /// <summary>Migrations not yet applied, per module; for doctor.</summary>
    public async Task<IReadOnlyDictionary<string, int>> PendingAsync(CancellationToken cancellation)
    {
        var pending = new Dictionary<string, int>();
        await using var connection = await at.OpenAsync(cancellation);
        foreach (var module in tables)
        {
            var applied = await AppliedAsync(connection, module.HistoryTable, cancellation);
            pending[module.Context.Name] = KnownMigrations(module).Count(m => !applied.Contains(m));
        }
        return pending;
    }

    private static List<string> KnownMigrations(ModuleTables module) =>
        [.. module.Migrated.Assembly.GetTypes()
            .Where(t => t.GetCustomAttribute<DbContextAttribute>()?.ContextType == module.Migrated)
            .Select(t => t.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().Order()];

    private static async Task<HashSet<string>> AppliedAsync(System.Data.Common.DbConnection connection, string history, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = connection is Npgsql.NpgsqlConnection
            ? $"SELECT count(*) FROM pg_tables WHERE tablename = '{history}' AND schemaname = current_schema()"
            : $"SELECT count(*) FROM sqlite_master WHERE name = '{history}'";
        if (Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture) == 0) return [];
        command.CommandText = $"SELECT \"MigrationId\" FROM \"{history}\"";
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var ids = new HashSet<string>();
        while (await reader.ReadAsync(cancellation)) ids.Add(reader.GetString(0));
        return ids;
    }

    private static async Task ExecuteAsync(System.Data.Common.DbConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>One migration at a time, also between a verb and a server that start together; the second waits.</summary>
    private async Task<FileStream> FileLockAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(at.Folder, "migrate.lock");
        for (var tries = 0; ; tries++)
        {
            try { return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) when (tries < 600) { await Task.Delay(100, cancellation); }
            catch (IOException e) { throw new Cli.CliFailureException($"Another Liren program has been migrating {at.Folder} for a minute. Wait until it has finished, then try again.", e); }
        }
    }
}
