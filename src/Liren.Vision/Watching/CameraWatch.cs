using Liren.Vision.Counting;
using Liren.Vision.Frames;

namespace Liren.Vision.Watching;

/// <summary>A zone of a camera, who it speaks as, and what it counts.</summary>
internal sealed record WatchedZone(string Name, string? Device, RollingCount Rolling);

/// <summary>
/// Watches one camera: counts each picture, tells the hub every second, begins again when the pictures end. A camera that sees nothing (盲) says so once and then
/// is silent: no number is better than a wrong zero, which would end an alarm.
/// </summary>
internal sealed class CameraWatch(string name, IPictureSource source, PeopleCounter counter, IReadOnlyList<WatchedZone> zones, SemaphoreSlim detector, Action<HubRow> post, Evidence? evidence, Action<string?, Still>? send, TimeSpan every, TimeProvider clock, Action<string> say)
{
    private static readonly TimeSpan longest = TimeSpan.FromSeconds(60), second = TimeSpan.FromSeconds(1);
    private const int Well = 10;
    private readonly Darkness darkness = new();
    private readonly TimeSpan patience = TimeSpan.FromSeconds(10) + 3 * every;
    private DateTimeOffset lastPicture = clock.GetUtcNow(), lastTold;
    private bool blind;
    private string? why;

    /// <summary>Pictures counted.</summary>
    public long Pictures { get; private set; }

    /// <summary>Watches until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var pause = second;
        while (!stop.IsCancellationRequested)
        {
            var (begin, trouble) = (Pictures, "the pictures ended");
            // Cameras hang without a word: a picture must come in time.
            using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await using var hurry = clock.CreateTimer(l => ((CancellationTokenSource)l!).Cancel(), late, patience, Timeout.InfiniteTimeSpan);
            try
            {
                await foreach (var frame in source.ReadAsync(late.Token))
                {
                    await SeeAsync(frame, stop);
                    hurry.Change(patience, Timeout.InfiniteTimeSpan);
                }
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested) { trouble = $"no picture for {patience.TotalSeconds:0} s"; }
            catch (OperationCanceledException) { return; }
            catch (Exception e) when (e is VisionException or IOException or UnauthorizedAccessException) { trouble = Ffmpeg.WithoutSecrets(e.Message); }
            if (trouble != why) say($"{name}: {why = trouble}");
            if (clock.GetUtcNow() - lastPicture >= patience) Lose(trouble);
            if (Pictures - begin >= Well) pause = second;
            try { await Task.Delay(pause, clock, stop); }
            catch (OperationCanceledException) { return; }
            if (clock.GetUtcNow() - lastPicture >= patience) Lose(trouble);
            pause = pause * 2 < longest ? pause * 2 : longest;
        }
    }

    private async Task SeeAsync(Frame frame, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        lastPicture = now;
        Pictures++;
        if (darkness.Sees(frame) is var sees && sees != Sight.Clear)
        {
            if (sees == Sight.Covered && !blind) Blind("video.covered", "the picture shows nothing: covered, turned away, or too dark");
            return;
        }
        if (blind) Recover();
        Seen seen;
        await detector.WaitAsync(stop);
        try { seen = counter.Count(frame); }
        finally { detector.Release(); }
        // A picture comes a little early or late: half a second off is the same second.
        var tell = now - lastTold >= second - TimeSpan.FromMilliseconds(100);
        if (tell) lastTold = now;
        Still? still = null;
        for (var i = 0; i < zones.Count; i++)
        {
            var (zone, device, rolling) = zones[i];
            var begins = rolling.Add(seen.Zones[i]);
            if (tell || begins) post(new(device, now, null, new Dictionary<string, object> { ["people.count"] = rolling.Count }, rolling.AtLeast, zone));
            if (!begins) continue;
            Dictionary<string, object> fields = new() { ["count"] = rolling.Count, ["lowerBound"] = rolling.LowerBound, ["atLeast"] = rolling.AtLeast, ["zone"] = zone };
            if (evidence is not null && (still ??= await KeepAsync(frame, seen.Boxes, stop)) is { } kept)
            {
                fields["sha256"] = kept.Sha256;
                if (kept.File is { } file) fields["still"] = file;
                send?.Invoke(device, kept);
            }
            post(new(device, now, "crowd.gathering", fields, rolling.AtLeast, zone));
            say($"{name}: gathering in {zone}, {(rolling.AtLeast ? "at least " : "")}{rolling.Count} people");
        }
    }

    // An alarm goes out with or without its picture.
    private async Task<Still?> KeepAsync(Frame frame, IReadOnlyList<Box> boxes, CancellationToken stop)
    {
        try { return await evidence!.KeepAsync(frame, boxes, name, stop); }
        catch (Exception e) when (e is VisionException or IOException or UnauthorizedAccessException)
        {
            say($"{name}: the evidence picture could not be kept: {e.Message}");
            return null;
        }
    }

    private void Lose(string trouble)
    {
        if (!blind) Blind("video.lost", trouble);
    }

    private void Blind(string happening, string reason)
    {
        blind = true;
        foreach (var zone in zones)
        {
            zone.Rolling.Clear();
            post(new(zone.Device, clock.GetUtcNow(), happening, new Dictionary<string, object> { ["camera"] = name, ["reason"] = reason }, false, zone.Name));
        }
        say($"{name}: blind: {reason}");
    }

    private void Recover()
    {
        (blind, why) = (false, null);
        foreach (var zone in zones) post(new(zone.Device, clock.GetUtcNow(), "video.clear", new Dictionary<string, object> { ["camera"] = name }, false, zone.Name));
        say($"{name}: sees again");
    }
}
