namespace Liren.Bench.Spine;

/// <summary>What everything else stands on: start, memory, one guarded read, one guarded list, who answers for what, events.</summary>
internal sealed class SpineBench : IBench
{
    public string Name => "spine";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var data = Directory.CreateTempSubdirectory("liren-bench-").FullName;
        try
        {
            await StartBench.RunAsync(run, data, stop);
            await WhoBench.RunAsync(run, stop);
        }
        finally { Directory.Delete(data, recursive: true); }
    }
}
