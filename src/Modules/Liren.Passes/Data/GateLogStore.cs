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
    // Not all that wait: then every gate would wait for the same commit, and meanwhile nobody would read the next looks. So one crowd is written while the other is served.
    private const int Together = 128;

    private readonly DatabaseWriter<IReadOnlyList<GateEntry>, IEntryWriter> writer;

    public GateLogStore(DataLocation at) => writer = new(at,
        connection => connection is NpgsqlConnection postgres ? new PostgresEntries(postgres) : new SqliteEntries((SqliteConnection)connection),
        (entries, batches, transaction) => entries.Write(batches.Count == 1 ? batches[0] : [.. batches.SelectMany(b => b)], transaction),
        _ => Written?.Invoke(), Together);

    /// <summary>Something new is in the log; may be raised from the writer's thread, so it must return at once.</summary>
    public event Action? Written;

    /// <summary>Returns when the lines are on disk; those that were there already are marked as known.</summary>
    public Task WriteAsync(IReadOnlyList<GateEntry> lines) => writer.WriteAsync(lines);

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
