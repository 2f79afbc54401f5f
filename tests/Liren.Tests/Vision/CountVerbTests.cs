using System.Text.Json;

namespace Liren.Tests.Vision;

/// <summary>The verb as an operator calls it.</summary>
public sealed class CountVerbTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_picture_and_a_video_are_counted_per_zone_as_json_and_as_a_table()
    {
        var clip = await Sight.ClipAsync(Stop);
        await Sight.ModelAsync(Stop);
        using var folder = new Folder();
        var zones = folder.Write("zones.yaml", """
            zones:
              - { name: 路口, points: [[0.35, 0], [1, 0], [1, 0.75], [0.35, 0.75]] }
              - { name: lawn, points: [[0, 0.8], [0.3, 0.8], [0.3, 1], [0, 1]] }
            """);
        await Worker.RunAsync("ffmpeg", folder.Path, [], "-v", "error", "-ss", "44", "-i", clip, "-frames:v", "1", "street.jpg");
        var (code, output, errors) = await Worker.LirenAsync(folder.Path, "count-people", "street.jpg", "--zones", zones, "--draw", "drawn.jpg", "--json");
        code.ShouldBe(0, errors);
        var json = JsonSerializer.Deserialize<JsonElement>(output.Trim().Split('\n')[^1]);
        var counts = json.GetProperty("counts").EnumerateArray().ToDictionary(c => c.GetProperty("zone").GetString()!);
        counts["路口"].GetProperty("count").GetInt32().ShouldBeInRange(2, 4);
        counts["路口"].GetProperty("lowerBound").GetInt32().ShouldBeLessThanOrEqualTo(counts["路口"].GetProperty("count").GetInt32());
        counts["lawn"].GetProperty("count").GetInt32().ShouldBe(0);
        counts["lawn"].TryGetProperty("second", out _).ShouldBeFalse();
        (await Worker.LirenAsync(folder.Path, "count-people", "drawn.jpg")).Output.ShouldContain("all               0", Case.Sensitive, "people are blurred on what is drawn");
        json.GetProperty("model").GetString().ShouldStartWith("nanodet-g/");

        (code, output, errors) = await Worker.LirenAsync(folder.Path, "count-people", clip, "--fps", "0.1");
        code.ShouldBe(0, errors);
        var lines = output.Trim().Split('\n');
        lines[0].ShouldContain("people");
        lines[1..^1].Select(l => l.Trim().Split(' ')[0]).ShouldBe(["0", "10", "20", "30", "40", "50", "60", "70"]);
        lines[^1].ShouldStartWith("8 pictures");
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_in_one_sentence()
    {
        Sight.NeedsFfmpeg();
        await Sight.ModelAsync(Stop);
        using var folder = new Folder();
        folder.Write("not.jpg", "just words");
        folder.Write("empty.png", "");
        folder.Write("list.m3u8", "#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n");
        folder.Write("zones.json", """{"zones":[{"name":"a","points":[[0,0],[2,0],[1,1]]}]}""");
        await Worker.RunAsync("ffmpeg", folder.Path, [], "-v", "error", "-f", "lavfi", "-i", "color=gray:s=64x48", "-frames:v", "1", "grey.png");
        async Task<string> FailAsync(params string[] arguments)
        {
            var (code, output, errors) = await Worker.LirenAsync(folder.Path, ["count-people", .. arguments]);
            (code, output).ShouldBe((1, ""));
            return errors.Trim();
        }
        (await FailAsync("nothing.jpg")).ShouldBe("nothing.jpg is not there");
        (await FailAsync(".")).ShouldContain("is a folder");
        (await FailAsync("empty.png")).ShouldBe("empty.png is empty");
        (await FailAsync("not.jpg")).ShouldStartWith("not.jpg: ");
        (await FailAsync("list.m3u8")).ShouldStartWith("list.m3u8: ");
        (await FailAsync("grey.png", "--zones", "zones.json")).ShouldBe("zones.json: zones[0].points: [2, 0] must be two numbers from 0 to 1, parts of the picture's width and height");
        (await FailAsync("grey.png", "--zones", "none.json")).ShouldBe("none.json is not there");
        (await Worker.LirenAsync(folder.Path, "count-people", "grey.png", "--fps", "0")).Code.ShouldBe(2);
        var (found, output, _) = await Worker.LirenAsync(folder.Path, "count-people", "grey.png", "--json");
        (found, JsonSerializer.Deserialize<JsonElement>(output).GetProperty("counts")[0].GetProperty("count").GetInt32()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Without_ffmpeg_it_says_what_to_install()
    {
        await Sight.ModelAsync(Stop);
        using var folder = new Folder();
        folder.Write("a.jpg", "\u00ff");
        var (code, _, errors) = await Worker.RunAsync(Worker.Dotnet, folder.Path, [("PATH", folder.Path)], Worker.Program, "count-people", "a.jpg");
        (code, errors.Trim()).ShouldBe((1, "a.jpg: ffmpeg is missing: it reads pictures and videos. Install it (Debian: apt-get install ffmpeg)"));
    }
}
