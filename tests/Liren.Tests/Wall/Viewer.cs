using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Liren.Tests.Wall;

/// <summary>One message of a wall's stream.</summary>
public sealed record Message(string Type, string Id, JsonElement Data)
{
    /// <summary>A tile of it; undefined when it is not in it.</summary>
    public JsonElement Tile(string id) => Data.TryGetProperty("tiles", out var tiles) ? tiles.EnumerateArray().FirstOrDefault(t => t.GetProperty("id").GetString() == id) : default;
}

/// <summary>Somebody who looks at a wall, as a browser does.</summary>
public static class Viewer
{
    /// <summary>Messages of a wall's stream, until the test stops reading.</summary>
    public static async IAsyncEnumerable<Message> WatchAsync(this HttpClient http, string place, string? lastId = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/wall/{place}/live");
        if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
        var (type, id, data) = ("", "", "");
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && data.Length > 0)
            {
                yield return new(type, id, JsonDocument.Parse(data).RootElement);
                (type, id, data) = ("", "", "");
            }
        }
    }

    /// <summary>The first message that is as wanted.</summary>
    public static async Task<Message> UntilAsync(this IAsyncEnumerator<Message> messages, Func<Message, bool> wanted)
    {
        while (await messages.MoveNextAsync())
            if (wanted(messages.Current)) return messages.Current;
        throw new InvalidOperationException("The stream has ended");
    }
}
