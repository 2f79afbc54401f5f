using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Liren.Tests.Passes;

/// <summary>What terminals push in their maker's words.</summary>
public sealed class TerminalPushTests(PassesApp app) : TerminalBase(app), IClassFixture<PassesApp>
{
    private readonly PassesApp app = app;

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
}
