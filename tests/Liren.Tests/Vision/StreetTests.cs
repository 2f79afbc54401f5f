using System.Diagnostics;
using Liren.Shared;
using Liren.Vision;
using Liren.Vision.Counting;
using Liren.Vision.Frames;
using Liren.Vision.Model;

namespace Liren.Tests.Vision;

/// <summary>The whole way on a real street: ffmpeg, model, count, against what a person counted (the labels are in <see cref="StreetClip.People"/>).</summary>
public sealed class StreetTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_pictures_of_a_street_are_counted_within_0_7_people_on_average_and_the_lower_bound_is_one()
    {
        var clip = await Sight.ClipAsync(Stop);
        using var detector = await Sight.DetectorAsync(Stop);
        var counter = new PeopleCounter(detector, Scene.Open);
        List<(int Wanted, ZoneCount Got)> pairs = [];
        var second = 0;
        await foreach (var frame in Ffmpeg.ReadAsync(Ffmpeg.File(clip), 1, null, Stop))
            if (StreetClip.People.TryGetValue(second++, out var wanted)) pairs.Add((wanted, counter.Count(frame).Zones.Single()));
        second.ShouldBe(80);
        pairs.Count.ShouldBe(10);
        pairs.Average(p => Math.Abs(p.Wanted - p.Got.Count)).ShouldBeLessThanOrEqualTo(0.7);
        pairs.Count(p => p.Got.LowerBound > p.Wanted).ShouldBe(0);
    }

    [Fact]
    public async Task A_picture_costs_at_most_80_ms_of_processor()
    {
        var clip = await Sight.ClipAsync(Stop);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the time of one thread is read from /proc");
        using var detector = await Sight.DetectorAsync(Stop);
        var counter = new PeopleCounter(detector, Scene.Open);
        var frames = 0;
        // Other tests run beside this one: only the thread that looks is measured. The runtime uses no other.
        var spent = TimeSpan.Zero;
        await foreach (var frame in Ffmpeg.ReadAsync(Ffmpeg.File(clip), 1, null, Stop))
        {
            var before = ThreadTime();
            counter.Count(frame);
            // The first prepares what the others use.
            if (frames++ > 0) spent += ThreadTime() - before;
            if (frames == 25) break;
        }
        (spent.TotalMilliseconds / (frames - 1)).ShouldBeLessThanOrEqualTo(80);
    }

    [Fact]
    public async Task The_model_is_the_recorded_one_and_a_changed_one_is_refused()
    {
        var bytes = await Sight.ModelAsync(Stop);
        bytes.LongLength.ShouldBe(Provenance.NanoDet.Bytes);
        var folder = Directory.CreateTempSubdirectory("liren-model-test-");
        try
        {
            var store = new ModelStore(folder.FullName, Provenance.NanoDet);
            (await Should.ThrowAsync<VisionException>(() => store.VerifiedAsync(Stop))).Message.ShouldContain("liren model get");
            bytes[^1] ^= 1;
            await File.WriteAllBytesAsync(store.Path, bytes, Stop);
            (await Should.ThrowAsync<VisionException>(() => store.GetAsync(_ => { }, Stop))).Message.ShouldContain("is not the recorded model");
        }
        finally { folder.Delete(recursive: true); }
    }

    private static TimeSpan ThreadTime()
    {
        var fields = File.ReadAllText("/proc/thread-self/schedstat").Split(' ');
        return TimeSpan.FromMicroseconds(long.Parse(fields[0], System.Globalization.CultureInfo.InvariantCulture) / 1_000);
    }
}
