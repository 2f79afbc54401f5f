using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Liren.Bench;

/// <summary>One benchmark.</summary>
internal interface IBench
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures and fills the report.</summary>
    Task RunAsync(BenchRun run, CancellationToken stop);
}

/// <summary>How a run is to be made, and where its results go.</summary>
/// <param name="Rows">Rows of generated data, for benchmarks that have a choice.</param>
internal sealed record BenchRun(Report Report, bool Quick, int Rounds, long? Rows = null)
{
    /// <summary>Says on stderr what is going on.</summary>
    public static void Say(string what) => Console.Error.WriteLine($"bench: {what}");
}

/// <summary>What a benchmark found; every benchmark of the project prints this form.</summary>
internal sealed class Report(string bench)
{
    private readonly SortedDictionary<string, double> ratios = [];
    private readonly SortedDictionary<string, double> figures = [];

    /// <summary>Ours divided by the peer's, measured in the same minute.</summary>
    public void Ratio(string name, double value) => ratios[name] = Round(value);

    /// <summary>A figure of this machine; the unit is the end of the name.</summary>
    public void Figure(string name, double value) => figures[name] = Round(value);

    public void PrintJson() => Console.WriteLine(JsonSerializer.Serialize(new { bench, ratios, figures, machine = Machine() }));

    public void PrintTable()
    {
        foreach (var (name, value) in ratios) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio   {name,-32} {value,12:0.###}"));
        foreach (var (name, value) in figures) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure  {name,-32} {value,12:0.###}"));
    }

    private static double Round(double value) => value == 0 || !double.IsFinite(value) ? 0 : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6));

    private static object Machine() => new
    {
        processor = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : RuntimeInformation.ProcessArchitecture.ToString(),
        processors = Environment.ProcessorCount,
        memoryMib = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1048576,
        system = RuntimeInformation.OSDescription,
        runtime = RuntimeInformation.FrameworkDescription,
        at = DateTimeOffset.UtcNow.ToString("u", CultureInfo.InvariantCulture),
    };
}

/// <summary>Medians and percentiles.</summary>
internal static class Statistics
{
    public static double Median(this IEnumerable<double> values) => values.Percentile(0.5);

    public static double Percentile(this IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var (low, high) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[low] + ((sorted[high] - sorted[low]) * (at - low));
    }
}
