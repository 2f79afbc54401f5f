using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Codes;
using Liren.Passes.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Passes;

/// <summary>What tests of terminals do over and over: add one, look, enrol.</summary>
public abstract class TerminalBase(PassesApp app)
{
    protected const string Purpose = "community.service";
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected object Look(string kind, string value, string? direction = null, decimal? temperature = null, bool? opened = null) =>
        new { id = Guid.CreateVersion7(), kind, value, at = app.Clock.GetUtcNow().ToUnixTimeMilliseconds(), direction, temperature, opened };

    protected string Live(byte[] pass, SigningKey phone) => LiveProof.Sign(pass, app.Clock.GetUtcNow().ToUnixTimeSeconds(), [], phone);

    protected async Task<(Guid Id, byte[] Pass)> PhoneAsync(SigningKey phone, string name)
    {
        var id = (await app.IssueAsync(new { kind = "Staff", form = "Phone", name, compound = PassesApp.Compound, days = 30 })).GetProperty("id").GetGuid();
        using var enrolled = await app.Office.PostAsJsonAsync($"/api/passes/{id}/device", new { key = Convert.ToHexStringLower(phone.Spki.AsSpan(27)) }, Stop);
        return (id, Base45.Decode((await enrolled.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().AsSpan(4))!);
    }

    /// <summary>The demo has given cards to many.</summary>
    protected async Task EndPassesOfAsync(Guid person)
    {
        var ids = await app.InScopeAsync(s => s.GetRequiredService<PassesDb>().Passes.Where(p => p.PersonId == person && (p.State == Contracts.Passes.PassState.Active || p.State == Contracts.Passes.PassState.Suspended)).Select(p => p.Id).ToListAsync(Stop));
        foreach (var id in ids) (await app.Office.PostAsJsonAsync($"/api/passes/{id}/revoke", new { reason = "测试" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
    }

    protected Task<HttpResponseMessage> EnrolAsync(Station terminal, object request) => app.Office.PostAsJsonAsync($"/api/passes/terminals/{terminal.Id}/enrolments", request, Stop);

    protected async Task<JsonElement> EnrolledAsync(Station terminal, object request)
    {
        using var answer = await EnrolAsync(terminal, request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Stop));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    protected static Task<JsonElement> PeopleAsync(Station terminal, long since) => GetAsync(terminal.Http, $"/api/passes/terminals/people?since={since}&purpose={Purpose}");

    protected static Task<JsonElement> GetAsync(HttpClient http, string address) => http.GetFromJsonAsync<JsonElement>(address, Stop);

    protected static async Task<string?> CodeAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    protected async Task<Guid> GateAsync(string name, object? policy = null)
    {
        using var made = await app.Office.PostAsJsonAsync("/api/passes/gates", new { compound = PassesApp.Compound, policy = policy ?? new { name, idCheckPercent = 0 } }, Stop);
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    protected async Task<Station> AddAsync(string name, string adapter = "liren", object? policy = null)
    {
        var gate = await GateAsync(name + "门", policy);
        using var made = await app.Office.PostAsJsonAsync("/api/passes/terminals", new { gate, name, maker = "海康", model = "K1", adapter }, Stop);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Stop));
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>(Stop);
        var http = app.CreateClient();
        var key = answer.GetProperty("key").GetString()!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return new(answer.GetProperty("id").GetGuid(), gate, key, http, Look);
    }

    protected sealed record Answer(HttpStatusCode Status, JsonElement Body)
    {
        public string? Said(string name) => Body.TryGetProperty(name, out var value) ? value.GetString() : null;

        public bool Open => Body.TryGetProperty("open", out var open) && open.GetBoolean();
    }

    protected sealed record Station(Guid Id, Guid Gate, string Key, HttpClient Http, Func<string, string, string?, decimal?, bool?, object> Look)
    {
        public Task<Answer> CheckAsync(string kind, string value, string? direction = null, decimal? temperature = null) => SendAsync(Look(kind, value, direction, temperature, null));

        public async Task<Answer> SendAsync(object look)
        {
            using var answer = await Http.PostAsJsonAsync("/api/passes/terminals/check", look, Stop);
            return new(answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
        }
    }
}
