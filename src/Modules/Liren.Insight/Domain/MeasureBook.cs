using Liren.Contracts.Insight;
using Liren.Sdk;

namespace Liren.Insight.Domain;

/// <summary>All measures of this installation, as the modules declare them.</summary>
internal sealed class MeasureBook
{
    private readonly Dictionary<string, (MeasureDef Def, IMeasures Source)> byId;

    public MeasureBook(IEnumerable<IMeasures> sources)
    {
        Sources = [.. sources];
        byId = Sources.SelectMany(s => s.Measures.Select(m => (m, s))).ToDictionary(p => p.m.Id, p => (p.m, p.s));
        Subjects = Sources.OfType<ISubjectMeasures>().SelectMany(s => s.Events.Select(e => (e, s))).ToLookup(p => p.e, p => p.s);
    }

    public IReadOnlyList<IMeasures> Sources { get; }

    /// <summary>Sources that hear of an event type.</summary>
    public ILookup<Type, ISubjectMeasures> Subjects { get; }

    public IEnumerable<MeasureDef> All => byId.Values.Select(v => v.Def).OrderBy(d => d.Id, StringComparer.Ordinal);

    public MeasureDef? Find(string id) => byId.TryGetValue(id, out var found) ? found.Def : null;

    public IMeasures SourceOf(MeasureDef def) => byId[def.Id].Source;

    /// <summary>The measure, or 404 with names like it.</summary>
    public MeasureDef Get(string id) => Find(id) ?? throw new RuleBrokenException("insight.no-measure", "measure", 404, id, string.Join(", ", Near(id)));

    /// <summary>What the figures of a source were counted by: changes when a definition does.</summary>
    public static string Definitions(IMeasures source) => string.Join(' ', source.Measures.Select(m => $"{m.Id}@{m.Version}").Order(StringComparer.Ordinal));

    private IEnumerable<string> Near(string id) => byId.Keys.OrderBy(k => Distance(k, id)).ThenBy(k => k, StringComparer.Ordinal).Take(3);

    // Levenshtein: how many letters have to be changed.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var next = Math.Min(Math.Min(row[j], left) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j], left) = (row[j], next, next);
            }
        }
        return row[b.Length];
    }
}

internal static class MeasureShape
{
    /// <summary>Cells of one day.</summary>
    public static int CellCount(this MeasureDef def) => def.Roll == Roll.Histogram ? Bins.Count : def.Grain == Grain.Hour ? 24 : 1;

    /// <summary>Whether hours of a day can be told apart.</summary>
    public static bool HasHours(this MeasureDef def) => def is { Grain: Grain.Hour, Roll: Roll.Sum };
}
