using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Liren.Sdk.Data;
using Liren.Sdk.Operations;
using Liren.Sdk.Text;

namespace Liren.Host.Operations;

/// <summary>Version, runtime, language data.</summary>
internal sealed class ProgramCheck : ICheck
{
    public string Name => "program";
    public bool NeedsDatabase => false;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var version = typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        yield return Finding.Ok(Name, $"Liren {version}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors");
        // With ICU Chinese names sort by pinyin; without it they sort by code point.
        var pinyin = CultureInfo.GetCultureInfo("zh-CN").CompareInfo.Compare("阿", "中") < 0 && CultureInfo.GetCultureInfo("zh-CN").CompareInfo.Compare("张", "李") > 0;
        yield return pinyin
            ? Finding.Ok("language", $"ICU present; screens show {Show.Zone.Id} (UTC{Show.Zone.BaseUtcOffset:hh\\:mm})")
            : Finding.Warn("language", "ICU is missing: Chinese names are sorted by code point", "Install it: apt-get install libicu72 (or the libicu of your system).");
    }
}

/// <summary>Is a server running here, and who holds the port.</summary>
internal sealed class ServerCheck(DataLocation at) : ICheck
{
    private const int DefaultPort = 5080;

    public string Name => "server";
    public bool NeedsDatabase => false;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var holder = FolderLock.Holder(at.Folder);
        yield return Finding.Ok(Name, holder is null ? "not running on this data folder" : $"running on this data folder (process {holder})");
        if (!Ports.Taken(DefaultPort)) yield return Finding.Ok("port", $"{DefaultPort} is free");
        else if (Ports.Holder(DefaultPort) is { } who && holder is { } own && who.EndsWith($"(process {own})", StringComparison.Ordinal)) yield return Finding.Ok("port", $"{DefaultPort} is held by this server");
        else yield return Finding.Warn("port", $"{DefaultPort} is held by {Ports.Holder(DefaultPort) ?? "a process of another user"}", "Stop it, or start Liren with --port.");
    }
}

/// <summary>Room on the disk, and how long it takes until a write is really there.</summary>
internal sealed class DiskCheck(DataLocation at) : ICheck
{
    private const int Writes = 60;
    private const double Gib = 1024d * 1024 * 1024;

    public string Name => "disk";
    public bool NeedsDatabase => false;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var drive = new DriveInfo(at.Folder);
        var (free, share) = (drive.AvailableFreeSpace / Gib, (double)drive.AvailableFreeSpace / drive.TotalSize);
        var found = string.Create(CultureInfo.InvariantCulture, $"{free:F1} GiB free ({share:P0}) at {at.Folder}");
        yield return free < 0.5 ? Finding.Fail(Name, found, "Free space now: below 0.5 GiB nothing can be saved soon.")
            : free < 5 ? Finding.Warn(Name, found, "Free space, or move the data folder to a larger disk (--data).")
            : Finding.Ok(Name, found);
        var times = Measure();
        var (p50, p99) = (times[times.Count / 2], times[(int)(times.Count * 0.99)]);
        var speed = string.Create(CultureInfo.InvariantCulture, $"a write is on disk after {p50:F1} ms (p50), {p99:F1} ms (p99)");
        yield return p50 > 30 ? Finding.Warn("disk speed", speed, "Every answered request waits for this: put the data folder on an SSD, not on a network share.") : Finding.Ok("disk speed", speed);
    }

    private List<double> Measure()
    {
        var path = Path.Combine(at.Folder, $".doctor-{Environment.ProcessId}");
        var block = new byte[4096];
        var times = new List<double>(Writes);
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
            for (var i = 0; i < Writes; i++)
            {
                var start = Stopwatch.GetTimestamp();
                file.Write(block);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        finally { File.Delete(path); }
        times.Sort();
        return times;
    }
}

/// <summary>A clock that is wrong makes deadlines, duty shifts and passes wrong.</summary>
internal sealed class ClockCheck(TimeProvider clock, DataLocation at) : ICheck
{
    public string Name => "clock";
    public bool NeedsDatabase => false;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var now = clock.GetUtcNow();
        var built = new DateTimeOffset(File.GetLastWriteTimeUtc(typeof(Program).Assembly.Location), TimeSpan.Zero);
        var newest = Directory.EnumerateFiles(at.Folder).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();
        if (built - now > TimeSpan.FromHours(1)) yield return Finding.Fail(Name, $"{Show.Full(now)} is before this program was built ({Show.Full(built)})", Repair);
        else if (newest - now.UtcDateTime > TimeSpan.FromMinutes(2)) yield return Finding.Fail(Name, $"{Show.Full(now)} is before the last change of the data folder", Repair);
        else yield return Finding.Ok(Name, $"{Show.Full(now)} ({Show.Zone.Id})");
    }

    private const string Repair = "Set the clock (timedatectl set-ntp true) before starting the server.";
}
