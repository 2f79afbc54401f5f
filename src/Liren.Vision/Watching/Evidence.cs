using System.Globalization;
using System.Security.Cryptography;
using Liren.Vision.Counting;
using Liren.Vision.Frames;

namespace Liren.Vision.Watching;

/// <summary>
/// The one picture an alarm leaves (证据图): small, people blurred, readable by the worker's account only, deleted after some days. The event names the file and
/// its hash; the picture itself does not leave the machine.
/// </summary>
internal sealed class Evidence(string folder, int days, TimeProvider clock)
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Blurs the picture, keeps it, and returns its file's name and hash. The frame is blurred afterwards.</summary>
    public async Task<(string Name, string Sha256)> KeepAsync(Frame frame, IEnumerable<Box> boxes, string camera, CancellationToken stop)
    {
        Blur.People(frame, boxes);
        var jpeg = await Ffmpeg.JpegAsync(frame, stop);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Own | UnixFileMode.UserExecute);
        var name = string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyyMMdd'T'HHmmss.fff'Z'}-{camera}.jpg");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Own;
        await using (var file = new FileStream(Path.Combine(folder, name), options)) await file.WriteAsync(jpeg, stop);
        return (name, Convert.ToHexStringLower(SHA256.HashData(jpeg)));
    }

    /// <summary>Deletes what is old enough; returns how many.</summary>
    public int Forget()
    {
        if (!Directory.Exists(folder)) return 0;
        var old = new DirectoryInfo(folder).GetFiles("*Z-*.jpg").Where(f => clock.GetUtcNow() - f.LastWriteTimeUtc > TimeSpan.FromDays(days)).ToList();
        foreach (var file in old) file.Delete();
        return old.Count;
    }
}
