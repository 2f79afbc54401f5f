using System.Diagnostics;
using System.Globalization;
using Liren.Shared;
using Liren.Vision;
using Liren.Vision.Counting;
using Liren.Vision.Frames;
using Liren.Vision.Model;

namespace Liren.Bench.Vision;

/// <summary>
/// People on a street, a picture for each second of the clip: how far the count is from what a person counted on ten of them, and what a picture costs. The
/// first picture prepares what the others use and is not in the costs.
/// </summary>
internal sealed class VisionBench : IBench
{
    public string Name => "vision";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var (clip, why) = await StreetClip.FindAsync(LirenProcess.Root, stop);
        if (clip is null) throw new InvalidOperationException(why);
        var store = new ModelStore(Path.Combine(LirenProcess.Root, "artifacts", "models"), Provenance.NanoDet);
        using var detector = new NanoDet(await store.GetAsync(BenchRun.Say, stop));
        var counter = new PeopleCounter(detector, Scene.Open);
        using var self = Process.GetCurrentProcess();
        List<double> spent = [], decode = [], walls = [];
        List<(int Wanted, ZoneCount Got)> pairs = [];
        for (var round = 0; round < run.Rounds; round++)
        {
            BenchRun.Say($"round {round + 1} of {run.Rounds}");
            var (pictures, children, processor) = (0, Children(), TimeSpan.Zero);
            pairs.Clear();
            await foreach (var frame in Ffmpeg.ReadAsync(Ffmpeg.File(clip), 1, null, stop))
            {
                var (before, wall) = (self.TotalProcessorTime, Stopwatch.GetTimestamp());
                var count = counter.Count(frame).Zones.Single();
                if (pictures > 0)
                {
                    walls.Add(Stopwatch.GetElapsedTime(wall).TotalMilliseconds);
                    self.Refresh();
                    processor += self.TotalProcessorTime - before;
                }
                if (StreetClip.People.TryGetValue(pictures++, out var wanted)) pairs.Add((wanted, count));
            }
            if (pictures != 80 || pairs.Count != StreetClip.People.Count) throw new InvalidOperationException($"{pictures} pictures came of the clip's 80");
            spent.Add(processor.TotalMilliseconds / (pictures - 1));
            decode.Add((Children() - children) / pictures);
        }
        run.Report.Figure("mae", pairs.Average(p => Math.Abs(p.Wanted - p.Got.Count)));
        run.Report.Figure("lower_bound_too_high", pairs.Count(p => p.Got.LowerBound > p.Wanted));
        run.Report.Figure("labelled_pictures", pairs.Count);
        run.Report.Figure("cpu_ms_per_frame", spent.Median());
        run.Report.Figure("decode_cpu_ms_per_frame", decode.Median());
        run.Report.Figure("frame_p50_ms", walls.Median());
        run.Report.Figure("resident_mib", self.WorkingSet64 / 1048576d);
    }

    // Processor time of the programs that were started and have ended (ffmpeg), in milliseconds: fields 16 and 17 of /proc/self/stat, in hundredths of a second.
    private static double Children()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        var fields = File.ReadAllText("/proc/self/stat").Split(' ');
        return 10 * (double.Parse(fields[15], CultureInfo.InvariantCulture) + double.Parse(fields[16], CultureInfo.InvariantCulture));
    }
}
