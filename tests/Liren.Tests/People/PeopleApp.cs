using System.Data.Common;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.People;

/// <summary>The program with the rooms of the demo compound and nobody in them.</summary>
public sealed class PeopleApp : LirenApp, IAsyncLifetime
{
    public const string Compound = Liren.Places.Demo.Compound;
    public const string Room = Compound + ".b8.u1.r101";
    private int numbers;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await InScopeAsync(async s => { await ActivatorUtilities.CreateInstance<Liren.Places.Demo>(s).SeedAsync(CancellationToken.None); return 0; });
    }

    /// <summary>A community worker of the compound's community, with a purpose stated.</summary>
    public HttpClient Worker => As(BuiltInRoles.CommunityWorker, "31.01.15.016.037", Purposes.CommunityService);

    /// <summary>A number that passes every check and belongs to nobody.</summary>
    public string NewId(string born = "19620305")
    {
        var first = $"310199{born}{(Interlocked.Increment(ref numbers) % 500 * 2):D3}";
        return first + Liren.People.Domain.CitizenId.Check(first);
    }

    /// <summary>A telephone nobody has.</summary>
    public string NewPhone() => $"1990000{Interlocked.Increment(ref numbers):D4}";

    /// <summary>Registers somebody; returns the answer.</summary>
    public Task<HttpResponseMessage> PostPersonAsync(string name, string room = Room, string kind = "Family", string? idNo = null, string? phone = null, object? more = null, bool sure = true, HttpClient? by = null) =>
        (by ?? Worker).PostAsJsonAsync("/api/people/persons", new { name, idNo, phone, sure, move = Merge(new { room, kind }, more) });

    /// <summary>Registers somebody; returns the id.</summary>
    public async Task<Guid> RegisterAsync(string name, string room = Room, string kind = "Family", string? idNo = null, string? phone = null, object? more = null)
    {
        var answer = await PostPersonAsync(name, room, kind, idNo, phone, more);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <summary>The file of a person as a caller sees it.</summary>
    public Task<JsonElement> FileAsync(Guid id, HttpClient? by = null) => (by ?? Worker).GetFromJsonAsync<JsonElement>($"/api/people/persons/{id}/file");

    /// <summary>Sends with the version seen.</summary>
    public static Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string address, object? body, int? version = null)
    {
        var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        if (version is not null) request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return http.SendAsync(request);
    }

    /// <summary>The stable code of a refusal.</summary>
    public static async Task<string?> CodeAsync(HttpResponseMessage answer) => answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    /// <summary>Lines of the access log about a person: disclosure and fields.</summary>
    public async Task<IReadOnlyList<(string Disclosure, string Fields, bool Allowed, string Purpose)>> LoggedAsync(Guid person)
    {
        await using var connection = await Services.GetRequiredService<DataLocation>().OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT "Disclosure","Fields","Allowed","Purpose" FROM identity_access_leaf WHERE "Subject"=@id ORDER BY "Seq" """;
        command.With("@id", person);
        var lines = new List<(string, string, bool, string)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) lines.Add((reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetString(3)));
        return lines;
    }

    /// <summary>Everything the database holds, as text.</summary>
    public async Task<string> EverythingAsync(params string[] tables)
    {
        await using var connection = await Services.GetRequiredService<DataLocation>().OpenAsync();
        var all = new StringBuilder();
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (var i = 0; i < reader.FieldCount; i++)
                    all.Append(reader.GetValue(i) is byte[] bytes ? Encoding.UTF8.GetString(bytes) + Convert.ToHexString(bytes) : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)).Append('\n');
        }
        return all.ToString();
    }

    private static Dictionary<string, object?> Merge(params object?[] parts) =>
        parts.Where(p => p is not null).SelectMany(p => p!.GetType().GetProperties().Select(x => (x.Name, Value: x.GetValue(p)))).GroupBy(x => x.Name).ToDictionary(g => g.Key, g => g.Last().Value);
}
