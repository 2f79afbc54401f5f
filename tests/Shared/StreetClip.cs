using System.Diagnostics;

namespace Liren.Shared;

/// <summary>
/// A street with people walking: vtest.avi of Debian's package opencv-doc (768 x 576, 10 pictures a second, 79.5 s). Not in the repository: it is taken from the
/// package where that is installed, or fetched once into artifacts by apt-get.
/// </summary>
internal static class StreetClip
{
    private const string Package = "opencv-doc", Inside = "usr/share/doc/opencv-doc/examples/data/vtest.avi";

    /// <summary>
    /// How many people are on the picture at a second (ffmpeg, fps=1), counted by eye on the full picture before the counter had seen the clip. Counted is
    /// everybody one sees, also who is hidden in part (the man behind the sign at 4 and 12, the head above the car at 68) or cut by the edge (at 28 and 36);
    /// a limb alone is nobody (a leg at the left edge at 60).
    /// </summary>
    public static IReadOnlyDictionary<int, int> People { get; } =
        new Dictionary<int, int> { [4] = 6, [12] = 8, [20] = 7, [28] = 7, [36] = 6, [44] = 3, [52] = 6, [60] = 6, [68] = 8, [76] = 8 };

    /// <summary>The clip's path; null where it cannot be had, and why.</summary>
    public static async Task<(string? Path, string? Why)> FindAsync(string root, CancellationToken stop)
    {
        if (File.Exists("/" + Inside)) return ("/" + Inside, null);
        var path = System.IO.Path.Combine(root, "artifacts", "vision", "vtest.avi");
        if (File.Exists(path)) return (path, null);
        var work = Directory.CreateTempSubdirectory("liren-clip-");
        try
        {
            if (await RunAsync(work.FullName, "apt-get", ["download", Package], stop) is { } failed) return (null, $"the clip needs Debian's package {Package}: {failed}");
            var package = Directory.GetFiles(work.FullName, Package + "_*.deb").Single();
            if (await RunAsync(work.FullName, "dpkg-deb", ["--extract", package, "all"], stop) is { } broken) return (null, broken);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.Copy(System.IO.Path.Combine(work.FullName, "all", Inside), path + ".part", overwrite: true);
            File.Move(path + ".part", path, overwrite: true);
            return (path, null);
        }
        finally { work.Delete(recursive: true); }
    }

    // Null when it went well, else what it said.
    private static async Task<string?> RunAsync(string folder, string program, string[] arguments, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
            await process.WaitForExitAsync(stop);
            await output;
            return process.ExitCode == 0 ? null : $"{program} exited with {process.ExitCode}: {(await errors).Trim()}";
        }
        catch (System.ComponentModel.Win32Exception) { return $"{program} is missing"; }
    }
}
