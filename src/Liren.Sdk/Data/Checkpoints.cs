using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Sdk.Data;

/// <summary>
/// Carries SQLite's log ahead into its file (检查点) beside those who write. Left to them, every few thousand pages one commit waits for the disk to take them all,
/// and everybody behind it. Here most of it happens while they go on writing; only what they wrote meanwhile is carried over in a turn of its own, so that the log begins anew.
/// </summary>
public sealed partial class Checkpoints(DataLocation at, ILogger<Checkpoints> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Pages after which the log should begin anew: some 16 MiB.</summary>
    private const int Long = 4_000;

    private readonly ManualResetEventSlim stopped = new();
    private Task worker = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own may wait for the disk; the thread pool is left to requests.
        if (at.Postgres is null) worker = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        stopped.Set();
        return worker;
    }

    /// <inheritdoc/>
    public void Dispose() => stopped.Dispose();

    private void Work()
    {
        while (!stopped.Wait(Every))
        {
            try
            {
                using var connection = (SqliteConnection)at.OpenAsync().GetAwaiter().GetResult();
                while (!stopped.Wait(Every)) Carry(connection);
            }
            catch (SqliteException e) { Failed(e); }
        }
    }

    private static void Carry(SqliteConnection connection)
    {
        if (Carried(connection) < Long) return;
        using var turn = WriteTurns.Take(connection);
        Carried(connection);
    }

    // PASSIVE waits for nobody: what a reader still needs of the old file stays for the next time. Says how long the log is, in pages.
    private static long Carried(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        using var row = command.ExecuteReader();
        return row.Read() ? row.GetInt64(1) : 0;
    }

    [LoggerMessage(LogLevel.Warning, "The log of the database could not be carried into its file; tried again in a second")]
    private partial void Failed(Exception e);
}
