using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Liren.Vision;
using Liren.Vision.Counting;
using Liren.Vision.Frames;
using Liren.Vision.Watching;
using Microsoft.Extensions.Time.Testing;

namespace Liren.Tests.Vision;

/// <summary>What a watched camera says and when it is silent; what is kept of an alarm.</summary>
public sealed class WatchingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ZoneCount Of(int count) => new("all", count, count, count >= 15);

    [Fact]
    public void The_count_is_the_median_of_the_last_ten_and_a_gathering_ends_two_below_where_it_began() =>
        Prop.ForAll(Gen.Choose(0, 12).ListOf().ToArbitrary(), Gen.Choose(1, 8).ToArbitrary(), (counts, many) =>
        {
            var (rolling, on) = (new RollingCount(many), false);
            for (var i = 0; i < counts.Count; i++)
            {
                var begins = rolling.Add(Of(counts[i]));
                var window = counts.Skip(Math.Max(0, i - 9)).Take(Math.Min(10, i + 1)).Order().ToList();
                rolling.Count.ShouldBe(window[window.Count / 2]);
                var was = on;
                if (!on && i >= 9 && rolling.Count >= many) on = true;
                else if (on && rolling.Count <= Math.Max(0, many - 2)) on = false;
                (begins, rolling.IsGathering).ShouldBe((on && !was, on));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_wild_picture_changes_nothing_and_a_crowd_is_at_least()
    {
        var rolling = new RollingCount(20);
        for (var i = 0; i < 9; i++) rolling.Add(Of(3)).ShouldBeFalse();
        rolling.Add(Of(400)).ShouldBeFalse();
        (rolling.Count, rolling.AtLeast).ShouldBe((3, false));
        for (var i = 0; i < 6; i++) rolling.Add(Of(30));
        (rolling.Count, rolling.AtLeast, rolling.IsGathering).ShouldBe((30, true, true));
        rolling.Clear();
        (rolling.Count, rolling.AtLeast, rolling.IsGathering).ShouldBe((0, false, false));
    }

    [Fact]
    public async Task A_camera_counts_each_second_rings_once_falls_silent_when_it_sees_nothing_and_says_when_it_sees_again()
    {
        var street = await StreetAsync();
        using var detector = await Sight.DetectorAsync(Stop);
        using var folder = new Folder();
        var clock = new FakeTimeProvider(new(2020, 2, 13, 6, 0, 0, TimeSpan.Zero));
        var grey = street with { Rgb = [.. street.Rgb.Select(_ => (byte)90)] };
        // Twelve good, twelve under a cloth, five good; then it breaks for a minute; then good; then it hangs without a word; then good.
        var source = new Script(clock, [[.. Enumerable.Repeat(street, 12), .. Enumerable.Repeat(grey, 12), .. Enumerable.Repeat(street, 5)], [], [], [], [], [], [.. Enumerable.Repeat(street, 12)], [street], [street, street]]) { HangsAt = 8 };
        List<HubRow> said = [];
        List<string> words = [];
        List<(string?, string)> sent = [];
        var evidence = new Evidence(Path.Combine(folder.Path, "stills"), 7, clock);
        using var one = new SemaphoreSlim(1, 1);
        var watch = new CameraWatch("cam", source, new(detector, Scene.Open), [new("all", "cam-1", new RollingCount(2))], one, row => { lock (said) said.Add(row); }, evidence, (device, still) => sent.Add((device, still.Sha256)), TimeSpan.FromSeconds(1), clock, words.Add);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Task.Run(() => watch.RunAsync(end.Token), Stop);
        while (!source.Done.Task.IsCompleted)
        {
            await Task.Delay(2, Stop);
            if (source.Waiting) clock.Advance(TimeSpan.FromSeconds(1));
        }
        await end.CancelAsync();
        await running;

        said.Where(r => r.Happening is not null).Select(r => r.Happening).ShouldBe(["crowd.gathering", "video.covered", "video.clear", "video.lost", "video.clear", "crowd.gathering", "video.lost", "video.clear"]);
        var counts = said.Where(r => r.Happening is null).ToList();
        counts.Count.ShouldBe(12 + 3 + 12 + 1 + 2);
        counts.ShouldAllBe(r => (int)r.Content["people.count"] >= 2 && (int)r.Content["people.count"] <= 4 && r.Device == "cam-1" && !r.AtLeast);
        var alarm = said.First(r => r.Happening == "crowd.gathering");
        var at = said.IndexOf(alarm);
        said.Take(at).Count(r => r.Happening is null).ShouldBe(10);
        // Between covered and clear: not a word.
        said[said.FindIndex(r => r.Happening == "video.covered") + 1].Happening.ShouldBe("video.clear");
        said[said.FindIndex(r => r.Happening == "video.lost") + 1].Happening.ShouldBe("video.clear");
        words.ShouldContain("cam: blind: broken pipe");
        words.ShouldContain("cam: blind: no picture for 13 s");

        var still = new FileInfo(Path.Combine(folder.Path, "stills", (string)alarm.Content["still"]));
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(still.FullName, Stop))).ShouldBe(alarm.Content["sha256"]);
        sent.ShouldBe(said.Where(r => r.Happening == "crowd.gathering").Select(r => ((string?)"cam-1", (string)r.Content["sha256"])));
        if (!OperatingSystem.IsWindows()) (still.UnixFileMode, still.Directory!.UnixFileMode).ShouldBe((UnixFileMode.UserRead | UnixFileMode.UserWrite, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        // On the picture that is kept the detector finds nobody any more.
        using var kept = new Frame();
        await foreach (var frame in Ffmpeg.ReadAsync(Ffmpeg.File(still.FullName), null, null, Stop)) detector.See(frame, PeopleCounter.Counts).Count.ShouldBe(0);
        still.LastWriteTimeUtc = clock.GetUtcNow().AddDays(-7).AddMinutes(-1).UtcDateTime;
        (evidence.Forget(), File.Exists(still.FullName)).ShouldBe((1, false));
    }

    [Fact]
    public void Blurred_squares_are_of_one_colour_and_the_rest_of_the_picture_is_as_it_was() => Prop.ForAll(Gen.Choose(0, 100).Four().ToArbitrary(), four =>
    {
        var (a, b, c, d) = four;
        using var frame = new Frame();
        frame.Resize(60, 50);
        new Random(a + 101 * b).NextBytes(frame.Rgb);
        var before = frame.Rgb.ToArray();
        var box = new Box(Math.Min(a, b) / 100f, Math.Min(c, d) / 100f, Math.Max(a, b) / 100f, Math.Max(c, d) / 100f, 1);
        Blur.People(frame, [box]);
        var inside = 0;
        for (var y = 0; y < 50; y++)
            for (var x = 0; x < 60; x++)
            {
                var (w, h) = ((box.Right - box.Left) * 0.2f, (box.Bottom - box.Top) * 0.2f);
                var blurred = x >= (int)Math.Max(0, (box.Left - w) * 60) && x <= Math.Min(59, (int)((box.Right + w) * 60)) && y >= (int)Math.Max(0, (box.Top - h) * 50) && y <= Math.Min(49, (int)((box.Bottom + h) * 50));
                if (blurred) inside++;
                else if (!frame.Rgb.Slice((y * 60 + x) * 3, 3).SequenceEqual(before.AsSpan((y * 60 + x) * 3, 3))) throw new ShouldAssertException($"{box}: {x},{y} was changed");
            }
        var colours = new HashSet<int>();
        for (var i = 0; i < 3000; i++) if (!frame.Rgb.Slice(3 * i, 3).SequenceEqual(before.AsSpan(3 * i, 3))) colours.Add(frame.Rgb[3 * i] << 16 | frame.Rgb[3 * i + 1] << 8 | frame.Rgb[3 * i + 2]);
        // Squares of at least 8 x 8, and what is left of them at two edges.
        colours.Count.ShouldBeLessThanOrEqualTo((60 / 8 + 1) * (50 / 8 + 1));
        inside.ShouldBeGreaterThan(0);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", "f is empty")]
    [InlineData("hub: { device: a, key: k }", "f: cameras must be a list")]
    [InlineData("cameras: [{ name: A, file: f }]", "f: cameras[0].name must be 1-40 small letters")]
    [InlineData("cameras: [{ name: a }]", "f: cameras[0] needs one of stream, snapshot, folder, file")]
    [InlineData("cameras: [{ name: a, stream: rtsp://x/1, folder: /tmp }]", "f: cameras[0] needs one of")]
    [InlineData("cameras: [{ name: a, stream: 'file:///etc/passwd' }]", "f: cameras[0].stream must be an address")]
    [InlineData("cameras: [{ name: a, stream: '-i' }]", "f: cameras[0].stream must be an address")]
    [InlineData("cameras: [{ name: a, folder: /tmp, keyframes: true }]", "f: cameras[0].keyframes is for a stream")]
    [InlineData("cameras: [{ name: a, snapshot: rtsp://x }]", "f: cameras[0].snapshot must be an address")]
    [InlineData("cameras: [{ name: a, file: nowhere.avi }]", "f: cameras[0].file nowhere.avi is not there")]
    [InlineData("cameras: [{ name: a, stream: rtsp://x/1, every: 0 }]", "f: cameras[0].every must be")]
    [InlineData("cameras: [{ name: a, stream: rtsp://x/1, zones: [{ name: z, points: [[0, 0]] }] }]", "f: cameras[0]: zones[0].points must be 3-200 corners")]
    [InlineData("cameras: [{ name: a, stream: rtsp://x/1, zones: [{ name: z, gathering: 0 }] }]", "f: cameras[0]: zones[0].gathering must be")]
    [InlineData("cameras: [{ name: a, stream: rtsp://x/1 }, { name: a, stream: rtsp://x/2 }]", "f: cameras[0].name a is taken")]
    [InlineData("cameras: [{ name: a, stream: rtsp://x/1 }]", "f: hub is missing")]
    [InlineData("hub: { key: k }\ncameras: [{ name: a, stream: rtsp://x/1 }]", "f: hub.device is missing")]
    [InlineData("hub: { device: a }\ncameras: [{ name: a, stream: rtsp://x/1 }]", "f: hub.key is missing")]
    [InlineData("hub: { device: a, key: k, server: 10.0.0.1 }\ncameras: [{ name: a, stream: rtsp://x/1 }]", "f: hub.tls must be true")]
    [InlineData("hub: { device: a, key: k }\ncameras: [{ name: a, stream: rtsp://x/1 }, { name: b, stream: rtsp://x/1 }]", "f: with more than one zone each needs device")]
    [InlineData("hub: { device: a, key: k }\ncameras: [{ name: a, stream: rtsp://x/1, zones: [{ name: z, device: c }] }, { name: b, stream: rtsp://x/1, zones: [{ name: z, device: c }] }]", "f: device c stands at two zones")]
    [InlineData("hub: { device: a, key: k, ca: no.crt }\ncameras: [{ name: a, stream: rtsp://x/1 }]", "f: hub.ca no.crt is not there")]
    [InlineData("hub: { device: a, key: k }\nevidence: { days: 3 }\ncameras: [{ name: a, stream: rtsp://x/1 }]", "f: evidence needs send: true or folder")]
    [InlineData("hub: { device: a, key: k, prot: 1 }\ncameras: [{ name: a, stream: rtsp://x/1 }]", "f, line 1: prot is no field here")]
    public void A_wrong_configuration_is_refused_and_names_the_field(string yaml, string begin) => Should.Throw<VisionException>(() => WatchConfig.Read(yaml, "f")).Message.ShouldStartWith(begin);

    [Fact]
    public async Task Of_a_folder_the_newest_whole_picture_is_looked_at_and_what_is_done_is_deleted_when_asked()
    {
        var street = await StreetAsync();
        using var folder = new Folder();
        using var frame = street.Show(new Frame());
        var jpeg = await Ffmpeg.JpegAsync(frame, Stop);
        string Put(string name, int minutes, byte[] bytes)
        {
            var path = Path.Combine(folder.Path, name);
            File.WriteAllBytes(path, bytes);
            File.SetLastWriteTimeUtc(path, new DateTime(2020, 2, 13, 6, minutes, 0, DateTimeKind.Utc));
            return path;
        }
        var (old, notes, newest) = (Put("a.jpg", 1, jpeg), Put("notes.txt", 2, "words"u8.ToArray()), Put("b.jpg", 3, jpeg));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        end.CancelAfter(TimeSpan.FromSeconds(30));
        var seen = 0;
        await foreach (var picture in new FolderSource(folder.Path, 0.2, delete: true, TimeProvider.System).ReadAsync(end.Token))
        {
            (picture.Width, picture.Height).ShouldBe((416, 312));
            if (++seen == 2) break;
            newest = Put("c.jpg", 4, jpeg);
        }
        (File.Exists(old), File.Exists(notes), File.Exists(Path.Combine(folder.Path, "b.jpg"))).ShouldBe((false, true, false));
    }

    [Fact]
    public async Task A_network_camera_is_read_over_rtsp_with_its_password_and_a_wrong_one_is_said_without_showing_it()
    {
        var clip = await Sight.ClipAsync(Stop);
        using var folder = new Folder();
        (await Worker.RunAsync("ffmpeg", folder.Path, [], "-v", "error", "-ss", "40", "-t", "8", "-i", clip, "-c:v", "mpeg2video", "-b:v", "4M", "-g", "5", "-f", "mpegts", "street.ts")).Code.ShouldBe(0);
        await using var camera = new TinyRtsp(await File.ReadAllBytesAsync(Path.Combine(folder.Path, "street.ts"), Stop));
        using var detector = await Sight.DetectorAsync(Stop);
        var counter = new PeopleCounter(detector, Scene.Open);
        foreach (var keyframes in new[] { false, true })
        {
            List<int> counts = [];
            // It hangs up at the end, in the middle of everything, as cameras do.
            try { await foreach (var frame in new StreamSource(camera.Address("op:s3cret"), 1, keyframes).ReadAsync(Stop)) counts.Add(counter.Count(frame).Zones[0].Count); }
            catch (VisionException) { /* or says so */ }
            counts.Count.ShouldBeInRange(6, 9);
            counts.ShouldAllBe(c => c >= 1 && c <= 6);
        }
        camera.Played.ShouldBe(2);
        var refused = await Should.ThrowAsync<VisionException>(async () => { await foreach (var _ in new StreamSource(camera.Address("op:wrong-one"), 1, false).ReadAsync(Stop)) { /* none comes */ } });
        refused.Message.ShouldContain("401");
        refused.Message.ShouldNotContain("wrong-one");
    }

    private static async Task<Picture> StreetAsync()
    {
        var clip = await Sight.ClipAsync(Stop);
        await foreach (var frame in Ffmpeg.ReadAsync(["-ss", "44", .. Ffmpeg.File(clip)], null, null, Stop)) return new(frame.Width, frame.Height, frame.Rgb.ToArray());
        throw new InvalidOperationException("the clip holds no picture at 44 s");
    }

    private sealed record Picture(int Width, int Height, byte[] Rgb)
    {
        public Frame Show(Frame on)
        {
            on.Resize(Width, Height);
            Rgb.CopyTo(on.Rgb);
            return on;
        }
    }

    // Shows what it is told, a picture a second; each list ends with a breakdown.
    private sealed class Script(FakeTimeProvider clock, Picture[][] runs) : IPictureSource
    {
        private int run;
        public TaskCompletionSource Done { get; } = new();
        public bool Waiting { get; private set; }
        public int HangsAt { get; init; }

        public async IAsyncEnumerable<Frame> ReadAsync([EnumeratorCancellation] CancellationToken stop)
        {
            Waiting = false;
            using var frame = new Frame();
            foreach (var picture in runs[run++])
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                yield return picture.Show(frame);
            }
            Waiting = run == HangsAt;
            if (Waiting) await Task.Delay(Timeout.Infinite, stop);
            if (run == runs.Length) { Done.SetResult(); await Task.Delay(Timeout.Infinite, stop); }
            Waiting = true;
            throw new VisionException("broken pipe");
        }
    }
}
