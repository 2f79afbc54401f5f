using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Liren.Sdk.Web;

/// <summary>A push that cannot be read.</summary>
/// <param name="reason">too-large, multipart, xml or json.</param>
public sealed class UnreadablePushException(string reason) : Exception(reason)
{
    /// <summary>too-large, multipart, xml or json.</summary>
    public string Reason { get; } = reason;
}

/// <summary>A value of a message and where it stands.</summary>
/// <param name="Path">Names from the outside in, with a dot between: "EventNotificationAlert.channelID".</param>
/// <param name="Value">As written.</param>
public readonly record struct PushedLeaf(string Path, string Value)
{
    /// <summary>Its own name.</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>Whether the path ends in these names, whatever their case.</summary>
    public bool Is(string names) => Path.EndsWith(names, StringComparison.OrdinalIgnoreCase) && (Path.Length == names.Length || Path[^(names.Length + 1)] == '.');
}

/// <summary>
/// What devices of other makers push: XML or JSON, bare or as parts of a multipart beside pictures. Pictures are passed over and never read. Documents have no
/// document type, no entities from elsewhere, and bounds in length and depth.
/// </summary>
public static class PushedMessages
{
    private const int MostText = 256 * 1024, MostParts = 16, MostDepth = 16, MostLeaves = 10_000, MostPath = 256;

    /// <summary>The texts of a push, in order.</summary>
    public static async IAsyncEnumerable<string> TextsAsync(HttpRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            yield return await ReadAsync(request.Body, stop);
            yield break;
        }
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary) throw new UnreadablePushException("multipart");
        var parts = new MultipartReader(boundary, request.Body);
        for (var n = 0; n < MostParts && await NextAsync(parts, stop) is { } part; n++)
            if (!(part.ContentType ?? "").StartsWith("image/", StringComparison.OrdinalIgnoreCase)) yield return await ReadAsync(part.Body, stop);
    }

    /// <summary>The values of a document, in order: JSON and XML say the same in the same names.</summary>
    public static IReadOnlyList<PushedLeaf> Leaves(string text)
    {
        var leaves = new List<PushedLeaf>();
        if (text.AsSpan().TrimStart("\uFEFF \t\r\n") is ['<', ..]) Xml(text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n'), leaves);
        else
        {
            try
            {
                using var json = JsonDocument.Parse(text.TrimStart('\uFEFF'), new JsonDocumentOptions { MaxDepth = MostDepth });
                Json(json.RootElement, "", leaves);
            }
            catch (JsonException) { throw new UnreadablePushException("json"); }
        }
        return leaves;
    }

    /// <summary>The values of an element that was read already.</summary>
    public static IReadOnlyList<PushedLeaf> Leaves(JsonElement element)
    {
        var leaves = new List<PushedLeaf>();
        Json(element, "", leaves);
        return leaves;
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader parts, CancellationToken stop)
    {
        try { return await parts.ReadNextSectionAsync(stop); }
        catch (Exception e) when (e is IOException and not BadHttpRequestException or InvalidDataException) { throw new UnreadablePushException("multipart"); }
    }

    private static async Task<string> ReadAsync(Stream body, CancellationToken stop)
    {
        using var reader = new StreamReader(body, Encoding.UTF8);
        var buffer = new char[MostText + 1];
        var length = await reader.ReadBlockAsync(buffer, stop);
        return length <= MostText ? new string(buffer, 0, length) : throw new UnreadablePushException("too-large");
    }

    private static void Xml(string text, List<PushedLeaf> into)
    {
        try
        {
            using var xml = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var path = new Stack<string>();
            while (xml.Read())
            {
                if (xml.Depth > MostDepth) throw new UnreadablePushException("xml");
                if (xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement) path.Push(path.TryPeek(out var above) ? $"{above}.{xml.LocalName}" : xml.LocalName);
                else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) Add(into, path.Peek(), xml.Value, "xml");
                else if (xml.NodeType == XmlNodeType.EndElement) path.Pop();
            }
        }
        catch (XmlException) { throw new UnreadablePushException("xml"); }
    }

    private static void Json(JsonElement at, string path, List<PushedLeaf> into)
    {
        if (path.Length > MostPath) throw new UnreadablePushException("json");
        if (at.ValueKind == JsonValueKind.Object) foreach (var member in at.EnumerateObject()) Json(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", into);
        else if (at.ValueKind == JsonValueKind.Array) foreach (var item in at.EnumerateArray()) Json(item, path, into);
        else if (at.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) Add(into, path, at.ToString(), "json");
    }

    // A path is written for every value: without bounds one long name around many values would be gigabytes of paths.
    private static void Add(List<PushedLeaf> into, string path, string value, string form)
    {
        if (into.Count >= MostLeaves || path.Length > MostPath) throw new UnreadablePushException(form);
        into.Add(new(path, value));
    }
}
