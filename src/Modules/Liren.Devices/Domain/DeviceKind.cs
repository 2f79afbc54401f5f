using System.Collections.Frozen;
using Liren.Contracts.Devices;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Liren.Devices.Domain;

/// <summary>A value a kind measures.</summary>
/// <param name="Unit">Unit shown to people.</param>
/// <param name="Least">Smaller is not believed.</param>
/// <param name="Most">Larger is not believed.</param>
internal sealed record MetricSpec(string Unit, double Least, double Most);

/// <summary>What devices of one kind measure, tell and do (设备类型); data, not code.</summary>
/// <param name="Code">"camera".</param>
/// <param name="Heartbeat">How often it should speak.</param>
/// <param name="Stale">Silent so long, it is stale (失联).</param>
/// <param name="FrozenAfter">A value bit-equal so long is frozen; zero: never.</param>
/// <param name="Metrics">What it measures.</param>
/// <param name="Events">What it tells.</param>
/// <param name="Commands">What it does, each with its class.</param>
internal sealed record DeviceKind(string Code, TimeSpan Heartbeat, TimeSpan Stale, TimeSpan FrozenAfter, FrozenDictionary<string, MetricSpec> Metrics, FrozenSet<string> Events, FrozenDictionary<string, CommandClass> Commands)
{
    /// <summary>Whether others speak through it.</summary>
    public bool IsGateway => Code == "gateway";
}

/// <summary>The kinds of this installation: those shipped, and those of the file named by <c>Devices:Kinds</c>.</summary>
internal sealed class DeviceKinds
{
    private readonly FrozenDictionary<string, DeviceKind> all;

    public DeviceKinds(params IEnumerable<string> yamls) => all = yamls.SelectMany(Read).GroupBy(k => k.Code).ToFrozenDictionary(g => g.Key, g => g.Last());

    /// <summary>The kinds shipped with Liren.</summary>
    public static string Shipped
    {
        get
        {
            using var reader = new StreamReader(typeof(DeviceKinds).Assembly.GetManifestResourceStream("kinds.yaml")!);
            return reader.ReadToEnd();
        }
    }

    /// <summary>In order of code.</summary>
    public IReadOnlyList<DeviceKind> All => [.. all.Values.OrderBy(k => k.Code, StringComparer.Ordinal)];

    /// <summary>The kind, or null.</summary>
    public DeviceKind? Find(string code) => all.GetValueOrDefault(code);

    private static IEnumerable<DeviceKind> Read(string yaml)
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        foreach (var (code, kind) in reader.Deserialize<Dictionary<string, Written>>(yaml) ?? [])
        {
            if (kind.Heartbeat <= 0 || kind.Stale < kind.Heartbeat) throw new FormatException($"Device kind {code}: heartbeat must be more than 0 and stale at least as long");
            yield return new(code, TimeSpan.FromSeconds(kind.Heartbeat), TimeSpan.FromSeconds(kind.Stale), TimeSpan.FromSeconds(kind.FrozenAfter),
                kind.Metrics.ToFrozenDictionary(m => m.Key, m => m.Value is [var unit, var least, var most] ? new MetricSpec(unit, Number(code, least), Number(code, most)) : throw new FormatException($"Device kind {code}: metric {m.Key} must be [unit, least, most]")),
                kind.Events.ToFrozenSet(), kind.Commands.ToFrozenDictionary());
        }
    }

    private static double Number(string code, string text) => double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException($"Device kind {code}: {text} is no number");

    private sealed class Written
    {
        public int Heartbeat { get; set; }
        public int Stale { get; set; }
        public int FrozenAfter { get; set; }
        public Dictionary<string, List<string>> Metrics { get; set; } = [];
        public List<string> Events { get; set; } = [];
        public Dictionary<string, CommandClass> Commands { get; set; } = [];
    }
}
