using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Codes;
using Liren.Passes.Features;

namespace Liren.Tests.Passes;

/// <summary>Terminals of other makers: what they ask, and what they send afterwards.</summary>
public sealed class TerminalTests(PassesApp app) : TerminalBase(app), IClassFixture<PassesApp>
{
    private readonly PassesApp app = app;

    [Fact]
    public async Task A_terminal_has_a_key_shown_once_that_ends_when_it_is_disabled()
    {
        var terminal = await AddAsync("停用机");
        (await terminal.Http.PostAsJsonAsync("/api/passes/terminals/heartbeat", new { firmware = "V3.2" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var row = (await GetAsync(app.Office, "/api/passes/terminals?q=停用机")).GetProperty("items")[0];
        (row.GetProperty("state").GetString(), row.GetProperty("gate").GetString(), row.GetProperty("maker").GetString()).ShouldBe(("online", "停用机门", "海康 K1"));
        row.ToString().ShouldNotContain(terminal.Key);
        (await app.Office.PostAsync($"/api/passes/terminals/{terminal.Id}/disable", null, Stop)).EnsureSuccessStatusCode();
        (await terminal.CheckAsync("qr", "x")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await app.Office.PostAsync($"/api/passes/terminals/{terminal.Id}/disable", null, Stop)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var made = await (await app.Office.PostAsync($"/api/passes/terminals/{terminal.Id}/key", null, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        terminal.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.GetProperty("key").GetString());
        (await terminal.CheckAsync("qr", "x")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_add_repeated_makes_one_terminal_and_does_not_show_the_key_again()
    {
        var gate = await GateAsync("重复机门");
        async Task<JsonElement> AddAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/passes/terminals") { Content = JsonContent.Create(new { gate, name = "重复机" }) };
            request.Headers.Add("Idempotency-Key", "terminal-once");
            using var answer = await app.Office.SendAsync(request, Stop);
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        }
        var (first, second) = (await AddAsync(), await AddAsync());
        second.GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());
        (first.GetProperty("key").ValueKind, second.GetProperty("key").ValueKind).ShouldBe((JsonValueKind.String, JsonValueKind.Null));
        (await CodeAsync(app.Office.PostAsJsonAsync("/api/passes/terminals", new { gate, name = "x", adapter = "telnet" }, Stop))).ShouldBe("passes.terminal-adapter");
        (await CodeAsync(app.Office.PostAsJsonAsync("/api/passes/terminals", new { gate, name = "" }, Stop))).ShouldBe("passes.terminal-name");
    }

    [Fact]
    public async Task A_gates_own_device_is_no_terminal_and_a_terminal_no_gate()
    {
        var gate = await app.PairAsync("非终端门");
        var terminal = await AddAsync("非门岗机");
        (await CodeAsync(gate.Http.PostAsJsonAsync("/api/passes/terminals/check", Look("qr", "x"), Stop))).ShouldBe("passes.not-a-terminal");
        (await CodeAsync(terminal.Http.GetAsync("/api/passes/gates/me", Stop))).ShouldBe("passes.not-a-gate");
        (await terminal.Http.GetAsync("/api/passes/gates/me/directory", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_phones_living_code_opens_once_and_every_look_is_in_the_log()
    {
        var terminal = await AddAsync("二维码机");
        using var phone = SigningKey.Create(SignAlg.Es256);
        var (pass, code) = await PhoneAsync(phone, "王*机");
        var text = Live(code, phone);
        var look = Look("qr", text);
        var first = await terminal.SendAsync(look);
        (first.Said("verdict"), first.Said("reason"), first.Open, first.Said("words"), first.Said("wordsEn")).ShouldBe(("admit", "Ok", true, "可以通行", "Please pass"));
        // The answer was lost: the same event asks again.
        (await terminal.SendAsync(look)).Open.ShouldBeTrue();
        (await terminal.CheckAsync("qr", text)).Said("reason").ShouldBe("Replayed");
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        (await terminal.CheckAsync("qr", text)).Said("reason").ShouldBe("StaleProof");
        var inside = await terminal.CheckAsync("qr", Live(code, phone));
        (inside.Said("verdict"), inside.Said("reason"), inside.Open).ShouldBe(("check", "AlreadyInside", false));
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        (await terminal.CheckAsync("qr", Live(code, phone), direction: "out")).Open.ShouldBeTrue();
        // A suspension counts from the moment it is saved, before any list has it.
        (await app.Office.PostAsJsonAsync($"/api/passes/{pass}/suspend", new { reason = "测试" }, Stop)).EnsureSuccessStatusCode();
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        var suspended = await terminal.CheckAsync("qr", Live(code, phone));
        (suspended.Said("verdict"), suspended.Said("reason"), suspended.Said("words")).ShouldBe(("refuse", "Suspended", "暂停使用，请联系居委会"));
        var log = (await GetAsync(app.Office, $"/api/passes/entries?filter={terminal.Gate}")).GetProperty("items").EnumerateArray().ToList();
        log.Count.ShouldBe(6);
        log.ShouldAllBe(e => e.GetProperty("guard").GetString() == "二维码机 (qr)" && e.GetProperty("name").GetString() == "王*机");
    }

    [Theory]
    [InlineData("https://example.com/pay", "NotAPass")]
    [InlineData("LR1:NOT BASE45!", "Malformed")]
    [InlineData("LP1:", "Malformed")]
    public async Task What_is_no_pass_is_answered_and_logged(string text, string reason)
    {
        var terminal = await AddAsync("杂码机" + reason[0] + text.Length);
        var answer = await terminal.CheckAsync("qr", text);
        (answer.Said("verdict"), answer.Said("reason"), answer.Open).ShouldBe(("refuse", reason, false));
        (await GetAsync(app.Office, $"/api/passes/entries?filter={terminal.Gate}")).GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_paper_pass_is_for_the_guard_and_one_of_another_compound_for_nobody()
    {
        var terminal = await AddAsync("纸证机");
        var made = await app.IssueAsync(new { kind = "Staff", form = "Paper", name = "赵*纸", compound = PassesApp.Compound, days = 3 });
        var code = made.GetProperty("code").GetString()!;
        var answer = await terminal.CheckAsync("qr", code);
        (answer.Said("verdict"), answer.Said("reason"), answer.Open).ShouldBe(("check", "IdRequired", false));
        app.Clock.Advance(TimeSpan.FromDays(4));
        (await terminal.CheckAsync("qr", code)).Said("reason").ShouldBe("Expired");
    }

    [Fact]
    public async Task A_code_shown_at_two_terminals_at_once_goes_through_one()
    {
        Station one = await AddAsync("并一机"), two = await AddAsync("并二机");
        using var phone = SigningKey.Create(SignAlg.Es256);
        var (_, code) = await PhoneAsync(phone, "李*并");
        var text = Live(code, phone);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => (n % 2 == 0 ? one : two).CheckAsync("qr", text)));
        answers.Count(a => a.Open).ShouldBe(1);
        answers.Where(a => !a.Open).ShouldAllBe(a => a.Said("reason") == "Replayed");
    }

    [Fact]
    public async Task Fever_stops_and_where_temperature_is_asked_it_must_be_measured()
    {
        var terminal = await AddAsync("测温机", policy: new { name = "测温机门", idCheckPercent = 0, askTemperature = true, temperatureLimit = 373 });
        using var phone = SigningKey.Create(SignAlg.Es256);
        var (_, code) = await PhoneAsync(phone, "孙*温");
        var hot = await terminal.CheckAsync("qr", Live(code, phone), temperature: 37.3m);
        (hot.Said("verdict"), hot.Said("reason"), hot.Said("words")).ShouldBe(("refuse", "Temperature", "体温偏高，请到一旁复测"));
        var unmeasured = await terminal.CheckAsync("qr", Live(code, phone));
        (unmeasured.Said("verdict"), unmeasured.Said("words")).ShouldBe(("check", "请到门岗测体温"));
        (await terminal.CheckAsync("qr", Live(code, phone), temperature: 36.6m)).Open.ShouldBeTrue();
        var beat = await (await terminal.Http.PostAsJsonAsync("/api/passes/terminals/heartbeat", new { }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        (beat.GetProperty("askTemperature").GetBoolean(), beat.GetProperty("temperatureLimit").GetDecimal()).ShouldBe((true, 37.3m));
        (await GetAsync(app.Office, $"/api/passes/entries?filter={terminal.Gate}&sort=at")).GetProperty("items")[0].GetProperty("temperature").GetDecimal().ShouldBe(37.3m);
    }

    [Theory]
    [InlineData("id", """{"kind":"qr","value":"x","at":1581573600000}""")]
    [InlineData("id", """{"id":"81ARZ3NDEKTSV4RRFFQ69G5FAV","kind":"qr","value":"x","at":1581573600000}""")]
    [InlineData("kind", """{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","kind":"voice","value":"x","at":1581573600000}""")]
    [InlineData("kind", """{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","kind":"1","value":"x","at":1581573600000}""")]
    [InlineData("value", """{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","kind":"qr","at":1581573600000}""")]
    [InlineData("at", """{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","kind":"qr","value":"x"}""")]
    [InlineData("direction", """{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","kind":"qr","value":"x","at":1581573600000,"direction":"up"}""")]
    [InlineData("temperature", """{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","kind":"qr","value":"x","at":1581573600000,"temperature":366}""")]
    public async Task A_look_that_makes_no_sense_is_refused_by_its_field(string field, string body)
    {
        var terminal = await AddAsync("错字段机" + field + body.Length);
        using var answer = await terminal.Http.PostAsync("/api/passes/terminals/check", new StringContent(body, Encoding.UTF8, "application/json"), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task An_event_id_belongs_to_one_gate()
    {
        Station one = await AddAsync("同号一机"), two = await AddAsync("同号二机");
        var look = Look("qr", "nothing");
        (await one.SendAsync(look)).Status.ShouldBe(HttpStatusCode.OK);
        (await two.SendAsync(look)).Said("code").ShouldBe("passes.look-elsewhere");
    }

    [Fact]
    public async Task What_was_decided_offline_is_kept_once_and_its_faults_are_named()
    {
        var terminal = await AddAsync("离线机");
        var pass = (await app.IssueAsync(new { kind = "Staff", form = "Paper", name = "吴*离", compound = PassesApp.Compound, days = 7 })).GetProperty("id").GetGuid();
        await EnrolledAsync(terminal, new { kind = "Card", pass, subject = "5001" });
        object[] lines = [Look("card", "5001", opened: true), Look("face", "6001", opened: false), new { id = "nonsense", kind = "card", value = "1", at = 1 }, Look("qr", "broken", opened: false), Look("card", "5001", opened: false)];
        async Task<JsonElement> SendAsync() => await (await terminal.Http.PostAsJsonAsync("/api/passes/terminals/events", lines, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        var first = await SendAsync();
        (first.GetProperty("accepted").GetInt32(), first.GetProperty("known").GetInt32()).ShouldBe((4, 0));
        first.GetProperty("faulty").EnumerateArray().Select(f => (f.GetProperty("index").GetInt32(), f.GetProperty("field").GetString())).ShouldBe([(2, "id")]);
        var again = await SendAsync();
        (again.GetProperty("accepted").GetInt32(), again.GetProperty("known").GetInt32()).ShouldBe((0, 4));
        var log = (await GetAsync(app.Office, $"/api/passes/entries?filter={terminal.Gate}&sort=reason")).GetProperty("items").EnumerateArray().Select(e => (e.GetProperty("verdict").GetString(), e.GetProperty("reason").GetString())).ToList();
        log.ShouldBe([("Refuse", "NotAPass"), ("Refuse", "NotEnrolled"), ("Admit", "Ok"), ("Refuse", "Unknown")], ignoreOrder: true);
        // Presence holds across the ways in.
        (await terminal.CheckAsync("card", "5001")).Said("reason").ShouldBe("AlreadyInside");
        (await CodeAsync(terminal.Http.PostAsJsonAsync("/api/passes/terminals/events", Enumerable.Range(0, 501).Select(_ => Look("qr", "x")), Stop))).ShouldBe("passes.too-many-lines");
        (await terminal.Http.PostAsync("/api/passes/terminals/events", new StringContent("{", Encoding.UTF8, "application/json"), Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01563e3a-b5d3-d676-4c61-efb99302bd5b")]
    [InlineData("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("8ZZZZZZZZZZZZZZZZZZZZZZZZZ", null)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAU", null)]
    [InlineData("00000000000000000000000000", null)]
    [InlineData("", null)]
    public void An_event_id_is_a_ULID_or_a_UUID(string text, string? id)
    {
        EventId.TryRead(text, out var read).ShouldBe(id is not null);
        if (id is not null) read.ShouldBe(Guid.Parse(id));
    }
}
