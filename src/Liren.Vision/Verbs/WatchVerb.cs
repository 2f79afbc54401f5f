using System.CommandLine;
using System.Diagnostics;
using Liren.Vision.Counting;
using Liren.Vision.Frames;
using Liren.Vision.Model;
using Liren.Vision.Watching;

namespace Liren.Vision.Verbs;

/// <summary>Verb: watch-people CONFIG.</summary>
internal static class WatchVerb
{
    private static readonly TimeSpan tidy = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var file = new Argument<FileInfo>("config") { Description = "YAML: hub, cameras with zones and masks, evidence (docs/operators/vision.md)" };
        var check = new Option<bool>("--check") { Description = "Look at each camera once, say what is counted, tell nobody" };
        var seconds = new Option<int>("--seconds") { Description = "How long; 0: until stopped", DefaultValueFactory = _ => 0 };
        var json = Cli.JsonOption();
        return Cli.Runs(new("watch-people", "Watch cameras, and tell the device hub every second how many people are in each zone") { file, check, seconds, json }, async (parse, stop) =>
        {
            var path = parse.GetValue(file)!;
            var config = WatchConfig.Read(path.Exists ? await File.ReadAllTextAsync(path.FullName, stop) : throw new VisionException($"{path} is not there"), path.Name);
            if (!OperatingSystem.IsWindows() && (path.UnixFileMode & UnixFileMode.OtherRead) != 0) Cli.Say($"{path.Name} holds keys and can be read by everybody: chmod 600 {path.Name}");
            using var detector = new NanoDet(await ModelStore.Default.GetAsync(Cli.Say, stop));
            if (parse.GetValue(check)) await CheckAsync(config, detector, path.Name, parse.GetValue(json), stop);
            else await WatchAsync(config, detector, path.Name, parse.GetValue(seconds), parse.GetValue(json), stop);
        });
    }

    /// <summary>Where a camera's pictures come from.</summary>
    internal static IPictureSource SourceOf(WatchConfig.CameraEntry camera, TimeProvider clock) =>
        camera.Stream is { } stream ? new StreamSource(stream, camera.Every, camera.Keyframes)
        : camera.Snapshot is { } snapshot ? new SnapshotSource(snapshot, camera.Every, clock)
        : camera.Folder is { } folder ? new FolderSource(folder, camera.Every, camera.DeleteCounted, clock)
        : new FileSource(camera.File!, camera.Every);

    private static async Task WatchAsync(WatchConfig config, NanoDet detector, string file, int seconds, bool json, CancellationToken stop)
    {
        var clock = TimeProvider.System;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (seconds > 0) end.CancelAfter(TimeSpan.FromSeconds(seconds));
        var evidence = config.Evidence is { } e ? new Evidence(e.Folder, e.Days, clock) : null;
        using var line = new HubLine(config.Hub!, config.Cameras.Exists(c => c.Zones.Exists(z => z.Device is not null)), clock, Cli.Say);
        using var one = new SemaphoreSlim(1, 1);
        List<CameraWatch> watches = [.. config.Cameras.Select(c =>
        {
            var scene = c.ToScene(file);
            List<WatchedZone> zones = [.. scene.Zones.Select(z => new WatchedZone(z.Name, WatchConfig.DeviceOf(c, z), new(WatchConfig.GatheringOf(c, z))))];
            return new CameraWatch(c.Name, SourceOf(c, clock), new(detector, scene), zones, one, line.Post, evidence, config.Evidence?.Send == true ? line.Post : null, TimeSpan.FromSeconds(c.Every), clock, Cli.Say);
        })];
        var begin = Process.GetCurrentProcess().TotalProcessorTime;
        // The line ends after the cameras, so that what they said last is still sent.
        using var hangUp = new CancellationTokenSource();
        var talking = line.RunAsync(hangUp.Token);
        var tidying = TidyAsync(evidence, clock, end.Token);
        await Task.WhenAll(watches.Select(w => w.RunAsync(end.Token)));
        await hangUp.CancelAsync();
        await Task.WhenAll(talking, tidying);
        var pictures = watches.Sum(w => w.Pictures);
        var spent = pictures == 0 ? 0 : Math.Round((Process.GetCurrentProcess().TotalProcessorTime - begin).TotalMilliseconds / pictures, 1);
        if (json) Cli.PrintJson(new { pictures, line.Acknowledged, line.Refused, line.Dropped, cpuMsPerFrame = spent });
        else Console.WriteLine($"{pictures} pictures; {line.Acknowledged} rows acknowledged, {line.Refused} refused, {line.Dropped} dropped; {spent} ms of processor a picture");
    }

    private static async Task TidyAsync(Evidence? evidence, TimeProvider clock, CancellationToken stop)
    {
        using var rhythm = new PeriodicTimer(tidy, clock);
        try
        {
            do
            {
                try { if (evidence?.Forget() is > 0 and var gone) Cli.Say($"{gone} evidence pictures were old enough and deleted"); }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException) { Cli.Say($"old evidence could not be deleted: {e.Message}"); }
            }
            while (await rhythm.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) { /* the end */ }
    }

    private static async Task CheckAsync(WatchConfig config, NanoDet detector, string file, bool json, CancellationToken stop)
    {
        List<object> answers = [];
        var failed = 0;
        foreach (var camera in config.Cameras)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
            late.CancelAfter(TimeSpan.FromSeconds(20));
            IReadOnlyList<ZoneCount>? counts = null;
            var trouble = "no picture came";
            try
            {
                await foreach (var frame in SourceOf(camera, TimeProvider.System).ReadAsync(late.Token))
                {
                    counts = new PeopleCounter(detector, camera.ToScene(file)).Count(frame).Zones;
                    break;
                }
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested) { trouble = "no picture within 20 s"; }
            catch (Exception e) when (e is VisionException or IOException or UnauthorizedAccessException) { trouble = Ffmpeg.WithoutSecrets(e.Message); }
            if (counts is null) failed++;
            if (json) answers.Add(new { camera = camera.Name, trouble = counts is null ? trouble : null, counts });
            else Console.WriteLine($"{camera.Name,-20}  {(counts is null ? trouble : string.Join(", ", counts.Select(c => $"{c.Zone} {c.Count}")))}");
        }
        if (json) Cli.PrintJson(new { cameras = answers });
        if (failed > 0) throw new VisionException($"{failed} of {config.Cameras.Count} cameras could not be seen");
    }
}
