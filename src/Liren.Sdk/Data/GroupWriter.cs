using System.Threading.Channels;

namespace Liren.Sdk.Data;

/// <summary>
/// Group commit: many callers, one writer, one commit for all that wait. There is no timer, the disk forms the batches: while one batch is
/// being written the next gathers. A caller is answered when its item is on disk; a failed commit fails the whole batch and nothing of it stays.
/// Callers go on in small groups on the thread pool: waking a thread for each of them would cost more than the write.
/// </summary>
public sealed class GroupWriter<T> : IAsyncDisposable
{
    private readonly Channel<Waiting> queue;
    private readonly Action<IReadOnlyList<T>> commit;
    private readonly int most;
    private readonly Task worker;

    /// <summary>At least so many callers go on one after the other on one thread: waking a thread costs more than answering some.</summary>
    private const int Together = 8;

    // More threads than processors would only take turns.
    private static readonly int Lanes = 2 * Environment.ProcessorCount;

    private sealed record Waiting(T Item, TaskCompletionSource Done);

    /// <summary>Starts the writer's own thread.</summary>
    /// <param name="commit">Writes a batch durably; throws when it could not. Called from one thread only.</param>
    /// <param name="capacity">Items that may wait; callers beyond it are told to come back (503 sdk.busy).</param>
    /// <param name="most">Largest batch.</param>
    public GroupWriter(Action<IReadOnlyList<T>> commit, int capacity = 65_536, int most = 4_096)
    {
        this.commit = commit;
        this.most = most;
        queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(capacity) { SingleReader = true });
        worker = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Returns when the item is on disk.</summary>
    public Task WriteAsync(T item)
    {
        var waiting = new Waiting(item, new TaskCompletionSource());
        return queue.Writer.TryWrite(waiting) ? waiting.Done.Task : throw new RuleBrokenException("sdk.busy", null, 503);
    }

    private void Work()
    {
        var batch = new List<Waiting>(most);
        var items = new List<T>(most);
        // A thread of its own may block; the thread pool is left to requests.
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < most && queue.Reader.TryRead(out var next)) { batch.Add(next); items.Add(next.Item); }
            Exception? failure = null;
            try { commit(items); }
            // Whatever the store threw, every caller of the batch must hear of it.
            catch (Exception e) when (e is not OutOfMemoryException) { failure = e; }
            foreach (var group in batch.Chunk(Math.Max(Together, (batch.Count + Lanes - 1) / Lanes))) ThreadPool.UnsafeQueueUserWorkItem(static answer => Answer(answer.group, answer.failure), (group, failure), preferLocal: false);
            batch.Clear();
            items.Clear();
        }
    }

    private static void Answer(Waiting[] group, Exception? failure)
    {
        foreach (var waiting in group)
            if (failure is null) waiting.Done.SetResult();
            else waiting.Done.SetException(failure);
    }

    /// <summary>Writes what waits, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await worker;
    }
}
