using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Liren.Tests.Devices;

/// <summary>A platform of GA/T 1400 that registers by digest and notifies: what is taken, and what is refused.</summary>
public sealed partial class ViidTests(DevicesApp app) : AdapterBase(app), IClassFixture<DevicesApp>
{
    private const string Head = "3101150160360001", Register = "/VIID/System/Register", Keepalive = "/VIID/System/Keepalive", Notify = "/VIID/SubscribeNotifications";
    private readonly DevicesApp app = app;

    private static string Code(int number) => $"{Head}{number:0000}";

    private async Task<(HttpStatusCode Status, JsonElement Said, string? Challenge)> CallAsync(string path, string? name, object? body, string? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body as HttpContent ?? new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        if (name is not null) request.Headers.Add("User-Identify", name);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await app.CreateClient().SendAsync(request, Stop);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop), answer.Headers.WwwAuthenticate.FirstOrDefault()?.ToString());
    }

    private static string Answer(string challenge, Box box, string path, string? secret = null, int count = 1)
    {
        var nonce = Nonce().Match(challenge).Groups[1].Value;
        var nc = $"{count:x8}";
        var response = Md5($"{Md5($"{box.Code}:liren:{secret ?? box.Secret}")}:{nonce}:{nc}:abc:auth:{Md5($"POST:{path}")}");
        return $"Digest username=\"{box.Code}\", realm=\"liren\", nonce=\"{nonce}\", uri=\"{path}\", qop=auth, nc={nc}, cnonce=\"abc\", response=\"{response}\", algorithm=MD5";
    }

    private async Task<Box> RegisteredAsync(string code, int number)
    {
        var box = await AddAsync(code, "gateway", channel: Code(number));
        var body = new { RegisterObject = new { DeviceID = Code(number) } };
        var (first, _, challenge) = await CallAsync(Register, Code(number), body);
        first.ShouldBe(HttpStatusCode.Unauthorized);
        var (status, said, _) = await CallAsync(Register, Code(number), body, Answer(challenge!, box, Register));
        status.ShouldBe(HttpStatusCode.OK, said.ToString());
        said.GetProperty("ResponseStatusObject").GetProperty("StatusCode").GetInt32().ShouldBe(0);
        return box;
    }

    private async Task<(int Code, string Words)[]> NotifyAsync(int number, params object[] notifications)
    {
        var (status, said, _) = await CallAsync(Notify, Code(number), new { SubscribeNotificationListObject = new { SubscribeNotificationObject = notifications } });
        status.ShouldBe(HttpStatusCode.OK, said.ToString());
        return [.. said.GetProperty("ResponseStatusListObject").GetProperty("ResponseStatusObject").EnumerateArray().Select(s => (s.GetProperty("StatusCode").GetInt32(), s.GetProperty("StatusString").GetString()!))];
    }

    private string Local(int seconds = 0) => app.Clock.GetUtcNow().AddSeconds(seconds).ToOffset(TimeSpan.FromHours(8)).ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture);

    private object Label(string id, int camera, int? people = null, string? sort = null, int seconds = 0) => new
    {
        NotificationID = id, SubscribeID = "s1", Title = "t", TriggerTime = Local(seconds), InfoIDs = "i1",
        VideoLabelList = new { VideoLabelObject = new[] { new { VideoLabelID = "l1", CameraID = Code(camera), CreateTimeAbs = Local(seconds), PersonNum = people, EventSort = sort, SubImageList = new { SubImageInfoObject = new[] { new { Data = "AAAA" } } } } } },
    };

    [Fact]
    public async Task A_platform_registers_by_digest_keeps_alive_and_goes()
    {
        var box = await RegisteredAsync("viid-1", 1);
        var (status, said, _) = await CallAsync(Keepalive, Code(1), new { KeepaliveObject = new { DeviceID = Code(1) } });
        status.ShouldBe(HttpStatusCode.OK);
        var answer = said.GetProperty("ResponseStatusObject");
        (answer.GetProperty("RequestURL").GetString(), answer.GetProperty("StatusString").GetString(), answer.GetProperty("Id").GetString(), answer.GetProperty("LocalTime").GetString()).ShouldBe((Keepalive, "OK", Code(1), Local()));
        (await CallAsync("/VIID/System/UnRegister", Code(1), new { UnRegisterObject = new { DeviceID = Code(1) } })).Status.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(Keepalive, Code(1), new { KeepaliveObject = new { DeviceID = Code(1) } })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await WhyAsync(box.Code)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Labels_and_states_of_registered_cameras_are_readings_and_events()
    {
        var platform = await RegisteredAsync("viid-2", 2);
        var (plaza, gate) = (await AddAsync("viid-2-plaza", gateway: platform.Code, channel: Code(21)), await AddAsync("viid-2-gate", gateway: platform.Code, channel: Code(22)));
        var crowd = Label("n1", 21, people: 12, sort: "人员聚集", seconds: -9);
        (await NotifyAsync(2, crowd, Label("n2", 22, sort: "徘徊"))).ShouldBe([(0, "OK"), (0, "OK")]);
        // Sent again, because the answer was lost.
        (await NotifyAsync(2, crowd)).ShouldBe([(0, "OK")]);
        (await NotifyAsync(2, new { NotificationID = "n3", TriggerTime = Local(), DeviceStatusList = new { APEStatusObject = new[] { new { ApeID = Code(22), IsOnline = "2", CurrentTime = Local() } } } })).ShouldBe([(0, "OK")]);
        (await ValuesAsync(plaza)).ShouldBe([12]);
        (await ToldAsync(plaza)).ShouldBe(["crowd.gathering"]);
        (await ToldAsync(gate)).ShouldBe(["loitering", "video.lost"]);
        (await ShowAsync(plaza)).GetProperty("happenings")[0].GetProperty("at").GetDateTimeOffset().ToUnixTimeSeconds().ShouldBe(app.Clock.GetUtcNow().AddSeconds(-9).ToUnixTimeSeconds());
        (await ShowAsync(plaza)).ToString().ShouldNotContain("AAAA");
    }

    [Fact]
    public async Task Faces_persons_and_images_are_refused_and_the_operator_sees_which()
    {
        var platform = await RegisteredAsync("viid-3", 3);
        (await NotifyAsync(3, new { NotificationID = "n1", FaceObjectList = new { FaceObject = new[] { new { FaceID = "f", IDNumber = "310115199001010000" } } } }, new { NotificationID = "n2", PersonObjectList = new { PersonObject = Array.Empty<object>() } }))
            .ShouldBe([(4, "personal"), (4, "personal")]);
        foreach (var collection in (string[])["Faces", "Images"]) (await CallAsync($"/VIID/{collection}", Code(3), "{}")).Said.GetProperty("ResponseStatusListObject").GetProperty("ResponseStatusObject")[0].GetProperty("StatusCode").GetInt32().ShouldBe(4);
        (await WhyAsync(platform.Code)).ShouldBe(["personal FaceObjectList", "personal PersonObjectList", "personal Faces", "personal Images"], ignoreOrder: true);
    }

    [Fact]
    public async Task Unknown_classes_and_cameras_are_counted()
    {
        var platform = await RegisteredAsync("viid-4", 4);
        (await NotifyAsync(4, new { NotificationID = "n1", TollgateObjectList = new { TollgateObject = Array.Empty<object>() } }, Label("n2", 49, people: 3), new { NotificationID = "n3" })).ShouldBe([(0, "OK"), (4, "unknown-channel"), (0, "OK")]);
        (await WhyAsync(platform.Code)).ShouldBe(["unknown-event TollgateObjectList", $"unknown-channel {Code(49)}", "unknown-event SubscribeNotification"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_wrong_key_a_used_answer_and_an_old_challenge_are_refused()
    {
        var box = await AddAsync("viid-5", "gateway", channel: Code(5));
        var body = new { RegisterObject = new { DeviceID = Code(5) } };
        var challenge = (await CallAsync(Register, Code(5), body)).Challenge!;
        challenge.ShouldStartWith("Digest realm=\"liren\", qop=\"auth\"");
        (await CallAsync(Register, Code(5), body, Answer(challenge, box, Register, "wrong"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(Register, Code(5), body, Answer(challenge, box, Keepalive))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(Register, Code(5), body, Answer("nonce=\"AAAA\"", box, Register))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(Register, Code(5), body, Answer(challenge, box, Register))).Status.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(Register, Code(5), body, Answer(challenge, box, Register))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(Register, Code(5), body, Answer(challenge, box, Register, count: 2))).Status.ShouldBe(HttpStatusCode.OK);
        await app.PassAsync(TimeSpan.FromMinutes(6));
        (await CallAsync(Register, Code(5), body, Answer(challenge, box, Register, count: 3))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await WhyAsync(box.Code)).ShouldBe(["wrong-key", "replayed"], ignoreOrder: true);
        // Six minutes without a sign of life: the registration is over.
        (await CallAsync(Keepalive, Code(5), new { KeepaliveObject = new { DeviceID = Code(5) } })).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Who_names_itself_otherwise_than_it_is_registered_is_refused()
    {
        var box = await AddAsync("viid-6", "gateway", channel: Code(6));
        foreach (var (name, id) in ((string, string)[])[(Code(7), Code(7)), (Code(6), Code(7)), ("6", Code(6))])
            await RefusedAs(name, id);
        (await WhyAsync(box.Code)).ShouldBe([$"user-identify {Code(7)}", $"user-identify {Code(6)}", "user-identify -"], ignoreOrder: true);

        var plain = await AddAsync("viid-7", "gateway");
        var (_, _, challenge) = await CallAsync(Register, Code(7), new { });
        (await CallAsync(Register, Code(7), new { }, Answer(challenge!, plain, Register))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await WhyAsync(plain.Code)).ShouldBe(["no-digest"]);
        (await CallAsync(Notify, Code(8), new { })).Status.ShouldBe(HttpStatusCode.Unauthorized);

        async Task RefusedAs(string name, string id)
        {
            var body = new { RegisterObject = new { DeviceID = id } };
            var asked = (await CallAsync(Register, name, body)).Challenge!;
            (await CallAsync(Register, name, body, Answer(asked, box, Register))).Status.ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Theory]
    [InlineData(9, "{", "json", 7)]
    [InlineData(10, """{"SubscribeNotificationListObject":7}""", "type", 8)]
    [InlineData(11, "", "json", 7)]
    public async Task What_cannot_be_read_is_answered_in_the_standards_words(int number, string body, string reason, int code)
    {
        await RegisteredAsync($"viid-{number}", number);
        var (status, said, _) = await CallAsync(Notify, Code(number), body);
        status.ShouldBe(HttpStatusCode.BadRequest);
        (said.GetProperty("ResponseStatusObject").GetProperty("StatusCode").GetInt32(), said.GetProperty("ResponseStatusObject").GetProperty("StatusString").GetString()).ShouldBe((code, reason));
        (await WhyAsync(Code(number))).ShouldBe([$"{reason} {Notify}"]);
    }

    [Fact]
    public async Task A_flood_of_bytes_ends_at_the_limit()
    {
        await RegisteredAsync("viid-12", 12);
        var (status, said, _) = await CallAsync(Notify, Code(12), new ByteArrayContent(new byte[5_000_000]));
        status.ShouldBe(HttpStatusCode.BadRequest);
        said.GetProperty("ResponseStatusObject").GetProperty("StatusString").GetString().ShouldBe("too-large");
    }

#pragma warning disable CA5351 // what the standard's devices do
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("nonce=\"([^\"]*)\"")]
    private static partial Regex Nonce();
}
