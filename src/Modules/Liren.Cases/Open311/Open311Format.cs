using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Liren.Cases.Open311;

/// <summary>An error of GeoReport v2: <c>[{code, description}]</c>.</summary>
internal sealed class Open311Exception(int code, string description) : Exception(description)
{
    /// <summary>HTTP status, also the code of the body.</summary>
    public int Code { get; } = code;
}

/// <summary>Writes one content as JSON or XML, as the ending of the address asks. Items are fields in order: text, number, null, or fields again.</summary>
internal static class Open311Format
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A list: a JSON array, or an XML element of elements.</summary>
    public static IResult List(string format, string outer, string inner, IEnumerable<Dictionary<string, object?>> items, int status = 200) => format == "json"
        ? Answer(JsonSerializer.Serialize(items, Json), "application/json; charset=utf-8", status)
        : Xml(new XElement(outer, items.Select(i => Element(inner, i))), status);

    /// <summary>One thing alone.</summary>
    public static IResult One(string format, string outer, Dictionary<string, object?> item) => format == "json"
        ? Answer(JsonSerializer.Serialize(item, Json), "application/json; charset=utf-8", 200)
        : Xml(Element(outer, item), 200);

    /// <summary>An error.</summary>
    public static IResult Error(string format, int code, string description) => List(format, "errors", "error", [new() { ["code"] = code, ["description"] = description }], code);

    private static IResult Xml(XElement root, int status) => Answer(new XDeclaration("1.0", "utf-8", null) + "\n" + root, "text/xml; charset=utf-8", status);

    private static IResult Answer(string body, string type, int status) => Results.Text(body, type, Encoding.UTF8, status);

    private static XElement Element(string name, object? value) => value switch
    {
        Dictionary<string, object?> fields => new(name, fields.Select(f => Element(f.Key, f.Value))),
        object?[] { Length: 0 } => new(name),
        IFormattable number => new(name, number.ToString(null, CultureInfo.InvariantCulture)),
        null => new(name),
        _ => new(name, Clean(value.ToString()!)),
    };

    /// <summary>Characters that XML 1.0 cannot hold are left out.</summary>
    private static string Clean(string text) => string.Concat(text.Where(c => System.Xml.XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));
}
