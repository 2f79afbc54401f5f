using System.ComponentModel;
using System.Diagnostics;

namespace Liren.Vision;

/// <summary>Other programs, started with their arguments as a list.</summary>
internal static class Tool
{
    /// <summary>Starts it; <paramref name="missing"/> is said when the system does not have it.</summary>
    public static Process Start(ProcessStartInfo start, string missing)
    {
        try { return Process.Start(start)!; }
        catch (Win32Exception e) { throw new VisionException(missing, e); }
    }

    /// <summary>The last line that says something.</summary>
    public static string LastLine(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "it did not say why";
}
