using Liren.Sdk.Cli;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Liren.Devices.Simulation;

/// <summary>A fleet of simulated devices (模拟设备群), as written in a file.</summary>
internal sealed class Fleet
{
    /// <summary>Groups of equal devices.</summary>
    public List<FleetGroup> Groups { get; set; } = [];

    public static Fleet Read(string yaml)
    {
        Fleet? fleet;
        try { fleet = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<Fleet>(yaml); }
        catch (YamlException e) { throw new CliFailureException($"Fleet, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}"); }
        if (fleet?.Groups is not { Count: > 0 }) throw new CliFailureException("Fleet: groups is missing; it is a list of kind, prefix, count, place");
        foreach (var group in fleet.Groups)
        {
            if (group.Prefix.Length == 0 || group.Kind.Length == 0 || group.Place.Length == 0) throw new CliFailureException("Fleet: each group needs kind, prefix and place");
            if (group.Count is < 1 or > 1_000_000) throw new CliFailureException($"Fleet, {group.Prefix}: count must be 1-1000000");
            if (group.Every <= 0) throw new CliFailureException($"Fleet, {group.Prefix}: every must be more than 0 seconds");
            if (group.PerGateway is < 0 or > 500) throw new CliFailureException($"Fleet, {group.Prefix}: perGateway must be 0-500");
            foreach (var (name, rate) in group.Faults) if (name is not ("drop" or "duplicate" or "skew" or "freeze") || rate is < 0 or > 1) throw new CliFailureException($"Fleet, {group.Prefix}: fault {name} is not drop, duplicate, skew or freeze with a rate of 0-1");
        }
        return fleet;
    }
}

/// <summary>Equal devices at one place.</summary>
internal sealed class FleetGroup
{
    public string Kind { get; set; } = "";
    public string Prefix { get; set; } = "";
    public int Count { get; set; } = 1;
    public string Place { get; set; } = "";
    /// <summary>So many behind each gateway; 0: each has its own connection.</summary>
    public int PerGateway { get; set; }
    /// <summary>Seconds between reports.</summary>
    public double Every { get; set; } = 10;
    /// <summary>What they measure: middle and swing over a day.</summary>
    public Dictionary<string, List<double>> Metrics { get; set; } = [];
    /// <summary>drop, duplicate, skew, freeze: how often.</summary>
    public Dictionary<string, double> Faults { get; set; } = [];
    /// <summary>Milliseconds from a command to each answer.</summary>
    public int AnswerMs { get; set; } = 200;
}
