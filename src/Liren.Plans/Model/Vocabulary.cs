using Liren.Plans.Language;
using Liren.Plans.Text;

namespace Liren.Plans.Model;

/// <summary>What plans may name (词汇): a name that is not here is a slip and told as one.</summary>
public sealed class Vocabulary
{
    /// <summary>The words every installation has.</summary>
    public static readonly Vocabulary Standard = Load();

    private Vocabulary(MapNode top)
    {
        Events = Names(top, "events").ToDictionary(p => p.Key.Value, p => (IReadOnlyList<string>)[.. Words(((MapNode)p.Value).Find("fields"))]);
        Metrics = Names(top, "metrics").ToDictionary(p => p.Key.Value, p => (Bound(p.Value, "least"), Bound(p.Value, "most")));
        AreaFields = Types(top, "area");
        SubjectFields = Types(top, "subject");
        Sources = [.. Words(top.Find("sources"))];
        Populations = [.. Words(top.Find("populations"))];
        Reports = [.. Words(top.Find("reports"))];
        Summaries = [.. Words(top.Find("summaries"))];
        Channels = [.. Words(top.Find("channels"))];
        Evidence = [.. Words(top.Find("evidence"))];
    }

    /// <summary>Event types with the fields their predicates may use.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Events { get; }

    /// <summary>Metrics with the least and most a sensor may plausibly say, in the metric's unit.</summary>
    public IReadOnlyDictionary<string, (double Least, double Most)> Metrics { get; }

    /// <summary>Kinds of sensors.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>Groups that can be reached in a place.</summary>
    public IReadOnlyList<string> Populations { get; }

    /// <summary>Fields of a place.</summary>
    public IReadOnlyDictionary<string, PlanType> AreaFields { get; }

    /// <summary>Fields of a person.</summary>
    public IReadOnlyDictionary<string, PlanType> SubjectFields { get; }

    /// <summary>Codes a person at the scene may report.</summary>
    public IReadOnlyList<string> Reports { get; }

    /// <summary>Named selections of a person's fields.</summary>
    public IReadOnlyList<string> Summaries { get; }

    /// <summary>Ways people are reached.</summary>
    public IReadOnlyList<string> Channels { get; }

    /// <summary>Kinds of evidence, beside <c>geotag-within-LENGTH</c>.</summary>
    public IReadOnlyList<string> Evidence { get; }

    private static Vocabulary Load()
    {
        using var file = new StreamReader(typeof(Vocabulary).Assembly.GetManifestResourceStream("vocabulary.yaml")!);
        var report = new Report();
        var top = YamlText.Read(file.ReadToEnd(), report);
        return top is not null && !report.HasErrors ? new(top) : throw new InvalidOperationException("vocabulary.yaml: " + string.Join("; ", report.Found.Select(d => $"{d.At} {d.Message("en")}")));
    }

    private static IReadOnlyList<KeyValuePair<ScalarNode, Node>> Names(MapNode top, string key) => ((MapNode)top.Find(key)!).Pairs;

    private static double Bound(Node metric, string key) => double.Parse(((ScalarNode)((MapNode)metric).Find(key)!).Value, System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, PlanType> Types(MapNode top, string key) => Names(top, key).ToDictionary(p => p.Key.Value, p => Enum.Parse<PlanType>(((ScalarNode)p.Value).Value));

    private static IEnumerable<string> Words(Node? list) => list is ListNode words ? words.Items.Cast<ScalarNode>().Select(s => s.Value) : [];
}
