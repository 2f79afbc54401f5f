using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Codes;

namespace Liren.Tests.Passes;

public sealed class ResidentTests(PassesApp app) : IClassFixture<PassesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient Resident => app.AsAccount("resident");

    private async Task<JsonElement> MineAsync(HttpClient? http = null) => await (http ?? Resident).GetFromJsonAsync<JsonElement>("/api/passes/my", Stop);

    private static async Task<JsonElement> SendAsync(HttpClient http, string path, object? body = null, HttpStatusCode wanted = HttpStatusCode.Created)
    {
        using var answer = await http.PostAsJsonAsync(path, body ?? new { }, Stop);
        answer.StatusCode.ShouldBe(wanted, await answer.Content.ReadAsStringAsync(Stop));
        var text = await answer.Content.ReadAsStringAsync(Stop);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<string> RefusedAsync(HttpClient http, string path, object? body = null)
    {
        using var answer = await http.PostAsJsonAsync(path, body ?? new { }, Stop);
        ((int)answer.StatusCode).ShouldBeInRange(400, 499);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString()!;
    }

    /// <summary>A person of the household who has nothing yet; each test takes another.</summary>
    private async Task<Guid> MemberAsync(int n) => (await MineAsync()).GetProperty("household")[n].GetProperty("person").GetGuid();

    [Fact]
    public async Task A_resident_applies_binds_the_phone_passes_the_gate_and_loses_the_phone()
    {
        var gate = await app.PairAsync("居民一门");
        var made = await SendAsync(Resident, "/api/passes/my/applications");
        made.GetProperty("state").GetString().ShouldBe("Active");
        var id = made.GetProperty("id").GetGuid();
        (await RefusedAsync(Resident, "/api/passes/my/applications")).ShouldBe("passes.has-one");

        using var phone = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var point = phone.ExportParameters(false).Q;
        var key = Convert.ToHexStringLower([.. point.X!, .. point.Y!]);
        var bound = await SendAsync(Resident, $"/api/passes/my/{id}/device", new { key }, HttpStatusCode.OK);
        var code = bound.GetProperty("code").GetString()!;
        (await SendAsync(Resident, $"/api/passes/my/{id}/device", new { key }, HttpStatusCode.OK)).GetProperty("id").GetGuid().ShouldBe(id);
        (await gate.LookAsync(code)).Reason.ShouldBe(PassReason.ProofMissing);
        (await MineAsync()).GetProperty("passes")[0].GetProperty("key").GetString().ShouldBe(key);

        // The office stops it: the holder reads that, and not why.
        await SendAsync(app.Office, $"/api/passes/{id}/suspend", new { reason = "居家健康观察" }, HttpStatusCode.OK);
        var stopped = (await MineAsync()).GetProperty("passes")[0];
        stopped.GetProperty("state").GetString().ShouldBe("Suspended");
        stopped.ToString().ShouldNotContain("健康");
        (await RefusedAsync(Resident, "/api/passes/my/applications")).ShouldBe("passes.suspended-own");
        await SendAsync(app.Office, $"/api/passes/{id}/resume", new { reason = "解除" }, HttpStatusCode.OK);

        (await SendAsync(Resident, "/api/passes/my/lost", wanted: HttpStatusCode.OK)).GetProperty("ended").GetInt32().ShouldBe(1);
        await app.SettleAsync();
        await gate.SyncAsync();
        (await gate.LookAsync(code)).Reason.ShouldBe(PassReason.Revoked);
        var next = (await MineAsync()).GetProperty("passes").EnumerateArray().Single(p => p.GetProperty("own").GetBoolean());
        next.GetProperty("id").GetGuid().ShouldNotBe(id);
        next.GetProperty("key").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_paper_pass_for_a_parent_waits_for_the_office_and_is_carried_by_who_asked()
    {
        var parent = await MemberAsync(1);
        var made = await SendAsync(Resident, "/api/passes/my/applications", new { form = "Paper", person = parent, note = "母亲没有手机" });
        made.GetProperty("state").GetString().ShouldBe("Requested");
        var id = made.GetProperty("id").GetGuid();
        (await RefusedAsync(Resident, "/api/passes/my/applications", new { form = "Paper", person = parent })).ShouldBe("passes.requested-already");
        var waiting = await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes?filter=requested&place={PassesApp.Compound}&size=200", Stop);
        waiting.GetProperty("items").EnumerateArray().ShouldContain(p => p.GetProperty("id").GetGuid() == id);
        (await RefusedAsync(app.Office, $"/api/passes/{id}/reject", new { reason = "" })).ShouldBe("passes.reason");
        await SendAsync(app.Office, $"/api/passes/{id}/reject", new { reason = "请带证件来窗口" }, HttpStatusCode.OK);
        (await MineAsync()).GetProperty("passes").EnumerateArray().Single(p => p.GetProperty("id").GetGuid() == id).GetProperty("why").GetString().ShouldBe("请带证件来窗口");

        var again = (await SendAsync(Resident, "/api/passes/my/applications", new { form = "Paper", person = parent })).GetProperty("id").GetGuid();
        await SendAsync(app.Office, $"/api/passes/{again}/approve", wanted: HttpStatusCode.OK);
        var pass = (await MineAsync()).GetProperty("passes").EnumerateArray().Single(p => p.GetProperty("id").GetGuid() == again);
        (pass.GetProperty("state").GetString(), pass.GetProperty("kind").GetString(), pass.GetProperty("own").GetBoolean()).ShouldBe(("Active", "Family", false));
        (await RefusedAsync(Resident, $"/api/passes/my/{again}/withdraw")).ShouldBe("passes.state");
    }

    [Fact]
    public async Task Only_the_own_household_and_only_ones_own_passes()
    {
        var stranger = await app.SomebodyAsync();
        (await RefusedAsync(Resident, "/api/passes/my/applications", new { person = stranger })).ShouldBe("passes.not-household");
        var theirs = (await app.IssueAsync(new { kind = "Resident", form = "Phone", person = stranger })).GetProperty("id").GetGuid();
        (await RefusedAsync(Resident, $"/api/passes/my/{theirs}/device", new { key = new string('a', 128) })).ShouldBe("passes.no-pass");
        (await RefusedAsync(Resident, $"/api/passes/my/{theirs}/renew")).ShouldBe("passes.no-pass");
        using var nobody = await app.AsAccount("community").GetAsync("/api/passes/my", Stop);
        (await nobody.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe("passes.not-linked");
        using var anonymous = await app.CreateClient().GetAsync("/api/passes/my", Stop);
        anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_visitor_enters_once_at_one_gate_and_the_host_sees_it()
    {
        var gate = await app.PairAsync("访客门");
        (await RefusedAsync(Resident, "/api/passes/my/visitors", new { name = "", gate = gate.Id })).ShouldBe("passes.visitor-name");
        (await RefusedAsync(Resident, "/api/passes/my/visitors", new { name = "王大明", gate = Guid.NewGuid() })).ShouldBe("passes.no-gate");
        (await RefusedAsync(Resident, "/api/passes/my/visitors", new { name = "王大明", gate = gate.Id, plate = "abc" })).ShouldBe("passes.plate");
        var made = await SendAsync(Resident, "/api/passes/my/visitors", new { name = "王大明", gate = gate.Id, phone = "13800138000", reason = "探亲" });
        var (id, link) = (made.GetProperty("id").GetGuid(), made.GetProperty("link").GetString()!);

        var visit = await app.CreateClient().GetFromJsonAsync<JsonElement>("/api/passes" + link.Replace("/visit/", "/visits/", StringComparison.Ordinal), Stop);
        visit.GetProperty("name").GetString().ShouldBe("王*明");
        visit.ToString().ShouldNotContain("13800138000");
        using (var guessed = await app.CreateClient().GetAsync($"/api/passes/visits/{id}/AAAAAAAAAAAAAAAAAAAAAA", Stop)) guessed.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var look = await gate.LookAsync(visit.GetProperty("code").GetString()!);
        (look.Claims!.Kind, look.Claims.Form, look.Claims.MostUses, look.Claims.HostUnit).ShouldBe((PassKind.Visitor, PassForm.Strip, 1, visit.GetProperty("hostUnit").GetString()));
        var trust = await gate.TrustAsync();
        var own = System.Numerics.BitOperations.TrailingZeroCount(look.Claims.Gates);
        PassReason At(int bit) => PassVerifier.Check(visit.GetProperty("code").GetString()!, new GateContext { Now = app.Clock.GetUtcNow(), Compound = PassesApp.Compound, Bit = bit, Trust = trust, Revocations = [gate.List] }).Reason;
        (At(own), At(own + 1)).ShouldBe((PassReason.IdRequired, PassReason.WrongGate));

        await gate.SendAsync(gate.Line(cti: look.Claims.Cti));
        var seen = (await Resident.GetFromJsonAsync<JsonElement>("/api/passes/my/visitors", Stop)).GetProperty("visitors").EnumerateArray().Single(v => v.GetProperty("id").GetGuid() == id);
        seen.GetProperty("where").GetString().ShouldBe("inside");
        (await Resident.GetFromJsonAsync<JsonElement>("/api/passes/my/entries", Stop)).GetProperty("total").GetInt32().ShouldBeGreaterThan(0);

        // Who keeps the gate log may open what the visitor said, and is noted under the host.
        var note = await app.As("community-worker", PassesApp.Community, "epidemic.control").GetFromJsonAsync<JsonElement>($"/api/passes/{id}/visitor", Stop);
        note.GetProperty("phone").GetString().ShouldBe("13800138000");

        using var cancelled = await Resident.DeleteAsync($"/api/passes/my/visitors/{id}", Stop);
        cancelled.EnsureSuccessStatusCode();
        await app.SettleAsync();
        await gate.SyncAsync();
        At(own).ShouldBe(PassReason.Revoked);
    }

    [Fact]
    public async Task A_code_from_the_office_opens_an_account_of_ones_own()
    {
        var person = await app.SomebodyAsync(3);
        var invited = await SendAsync(app.Office, $"/api/people/persons/{person}/invitation", wanted: HttpStatusCode.OK);
        var code = invited.GetProperty("code").GetString()!;
        using var browser = app.CreateClient();
        var page = await browser.GetStringAsync($"/join?code={code.ToLowerInvariant()}", Stop);
        page.ShouldContain("*");
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        async Task<HttpResponseMessage> JoinAsync(string password) => await browser.PostAsync("/join", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = token, ["code"] = code, ["userName"] = "wang.resident", ["password"] = password, ["again"] = password,
        }), Stop);
        using (var weak = await JoinAsync("short")) weak.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using (var joined = await JoinAsync("long-enough-42")) (await joined.Content.ReadAsStringAsync(Stop)).ShouldContain("/my/apply");
        (await browser.GetFromJsonAsync<JsonElement>("/api/passes/my", Stop)).GetProperty("household")[0].GetProperty("person").GetGuid().ShouldBe(person);
        (await app.CreateClient().GetStringAsync($"/join?code={code}", Stop)).ShouldNotContain("name=\"password\"");
    }

    [Fact]
    public async Task A_company_s_list_is_issued_whole_or_not_at_all()
    {
        object List(string lines) => new { compound = PassesApp.Compound, employer = "顺达快递", lines };
        var wrong = await SendAsync(app.Office, "/api/passes/roster", List("李雷,021X,13800138000\n韩梅梅,12\n\n,1234\n张三,,,沪A12"), HttpStatusCode.OK);
        wrong.GetProperty("ids").GetArrayLength().ShouldBe(0);
        wrong.GetProperty("faults").EnumerateArray().Select(f => (f.GetProperty("line").GetInt32(), f.GetProperty("field").GetString())).ShouldBe([(2, "idTail"), (4, "name"), (5, "plate")]);
        var right = await SendAsync(app.Office, "/api/passes/roster", List("李雷,021X,13800138000\n韩梅梅，1234\n张三\t\t\t沪AD12345"), HttpStatusCode.OK);
        var ids = right.GetProperty("ids").EnumerateArray().Select(i => i.GetGuid()).ToList();
        ids.Count.ShouldBe(3);
        var first = await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/{ids[0]}", Stop);
        (first.GetProperty("row").GetProperty("name").GetString(), first.GetProperty("row").GetProperty("unit").GetString(), first.GetProperty("idTail").GetString()).ShouldBe(("李*", "顺达快递", "021X"));
        using var printed = await app.Office.GetAsync($"/api/passes/print?ids={string.Join("&ids=", ids)}", Stop);
        printed.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        (await RefusedAsync(app.Office, "/api/passes/roster", new { compound = PassesApp.Compound, employer = "", lines = "李雷" })).ShouldBe("passes.employer");
    }

    [Fact]
    public async Task Who_has_issued_many_in_a_day_needs_a_second_person()
    {
        var manager = app.As("property-manager", PassesApp.Compound, "property.service");
        var many = string.Join('\n', Enumerable.Range(0, 45).Select(n => $"工人{n}"));
        var first = await SendAsync(manager, "/api/passes/roster", new { compound = PassesApp.Compound, employer = "装修队", lines = many, kind = "Service" }, HttpStatusCode.OK);
        first.GetProperty("waiting").GetBoolean().ShouldBeFalse();
        var second = await SendAsync(manager, "/api/passes/roster", new { compound = PassesApp.Compound, employer = "装修队", lines = many, kind = "Service" }, HttpStatusCode.OK);
        second.GetProperty("waiting").GetBoolean().ShouldBeTrue();
        var id = second.GetProperty("ids")[0].GetGuid();
        (await RefusedAsync(manager, $"/api/passes/{id}/approve")).ShouldBe("passes.own-request");
        await SendAsync(app.Office, $"/api/passes/{id}/approve", wanted: HttpStatusCode.OK);
        (await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/{id}", Stop)).GetProperty("row").GetProperty("state").GetString().ShouldBe("Active");
    }
}
