using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Places;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Supplies;

/// <summary>The program with the demo compound, thirty households of one in it, masks in store and two pickup points.</summary>
public sealed class SuppliesApp : LirenApp, IAsyncLifetime
{
    public const string Community = "31.01.15.016.037", Compound = Liren.Places.Demo.Compound;
    public const int People = 30;
    /// <summary>The first of them are above 80.</summary>
    public const int Elders = 6;
    private int numbers;

    public List<Guid> Residents { get; } = [];
    public Guid Masks { get; private set; }
    public Guid East { get; private set; }
    public Guid West { get; private set; }

    public HttpClient Worker => As(BuiltInRoles.CommunityWorker, Community, Purposes.CommunityService);

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await InScopeAsync(async s => { await ActivatorUtilities.CreateInstance<Liren.Places.Demo>(s).SeedAsync(CancellationToken.None); return 0; });
        var rooms = await InScopeAsync(s => s.GetRequiredService<IPlaceDirectory>().WithinAsync(Compound, [PlaceKind.Room], People));
        foreach (var (i, room) in rooms.Index()) Residents.Add(await RegisterAsync($"王{(char)('一' + i)}", room.Path));
        Masks = await MakeAsync("/api/supplies/items", new { place = Community, name = "口罩", unit = "只" });
        await MakeAsync("/api/supplies/stock/receive", new { item = Masks, lot = "A1", expiry = "2021-06-30", quantity = 100_000, note = "送货单 7" });
        East = await MakeAsync("/api/supplies/points", new { place = Compound, name = "东门", desks = 1 });
        West = await MakeAsync("/api/supplies/points", new { place = Compound, name = "西门", desks = 2 });
    }

    public async Task<Guid> MakeAsync(string path, object body) => (await OkAsync(await Worker.PostAsJsonAsync(path, body))).GetProperty("id").GetGuid();

    public static async Task<JsonElement> OkAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>A round that opens now and is open for an hour, published; shares at both points.</summary>
    public async Task<Guid> RoundAsync(string mode = "FirstCome", int east = 3, int west = 2, object? more = null, bool publish = true)
    {
        var now = Clock.GetUtcNow();
        var body = JsonSerializer.SerializeToNode(new
        {
            place = Compound, title = "口罩预约", item = Masks, perShare = 5, mode, unit = "Household", opensAt = now, closesAt = now.AddHours(1), pickupFrom = now.AddHours(2), pickupUntil = now.AddDays(3),
            points = new[] { new { point = East, shares = east }, new { point = West, shares = west } },
        })!.AsObject();
        if (more is not null) foreach (var (key, value) in JsonSerializer.SerializeToNode(more)!.AsObject()) body[key] = value?.DeepClone();
        var made = await OkAsync(await Worker.PostAsJsonAsync("/api/supplies/rounds", body));
        var id = made.GetProperty("id").GetGuid();
        if (publish) await OkAsync(await PublishAsync(id, made.GetProperty("version").GetInt32()));
        return id;
    }

    public Task<HttpResponseMessage> PublishAsync(Guid id, int version)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/supplies/rounds/{id}/publish");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return Worker.SendAsync(request);
    }

    /// <summary>Tokens of all who are on the list.</summary>
    public async Task<List<string>> TokensAsync(Guid round) => [.. (await OkAsync(await Worker.GetAsync($"/api/supplies/rounds/{round}/invitations?purpose=community.service"))).EnumerateArray().Select(r => r.GetProperty("token").GetString()!)];

    public async Task<(int Status, JsonElement Body)> EnterAsync(string token, Guid key)
    {
        var answer = await CreateClient().PostAsJsonAsync("/api/supplies/enter", new { token, key });
        return ((int)answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()));
    }

    public Task<JsonElement> AuditAsync(Guid round) => Worker.GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{round}/audit");

    public Task<JsonElement> ShowAsync(Guid round) => Worker.GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{round}");

    private async Task<Guid> RegisterAsync(string name, string room)
    {
        var first = $"310199{(numbers < Elders ? 1935 : 1962)}0305{numbers++ * 2:D3}";
        return (await OkAsync(await Worker.PostAsJsonAsync("/api/people/persons", new { name, idNo = first + Liren.People.Domain.CitizenId.Check(first), sure = true, move = new { room, kind = "Owner" } }))).GetProperty("id").GetGuid();
    }
}
