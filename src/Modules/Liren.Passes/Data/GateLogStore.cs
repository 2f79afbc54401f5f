using System.Data.Common;
using Liren.Passes.Domain;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Liren.Passes.Data;

/// <summary>
/// Writes the gate log: one writer, group commit, durable before the answer. A line that is there already is passed over, so that a gate may send again
/// what it does not know to have arrived.
/// </summary>
internal sealed class GateLogStore : IAsyncDisposable
{
    private readonly DataLocation at;
    private readonly GroupWriter<IReadOnlyList<GateEntry>> writer;
    private DbConnection? connection;
    private IEntryWriter? entries;

    public GateLogStore(DataLocation at)
    {
        this.at = at;
        writer = new(Commit);
    }

    /// <summary>Something new is in the log; may be raised from the writer's thread, so it must return at once.</summary>
    public event Action? Written;

    /// <summary>Returns when the lines are on disk; those that were there already are marked as known.</summary>
    public Task WriteAsync(IReadOnlyList<GateEntry> lines) => writer.WriteAsync(lines);

    private void Commit(IReadOnlyList<IReadOnlyList<GateEntry>> batches)
    {
        try
        {
            connection ??= at.OpenAsync().GetAwaiter().GetResult();
            entries ??= connection is NpgsqlConnection postgres ? new PostgresEntries(postgres) : new SqliteEntries((SqliteConnection)connection);
            using var transaction = connection.BeginTransaction();
            entries.Write(batches.Count == 1 ? batches[0] : [.. batches.SelectMany(b => b)], transaction);
            transaction.Commit();
        }
        catch
        {
            // A broken connection must not break the next batch too.
            entries?.Dispose();
            connection?.Dispose();
            (connection, entries) = (null, null);
            throw;
        }
        Written?.Invoke();
    }

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        entries?.Dispose();
        if (connection is not null) await connection.DisposeAsync();
    }
}
