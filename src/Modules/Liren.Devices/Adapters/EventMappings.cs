using System.Collections.Frozen;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Liren.Devices.Adapters;

/// <summary>What a maker's word means here.</summary>
internal sealed record EventMapping
{
    /// <summary>The metric it is a reading of.</summary>
    public string? Metric { get; init; }

    /// <summary>Names under which the number may stand.</summary>
    public List<string> Value { get; init; } = [];

    /// <summary>The device counts no further: from here on the number is a lower bound.</summary>
    public double? Cap { get; init; }

    /// <summary>The happening told when it begins.</summary>
    public string? Event { get; init; }

    /// <summary>The happening told when it ends.</summary>
    public string? Ended { get; init; }

    /// <summary>Says only that the sender is there.</summary>
    public bool Alive { get; init; }

    /// <summary>Never taken, for this reason.</summary>
    public string? Refuse { get; init; }
}

/// <summary>The words of makers and what they mean (厂商事件映射): those shipped, and those of the file named by <c>Devices:Mappings</c>.</summary>
internal sealed class EventMappings
{
    private readonly FrozenDictionary<(string Adapter, string Type), EventMapping> all;

    public EventMappings(params IEnumerable<string> yamls) => all = yamls.SelectMany(Read).GroupBy(m => m.Key).ToFrozenDictionary(g => g.Key, g => g.Last().Value);

    /// <summary>The meanings shipped with Liren.</summary>
    public static string Shipped
    {
        get
        {
            using var reader = new StreamReader(typeof(EventMappings).Assembly.GetManifestResourceStream("mappings.yaml")!);
            return reader.ReadToEnd();
        }
    }

    /// <summary>What a word means, whatever its case; null: nobody said.</summary>
    public EventMapping? Find(string adapter, string type) => all.GetValueOrDefault((adapter, type.ToUpperInvariant()));

    /// <summary>The words of one file, by adapter and word in capitals.</summary>
    internal static IEnumerable<KeyValuePair<(string Adapter, string Type), EventMapping>> Read(string yaml)
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        foreach (var (adapter, words) in reader.Deserialize<Dictionary<string, Dictionary<string, EventMapping>>>(yaml) ?? [])
            foreach (var (word, mapping) in words)
            {
                if (mapping is { Metric: null, Event: null, Ended: null, Alive: false, Refuse: null }) throw new FormatException($"Device mapping {adapter}.{word}: needs metric, event, ended, alive or refuse");
                if (mapping.Metric is null != (mapping.Value.Count == 0)) throw new FormatException($"Device mapping {adapter}.{word}: metric and value belong together");
                yield return new((adapter, word.ToUpperInvariant()), mapping);
            }
    }
}
