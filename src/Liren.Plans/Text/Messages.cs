using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Liren.Plans.Text;

/// <summary>Sentences of the findings, Chinese and English.</summary>
public static partial class Messages
{
    private static readonly Dictionary<string, string[]> all = Load();

    private static readonly Dictionary<string, (string Zh, string En)> types = new()
    {
        ["Unknown"] = ("未知", "unknown"), ["Number"] = ("数", "a number"), ["Duration"] = ("时间", "a duration"), ["WorkTime"] = ("工作时间", "a working time"), ["Length"] = ("长度", "a length"),
        ["Bool"] = ("条件（真假）", "a condition"), ["Level"] = ("级别", "a level"), ["Symbol"] = ("名称", "a name"), ["String"] = ("文字", "text"), ["Ref"] = ("设备或门", "a device or gate"),
        ["Area"] = ("区域", "an area"), ["Subject"] = ("对象", "a subject"), ["Target"] = ("通知对象", "somebody to reach"), ["Fields"] = ("个人信息摘要", "a summary of a person"), ["List"] = ("列表", "a list"),
    };

    /// <summary>All codes.</summary>
    public static IReadOnlyCollection<string> Codes => all.Keys;

    /// <summary>The sentence of a code with what it names.</summary>
    public static string Of(string code, string language, IReadOnlyList<string> args)
    {
        var chinese = language == "zh";
        return Place().Replace(all[code][chinese ? 0 : 1], m =>
        {
            var said = args[int.Parse(m.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)];
            return said is ['{', .., '}'] && types.TryGetValue(said[1..^1], out var type) ? chinese ? type.Zh : type.En : said;
        });
    }

    private static Dictionary<string, string[]> Load()
    {
        using var file = new StreamReader(typeof(Messages).Assembly.GetManifestResourceStream("messages.yaml")!);
        return new DeserializerBuilder().Build().Deserialize<Dictionary<string, string[]>>(file);
    }

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Place();
}
