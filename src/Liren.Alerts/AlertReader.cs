using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Liren.Alerts;

/// <summary>What was read: the message, or what is wrong with it.</summary>
/// <param name="Alert">Null when anything is wrong.</param>
/// <param name="Faults">What is wrong, in the order of the text.</param>
public sealed record AlertReading(Alert? Alert, IReadOnlyList<AlertFault> Faults);

/// <summary>
/// Reads CAP 1.2 strictly: every element known, in its order, as often as allowed. No DTD, no external entity, at most 1 MiB. All faults are
/// told at once, each with its element and line.
/// </summary>
public static partial class AlertReader
{
    /// <summary>Namespace of CAP 1.2.</summary>
    public const string Namespace = "urn:oasis:names:tc:emergency:cap:1.2";
    /// <summary>Largest message accepted, bytes.</summary>
    public const int MostBytes = 1 << 20;
    private const string Signatures = "http://www.w3.org/2000/09/xmldsig#";

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")]
    private static partial Regex Time();

    /// <summary>Reads a message.</summary>
    public static AlertReading Read(ReadOnlyMemory<byte> message)
    {
        if (message.Length > MostBytes) return new(null, [new("too-large", 1, 1, "alert", MostBytes)]);
        XElement root;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(message.ToArray()), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostBytes, IgnoreComments = true, IgnoreProcessingInstructions = true });
            root = XDocument.Load(reader, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace).Root!;
        }
        catch (XmlException e) { return new(null, [new("xml", Math.Max(1, e.LineNumber), Math.Max(1, e.LinePosition), "")]); }
        if (root.Name.LocalName != "alert") return new(null, [At(root, "root", root.Name.LocalName)]);
        if (root.Name.NamespaceName != Namespace) return new(null, [At(root, "namespace", root.Name.NamespaceName)]);
        var faults = new List<AlertFault>();
        var alert = Message(new(root, Grammar.Alert, faults));
        return faults.Count == 0 ? new(alert, []) : new(null, [.. faults.OrderBy(f => f.Line).ThenBy(f => f.Column)]);
    }

    private static Alert Message(Group g)
    {
        var alert = new Alert(g.Name("identifier"), g.Name("sender"), g.Time("sent") ?? default, g.Word<AlertStatus>("status"), g.Word<AlertKind>("msgType"), g.Word<AlertScope>("scope"))
        {
            Source = g.Text("source"), Restriction = g.Text("restriction"), Addresses = Words(g.Text("addresses")), Codes = g.Texts("code"), Note = g.Text("note"),
            References = [.. g.All("references").SelectMany(e => References(e, g.Faults))], Incidents = Words(g.Text("incidents")), Infos = [.. g.All("info").Select(e => Info(new(e, Grammar.Info, g.Faults)))],
            Signed = g.Element.Elements(XName.Get("Signature", Signatures)).Any(),
        };
        if (alert.Scope == AlertScope.Restricted && string.IsNullOrWhiteSpace(alert.Restriction)) g.Faults.Add(At(g.Element, "restriction"));
        if (alert.Scope == AlertScope.Private && alert.Addresses.Count == 0) g.Faults.Add(At(g.Element, "addresses"));
        if (alert.Kind != AlertKind.Alert && g.All("references").All(e => e.Value.Trim().Length == 0)) g.Faults.Add(At(g.Element, "references", alert.Kind));
        return alert;
    }

    private static AlertInfo Info(Group g) => new(g.Words<AlertCategory>("category"), g.Text("event") ?? "", g.Word<AlertUrgency>("urgency"), g.Word<AlertSeverity>("severity"), g.Word<AlertCertainty>("certainty"))
    {
        Language = g.Text("language"), Responses = g.Words<AlertResponse>("responseType"), Audience = g.Text("audience"), EventCodes = g.Pairs("eventCode"), Effective = g.Time("effective"), Onset = g.Time("onset"), Expires = g.Time("expires"),
        SenderName = g.Text("senderName"), Headline = g.Text("headline"), Description = g.Text("description"), Instruction = g.Text("instruction"), Web = g.Address("web"), Contact = g.Text("contact"), Parameters = g.Pairs("parameter"),
        Resources = [.. g.All("resource").Select(e => Resource(new(e, Grammar.Resource, g.Faults)))], Areas = [.. g.All("area").Select(e => Area(new(e, Grammar.Area, g.Faults)))],
    };

    private static AlertResource Resource(Group g) => new(g.Text("resourceDesc") ?? "", g.Text("mimeType") ?? "", (long?)g.Number("size"), g.Text("uri"), g.Text("derefUri"), g.Text("digest"));

    private static AlertArea Area(Group g)
    {
        var area = new AlertArea(g.Text("areaDesc") ?? "")
        {
            Polygons = [.. g.All("polygon").Select(e => Polygon(e, g.Faults))], Circles = [.. g.All("circle").Select(e => Circle(e, g.Faults))], Geocodes = g.Pairs("geocode"), Altitude = g.Number("altitude"), Ceiling = g.Number("ceiling"),
        };
        if (area is { Ceiling: not null, Altitude: null }) g.Faults.Add(At(g.All("ceiling").First(), "ceiling"));
        return area;
    }

    private static IReadOnlyList<AlertPoint> Polygon(XElement element, List<AlertFault> faults)
    {
        var points = element.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(p => Point(p)).ToList();
        if (points.Contains(null)) faults.Add(At(element, "point"));
        else if (points.Count < 4) faults.Add(At(element, "polygon-few", points.Count));
        else if (points[0] != points[^1]) faults.Add(At(element, "polygon-open"));
        return [.. points.OfType<AlertPoint>()];
    }

    private static AlertCircle Circle(XElement element, List<AlertFault> faults)
    {
        var parts = element.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 2 && Point(parts[0]) is { } centre && Decimal(parts[1]) is { } radius and >= 0) return new(centre, radius);
        faults.Add(At(element, "circle"));
        return default;
    }

    private static AlertPoint? Point(string text) =>
        text.Split(',') is [var latitude, var longitude] && Decimal(latitude) is { } lat and >= -90 and <= 90 && Decimal(longitude) is { } lon and >= -180 and <= 180 ? new(lat, lon) : null;

    private static decimal? Decimal(string text) => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static IEnumerable<AlertReference> References(XElement element, List<AlertFault> faults)
    {
        foreach (var text in element.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            if (text.Split(',') is [{ Length: > 0 } sender, { Length: > 0 } identifier, var sent] && TimeOf(sent) is { } at) yield return new(sender, identifier, at);
            else faults.Add(At(element, "reference", text.Length > 80 ? text[..80] : text));
    }

    /// <summary>Words parted by spaces; those with spaces of their own stand in quotation marks.</summary>
    private static IReadOnlyList<string> Words(string? text) => text is null ? [] : [.. Quoted().Matches(text).Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Value)];

    [GeneratedRegex("\"([^\"]*)\"|\\S+")]
    private static partial Regex Quoted();

    // The standard's own pattern: seconds, an offset in figures, never Z.
    private static DateTimeOffset? TimeOf(string text) =>
        Time().IsMatch(text) && DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;

    private static AlertFault At(XElement element, string code, params object?[] args) =>
        new(code, ((IXmlLineInfo)element).LineNumber, ((IXmlLineInfo)element).LinePosition, PathOf(element), args);

    private static string PathOf(XElement element)
    {
        var parts = element.AncestorsAndSelf().Select(e => e.ElementsBeforeSelf(e.Name).Count() is var before and > 0 ? $"{e.Name.LocalName}[{before + 1}]" : e.Name.LocalName).Reverse();
        return string.Join('/', parts);
    }

    /// <summary>One group of elements, checked against the grammar when it is made.</summary>
    private sealed class Group
    {
        private readonly ILookup<string, XElement> children;

        public Group(XElement element, Grammar grammar, List<AlertFault> faults)
        {
            (Element, Faults) = (element, faults);
            var last = -1;
            foreach (var child in element.Elements())
            {
                if (child.Name.NamespaceName == Signatures && element.Parent is null) continue;
                var place = child.Name.NamespaceName == Namespace ? grammar.PlaceOf(child.Name.LocalName) : -1;
                if (place < 0) faults.Add(At(child, "unknown", child.Name.LocalName));
                else if (place < last) faults.Add(At(child, "order", child.Name.LocalName));
                else last = place;
            }
            if (element.Nodes().OfType<XText>().Any(t => !string.IsNullOrWhiteSpace(t.Value))) faults.Add(At(element, "text"));
            children = element.Elements().Where(c => c.Name.NamespaceName == Namespace).ToLookup(c => c.Name.LocalName);
            foreach (var (name, needed, many) in grammar.Elements)
            {
                if (needed && !children.Contains(name)) faults.Add(At(element, "missing", name));
                if (!many) foreach (var extra in children[name].Skip(1)) faults.Add(At(extra, "repeated", name));
            }
        }

        public XElement Element { get; }
        public List<AlertFault> Faults { get; }

        public IEnumerable<XElement> All(string name) => children[name];

        /// <summary>The text of an element without elements of its own.</summary>
        private string Leaf(XElement element)
        {
            if (element.HasElements) Faults.Add(At(element, "leaf"));
            return element.Value;
        }

        public string? Text(string name) => children[name].FirstOrDefault() is { } e ? Leaf(e) : null;

        public IReadOnlyList<string> Texts(string name) => [.. children[name].Select(Leaf)];

        public string Name(string name)
        {
            if (children[name].FirstOrDefault() is not { } e) return "";
            var text = Leaf(e);
            if (text.Length == 0 || text.Any(c => char.IsWhiteSpace(c) || c is ',' or '<' or '&')) Faults.Add(At(e, "name", name));
            return text;
        }

        public DateTimeOffset? Time(string name)
        {
            if (children[name].FirstOrDefault() is not { } e) return null;
            var at = TimeOf(Leaf(e).Trim());
            if (at is null) Faults.Add(At(e, "time", name));
            return at;
        }

        public T Word<T>(string name) where T : struct, Enum => Words<T>(name) is [var word, ..] ? word : default;

        public IReadOnlyList<T> Words<T>(string name) where T : struct, Enum
        {
            var words = new List<T>();
            foreach (var e in children[name])
            {
                var text = Leaf(e).Trim();
                if (Array.IndexOf(Enum.GetNames<T>(), text) >= 0) words.Add(Enum.Parse<T>(text));
                else Faults.Add(At(e, "word", name, text.Length > 40 ? text[..40] : text, string.Join(", ", Enum.GetNames<T>())));
            }
            return words;
        }

        public decimal? Number(string name)
        {
            if (children[name].FirstOrDefault() is not { } e) return null;
            var number = Decimal(Leaf(e).Trim());
            if (number is null || (name == "size" && (number < 0 || number != decimal.Truncate(number.Value) || number > long.MaxValue))) { Faults.Add(At(e, "number", name)); return null; }
            return number;
        }

        public string? Address(string name)
        {
            if (children[name].FirstOrDefault() is not { } e) return null;
            var text = Leaf(e);
            if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out _)) Faults.Add(At(e, "uri", name));
            return text;
        }

        public IReadOnlyList<AlertPair> Pairs(string name) => [.. children[name].Select(e => new Group(e, Grammar.Pair, Faults)).Select(p => new AlertPair(p.Text("valueName") ?? "", p.Text("value") ?? ""))];
    }
}
