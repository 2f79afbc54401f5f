using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Codes;

namespace Liren.Tests.Passes;

/// <summary>The demo with its clock, and what pass tests do over and over: issue, pair, sync as a gate does.</summary>
public sealed class PassesApp : LirenApp
{
    public const string Community = "31.01.15.016.037", Compound = Community + ".liren";
    protected override bool Demo => true;

    public HttpClient Office => As("community-worker", Community, "community.service");

    public async Task<Guid> SomebodyAsync(int n = 0)
    {
        using var answer = JsonDocument.Parse(await Office.GetStringAsync($"/api/people/persons?place={Compound}&size=1&page={n + 1}", TestContext.Current.CancellationToken));
        return answer.RootElement.GetProperty("items")[0].GetProperty("id").GetGuid();
    }

    public async Task<JsonElement> IssueAsync(object request)
    {
        using var answer = await Office.PostAsJsonAsync("/api/passes", request);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<PairedGate> PairAsync(string name = "东门", object? policy = null)
    {
        using var made = await Office.PostAsJsonAsync("/api/passes/gates", new { compound = Compound, policy = policy ?? new { name } });
        made.EnsureSuccessStatusCode();
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using var pairing = await Office.PostAsync($"/api/passes/gates/{id}/pairing", null);
        var code = (await pairing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
        using var paired = await CreateClient().PostAsJsonAsync("/api/passes/gates/pair", new { code = $" {code[..4].ToLowerInvariant()}-{code[4..]}", name = "红米手机" });
        paired.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await paired.Content.ReadAsStringAsync());
        var answer = await paired.Content.ReadFromJsonAsync<JsonElement>();
        var http = CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer.GetProperty("deviceKey").GetString());
        return new PairedGate(this, id, code, http, VerifyingKey.FromSpki(answer.GetProperty("root").GetBytesFromBase64())!);
    }
}

/// <summary>A gate's device: what the gate app does, in C#.</summary>
public sealed class PairedGate(PassesApp app, Guid id, string code, HttpClient http, VerifyingKey root)
{
    public Guid Id => id;
    public string Code => code;
    public HttpClient Http => http;
    public VerifyingKey Root => root;
    public RevocationList List { get; } = new(PassesApp.Community);

    public async Task<TrustList> TrustAsync() => TrustList.Read(await http.GetByteArrayAsync("/api/passes/trust"), root)!;

    public async Task<ListOutcome> SyncAsync()
    {
        var trust = await TrustAsync();
        var envelope = await http.GetByteArrayAsync($"/api/passes/revocations/{PassesApp.Community}?since={List.Seq}");
        return List.Apply(envelope, trust);
    }

    public async Task<PassDecision> LookAsync(string text)
    {
        var context = new GateContext { Now = app.Clock.GetUtcNow(), Compound = PassesApp.Compound, Trust = await TrustAsync(), Revocations = [List] };
        return PassVerifier.Check(text, context);
    }

    public object Line(Guid? lineId = null, string? cti = null, string reason = "Ok", string verdict = "Admit", string direction = "in", string? idChecked = null, object? visitor = null) => new
    {
        id = lineId ?? Guid.CreateVersion7(), at = app.Clock.GetUtcNow().ToUnixTimeMilliseconds(), offset = 0, direction, verdict, reason, cti, kind = 1, form = 1, t = 0, members = 1, listAge = 60, idChecked, visitor,
    };

    public async Task<JsonElement> SendAsync(params object[] lines)
    {
        using var answer = await http.PostAsJsonAsync("/api/passes/gates/events", lines);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
