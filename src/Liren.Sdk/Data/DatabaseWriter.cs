using System.Data.Common;

namespace Liren.Sdk.Data;

/// <summary>
/// Group commit (<see cref="GroupWriter{T}"/>) into the installation's database: a connection of its own, what writes through it, and one transaction for all
/// that wait. When a batch fails, the connection is thrown away: a broken one must not break the next batch too.
/// </summary>
/// <typeparam name="T">What callers hand over.</typeparam>
/// <typeparam name="TRows">What writes it on a connection, such as prepared statements.</typeparam>
public sealed class DatabaseWriter<T, TRows> : IAsyncDisposable where TRows : class, IDisposable
{
    private readonly DataLocation at;
    private readonly Func<DbConnection, TRows> open;
    private readonly Action<TRows, IReadOnlyList<T>, DbTransaction> write;
    private readonly Action<IReadOnlyList<T>>? committed;
    private readonly GroupWriter<T> writer;
    private DbConnection? connection;
    private TRows? rows;

    /// <summary>Starts the writer's own thread; the database is opened for the first batch.</summary>
    /// <param name="at">The database.</param>
    /// <param name="open">Prepares for a fresh connection; nothing remembered of the one before holds.</param>
    /// <param name="write">Writes a batch inside the transaction.</param>
    /// <param name="committed">Told of each batch once it is on disk, before its callers go on. Like the others, from the writer's thread only.</param>
    /// <param name="most">Largest batch.</param>
    public DatabaseWriter(DataLocation at, Func<DbConnection, TRows> open, Action<TRows, IReadOnlyList<T>, DbTransaction> write, Action<IReadOnlyList<T>>? committed = null, int most = 4_096)
    {
        (this.at, this.open, this.write, this.committed) = (at, open, write, committed);
        writer = new(Commit, most: most);
    }

    /// <summary>Returns when the item is on disk.</summary>
    public Task WriteAsync(T item) => writer.WriteAsync(item);

    private void Commit(IReadOnlyList<T> batch)
    {
        try
        {
            connection ??= at.OpenAsync().GetAwaiter().GetResult();
            rows ??= open(connection);
            using var turn = WriteTurns.Take(connection);
            using var transaction = connection.BeginTransaction();
            write(rows, batch, transaction);
            transaction.Commit();
        }
        catch
        {
            rows?.Dispose();
            connection?.Dispose();
            (connection, rows) = (null, null);
            throw;
        }
        committed?.Invoke(batch);
    }

    /// <summary>Writes what waits, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        rows?.Dispose();
        if (connection is not null) await connection.DisposeAsync();
    }
}
