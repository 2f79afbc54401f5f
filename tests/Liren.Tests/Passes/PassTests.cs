using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Codes;

namespace Liren.Tests.Passes;

public sealed class PassTests(PassesApp app) : IClassFixture<PassesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_paper_card_is_issued_verified_suspended_resumed_and_revoked_for_good()
    {
        var gate = await app.PairAsync("甲门");
        var made = await app.IssueAsync(new { kind = "Resident", form = "Paper", person = await app.SomebodyAsync() });
        var (id, code) = (made.GetProperty("id").GetGuid(), made.GetProperty("code").GetString()!);
        code.ShouldStartWith("LR1:");
        var look = await gate.LookAsync(code);
        look.Reason.ShouldBe(PassReason.IdRequired);
        look.Claims!.Name.ShouldContain("*");
        look.Claims.IdTail!.Length.ShouldBe(4);

        await ActAsync(id, "suspend", "居家隔离");
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        (await gate.LookAsync(code)).Reason.ShouldBe(PassReason.Suspended);
        await ActAsync(id, "resume", "解除");
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        (await gate.LookAsync(code)).Reason.ShouldBe(PassReason.IdRequired);
        await ActAsync(id, "revoke", "搬走");
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        (await gate.LookAsync(code)).Reason.ShouldBe(PassReason.Revoked);
        (await app.Office.PostAsJsonAsync($"/api/passes/{id}/resume", new { reason = "反悔" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        var shown = await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/{id}", Stop);
        shown.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("to").GetString()).ShouldBe(["Revoked", "Active", "Suspended", "Active"]);
        shown.GetProperty("changes")[0].GetProperty("reason").GetString().ShouldBe("搬走");
    }

    private async Task ActAsync(Guid id, string act, string reason)
    {
        using var answer = await app.Office.PostAsJsonAsync($"/api/passes/{id}/{act}", new { reason }, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Stop));
        await app.SettleAsync();
    }

    [Fact]
    public async Task A_reprint_makes_the_old_card_worthless()
    {
        var gate = await app.PairAsync("乙门");
        var made = await app.IssueAsync(new { kind = "Resident", form = "Paper", person = await app.SomebodyAsync(1) });
        using var answer = await app.Office.PostAsJsonAsync($"/api/passes/{made.GetProperty("id").GetGuid()}/reprint", new { reason = "遗失" }, Stop);
        var next = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        await app.SettleAsync();
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        (await gate.LookAsync(made.GetProperty("code").GetString()!)).Reason.ShouldBe(PassReason.Revoked);
        (await gate.LookAsync(next.GetProperty("code").GetString()!)).Reason.ShouldBe(PassReason.IdRequired);
    }

    [Fact]
    public async Task A_suspension_is_not_undone_by_issuing_again()
    {
        var neighbours = await app.Office.GetFromJsonAsync<JsonElement>($"/api/people/persons?place={PassesApp.Compound}.b8&size=1", Stop);
        var person = neighbours.GetProperty("items")[0].GetProperty("id").GetGuid();
        var made = await app.IssueAsync(new { kind = "Resident", form = "Paper", person });
        var shown = await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/{made.GetProperty("id").GetGuid()}", Stop);
        await ActAsync(made.GetProperty("id").GetGuid(), "suspend", "核查");
        using var again = await app.Office.PostAsJsonAsync("/api/passes", new { kind = "Resident", form = "Paper", person }, Stop);
        (await again.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe("passes.is-suspended");
        using var batch = await app.Office.PostAsJsonAsync("/api/passes/batch", new { place = PassesApp.Compound + ".b8" }, Stop);
        batch.EnsureSuccessStatusCode();
        var list = await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes?place={PassesApp.Compound}.b8&filter=active&size=200&q={Uri.EscapeDataString(shown.GetProperty("row").GetProperty("unit").GetString()!)}", Stop);
        list.GetProperty("items").EnumerateArray().ShouldNotContain(p => p.GetProperty("name").GetString() == shown.GetProperty("row").GetProperty("name").GetString() && p.GetProperty("form").GetString() == "Paper");
    }

    [Fact]
    public async Task A_second_card_of_a_person_replaces_the_first()
    {
        var person = await app.SomebodyAsync(2);
        var first = await app.IssueAsync(new { kind = "Resident", form = "Paper", person });
        await app.IssueAsync(new { kind = "Resident", form = "Paper", person });
        (await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/{first.GetProperty("id").GetGuid()}", Stop)).GetProperty("row").GetProperty("state").GetString().ShouldBe("Replaced");
    }

    [Fact]
    public async Task A_phone_holds_its_pass_and_a_second_phone_ends_the_first()
    {
        var gate = await app.PairAsync("丙门");
        var made = await app.IssueAsync(new { kind = "Resident", form = "Phone", person = await app.SomebodyAsync(3) });
        made.TryGetProperty("code", out var none).ShouldBe(none.ValueKind == JsonValueKind.Null);
        using SigningKey one = SigningKey.Create(SignAlg.Es256), two = SigningKey.Create(SignAlg.Es256);
        var first = await EnrolAsync(made.GetProperty("id").GetGuid(), one);
        (await gate.LookAsync(Live(first, one))).Reason.ShouldBe(PassReason.Ok);
        (await gate.LookAsync(first.GetProperty("code").GetString()!)).Reason.ShouldBe(PassReason.ProofMissing);
        // The same phone again: the same pass.
        (await EnrolAsync(made.GetProperty("id").GetGuid(), one)).GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());

        var second = await EnrolAsync(first.GetProperty("id").GetGuid(), two);
        second.GetProperty("id").GetGuid().ShouldNotBe(first.GetProperty("id").GetGuid());
        await app.SettleAsync();
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        (await gate.LookAsync(Live(first, one))).Reason.ShouldBe(PassReason.Revoked);
        (await gate.LookAsync(Live(second, two))).Reason.ShouldBe(PassReason.Ok);
    }

    private async Task<JsonElement> EnrolAsync(Guid id, SigningKey phone)
    {
        using var answer = await app.Office.PostAsJsonAsync($"/api/passes/{id}/device", new { key = Convert.ToHexString(phone.Spki.AsSpan(27)) }, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Stop));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private string Live(JsonElement enrolled, SigningKey phone) =>
        LiveProof.Sign(Base45.Decode(enrolled.GetProperty("code").GetString()!.AsSpan(4)), app.Clock.GetUtcNow().ToUnixTimeSeconds(), [], phone);

    [Fact]
    public async Task A_batch_gives_everybody_one_card_and_a_second_batch_none()
    {
        using var first = await app.Office.PostAsJsonAsync("/api/passes/batch", new { place = PassesApp.Compound + ".b9", days = 7 }, Stop);
        var batch = await first.Content.ReadFromJsonAsync<JsonElement>(Stop);
        batch.GetProperty("issued").GetInt32().ShouldBeGreaterThan(20);
        using var second = await app.Office.PostAsJsonAsync("/api/passes/batch", new { place = PassesApp.Compound + ".b9", days = 7 }, Stop);
        (await second.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("issued").GetInt32().ShouldBe(0);
        var list = await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes?place={PassesApp.Compound}.b9&filter=paper&size=200", Stop);
        list.GetProperty("total").GetInt32().ShouldBeGreaterThanOrEqualTo(batch.GetProperty("issued").GetInt32());
        var serial = list.GetProperty("items")[0].GetProperty("serial").GetString()!;
        (await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes?q={serial[..4]}-{serial[4..].ToLowerInvariant()}", Stop)).GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"kind":"Resident","form":"Paper"}""", "person", "passes.person-missing")]
    [InlineData("""{"kind":"Resident","form":"Strip"}""", "form", "passes.form")]
    [InlineData("""{"kind":"Vehicle","form":"Paper","compound":"31.01.15.016.037.liren","plate":"沪OI2345"}""", "plate", "passes.plate")]
    [InlineData("""{"kind":"Vehicle","form":"Paper","compound":"31.01.15.016.037.liren","name":"车"}""", "plate", "passes.plate-missing")]
    [InlineData("""{"kind":"Courier","form":"Paper","compound":"31.01.15.016.037.liren","name":""}""", "name", "passes.name")]
    [InlineData("""{"kind":"Courier","form":"Paper","compound":"31.01.15.016.037.liren","name":"快递","days":15}""", "until", "passes.too-long")]
    [InlineData("""{"kind":"Courier","form":"Paper","compound":"31.01.15.016.037.liren","name":"快递","days":91}""", "days", "passes.too-long")]
    [InlineData("""{"kind":"Courier","form":"Paper","compound":"31.01.15.016.037.liren","name":"快递","fromMinute":5,"toMinute":1441}""", "hours", "passes.hours")]
    [InlineData("""{"kind":"Courier","form":"Paper","compound":"31.01.15.016.037.liren","name":"快递","mostUses":0}""", "mostUses", "passes.uses")]
    [InlineData("""{"kind":"Courier","form":"Paper","name":"快递"}""", "compound", "passes.compound-missing")]
    [InlineData("""{"kind":"Courier","form":"Paper","compound":"31.01.15.016.037.liren.b1","name":"快递"}""", "compound", "passes.no-compound")]
    public async Task A_wrong_request_names_the_field(string body, string field, string code)
    {
        using var answer = await app.Office.PostAsync("/api/passes", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Stop);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()).ShouldBe((code, field));
        problem.GetProperty("title").GetString()!.ShouldNotContain("passes.");
    }

    [Fact]
    public async Task A_vehicle_is_found_by_its_plate_however_it_is_typed()
    {
        await app.IssueAsync(new { kind = "Vehicle", form = "Paper", compound = PassesApp.Compound, plate = "沪a·ｄ12345", unit = "3号楼 101" });
        var gate = await app.PairAsync("丁门");
        var directory = await gate.Http.GetFromJsonAsync<JsonElement>("/api/passes/gates/me/directory", Stop);
        directory.EnumerateArray().Where(r => r.GetProperty("plate").GetString() == "沪AD12345").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Somebody_elses_compound_is_out_of_reach()
    {
        var outside = app.As("community-worker", "31.01.15.016.001", "community.service");
        var made = await app.IssueAsync(new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递小李" });
        (await outside.GetAsync($"/api/passes/{made.GetProperty("id").GetGuid()}", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await outside.PostAsJsonAsync("/api/passes", new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await outside.GetFromJsonAsync<JsonElement>("/api/passes", Stop)).GetProperty("total").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_create_sent_twice_makes_one_pass()
    {
        var body = new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递小王" };
        var ids = new HashSet<string?>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/passes") { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", "courier-1");
            using var answer = await app.Office.SendAsync(request, Stop);
            ids.Add((await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString());
        }
        ids.Count.ShouldBe(1);
    }
}
