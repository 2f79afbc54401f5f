using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Liren.Vision.Counting;

/// <summary>Zones and masks as written in a file (YAML or JSON). Corners are parts of the picture, [0.5, 1] is the middle of the lower edge.</summary>
internal partial class SceneFile
{
    private const int MostAreas = 50, MostCorners = 200, LongestName = 40;

    public List<ZoneEntry> Zones { get; set; } = [];
    public List<MaskEntry> Masks { get; set; } = [];

    /// <summary>A zone as written.</summary>
    internal sealed class ZoneEntry : MaskEntry
    {
        public string Name { get; set; } = "";
        /// <summary>Only for watching: the camera of the hub this zone speaks as.</summary>
        public string? Device { get; set; }
        /// <summary>Only for watching: so many are a gathering.</summary>
        public int? Gathering { get; set; }
    }

    /// <summary>A mask as written.</summary>
    internal class MaskEntry
    {
        public List<List<float>> Points { get; set; } = [];
    }

    /// <summary>Reads a file; what is wrong is said with the name of the field.</summary>
    public static Scene Read(string yaml, string file)
    {
        var written = Parse<SceneFile>(yaml, file);
        if (written.Zones.Count == 0 && written.Masks.Count == 0) throw new VisionException($"{file}: zones is missing; it is a list of name and points");
        return written.ToScene(file);
    }

    /// <summary>YAML or JSON of one form; an unknown field is refused, named.</summary>
    public static T Parse<T>(string yaml, string file) where T : class
    {
        try { return new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<T>(yaml) ?? throw new VisionException($"{file} is empty"); }
        catch (YamlException e) { throw new VisionException($"{file}, line {e.Start.Line}: {UnknownField().Match(e.Message) switch { { Success: true } m => $"{m.Groups[1].Value} is no field here", _ => e.InnerException?.Message ?? e.Message }}", e); }
    }

    [GeneratedRegex(@"^Property '([^']*)' not found on type")]
    private static partial Regex UnknownField();

    /// <summary>Checks and draws; without a zone people are counted on the whole picture.</summary>
    public Scene ToScene(string file)
    {
        if (Zones.Count > MostAreas) throw new VisionException($"{file}: zones may be at most {MostAreas}");
        if (Masks.Count > MostAreas) throw new VisionException($"{file}: masks may be at most {MostAreas}");
        for (var i = 0; i < Zones.Count; i++)
        {
            var name = Zones[i].Name;
            if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName) throw new VisionException($"{file}: zones[{i}].name must have 1-{LongestName} letters");
            if (Zones.FindIndex(z => z.Name == name) != i) throw new VisionException($"{file}: zones[{i}].name {name} is taken by another zone");
        }
        List<Zone> zones = [.. Zones.Select((z, i) => new Zone(z.Name, z.Points.Count == 0 && Zones.Count == 1 ? null : Draw(z.Points, $"{file}: zones[{i}].points")))];
        return new(zones.Count == 0 ? [Zone.Whole] : zones, [.. Masks.Select((m, i) => Draw(m.Points, $"{file}: masks[{i}].points"))]);
    }

    private static Area Draw(List<List<float>> points, string field)
    {
        if (points.Count is < 3 or > MostCorners) throw new VisionException($"{field} must be 3-{MostCorners} corners");
        foreach (var p in points)
            if (p is not [>= 0 and <= 1, >= 0 and <= 1]) throw new VisionException($"{field}: [{string.Join(", ", p)}] must be two numbers from 0 to 1, parts of the picture's width and height");
        var twice = points.Select((p, i) => (p, next: points[(i + 1) % points.Count])).Sum(e => e.p[0] * e.next[1] - e.next[0] * e.p[1]);
        if (Math.Abs(twice) < 1e-4) throw new VisionException($"{field} enclose no area");
        return new([.. points.Select(p => new Corner(p[0], p[1]))]);
    }
}
