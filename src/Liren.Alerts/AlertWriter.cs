using System.Globalization;
using System.Text;
using System.Xml;

namespace Liren.Alerts;

/// <summary>Writes CAP 1.2. What is written is read again first: a message that the rules refuse is never sent.</summary>
public static class AlertWriter
{
    /// <summary>The message as UTF-8 XML.</summary>
    /// <exception cref="ArgumentException">It breaks a rule of CAP.</exception>
    public static byte[] Write(Alert alert)
    {
        using var file = new MemoryStream();
        using (var xml = XmlWriter.Create(file, new() { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("alert", AlertReader.Namespace);
            Message(new(xml), alert);
            xml.WriteEndElement();
        }
        var bytes = file.ToArray();
        if (AlertReader.Read(bytes).Faults is [var first, ..]) throw new ArgumentException($"{first.Path}: {first.Message("en")}", nameof(alert));
        return bytes;
    }

    /// <summary>A time as CAP writes it; UTC is -00:00.</summary>
    public static string Time(DateTimeOffset at) =>
        at.ToString(at.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'-00:00'" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static void Message(Pen pen, Alert alert)
    {
        pen.Text("identifier", alert.Identifier);
        pen.Text("sender", alert.Sender);
        pen.Text("sent", Time(alert.Sent));
        pen.Text("status", alert.Status.ToString());
        pen.Text("msgType", alert.Kind.ToString());
        pen.Text("source", alert.Source);
        pen.Text("scope", alert.Scope.ToString());
        pen.Text("restriction", alert.Restriction);
        pen.Text("addresses", Words(alert.Addresses));
        foreach (var code in alert.Codes) pen.Text("code", code);
        pen.Text("note", alert.Note);
        pen.Text("references", alert.References.Count == 0 ? null : string.Join(' ', alert.References.Select(r => $"{r.Sender},{r.Identifier},{Time(r.Sent)}")));
        pen.Text("incidents", Words(alert.Incidents));
        foreach (var info in alert.Infos) pen.Group("info", () => Info(pen, info));
    }

    private static void Info(Pen pen, AlertInfo info)
    {
        pen.Text("language", info.Language);
        foreach (var category in info.Categories) pen.Text("category", category.ToString());
        pen.Text("event", info.Event);
        foreach (var response in info.Responses) pen.Text("responseType", response.ToString());
        pen.Text("urgency", info.Urgency.ToString());
        pen.Text("severity", info.Severity.ToString());
        pen.Text("certainty", info.Certainty.ToString());
        pen.Text("audience", info.Audience);
        pen.Pairs("eventCode", info.EventCodes);
        foreach (var (name, at) in new[] { ("effective", info.Effective), ("onset", info.Onset), ("expires", info.Expires) }) pen.Text(name, at is { } t ? Time(t) : null);
        foreach (var (name, text) in new[] { ("senderName", info.SenderName), ("headline", info.Headline), ("description", info.Description), ("instruction", info.Instruction), ("web", info.Web), ("contact", info.Contact) }) pen.Text(name, text);
        pen.Pairs("parameter", info.Parameters);
        foreach (var resource in info.Resources) pen.Group("resource", () => Resource(pen, resource));
        foreach (var area in info.Areas) pen.Group("area", () => Area(pen, area));
    }

    private static void Resource(Pen pen, AlertResource resource)
    {
        pen.Text("resourceDesc", resource.Description);
        pen.Text("mimeType", resource.MimeType);
        pen.Text("size", resource.Size?.ToString(CultureInfo.InvariantCulture));
        pen.Text("uri", resource.Uri);
        pen.Text("derefUri", resource.Content);
        pen.Text("digest", resource.Digest);
    }

    private static void Area(Pen pen, AlertArea area)
    {
        pen.Text("areaDesc", area.Description);
        foreach (var polygon in area.Polygons) pen.Text("polygon", string.Join(' ', polygon.Select(Point)));
        foreach (var circle in area.Circles) pen.Text("circle", string.Create(CultureInfo.InvariantCulture, $"{Point(circle.Centre)} {circle.RadiusKm}"));
        pen.Pairs("geocode", area.Geocodes);
        pen.Text("altitude", area.Altitude?.ToString(CultureInfo.InvariantCulture));
        pen.Text("ceiling", area.Ceiling?.ToString(CultureInfo.InvariantCulture));
    }

    private static string Point(AlertPoint point) => string.Create(CultureInfo.InvariantCulture, $"{point.Latitude},{point.Longitude}");

    private static string? Words(IReadOnlyList<string> words) => words.Count == 0 ? null : string.Join(' ', words.Select(w => w.Contains(' ', StringComparison.Ordinal) ? $"\"{w}\"" : w));

    private sealed class Pen(XmlWriter xml)
    {
        public void Text(string name, string? text)
        {
            if (text is not null) xml.WriteElementString(name, AlertReader.Namespace, text);
        }

        public void Group(string name, Action inside)
        {
            xml.WriteStartElement(name, AlertReader.Namespace);
            inside();
            xml.WriteEndElement();
        }

        public void Pairs(string name, IReadOnlyList<AlertPair> pairs)
        {
            foreach (var pair in pairs) Group(name, () => { Text("valueName", pair.Name); Text("value", pair.Value); });
        }
    }
}
