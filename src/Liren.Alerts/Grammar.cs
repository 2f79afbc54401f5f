namespace Liren.Alerts;

/// <summary>The elements of one group in their order, from the schema of CAP 1.2: needed or not, once or many times.</summary>
internal sealed class Grammar(params (string Name, bool Needed, bool Many)[] elements)
{
    public static readonly Grammar Alert = Of("identifier!", "sender!", "sent!", "status!", "msgType!", "source", "scope!", "restriction", "addresses", "code*", "note", "references", "incidents", "info*");
    public static readonly Grammar Info = Of("language", "category+", "event!", "responseType*", "urgency!", "severity!", "certainty!", "audience", "eventCode*", "effective", "onset", "expires", "senderName", "headline", "description",
        "instruction", "web", "contact", "parameter*", "resource*", "area*");
    public static readonly Grammar Resource = Of("resourceDesc!", "mimeType!", "size", "uri", "derefUri", "digest");
    public static readonly Grammar Area = Of("areaDesc!", "polygon*", "circle*", "geocode*", "altitude", "ceiling");
    public static readonly Grammar Pair = Of("valueName!", "value!");

    public IReadOnlyList<(string Name, bool Needed, bool Many)> Elements { get; } = elements;

    public int PlaceOf(string name) => Array.FindIndex(elements, e => e.Name == name);

    // "!" needed once, "+" needed and many, "*" many.
    private static Grammar Of(params string[] written) => new([.. written.Select(w => (w.TrimEnd('!', '+', '*'), w[^1] is '!' or '+', w[^1] is '+' or '*'))]);
}
