using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Liren.Sdk.Data;

/// <summary>
/// What each connection to the SQLite file is told: the log ahead (WAL), FULL so that what was acknowledged survives a power cut and not only a crash, and
/// checkpoints by whoever commits only when the log has grown far: in a server <see cref="Checkpoints"/> does them.
/// </summary>
internal static class SqliteSettings
{
    private const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=32000;";

    // Connections are pooled: a handle comes back with what it was told before.
    private static readonly ConditionalWeakTable<sqlite3, object> told = [];

    /// <summary>Tells a connection that was just opened; one for bulk work also that it may keep 16 MiB of pages.</summary>
    public static void Apply(DbConnection connection, bool bulk = false)
    {
        if (connection is not SqliteConnection { Handle: { } handle }) return;
        var known = told.TryGetValue(handle, out _);
        if (known && !bulk) return;
        using var command = connection.CreateCommand();
        command.CommandText = (known ? "" : Pragmas) + (bulk ? "PRAGMA cache_size=-16384;" : "");
        command.ExecuteNonQuery();
        told.AddOrUpdate(handle, Pragmas);
    }

    /// <summary>Tells the connections of contexts.</summary>
    public sealed class OnOpening : DbConnectionInterceptor
    {
        public static readonly OnOpening Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Apply(connection);
            return Task.CompletedTask;
        }
    }
}
