using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Liren.Sdk.Data;

/// <summary>
/// Writers of one process take turns at SQLite's only write lock (写入轮次). Without this, who finds it held sleeps for milliseconds up to a tenth of a second and
/// then looks again; so a reading could wait long for nothing. Only a courtesy: after <see cref="Patience"/> one goes on, and SQLite decides as before.
/// </summary>
public static class WriteTurns
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new();

    /// <summary>Waits for the turn, on the caller's thread; ends with <see cref="Turn.Dispose"/>. On PostgreSQL there is nothing to wait for.</summary>
    public static Turn Take(DbConnection connection) => Of(connection) is { } turn && turn.Wait(Patience) ? new(turn) : default;

    internal static SemaphoreSlim? Of(DbConnection connection) => connection is SqliteConnection sqlite ? turns.GetOrAdd(Path.GetFullPath(sqlite.DataSource), _ => new(1, 1)) : null;

    /// <summary>A turn that lasts until it is disposed.</summary>
    public readonly struct Turn(SemaphoreSlim held) : IDisposable
    {
        /// <summary>Lets the next one write.</summary>
        public void Dispose() => held?.Release();
    }
}

/// <summary>Contexts take their turn for each transaction, also for the one of a plain save.</summary>
internal sealed class TurnOfTransactions : DbTransactionInterceptor, IDbConnectionInterceptor
{
    public static readonly TurnOfTransactions Instance = new();
    private readonly ConcurrentDictionary<Guid, Held> byTransaction = new();
    private readonly ConditionalWeakTable<DbConnection, Held> byConnection = [];

    private sealed class Held(SemaphoreSlim turn, Guid transaction)
    {
        private SemaphoreSlim? turn = turn;

        public Guid Transaction => transaction;
        public void End() => Interlocked.Exchange(ref turn, null)?.Release();
    }

    public override InterceptionResult<DbTransaction> TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        if (WriteTurns.Of(connection) is { } turn && turn.Wait(WriteTurns.Patience)) Hold(connection, new(turn, eventData.TransactionId));
        return result;
    }

    public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        if (WriteTurns.Of(connection) is { } turn && await turn.WaitAsync(WriteTurns.Patience, cancellationToken)) Hold(connection, new(turn, eventData.TransactionId));
        return result;
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData.TransactionId);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => EndAsync(eventData.TransactionId);

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData.TransactionId);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => EndAsync(eventData.TransactionId);

    // A transaction that is only disposed, or never began, says nothing of its end; its connection does.
    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => End(connection);

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        End(connection);
        return Task.CompletedTask;
    }

    private void Hold(DbConnection connection, Held held)
    {
        byTransaction[held.Transaction] = held;
        byConnection.AddOrUpdate(connection, held);
    }

    private Task EndAsync(Guid transaction)
    {
        End(transaction);
        return Task.CompletedTask;
    }

    private void End(Guid transaction)
    {
        if (byTransaction.TryRemove(transaction, out var held)) held.End();
    }

    private void End(DbConnection connection)
    {
        if (byConnection.TryGetValue(connection, out var held)) End(held.Transaction);
    }
}
