using Liren.Plans.Model;

namespace Liren.Plans.Language;

/// <summary>The names an expression of one plan may use.</summary>
internal sealed class Names(Vocabulary words)
{
    private static readonly string[] common = ["queued", "sent", "delivered", "acked", "failed", "expired", "suppressed", "uncertain"];

    /// <summary>Results of every kind of action, beside the common ones.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Results = new Dictionary<string, string[]>
    {
        ["broadcast"] = [], ["dispatch"] = ["offered", "accepted", "declined", "arrived", "handled", "withdrawn"], ["notify"] = ["read"], ["call"] = ["ringing", "answered", "unanswered"],
        ["openCase"] = ["opened"], ["publishCap"] = [], ["grantPass"] = ["granted"], ["command"] = [], ["raise"] = [],
    };

    /// <summary>States of an incident (事件状态).</summary>
    public static readonly string[] States = ["suspected", "open", "dispatched", "accepted", "on-scene", "handled", "verifying", "closed", "rejected", "suspended", "handed", "reopened", "reviewed"];

    public Vocabulary Words => words;
    public Dictionary<string, PlanType> Parameters { get; } = [];
    public Dictionary<string, string> Actions { get; } = [];
    public IReadOnlyList<string> Reasons { get; set; } = [];
    public bool HasSubject { get; set; }

    /// <summary>Fields of the event a predicate looks at; null outside of one.</summary>
    public IReadOnlyList<string>? EventFields { get; set; }

    /// <summary>Names that stand for one of some words.</summary>
    public static readonly string[] Enumerations = ["reason", "state", "mode"];

    /// <summary>The words a name stands for one of; null when it is no enumeration.</summary>
    public IReadOnlyList<string>? WordsOf(string name) => name switch { "reason" => Reasons, "state" => States, "mode" => ["peace", "emergency"], _ => null };

    /// <summary>What a dotted name gives; null: there is no such name.</summary>
    public PlanType? TypeOf(string path)
    {
        if (EventFields is not null && EventFields.Contains(path)) return PlanType.Number;
        switch (path)
        {
            case "age": return PlanType.Duration;
            case "level": return PlanType.Level;
            case "state" or "reason" or "mode": return PlanType.Symbol;
            case "sla.breached": return PlanType.Bool;
            case "area": return PlanType.Area;
            case "owner" or "dispatch.assignee": return PlanType.Target;
            case "subject" when HasSubject: return PlanType.Subject;
        }
        if (path.StartsWith("area.", StringComparison.Ordinal) && words.AreaFields.TryGetValue(path[5..], out var area)) return area;
        if (HasSubject && path.StartsWith("subject.", StringComparison.Ordinal) && words.SubjectFields.TryGetValue(path[8..], out var subject)) return subject;
        return path.Split('.') is [var action, var result] && KindOf(action) is { } kind
            ? result == "assignee" && kind == "dispatch" ? PlanType.Target : ResultsOf(kind).Contains(result) ? PlanType.Bool : null
            : null;
    }

    /// <summary>Every name that may stand alone or with dots.</summary>
    public IEnumerable<string> All() =>
    [
        "age", "level", "state", "reason", "mode", "sla.breached", "area", "owner", "dispatch.assignee", .. EventFields ?? [], .. words.AreaFields.Keys.Select(f => "area." + f),
        .. HasSubject ? words.SubjectFields.Keys.Select(f => "subject." + f).Append("subject") : [],
        .. Actions.SelectMany(a => ResultsOf(a.Value).SelectMany(r => new[] { $"{a.Key}.{r}", $"{a.Value}.{r}" })).Distinct(),
    ];

    // An action is named by its id; a kind stands for any action of that kind.
    private string? KindOf(string action) => Actions.GetValueOrDefault(action) ?? (Actions.ContainsValue(action) ? action : null);

    private static IEnumerable<string> ResultsOf(string kind) => common.Concat(Results.GetValueOrDefault(kind) ?? []);
}
