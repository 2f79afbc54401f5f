using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Liren.Vision.Frames;

/// <summary>
/// Pictures out of ffmpeg, a program of its own: it reads files, cameras and every form of picture, makes them small, and writes them to a pipe one after the
/// other (PPM: each says its size). Arguments are a list, never one string: a source comes from a file somebody wrote.
/// </summary>
internal static partial class Ffmpeg
{
    private const string Missing = "ffmpeg is missing: it reads pictures and videos. Install it (Debian: apt-get install ffmpeg)";
    private const string Fit = "scale=416:416:force_original_aspect_ratio=decrease:flags=bilinear";
    private const int LongestNumber = 6;

    /// <summary>The pictures of an input. The same frame is filled each time: what is not taken from it before the next is gone.</summary>
    /// <param name="input">What stands before and at -i.</param>
    /// <param name="rate">Pictures a second; null: the first picture only.</param>
    /// <param name="given">What ffmpeg reads from its standard input; null: nothing.</param>
    /// <param name="stop">Ends the program.</param>
    public static async IAsyncEnumerable<Frame> ReadAsync(string[] input, double? rate, byte[]? given, [EnumeratorCancellation] CancellationToken stop)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        string[] amount = rate is { } r ? ["-vf", string.Create(CultureInfo.InvariantCulture, $"fps={r},{Fit}")] : ["-vf", Fit, "-frames:v", "1"];
        foreach (var argument in (string[])["-nostdin", "-v", "error", "-threads", "1", .. input, "-an", "-sn", "-dn", .. amount, "-f", "image2pipe", "-c:v", "ppm", "-"]) start.ArgumentList.Add(argument);
        using var frame = new Frame();
        using var ffmpeg = Tool.Start(start, Missing);
        var errors = LastWordsAsync(ffmpeg.StandardError, stop);
        var feed = FeedAsync(ffmpeg.StandardInput.BaseStream, given, stop);
        try
        {
            var pipe = new BufferedStream(ffmpeg.StandardOutput.BaseStream, 1 << 16);
            while (await NextAsync(pipe, frame, stop)) yield return frame;
            await feed;
            await ffmpeg.WaitForExitAsync(stop);
            if (ffmpeg.ExitCode != 0) throw new VisionException(WithoutSecrets(Tool.LastLine(await errors)));
        }
        finally
        {
            if (!ffmpeg.HasExited) ffmpeg.Kill();
        }
    }

    /// <summary>The picture as a JPEG file, without words about where it comes from.</summary>
    public static async Task<byte[]> JpegAsync(Frame frame, CancellationToken stop)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])["-nostdin", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", string.Create(CultureInfo.InvariantCulture, $"{frame.Width}x{frame.Height}"), "-i", "pipe:0", "-frames:v", "1", "-map_metadata", "-1", "-bitexact", "-q:v", "4", "-f", "mjpeg", "-"])
            start.ArgumentList.Add(argument);
        using var ffmpeg = Tool.Start(start, Missing);
        using var jpeg = new MemoryStream();
        var errors = LastWordsAsync(ffmpeg.StandardError, stop);
        var feed = FeedAsync(ffmpeg.StandardInput.BaseStream, frame.Rgb.ToArray(), stop);
        try
        {
            await ffmpeg.StandardOutput.BaseStream.CopyToAsync(jpeg, stop);
            await feed;
            await ffmpeg.WaitForExitAsync(stop);
        }
        finally { if (!ffmpeg.HasExited) ffmpeg.Kill(); }
        return ffmpeg.ExitCode == 0 ? jpeg.ToArray() : throw new VisionException($"the evidence picture could not be made: {await errors}");
    }

    /// <summary>A file of this machine; nothing in it may lead ffmpeg to other files or to the network.</summary>
    public static string[] File(string path) => ["-protocol_whitelist", "file", "-i", "file:" + Path.GetFullPath(path)];

    /// <summary>Names and passwords in addresses are not shown.</summary>
    public static string WithoutSecrets(string text) => Secrets().Replace(text, "$1***@");

    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://)[^/\s@]+@", RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();

    /// <summary>Reads one PPM picture; false at the end. A picture that is cut off is none.</summary>
    internal static async ValueTask<bool> NextAsync(Stream pipe, Frame frame, CancellationToken stop)
    {
        if (await WordAsync(pipe, stop) is not { } magic) return false;
        if (magic != "P6") throw new VisionException("ffmpeg answered with something that is no picture");
        frame.Resize(await NumberAsync(pipe, stop), await NumberAsync(pipe, stop));
        if (await NumberAsync(pipe, stop) != 255) throw new VisionException("ffmpeg answered with a picture of another depth");
        return await pipe.ReadAtLeastAsync(frame.Memory, frame.Memory.Length, throwOnEndOfStream: false, stop) == frame.Memory.Length;
    }

    private static async ValueTask<int> NumberAsync(Stream pipe, CancellationToken stop) =>
        int.TryParse(await WordAsync(pipe, stop), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new VisionException("ffmpeg answered with a picture that is cut off");

    // A word and the one blank after it; null at the end.
    private static async ValueTask<string?> WordAsync(Stream pipe, CancellationToken stop)
    {
        var (word, one) = (new StringBuilder(), new byte[1]);
        while (await pipe.ReadAsync(one, stop) == 1)
        {
            if (one[0] is (byte)' ' or (byte)'\n')
                return word.ToString();
            if (word.Append((char)one[0]).Length > LongestNumber) throw new VisionException("ffmpeg answered with something that is no picture");
        }
        return word.Length == 0 ? null : throw new VisionException("ffmpeg answered with a picture that is cut off");
    }

    // Reads all it says, so that it never waits, and keeps the end.
    private static async Task<string> LastWordsAsync(StreamReader errors, CancellationToken stop)
    {
        var last = "";
        while (await errors.ReadLineAsync(stop) is { } line) if (!string.IsNullOrWhiteSpace(line)) last = line;
        return last;
    }

    private static async Task FeedAsync(Stream to, byte[]? given, CancellationToken stop)
    {
        // It may have seen enough, or nothing it can read, and be gone: its exit code says so.
        try
        {
            await using (to) if (given is not null) await to.WriteAsync(given, stop);
        }
        catch (IOException) { }
    }
}
