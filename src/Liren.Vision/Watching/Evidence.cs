using System.Globalization;
using System.Security.Cryptography;
using Liren.Vision.Counting;
using Liren.Vision.Frames;

namespace Liren.Vision.Watching;

/// <summary>A blurred picture.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="Jpeg">The picture.</param>
/// <param name="File">Its name in the folder, when it is kept there.</param>
internal sealed record Still(string Sha256, byte[] Jpeg, string? File = null);

/// <summary>
/// The one picture an alarm leaves (证据图): small, people blurred. In a folder, when there is one, it is readable by the worker's account only and deleted after
/// some days. The event names it by its hash.
/// </summary>
internal sealed class Evidence(string? folder, int days, TimeProvider clock)
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Blurs the picture, keeps it, and returns it with its hash. The frame is blurred afterwards.</summary>
    public async Task<Still> KeepAsync(Frame frame, IEnumerable<Box> boxes, string camera, CancellationToken stop)
    {
        Blur.People(frame, boxes);
        var jpeg = await Ffmpeg.JpegAsync(frame, stop);
        var still = new Still(Convert.ToHexStringLower(SHA256.HashData(jpeg)), jpeg);
        if (folder is null) return still;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Own | UnixFileMode.UserExecute);
        var name = string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyyMMdd'T'HHmmss.fff'Z'}-{camera}.jpg");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Own;
        await using (var file = new FileStream(Path.Combine(folder, name), options)) await file.WriteAsync(jpeg, stop);
        return still with { File = name };
    }

    /// <summary>Deletes what is old enough; returns how many.</summary>
    public int Forget()
    {
        if (folder is null || !Directory.Exists(folder)) return 0;
        var old = new DirectoryInfo(folder).GetFiles("*Z-*.jpg").Where(f => clock.GetUtcNow() - f.LastWriteTimeUtc > TimeSpan.FromDays(days)).ToList();
        foreach (var file in old) file.Delete();
        return old.Count;
    }
}
