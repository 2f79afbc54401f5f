using System.Data.Common;
using Liren.Passes.Domain;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Liren.Passes.Data;

/// <summary>Lines of one request and, once written, how many of them were new.</summary>
internal sealed class EntryBatch(IReadOnlyList<GateEntry> lines)
{
    public IReadOnlyList<GateEntry> Lines { get; } = lines;
    public int Added { get; set; }
}

/// <summary>
/// Writes the gate log: one writer, group commit, durable before the answer. A line that is there already is passed over, so that a gate may send again
/// what it does not know to have arrived.
/// </summary>
internal sealed class GateLogStore : IAsyncDisposable
{
    private readonly DataLocation at;
    private readonly GroupWriter<EntryBatch> writer;
    private DbConnection? connection;
    private IEntryWriter? entries;

    public GateLogStore(DataLocation at)
    {
        this.at = at;
        writer = new(Commit);
    }

    /// <summary>Something new is in the log; may be raised from the writer's thread, so it must return at once.</summary>
    public event Action? Written;

    /// <summary>Returns when the lines are on disk; how many were new.</summary>
    public async Task<int> WriteAsync(IReadOnlyList<GateEntry> lines)
    {
        var batch = new EntryBatch(lines);
        await writer.WriteAsync(batch);
        return batch.Added;
    }

    private void Commit(IReadOnlyList<EntryBatch> batches)
    {
        try
        {
            connection ??= at.OpenAsync().GetAwaiter().GetResult();
            entries ??= connection is NpgsqlConnection postgres ? new PostgresEntries(postgres) : new SqliteEntries((SqliteConnection)connection);
            using var transaction = connection.BeginTransaction();
            foreach (var batch in batches)
            {
                batch.Added = 0;
                foreach (var line in batch.Lines)
                    if (entries.Add(line, transaction)) batch.Added++;
            }
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
