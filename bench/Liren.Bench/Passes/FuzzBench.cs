using System.Diagnostics;
using Liren.Shared;

namespace Liren.Bench.Passes;

/// <summary>Ten million hostile inputs for the readers of codes, on all processors: none may throw, none may allocate more than a megabyte.</summary>
internal sealed class FuzzBench : IBench
{
    private const int Slice = 10_000;

    public string Name => "fuzz";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var cases = run.Quick ? 100_000L : 10_000_000L;
        var (left, start, found) = (cases / Slice, Stopwatch.GetTimestamp(), new List<FuzzResult>());
        BenchRun.Say($"{cases} hostile inputs");
        await Task.WhenAll(Enumerable.Range(1, Environment.ProcessorCount).Select(seed => Task.Factory.StartNew(
            () =>
            {
                using var fuzz = new CodeFuzz(seed);
                FuzzResult? mine = null;
                var tried = 0L;
                for (; Interlocked.Decrement(ref left) >= 0 && !stop.IsCancellationRequested; tried += Slice) mine = fuzz.Run(Slice);
                if (mine is null) return;
                lock (found) found.Add(mine with { Cases = tried });
            }, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        stop.ThrowIfCancellationRequested();
        foreach (var first in found.Select(f => f.First).OfType<string>()) BenchRun.Say(first);
        foreach (var (outcome, count) in found.SelectMany(f => f.Outcomes).GroupBy(o => o.Key, o => o.Value).Select(g => (g.Key, g.Sum())).OrderByDescending(o => o.Item2)) BenchRun.Say($"{count,10} {outcome}");
        run.Report.Figure("cases", found.Sum(f => f.Cases));
        run.Report.Figure("exceptions", found.Sum(f => f.Exceptions));
        run.Report.Figure("max_alloc_bytes", found.Max(f => f.MostAllocated));
        run.Report.Figure("seconds", Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
