using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Codes;
using Liren.Contracts.People;
using Liren.Passes.Data;
using Liren.Passes.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Passes;

/// <summary>Terminals of other makers: what they ask, what they send afterwards, whom they may know.</summary>
public sealed class TerminalTests(PassesApp app) : IClassFixture<PassesApp>
{
    private const string Purpose = "community.service";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
    public async Task A_face_needs_consent_and_another_pass_and_ends_when_consent_is_withdrawn()
    {
        var terminal = await AddAsync("人脸机");
        var person = await app.SomebodyAsync(31);
        await EndPassesOfAsync(person);
        var consent = new { by = "self", means = "paper", reference = "同意书 17" };
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Face", person, consent }))).ShouldBe("passes.face-only");
        var pass = (await app.IssueAsync(new { kind = "Resident", form = "Paper", person })).GetProperty("id").GetGuid();
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Face", person }))).ShouldBe("passes.face-consent");
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Face", person, consent = new { by = "neighbour", means = "paper" } }))).ShouldBe("passes.consent-by");
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Qr", person, subject = "1" }))).ShouldBe("passes.enrol-kind");
        var row = await EnrolledAsync(terminal, new { kind = "Face", person, subject = "1001", consent });
        (row.GetProperty("consentBy").GetString(), row.GetProperty("consentReference").GetString()).ShouldBe(("self", "同意书 17"));
        row.GetProperty("consentId").GetGuid().ShouldNotBe(Guid.Empty);
        row.GetProperty("name").GetString()!.ShouldContain("*");

        var people = await PeopleAsync(terminal, 0);
        var known = people.GetProperty("people").EnumerateArray().Single();
        (known.GetProperty("subject").GetString(), known.GetProperty("kind").GetString(), known.GetProperty("works").GetBoolean(), known.GetProperty("removed").GetBoolean()).ShouldBe(("1001", "face", true, false));
        (await terminal.CheckAsync("face", "1001")).Open.ShouldBeTrue();
        (await terminal.CheckAsync("face", "1001", direction: "out")).Open.ShouldBeTrue();
        (await terminal.CheckAsync("face", "9999")).Said("reason").ShouldBe("NotEnrolled");
        (await terminal.CheckAsync("card", "1001")).Said("reason").ShouldBe("NotEnrolled");

        // The face follows the pass.
        (await app.Office.PostAsJsonAsync($"/api/passes/{pass}/suspend", new { reason = "测试" }, Stop)).EnsureSuccessStatusCode();
        (await terminal.CheckAsync("face", "1001")).Said("reason").ShouldBe("Suspended");
        await app.SettleAsync();
        people = await PeopleAsync(terminal, people.GetProperty("seq").GetInt64());
        people.GetProperty("people").EnumerateArray().Single().GetProperty("works").GetBoolean().ShouldBeFalse();
        (await app.Office.PostAsJsonAsync($"/api/passes/{pass}/resume", new { reason = "测试" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
        people = await PeopleAsync(terminal, people.GetProperty("seq").GetInt64());
        people.GetProperty("people").EnumerateArray().Single().GetProperty("works").GetBoolean().ShouldBeTrue();

        (await app.Office.PostAsync($"/api/passes/terminals/enrolments/{row.GetProperty("id").GetGuid()}/withdraw", null, Stop)).EnsureSuccessStatusCode();
        var gone = await terminal.CheckAsync("face", "1001");
        (gone.Said("reason"), gone.Said("words")).ShouldBe(("ConsentWithdrawn", "不再使用人脸，请出示通行码"));
        var after = (await PeopleAsync(terminal, people.GetProperty("seq").GetInt64())).GetProperty("people").EnumerateArray().Single();
        (after.GetProperty("removed").GetBoolean(), after.GetProperty("name").ValueKind).ShouldBe((true, JsonValueKind.Null));
        (await PeopleAsync(terminal, 0)).GetProperty("people").GetArrayLength().ShouldBe(0);
        // The log no longer leads from the face to the person.
        (await GetAsync(app.Office, $"/api/passes/entries?filter={terminal.Gate}&q=ConsentWithdrawn")).GetProperty("items")[0].GetProperty("name").ValueKind.ShouldBe(JsonValueKind.Null);
        (await CodeAsync(app.Office.PostAsync($"/api/passes/terminals/enrolments/{row.GetProperty("id").GetGuid()}/withdraw", null, Stop))).ShouldBe("passes.enrolment-ended");
    }

    [Fact]
    public async Task A_card_stands_for_a_pass_and_its_number_for_one_holder()
    {
        var terminal = await AddAsync("刷卡机");
        var pass = (await app.IssueAsync(new { kind = "Courier", form = "Paper", name = "周*快", compound = PassesApp.Compound, days = 7, fromMinute = 8 * 60, toMinute = 18 * 60 })).GetProperty("id").GetGuid();
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Card", pass }))).ShouldBe("passes.enrol-card");
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Card", pass, subject = "a b" }))).ShouldBe("passes.enrol-subject");
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Card", subject = "1" }))).ShouldBe("passes.enrol-who");
        await EnrolledAsync(terminal, new { kind = "Card", pass, subject = "0A1B2C3D" });
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Card", pass, subject = "0A1B2C3D" }))).ShouldBe("passes.enrol-taken");
        app.Clock.SetUtcNow(DayAt(10));
        (await terminal.CheckAsync("card", "0A1B2C3D")).Open.ShouldBeTrue();
        (await terminal.CheckAsync("card", "0A1B2C3D")).Said("reason").ShouldBe("AlreadyInside");
        (await terminal.CheckAsync("card", "0A1B2C3D", direction: "out")).Open.ShouldBeTrue();
        app.Clock.SetUtcNow(DayAt(20));
        (await terminal.CheckAsync("card", "0A1B2C3D")).Said("reason").ShouldBe("OutsideHours");
        var row = (await PeopleAsync(terminal, 0)).GetProperty("people")[0];
        row.GetProperty("hours").EnumerateArray().Select(h => h.GetInt32()).ShouldBe([480, 1080]);
        (await app.Office.PostAsJsonAsync($"/api/passes/{pass}/revoke", new { reason = "测试" }, Stop)).EnsureSuccessStatusCode();
        app.Clock.SetUtcNow(DayAt(34));
        (await terminal.CheckAsync("card", "0A1B2C3D")).Said("reason").ShouldBe("Revoked");
    }

    private DateTimeOffset DayAt(int hour) => new DateTimeOffset(app.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date, TimeSpan.FromHours(8)).AddDays(app.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Hour < hour ? 0 : 1).AddHours(hour);

    [Fact]
    public async Task Lists_of_people_need_a_purpose_and_are_in_the_access_log_and_an_erased_person_leaves_them()
    {
        var terminal = await AddAsync("名单机");
        var person = await app.SomebodyAsync(47);
        await EndPassesOfAsync(person);
        await app.IssueAsync(new { kind = "Resident", form = "Paper", person });
        await EnrolledAsync(terminal, new { kind = "Card", person, subject = "77" });
        (await terminal.Http.GetAsync("/api/passes/terminals/people", Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var people = await PeopleAsync(terminal, 0);
        var looked = await app.InScopeAsync(s => s.GetRequiredService<Liren.Contracts.Identity.IAccessHistory>().OfAsync(person, 50, Stop));
        looked.ShouldContain(l => l.Fields == "name,terminal" && l.Purpose == Purpose && l.Actor.Contains("名单机"));
        (await app.As("guard", PassesApp.Compound, Purpose).GetAsync($"/api/passes/terminals/{terminal.Id}/enrolments", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<PassesDb>();
            db.Raise(new PersonErased(person, PassesApp.Compound, app.Clock.GetUtcNow()));
            await db.SaveChangesAsync(Stop);
            return 0;
        });
        await app.SettleAsync();
        (await terminal.CheckAsync("card", "77")).Said("reason").ShouldBe("NotEnrolled");
        (await PeopleAsync(terminal, people.GetProperty("seq").GetInt64())).GetProperty("people").EnumerateArray().Single().GetProperty("removed").GetBoolean().ShouldBeTrue();
        (await app.InScopeAsync(s => s.GetRequiredService<PassesDb>().Enrolments.AnyAsync(e => e.PersonId == person, Stop))).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_decided_offline_is_kept_once_and_its_faults_are_named()
    {
        var terminal = await AddAsync("离线机");
        var pass = (await app.IssueAsync(new { kind = "Staff", form = "Paper", name = "吴*离", compound = PassesApp.Compound, days = 7 })).GetProperty("id").GetGuid();
        await EnrolledAsync(terminal, new { kind = "Card", pass, subject = "5001" });
        object[] lines = [Look("card", "5001", opened: true), Look("face", "6001", opened: false), new { id = "nonsense", kind = "card", value = "1", at = 1 }, Look("qr", "broken", opened: false)];
        async Task<JsonElement> SendAsync() => await (await terminal.Http.PostAsJsonAsync("/api/passes/terminals/events", lines, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        var first = await SendAsync();
        (first.GetProperty("accepted").GetInt32(), first.GetProperty("known").GetInt32()).ShouldBe((3, 0));
        first.GetProperty("faulty").EnumerateArray().Select(f => (f.GetProperty("index").GetInt32(), f.GetProperty("field").GetString())).ShouldBe([(2, "id")]);
        var again = await SendAsync();
        (again.GetProperty("accepted").GetInt32(), again.GetProperty("known").GetInt32()).ShouldBe((0, 3));
        var log = (await GetAsync(app.Office, $"/api/passes/entries?filter={terminal.Gate}&sort=reason")).GetProperty("items").EnumerateArray().Select(e => (e.GetProperty("verdict").GetString(), e.GetProperty("reason").GetString())).ToList();
        log.ShouldBe([("Refuse", "NotAPass"), ("Refuse", "NotEnrolled"), ("Admit", "Ok")], ignoreOrder: true);
        // Presence holds across the ways in.
        (await terminal.CheckAsync("card", "5001")).Said("reason").ShouldBe("AlreadyInside");
        (await CodeAsync(terminal.Http.PostAsJsonAsync("/api/passes/terminals/events", Enumerable.Range(0, 501).Select(_ => Look("qr", "x")), Stop))).ShouldBe("passes.too-many-lines");
        (await terminal.Http.PostAsync("/api/passes/terminals/events", new StringContent("{", Encoding.UTF8, "application/json"), Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private const string IsapiJson = """
        {"ipAddress":"192.168.1.64","portNo":80,"protocol":"HTTP","macAddress":"aa:bb:cc:dd:ee:ff","channelID":1,"dateTime":"2020-02-13T14:32:07+08:00","activePostCount":1,
         "eventType":"AccessControllerEvent","eventState":"active","eventDescription":"Access Controller Event",
         "AccessControllerEvent":{"deviceName":"Access Controller","majorEventType":5,"subEventType":75,"name":"somebody","cardReaderKind":1,"cardReaderNo":1,"verifyNo":151,"employeeNoString":"EMPLOYEE",
          "serialNo":SERIAL,"userType":"normal","currentVerifyMode":"face","currTemperature":36.4,"isAbnomalTemperature":false,"attendanceStatus":"undefined","frontSerialNo":0,"mask":"no","picturesNumber":1,"purePwdVerifyEnable":true EXTRA}}
        """;

    private const string IsapiXml = """
        <?xml version="1.0" encoding="UTF-8"?>
        <EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
          <ipAddress>192.168.1.64</ipAddress><portNo>80</portNo><protocol>HTTP</protocol><channelID>1</channelID><dateTime>2020-02-13T14:33:00+08:00</dateTime><activePostCount>1</activePostCount>
          <eventType>AccessControllerEvent</eventType><eventState>active</eventState><eventDescription>Access Controller Event</eventDescription>
          <AccessControllerEvent><deviceName>Access Controller</deviceName><majorEventType>5</majorEventType><subEventType>1</subEventType><cardNo>3401</cardNo><cardType>1</cardType><cardReaderNo>2</cardReaderNo><doorNo>1</doorNo><employeeNoString>12</employeeNoString><serialNo>8</serialNo><currentVerifyMode>cardOrFace</currentVerifyMode></AccessControllerEvent>
        </EventNotificationAlert>
        """;

    private static string Isapi(string employee, int serial, string extra = "") => IsapiJson.Replace("EMPLOYEE", employee, StringComparison.Ordinal).Replace("SERIAL", $"{serial}", StringComparison.Ordinal).Replace("EXTRA", extra, StringComparison.Ordinal);

    [Fact]
    public async Task Events_pushed_in_the_shape_of_ISAPI_are_looks()
    {
        var terminal = await AddAsync("推送机", adapter: "isapi");
        var person = await app.SomebodyAsync(53);
        await EndPassesOfAsync(person);
        await app.IssueAsync(new { kind = "Resident", form = "Paper", person });
        await EnrolledAsync(terminal, new { kind = "Face", person, subject = "2001", consent = new { by = "self", means = "paper" } });
        await EnrolledAsync(terminal, new { kind = "Card", person, subject = "3401" });
        var address = $"/api/passes/terminals/push?key={terminal.Key}";
        var anybody = app.CreateClient();

        // The terminal decided: multipart with a picture, sent twice because the answer was lost.
        for (var n = 0; n < 2; n++)
        {
            using var form = new MultipartFormDataContent("MIME_boundary") { { new StringContent(Isapi("2001", 7), Encoding.UTF8, "application/json"), "event_log" } };
            var picture = new ByteArrayContent(new byte[200_000]);
            picture.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(picture, "Picture", "Picture.jpg");
            using var answer = await anybody.PostAsync(address, form, Stop);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Stop));
        }
        (await anybody.PostAsync(address, new StringContent(IsapiXml, Encoding.UTF8, "application/xml"), Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var log = (await GetAsync(app.Office, $"/api/passes/entries?filter={terminal.Gate}&sort=at")).GetProperty("items").EnumerateArray().ToList();
        log.Select(e => (e.GetProperty("guard").GetString(), e.GetProperty("direction").GetString(), e.GetProperty("verdict").GetString())).ShouldBe([("推送机 (face)", "In", "Admit"), ("推送机 (card)", "Out", "Admit")]);
        log[0].GetProperty("temperature").GetDecimal().ShouldBe(36.4m);
        log.ShouldAllBe(e => e.GetProperty("name").GetString()!.Contains('*'));

        // The terminal asks: decided here.
        using var asked = await anybody.PostAsync(address, new StringContent(Isapi("2001", 9, ",\"remoteCheck\":true"), Encoding.UTF8, "application/json"), Stop);
        var check = (await asked.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("RemoteCheck");
        (check.GetProperty("serialNo").GetString(), check.GetProperty("checkResult").GetString()).ShouldBe(("9", "success"));
        using var stranger = await anybody.PostAsync(address, new StringContent(Isapi("4711", 10, ",\"remoteCheck\":true"), Encoding.UTF8, "application/json"), Stop);
        (await stranger.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("RemoteCheck").GetProperty("checkResult").GetString().ShouldBe("failed");

        // Signs of life and doors are no looks.
        foreach (var quiet in new[] { """{"eventType":"heartBeat","dateTime":"2020-02-13T14:40:00+08:00"}""", """{"eventType":"AccessControllerEvent","dateTime":"2020-02-13T14:40:00+08:00","AccessControllerEvent":{"majorEventType":5,"subEventType":21,"doorNo":1,"serialNo":11}}""" })
            (await anybody.PostAsync(address, new StringContent(quiet, Encoding.UTF8, "application/json"), Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(app.Office, $"/api/passes/entries?filter={terminal.Gate}")).GetProperty("total").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task A_push_without_a_terminals_key_or_with_nonsense_is_refused()
    {
        var terminal = await AddAsync("乱推机", adapter: "isapi");
        var anybody = app.CreateClient();
        (await anybody.PostAsync("/api/passes/terminals/push", new StringContent(Isapi("1", 1)), Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await anybody.PostAsync("/api/passes/terminals/push?key=lrd_wrong", new StringContent(Isapi("1", 1)), Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var (body, type) in new[] { ("{", "application/json"), ("", "application/json"), ("<a>", "application/xml"), ("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "application/xml"), (new string('[', 5000), "application/json"), ("--x\r\nno end", "multipart/form-data; boundary=x") })
        {
            using var content = new StringContent(body, Encoding.UTF8);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            (await anybody.PostAsync($"/api/passes/terminals/push?key={terminal.Key}", content, Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
        }
        // In our own words too, with the key in the header.
        var plain = await AddAsync("自推机");
        var answers = await (await plain.Http.PostAsJsonAsync("/api/passes/terminals/push", new[] { Look("qr", "x"), Look("card", "1") }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        answers.EnumerateArray().Select(a => a.GetProperty("reason").GetString()).ShouldBe(["NotAPass", "NotEnrolled"]);
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

    private object Look(string kind, string value, string? direction = null, decimal? temperature = null, bool? opened = null) =>
        new { id = Guid.CreateVersion7(), kind, value, at = app.Clock.GetUtcNow().ToUnixTimeMilliseconds(), direction, temperature, opened };

    private string Live(byte[] pass, SigningKey phone) => LiveProof.Sign(pass, app.Clock.GetUtcNow().ToUnixTimeSeconds(), [], phone);

    private async Task<(Guid Id, byte[] Pass)> PhoneAsync(SigningKey phone, string name)
    {
        var id = (await app.IssueAsync(new { kind = "Staff", form = "Phone", name, compound = PassesApp.Compound, days = 30 })).GetProperty("id").GetGuid();
        using var enrolled = await app.Office.PostAsJsonAsync($"/api/passes/{id}/device", new { key = Convert.ToHexStringLower(phone.Spki.AsSpan(27)) }, Stop);
        return (id, Base45.Decode((await enrolled.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().AsSpan(4))!);
    }

    /// <summary>The demo has given cards to many.</summary>
    private async Task EndPassesOfAsync(Guid person)
    {
        var ids = await app.InScopeAsync(s => s.GetRequiredService<PassesDb>().Passes.Where(p => p.PersonId == person && (p.State == Contracts.Passes.PassState.Active || p.State == Contracts.Passes.PassState.Suspended)).Select(p => p.Id).ToListAsync(Stop));
        foreach (var id in ids) (await app.Office.PostAsJsonAsync($"/api/passes/{id}/revoke", new { reason = "测试" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
    }

    private Task<HttpResponseMessage> EnrolAsync(Station terminal, object request) => app.Office.PostAsJsonAsync($"/api/passes/terminals/{terminal.Id}/enrolments", request, Stop);

    private async Task<JsonElement> EnrolledAsync(Station terminal, object request)
    {
        using var answer = await EnrolAsync(terminal, request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Stop));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private static Task<JsonElement> PeopleAsync(Station terminal, long since) => GetAsync(terminal.Http, $"/api/passes/terminals/people?since={since}&purpose={Purpose}");

    private static Task<JsonElement> GetAsync(HttpClient http, string address) => http.GetFromJsonAsync<JsonElement>(address, Stop);

    private static async Task<string?> CodeAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    private async Task<Guid> GateAsync(string name, object? policy = null)
    {
        using var made = await app.Office.PostAsJsonAsync("/api/passes/gates", new { compound = PassesApp.Compound, policy = policy ?? new { name, idCheckPercent = 0 } }, Stop);
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    private async Task<Station> AddAsync(string name, string adapter = "liren", object? policy = null)
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

    private sealed record Answer(HttpStatusCode Status, JsonElement Body)
    {
        public string? Said(string name) => Body.TryGetProperty(name, out var value) ? value.GetString() : null;

        public bool Open => Body.TryGetProperty("open", out var open) && open.GetBoolean();
    }

    private sealed record Station(Guid Id, Guid Gate, string Key, HttpClient Http, Func<string, string, string?, decimal?, bool?, object> Look)
    {
        public Task<Answer> CheckAsync(string kind, string value, string? direction = null, decimal? temperature = null) => SendAsync(Look(kind, value, direction, temperature, null));

        public async Task<Answer> SendAsync(object look)
        {
            using var answer = await Http.PostAsJsonAsync("/api/passes/terminals/check", look, Stop);
            return new(answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
        }
    }
}
