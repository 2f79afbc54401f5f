using System.Diagnostics;

namespace Liren.Bench.Loop;

/// <summary>
/// From a reading over MQTT to the command over MQTT, by the real program with a plan in force at each of 1,000 areas, everything on disk before the command
/// leaves; then a hold of two minutes at 10,000 areas; then mosquitto and Node-RED with the same rule, in memory, on the same machine.
/// </summary>
internal sealed class LoopBench : IBench
{
    private const int PerLine = 1, Seed = 20_200_213;
    private static readonly int[] steps = [5_000, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000];

    public string Name => "loop";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var (areas, hold) = run.Quick ? (200, 400) : (1_000, 10_000);
        var slow = TimeSpan.FromSeconds(run.Quick ? 8 : 60);
        var quick = TimeSpan.FromSeconds(run.Quick ? 5 : 15);
        var lost = 0L;
        await using (var liren = new LirenLoop())
        {
            BenchRun.Say($"{areas} areas a load, {hold} for the hold");
            await liren.StartAsync((2 + steps.Length) * areas, hold, stop);
            var next = 0;
            async Task<LoadResult> LoadAsync(int rate, TimeSpan time)
            {
                await liren.ConnectAsync(next, areas, stop);
                var (cpu, began) = (liren.Processor, Stopwatch.GetTimestamp());
                var result = await Load.RunAsync(liren, next, areas, rate, time, new(Seed + rate));
                Say("liren", rate, result, (liren.Processor - cpu) / Stopwatch.GetElapsedTime(began));
                next += areas;
                return result;
            }
            // The runtime compiles what is hot a second time: what is measured is a program that has run for a minute.
            await LoadAsync(1_000, TimeSpan.FromSeconds(run.Quick ? 30 : 60));
            var one = await LoadAsync(1_000, slow);
            run.Report.Figure("p50_ms_1k", one.At(0.5));
            run.Report.Figure("p99_ms_1k", one.At(0.99));
            lost += one.Lost;
            (double P99, int Rate) best = (double.NaN, 0);
            foreach (var rate in steps)
            {
                var result = await LoadAsync(rate, quick);
                if (rate == 10_000) run.Report.Figure("p99_ms_10k", result.At(0.99));
                if (!result.Sustained) break;
                best = (result.At(0.99), rate);
                lost += result.Lost;
            }
            run.Report.Figure("max_rate", best.Rate);
            run.Report.Figure("p99_ms_max_rate", best.P99);
            await HoldAsync(run, liren, (2 + steps.Length) * areas, hold, stop);
            run.Report.Figure("lost", lost);
        }
        if (await NodeRedLoop.MissingAsync(stop) is { } why)
        {
            BenchRun.Say($"no peer: {why}");
            return;
        }
        await using var peer = new NodeRedLoop();
        await peer.StartAsync(stop);
        var first = 0;
        async Task<LoadResult> PeerAsync(int rate, TimeSpan time)
        {
            await peer.ConnectAsync(first, areas, PerLine, stop);
            var result = await Load.RunAsync(peer, first, areas, rate, time, new(Seed + rate));
            Say("node-red", rate, result, double.NaN);
            first += areas;
            return result;
        }
        await PeerAsync(1_000, TimeSpan.FromSeconds(run.Quick ? 4 : 10));
        var peerOne = await PeerAsync(1_000, run.Quick ? slow : TimeSpan.FromSeconds(30));
        run.Report.Figure("nodered_p50_ms_1k", peerOne.At(0.5));
        run.Report.Figure("nodered_p99_ms_1k", peerOne.At(0.99));
        var most = 0;
        foreach (var rate in steps)
        {
            var result = await PeerAsync(rate, quick);
            if (rate == 10_000) run.Report.Figure("nodered_p99_ms_10k", result.At(0.99));
            if (!result.Sustained) break;
            most = rate;
        }
        run.Report.Figure("nodered_max_rate", most);
    }

    // One report for each area; two minutes later, to the millisecond, its command is due.
    private static async Task HoldAsync(BenchRun run, LirenLoop liren, int first, int areas, CancellationToken stop)
    {
        await liren.ConnectAsync(first, areas, stop);
        var (due, came) = (new long[areas], new long[areas]);
        liren.Commanded = area => { if (area - first is >= 0 and var i && i < areas) Interlocked.CompareExchange(ref came[i], Stopwatch.GetTimestamp(), 0); };
        var (hold, began, gap) = (120 * Stopwatch.Frequency, Stopwatch.GetTimestamp(), Stopwatch.Frequency / 500);
        await Task.Factory.StartNew(() =>
        {
            for (var i = 0; i < areas; i++)
            {
                Load.Until(began + i * gap);
                due[i] = Stopwatch.GetTimestamp() + hold;
                liren.Publish(first + i, 60);
            }
        }, TaskCreationOptions.LongRunning);
        await Task.Delay(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due[^1]) + TimeSpan.FromSeconds(10), stop);
        var skews = Enumerable.Range(0, areas).Where(i => came[i] != 0).Select(i => Math.Abs((came[i] - due[i]) * 1e3 / Stopwatch.Frequency)).Order().ToArray();
        BenchRun.Say($"hold: {skews.Length} of {areas}, skew p50 {skews[skews.Length / 2]:0.00} ms, p99 {skews[skews.Length * 99 / 100]:0.00} ms");
        run.Report.Figure("skew_p50_ms", skews[skews.Length / 2]);
        run.Report.Figure("skew_p99_ms", skews[skews.Length * 99 / 100]);
        run.Report.Figure("hold_fired", skews.Length);
    }

    private static void Say(string who, int rate, LoadResult r, double load) =>
        BenchRun.Say($"{who} {rate}/s: {r.Waits.Length} commands, p50 {r.At(0.5):0.00} ms, p99 {r.At(0.99):0.00} ms, lost {r.Lost}, twice {r.Twice}, loader behind {r.BehindMs:0} ms, drained {r.DrainMs:0} ms, processors {load:0.00}");
}
