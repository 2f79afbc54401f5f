using System.Net.Http.Json;
using System.Text.Json;

namespace Liren.Bench;

/// <summary>What a bench prepares through the API.</summary>
internal static class Posts
{
    /// <summary>Sends an object, or nothing, and reads the answer; a refusal ends the bench with its words.</summary>
    public static async Task<JsonElement> AskAsync(this HttpClient http, string path, object? body, CancellationToken stop)
    {
        using var answer = await http.PostAsync(path, body is null ? null : JsonContent.Create(body), stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        return !answer.IsSuccessStatusCode ? throw new InvalidOperationException($"{path}: {answer.StatusCode} {text}") : text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }
}
