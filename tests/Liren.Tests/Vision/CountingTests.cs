using FsCheck;
using FsCheck.Fluent;
using Liren.Vision;
using Liren.Vision.Counting;
using Liren.Vision.Frames;

namespace Liren.Tests.Vision;

/// <summary>From the model's answer to numbers: letterbox, decoding, one box a person, zones, masks.</summary>
public sealed class CountingTests
{
    private static readonly Gen<float> unit = Gen.Choose(0, 10_000).Select(n => n / 10_000f);
    private static readonly Gen<Box> boxes = from x in unit from y in unit from w in unit from h in unit from s in unit select new Box(x, y, x + w / 2 + 0.01f, y + h / 2 + 0.01f, s);
    private static readonly Gen<(int Width, int Height)> sizes = Gen.Choose(1, Frame.Side).Two();

    [Fact]
    public void A_box_comes_back_from_the_square_to_where_it_was_on_the_picture() => Prop.ForAll(sizes.ToArbitrary(), Gen.Two(unit).Two().ToArbitrary(), (size, corners) =>
    {
        var letterbox = new Letterbox(size.Width, size.Height);
        var ((left, top), (right, bottom)) = corners;
        var back = letterbox.Back(new(letterbox.Left + left * size.Width, letterbox.Top + top * size.Height, letterbox.Left + right * size.Width, letterbox.Top + bottom * size.Height, 1));
        new[] { back.Left, back.Top, back.Right, back.Bottom }.ShouldBe([left, top, right, bottom], 1e-3);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_point_lands_in_the_middle_of_the_square_and_the_rest_is_grey() => Prop.ForAll(sizes.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (size, seed) =>
    {
        var (w, h) = size;
        var rgb = new byte[w * h * 3];
        new Random(seed).NextBytes(rgb);
        // As the last picture left it.
        var input = Enumerable.Repeat(7f, 3 * Frame.Side * Frame.Side).ToArray();
        var letterbox = new Letterbox(w, h);
        letterbox.Fill(rgb, input);
        for (var plane = 0; plane < 3; plane++)
            for (var y = 0; y < Frame.Side; y++)
                for (var x = 0; x < Frame.Side; x++)
                {
                    var (px, py) = (x - letterbox.Left, y - letterbox.Top);
                    var wanted = px >= 0 && px < w && py >= 0 && py < h ? rgb[(py * w + px) * 3 + plane] / 255f : 0x72 / 255f;
                    if (input[(plane * Frame.Side + y) * Frame.Side + x] != wanted) throw new ShouldAssertException($"{size}, plane {plane}, {x},{y}");
                }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void Planted_people_are_decoded_and_nobody_else()
    {
        var planted = from cells in Gen.Choose(0, 13 * 13 - 1).ListOf() from bins in Gen.Choose(0, 10).ArrayOf(4) select (Cells: cells.Distinct().ToList(), Bins: bins);
        Prop.ForAll(planted.ToArbitrary(), p =>
        {
            var (scores, edges) = (new float[169 * 80], new float[169 * 44]);
            // Other classes shout; only class 0 is a person.
            for (var i = 0; i < scores.Length; i++) scores[i] = i % 80 == 0 ? 0.1f : 0.99f;
            foreach (var cell in p.Cells)
            {
                scores[cell * 80] = 0.8f;
                for (var e = 0; e < 4; e++) edges[cell * 44 + e * 11 + p.Bins[e]] = 1_000;
            }
            List<Box> found = [];
            NanoDet.Decode(scores, edges, 32, 0.35f, found);
            found.ShouldBe(p.Cells.Order().Select(c => new Box((c % 13 + 0.5f - p.Bins[0]) * 32, (c / 13 + 0.5f - p.Bins[1]) * 32, (c % 13 + 0.5f + p.Bins[2]) * 32, (c / 13 + 0.5f + p.Bins[3]) * 32, 0.8f)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Of_boxes_that_overlap_the_surest_stays_and_the_order_does_not_matter() => Prop.ForAll(boxes.ListOf().ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (list, tenth) =>
    {
        var (all, most) = (list.DistinctBy(b => b.Score).ToList(), tenth / 10f);
        var kept = Box.Distinct(all, most);
        kept.ShouldBe(kept.OrderByDescending(b => b.Score));
        foreach (var a in kept) kept.Count(b => b != a && a.Overlap(b) > most).ShouldBe(0);
        foreach (var gone in all.Except(kept)) kept.ShouldContain(k => k.Score > gone.Score && k.Overlap(gone) > most);
        Box.Distinct(Enumerable.Reverse(all), most).ShouldBe(kept);
        Box.Distinct(kept, most).ShouldBe(kept);
        // What is less sure never takes away from what is surer: one look serves all thresholds.
        Box.Distinct(all.Where(b => b.Score >= 0.5f), most).ShouldBe(kept.Where(b => b.Score >= 0.5f));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Overlap_is_mutual_from_none_to_all() => Prop.ForAll(boxes.Two().ToArbitrary(), pair =>
    {
        var (a, b) = pair;
        a.Overlap(b).ShouldBe(b.Overlap(a), 1e-6);
        a.Overlap(b).ShouldBeInRange(0, 1 + 1e-5f);
        a.Overlap(a).ShouldBe(1, 1e-5);
        a.Overlap(a with { Left = a.Left + 2, Right = a.Right + 2 }).ShouldBe(0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Zones_that_divide_the_picture_count_everybody_once_wherever_the_line_runs() => Prop.ForAll(boxes.ListOf().ToArbitrary(), unit.Two().ToArbitrary(), (list, line) =>
    {
        var (top, bottom) = (0.01f + line.Item1 * 0.98f, 0.01f + line.Item2 * 0.98f);
        var left = new Zone("left", new Area([new(0, 0), new(top, 0), new(bottom, 1), new(0, 1)]));
        // The same line from the other side, begun at another corner.
        var right = new Zone("right", new Area([new(1, 1), new(bottom, 1), new(top, 0), new(1, 0)]));
        var inside = list.Select(b => b with { Right = Math.Min(b.Right, 1), Bottom = Math.Min(b.Bottom, 0.9999f) }).Where(b => b.Left + b.Right < 1.9999f).ToList();
        foreach (var b in inside)
        {
            var x = (b.Left + b.Right) / 2;
            // Nearer to the line than floats can tell, either side is right.
            if (Math.Abs(x - (top + (bottom - top) * b.Bottom)) < 1e-4) continue;
            (left.Holds(b), right.Holds(b)).ShouldBe(x < top + (bottom - top) * b.Bottom ? (true, false) : (false, true));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_lower_bound_is_never_more_than_the_count_and_a_crowd_is_said_to_be_at_least() => Prop.ForAll(boxes.ListOf().ToArbitrary(), list =>
    {
        var there = list.Where(b => b.Score >= PeopleCounter.Counts).ToList();
        var count = PeopleCounter.In(Zone.Whole, there);
        count.Count.ShouldBe(there.Count);
        count.LowerBound.ShouldBeLessThanOrEqualTo(count.Count);
        if (there.Count >= 15) count.AtLeast.ShouldBeTrue();
        if (there.Count < 5) count.AtLeast.ShouldBeFalse();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Six_who_hide_one_another_are_at_least_six_and_six_apart_are_six()
    {
        Box At(int i, float step) => new(i * step, 0.5f, i * step + 0.1f, 0.8f, 0.9f);
        PeopleCounter.In(Zone.Whole, [.. Enumerable.Range(0, 6).Select(i => At(i, 0.05f))]).ShouldBe(new("all", 6, 6, true));
        PeopleCounter.In(Zone.Whole, [.. Enumerable.Range(0, 6).Select(i => At(i, 0.12f))]).ShouldBe(new("all", 6, 6, false));
    }

    [Fact]
    public void What_is_masked_is_black_before_anything_looks_and_the_rest_is_untouched()
    {
        var scene = SceneFile.Read("masks: [{ points: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]] }]", "f");
        using var frame = new Frame();
        foreach (var (w, h) in new[] { (8, 4), (4, 8) })
        {
            frame.Resize(w, h);
            frame.Rgb.Fill(200);
            scene.Mask(frame);
            for (var i = 0; i < w * h; i++) frame.Rgb[3 * i].ShouldBe((byte)(i % w < w / 2 ? 200 : 0));
        }
    }

    [Theory]
    [InlineData("", "f is empty")]
    [InlineData("{}", "f: zones is missing")]
    [InlineData("zones: 7", "f, line 1")]
    [InlineData("zones: [{ nme: a }]", "f, line 1: nme is no field here")]
    [InlineData("zones: [{ points: [[0, 0], [1, 0], [1, 1]] }]", "f: zones[0].name must have 1-40 letters")]
    [InlineData("zones: [{ name: a, points: [[0, 0], [1, 0]] }]", "f: zones[0].points must be 3-200 corners")]
    [InlineData("zones: [{ name: a, points: [[0, 0], [1.2, 0], [1, 1]] }]", "f: zones[0].points: [1.2, 0] must be two numbers from 0 to 1")]
    [InlineData("zones: [{ name: a, points: [[0, 0], [.nan, 0], [1, 1]] }]", "f: zones[0].points: [NaN, 0] must be two numbers from 0 to 1")]
    [InlineData("zones: [{ name: a, points: [[0, 0], [0, 0.5, 1], [1, 1]] }]", "f: zones[0].points: [0, 0.5, 1] must be two numbers")]
    [InlineData("zones: [{ name: a, points: [[0, 0], [0.5, 0.5], [1, 1]] }]", "f: zones[0].points enclose no area")]
    [InlineData("zones: [{ name: a, points: [[0, 0], [1, 0], [1, 1]] }, { name: a, points: [[0, 0], [1, 0], [1, 1]] }]", "f: zones[1].name a is taken")]
    [InlineData("masks: [{ points: [] }]", "f: masks[0].points must be 3-200 corners")]
    public void A_wrong_zones_file_is_refused_and_names_the_field(string yaml, string begin) => Should.Throw<VisionException>(() => SceneFile.Read(yaml, "f")).Message.ShouldStartWith(begin);

    [Fact]
    public void Zones_may_be_written_as_json_and_any_other_text_is_refused_in_a_sentence()
    {
        SceneFile.Read("""{"zones":[{"name":"广场","points":[[0,0],[1,0],[1,1]]}]}""", "f").Zones.Single().Name.ShouldBe("广场");
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text => { try { SceneFile.Read(text.Get, "f"); } catch (VisionException) { /* refused */ } }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Pictures_are_read_from_a_pipe_however_it_is_cut_and_half_a_picture_is_none()
    {
        byte[] two = [.. "P6\n2 1\n255\n"u8, 1, 2, 3, 4, 5, 6, .. "P6\n1 1\n255\n"u8, 7, 8, 9];
        using var frame = new Frame();
        var slow = new DripStream(two);
        (await Ffmpeg.NextAsync(slow, frame, TestContext.Current.CancellationToken)).ShouldBeTrue();
        frame.Rgb.ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        (await Ffmpeg.NextAsync(slow, frame, TestContext.Current.CancellationToken)).ShouldBeTrue();
        (frame.Width, frame.Height, frame.Rgb.ToArray()[2]).ShouldBe((1, 1, (byte)9));
        (await Ffmpeg.NextAsync(slow, frame, TestContext.Current.CancellationToken)).ShouldBeFalse();
        for (var cut = 1; cut < 17; cut++)
        {
            var half = new MemoryStream(two[..cut]);
            try { (await Ffmpeg.NextAsync(half, frame, TestContext.Current.CancellationToken)).ShouldBeFalse(); }
            catch (VisionException) { cut.ShouldBeLessThan(11); }
        }
        await Should.ThrowAsync<VisionException>(async () => await Ffmpeg.NextAsync(new MemoryStream("P6\n9999 9999\n255\n"u8.ToArray()), frame, TestContext.Current.CancellationToken));
        await Should.ThrowAsync<VisionException>(async () => await Ffmpeg.NextAsync(new MemoryStream("no picture at all"u8.ToArray()), frame, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Names_and_passwords_of_cameras_are_not_shown() =>
        Ffmpeg.WithoutSecrets("rtsp://admin:p4ss!@10.0.0.7:554/1: refused, http://x/y@z").ShouldBe("rtsp://***@10.0.0.7:554/1: refused, http://x/y@z");

    // Gives one byte at a time.
    private sealed class DripStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
