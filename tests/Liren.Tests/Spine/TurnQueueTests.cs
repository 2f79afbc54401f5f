using Liren.Sdk.Data;
using Shouldly;
using Xunit;

namespace Liren.Tests.Spine;

public sealed class TurnQueueTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20), Short = TimeSpan.FromMilliseconds(30);
    private readonly TurnQueue queue = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_who_write_for_many_go_ahead_but_not_for_ever()
    {
        queue.Wait(ahead: true, Long).ShouldBeTrue();
        var order = new List<string>();
        var usual = new[] { "a", "b" }.Select(n => TurnAsync(n, order)).ToList();
        var many = Enumerable.Range(1, 5).Select(n => StartAhead(n.ToString(System.Globalization.CultureInfo.InvariantCulture), order)).ToList();
        queue.Release();
        await Task.WhenAll([.. usual, .. many]);
        order.ShouldBe(["1", "2", "3", "a", "4", "5", "b"]);
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_the_queue()
    {
        queue.Wait(ahead: false, Long).ShouldBeTrue();
        queue.Wait(ahead: true, Short).ShouldBeFalse();
        (await queue.WaitAsync(Short, Stop)).ShouldBeFalse();
        using var cancelled = new CancellationTokenSource(Short);
        await Should.ThrowAsync<OperationCanceledException>(async () => await queue.WaitAsync(Long, cancelled.Token));
        queue.Release();
        queue.Wait(ahead: false, Short).ShouldBeTrue("nobody who gave up may be given the turn");
    }

    [Fact]
    public async Task One_at_a_time()
    {
        var (inside, most, turns) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                (n % 2 == 0 ? queue.Wait(ahead: true, Long) : await queue.WaitAsync(Long, Stop)).ShouldBeTrue();
                most = Math.Max(most, Interlocked.Increment(ref inside));
                turns++;
                Interlocked.Decrement(ref inside);
                queue.Release();
            }
        }, Stop)));
        (most, turns).ShouldBe((1, 3_200));
    }

    private async Task TurnAsync(string name, List<string> order)
    {
        (await queue.WaitAsync(Long, Stop)).ShouldBeTrue();
        order.Add(name);
        queue.Release();
    }

    // Waits on a thread of its own; returns once it stands in the queue.
    private Task StartAhead(string name, List<string> order)
    {
        var thread = new TaskCompletionSource();
        var waiting = new Thread(() =>
        {
            queue.Wait(ahead: true, Long).ShouldBeTrue();
            order.Add(name);
            queue.Release();
            thread.SetResult();
        });
        waiting.Start();
        SpinWait.SpinUntil(() => waiting.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Long).ShouldBeTrue();
        return thread.Task;
    }
}
