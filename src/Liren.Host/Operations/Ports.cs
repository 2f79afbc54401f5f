using System.Globalization;
using System.Net.NetworkInformation;

namespace Liren.Host.Operations;

/// <summary>Who listens on a TCP port of this machine.</summary>
internal static class Ports
{
    private const string Listening = "0A";

    /// <summary>True when somebody listens on the port.</summary>
    public static bool Taken(int port) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(e => e.Port == port);

    /// <summary>"nginx (process 812)"; null when nobody listens, or it belongs to somebody whose processes we may not read.</summary>
    public static string? Holder(int port)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var sockets = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(f => File.ReadLines(f).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f[3] == Listening && int.Parse(f[1][(f[1].LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port)
            .Select(f => $"socket:[{f[9]}]").ToHashSet();
        if (sockets.Count == 0) return null;
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                if (Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(f => File.ResolveLinkTarget(f, returnFinalTarget: false)?.Name is { } target && sockets.Contains(target)))
                    return $"{File.ReadAllText(Path.Combine(process, "comm")).Trim()} (process {Path.GetFileName(process)})";
            }
            // Processes end while we look, and those of other users are closed to us.
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
        }
        return null;
    }
}
