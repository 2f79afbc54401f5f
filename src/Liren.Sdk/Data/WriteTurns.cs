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
    private static readonly ConcurrentDictionary<string, TurnQueue> turns = new();

    /// <summary>Waits for the turn, on the caller's thread, ahead of plain transactions: for writers that commit for many. Ends with <see cref="Turn.Dispose"/>. On PostgreSQL there is nothing to wait for.</summary>
    public static Turn Take(DbConnection connection) => Of(connection) is { } turn && turn.Wait(ahead: true, Patience) ? new(turn) : default;

    internal static TurnQueue? Of(DbConnection connection) => connection is SqliteConnection sqlite ? turns.GetOrAdd(Path.GetFullPath(sqlite.DataSource), _ => new()) : null;

    /// <summary>A turn that lasts until it is disposed.</summary>
    public readonly struct Turn : IDisposable
    {
        private readonly TurnQueue? held;

        internal Turn(TurnQueue held) => this.held = held;

        /// <summary>Lets the next one write.</summary>
        public void Dispose() => held?.Release();
    }
}

/// <summary>
/// One at a time. Those that commit for many go ahead of those that commit for themselves, as everybody they write for is waiting; but not more than
/// <see cref="InARow"/> of them while another waits, or a busy log would keep everybody else from writing.
/// </summary>
internal sealed class TurnQueue
{
    internal const int InARow = 3;
    private readonly Lock door = new();
    private readonly LinkedList<TaskCompletionSource> ahead = new(), usual = new();
    private bool held;
    private int row;

    /// <summary>True when it is the caller's turn; false when that took too long.</summary>
    public bool Wait(bool ahead, TimeSpan patience) => Enter(ahead) is not { } waiting || waiting.Task.Wait(patience) || !Leaves(ahead, waiting);

    /// <summary>The same without a thread, among those that commit for themselves.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan patience, CancellationToken stop)
    {
        if (Enter(first: false) is not { } waiting) return true;
        try
        {
            await waiting.Task.WaitAsync(patience, TimeProvider.System, stop);
            return true;
        }
        catch (TimeoutException) { return !Leaves(false, waiting); }
        catch (OperationCanceledException)
        {
            if (!Leaves(false, waiting)) Release();
            throw;
        }
    }

    public void Release()
    {
        lock (door)
        {
            var next = ahead.First is not null && (usual.First is null || row < InARow) ? ahead : usual;
            row = next == ahead ? row + 1 : 0;
            if (next.First is not { } first) { held = false; return; }
            next.RemoveFirst();
            first.Value.SetResult();
        }
    }

    private TaskCompletionSource? Enter(bool first)
    {
        lock (door)
        {
            if (!held) { held = true; return null; }
            // Whoever is let go goes on by itself, not on the thread of the one before.
            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (first ? ahead : usual).AddLast(waiting);
            return waiting;
        }
    }

    // False: it was given the turn in the same moment.
    private bool Leaves(bool first, TaskCompletionSource waiting)
    {
        lock (door) return (first ? ahead : usual).Remove(waiting);
    }
}

/// <summary>Contexts take their turn for each transaction, also for the one of a plain save.</summary>
internal sealed class TurnOfTransactions : DbTransactionInterceptor, IDbConnectionInterceptor
{
    public static readonly TurnOfTransactions Instance = new();
    private readonly ConcurrentDictionary<Guid, Held> byTransaction = new();
    private readonly ConditionalWeakTable<DbConnection, Held> byConnection = [];

    private sealed class Held(TurnQueue turn, Guid transaction)
    {
        private TurnQueue? turn = turn;

        public Guid Transaction => transaction;
        public void End() => Interlocked.Exchange(ref turn, null)?.Release();
    }

    public override InterceptionResult<DbTransaction> TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        if (WriteTurns.Of(connection) is { } turn && turn.Wait(ahead: false, WriteTurns.Patience)) Hold(connection, new(turn, eventData.TransactionId));
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
