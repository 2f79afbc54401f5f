using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Liren.Vision.Counting;
using Liren.Vision.Frames;
using Liren.Vision.Model;
using Liren.Vision.Watching;

namespace Liren.Vision.Verbs;

/// <summary>One count as <c>--json</c> gives it.</summary>
/// <param name="File">Of which file.</param>
/// <param name="Second">Into the video; null for a picture.</param>
/// <param name="Zone">Where.</param>
/// <param name="Count">The best estimate.</param>
/// <param name="LowerBound">Surely so many.</param>
/// <param name="AtLeast">The estimate too is only a lower bound.</param>
internal sealed record CountRow(string File, double? Second, string Zone, int Count, int LowerBound, bool AtLeast);

/// <summary>Verb: count-people FILE.</summary>
internal static class CountVerb
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "Pictures or videos", Arity = ArgumentArity.OneOrMore };
        var zones = new Option<FileInfo?>("--zones") { Description = "YAML or JSON: zones to count in, masks nobody looks at (docs/operators/vision.md)" };
        var rate = new Option<double>("--fps") { Description = "Pictures looked at in a second of video", DefaultValueFactory = _ => 1 };
        rate.Validators.Add(r => { if (r.GetValueOrDefault<double>() is not (>= 0.01 and <= 30)) r.AddError("--fps must be from 0.01 to 30"); });
        var draw = new Option<FileInfo?>("--draw") { Description = "Write the first picture as a JPEG with zones drawn, masks black and people blurred: to see where the zones lie" };
        var json = Cli.JsonOption();
        return Cli.Runs(new("count-people", "Count people on pictures, or for each second of a video; nothing of the pictures is kept") { files, zones, rate, draw, json }, async (parse, stop) =>
        {
            var scene = parse.GetValue(zones) is { } file ? SceneFile.Read(await ReadAsync(file, stop), file.Name) : Scene.Open;
            var paths = parse.GetValue(files)!;
            List<(string Path, bool Picture)> sources = [.. paths.Select(p => (p, PictureFile.Is(p)))];
            using var detector = new NanoDet(await ModelStore.Default.GetAsync(Cli.Say, stop));
            var counter = new PeopleCounter(detector, scene);
            List<CountRow> rows = [];
            var (pictures, begin) = (0, Process.GetCurrentProcess().TotalProcessorTime);
            foreach (var (path, picture) in sources)
            {
                var seen = 0;
                try
                {
                    await foreach (var frame in Ffmpeg.ReadAsync(Ffmpeg.File(path), picture ? null : parse.GetValue(rate), null, stop))
                    {
                        double? second = picture ? null : Math.Round(seen / parse.GetValue(rate), 3);
                        if (pictures + seen++ == 0 && !parse.GetValue(json)) Console.WriteLine($"{"second",8}  {"zone",-16}  people");
                        var what = counter.Count(frame);
                        foreach (var c in what.Zones)
                        {
                            var row = new CountRow(path, second, c.Zone, c.Count, c.LowerBound, c.AtLeast);
                            if (parse.GetValue(json)) rows.Add(row);
                            else Console.WriteLine(Line(row) + (paths.Length > 1 ? $"  {path}" : ""));
                        }
                        if (parse.GetValue(draw) is { } to && pictures + seen == 1)
                        {
                            Blur.People(frame, what.Boxes);
                            Drawing.Zones(frame, scene.Zones);
                            await File.WriteAllBytesAsync(to.FullName, await Ffmpeg.JpegAsync(frame, stop), stop);
                        }
                    }
                }
                catch (VisionException e) { throw new VisionException($"{path}: {e.Message}", e); }
                pictures += seen > 0 ? seen : throw new VisionException($"{path} holds no picture");
            }
            var spent = (Process.GetCurrentProcess().TotalProcessorTime - begin).TotalMilliseconds / pictures;
            if (parse.GetValue(json)) Cli.PrintJson(new { model = Provenance.NanoDet.ModelId, counts = rows, pictures, cpuMsPerFrame = Math.Round(spent, 1) });
            else Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pictures} pictures, {spent:0} ms of processor each, model {Provenance.NanoDet.ModelId}"));
        });
    }

    private static string Line(CountRow row)
    {
        var people = row.AtLeast ? $"at least {row.Count}" : row.LowerBound < row.Count ? $"{row.Count}, {row.LowerBound} of them for sure" : $"{row.Count}";
        return string.Create(CultureInfo.InvariantCulture, $"{(row.Second is { } s ? s.ToString("0.##", CultureInfo.InvariantCulture) : "-"),8}  {row.Zone}{new string(' ', Math.Max(0, 16 - Columns(row.Zone)))}  {people}");
    }

    // A Chinese character takes two columns of a terminal.
    private static int Columns(string text) => text.Sum(c => c >= 0x2E80 ? 2 : 1);

    private static async Task<string> ReadAsync(FileInfo file, CancellationToken stop) => file.Exists ? await File.ReadAllTextAsync(file.FullName, stop) : throw new VisionException($"{file} is not there");
}
