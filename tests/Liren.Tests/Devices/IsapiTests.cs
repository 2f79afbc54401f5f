using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Devices.Hub;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Devices;

/// <summary>Cameras and recorders that post ISAPI events: what becomes of them, and what is refused.</summary>
public sealed class IsapiTests(DevicesApp app) : AdapterBase(app), IClassFixture<DevicesApp>
{
    private readonly DevicesApp app = app;

    private string Xml(string type, int post = 1, string state = "active", int channel = 1, string? at = null, string more = "") => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
        <ipAddress>192.0.2.7</ipAddress><portNo>80</portNo><protocol>HTTP</protocol><channelID>{channel}</channelID><dateTime>{at ?? At()}</dateTime>
        <activePostCount>{post}</activePostCount><eventType>{type}</eventType><eventState>{state}</eventState><eventDescription>event</eventDescription>{more}
        </EventNotificationAlert>
        """;

    private string Queue(int count, int post, string at, int channel = 1, int? region = null) => JsonSerializer.Serialize(new
    {
        ipAddress = "192.0.2.7", channelID = channel, dateTime = at, activePostCount = post, eventType = "personQueueCounting", eventState = "active",
        RegionCapture = new { humanCounting = new { count }, rule = new { alarmCount = 5, durationTime = 10, regionID = region } },
    });

    private async Task<(HttpStatusCode Status, JsonElement Said)> PushAsync(Box box, HttpContent content, string? key = null)
    {
        using var answer = await app.CreateClient().PostAsync($"/api/devices/{box.Code}/push/isapi?key={key ?? box.Secret}", content, Stop);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
    }

    private Task<(HttpStatusCode Status, JsonElement Said)> PushAsync(Box box, string text) => PushAsync(box, new StringContent(text, Encoding.UTF8, text[0] == '{' ? "application/json" : "application/xml"));

    private async Task TakeAsync(Box box, string text, string? refused = null)
    {
        var (status, said) = await PushAsync(box, text);
        status.ShouldBe(HttpStatusCode.OK, said.ToString());
        said.GetProperty("statusCode").GetInt32().ShouldBe(1);
        said.GetProperty("events")[0].GetProperty("refused").GetString().ShouldBe(refused);
    }

    [Fact]
    public async Task Counts_are_readings_and_an_alarm_that_goes_on_is_one_event()
    {
        var box = await AddAsync("hik-queue");
        await TakeAsync(box, Queue(7, 1, At(-20)));
        await TakeAsync(box, Queue(7, 1, At(-20)));
        await TakeAsync(box, Queue(9, 2, At(-10)));
        await TakeAsync(box, Queue(11, 3, At()));
        (await ValuesAsync(box)).ShouldBe([7, 9, 11]);
        (await ToldAsync(box)).ShouldBe(["crowd.gathering"]);
        var told = (await ShowAsync(box)).GetProperty("happenings")[0];
        told.GetProperty("fields").GetString().ShouldBe("""{"said":"personQueueCounting","count":7}""");
        told.GetProperty("at").GetDateTimeOffset().ToUnixTimeSeconds().ShouldBe(app.Clock.GetUtcNow().AddSeconds(-20).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task What_the_device_cannot_count_any_further_is_a_lower_bound()
    {
        var box = await AddAsync("hik-cap");
        await TakeAsync(box, Queue(60, 1, At()));
        (await ShowAsync(box)).GetProperty("day")[0].GetProperty("points")[0].GetProperty("quality").GetString()!.ShouldContain("LowerBound");
    }

    [Theory]
    [InlineData("loitering", "loitering")]
    [InlineData("regionEntrance", "area.entered")]
    [InlineData("fielddetection", "area.entered")]
    [InlineData("linedetection", "line.crossed")]
    [InlineData("group", "crowd.gathering")]
    public async Task Events_of_the_camera_are_told_at_their_edges(string type, string told)
    {
        var box = await AddAsync($"hik-{type.ToLowerInvariant()}");
        for (var post = 1; post <= 3; post++) await TakeAsync(box, Xml(type, post, at: At(post)));
        await TakeAsync(box, Xml(type, 0, "inactive", at: At(4)));
        await TakeAsync(box, Xml(type, 1, at: At(5)));
        (await ToldAsync(box)).ShouldBe([told, told]);
    }

    [Fact]
    public async Task A_covered_camera_is_covered_until_it_says_otherwise()
    {
        var box = await AddAsync("hik-cover");
        await TakeAsync(box, Xml("shelteralarm", at: At(-9)));
        await TakeAsync(box, Xml("shelteralarm", 0, "inactive", at: At(-3)));
        (await ToldAsync(box)).ShouldBe(["video.covered", "video.clear"]);
    }

    [Fact]
    public async Task A_part_of_a_multipart_is_read_and_the_picture_beside_it_is_not()
    {
        var box = await AddAsync("hik-parts");
        using var form = new MultipartFormDataContent("MIME_boundary") { { new StringContent(Xml("loitering"), Encoding.UTF8, "application/xml"), "loitering" } };
        var picture = new ByteArrayContent(new byte[600_000]);
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        form.Add(picture, "Picture", "Picture.jpg");
        (await PushAsync(box, form)).Status.ShouldBe(HttpStatusCode.OK);
        (await ToldAsync(box)).ShouldBe(["loitering"]);
        (await ShowAsync(box)).GetProperty("happenings")[0].GetProperty("still").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task Cameras_and_regions_behind_a_recorder_are_those_that_are_registered()
    {
        var recorder = await AddAsync("nvr-1", "gateway");
        var (third, region) = (await AddAsync("nvr-1-c3", gateway: recorder.Code, channel: "3"), await AddAsync("nvr-1-c3r2", gateway: recorder.Code, channel: "3/2"));
        await TakeAsync(recorder, Queue(4, 1, At(), channel: 3));
        await TakeAsync(recorder, Queue(5, 1, At(), channel: 3, region: 2));
        await TakeAsync(recorder, Queue(6, 1, At(), channel: 9), refused: "unknown-channel");
        (await ValuesAsync(third)).ShouldBe([4]);
        (await ValuesAsync(region)).ShouldBe([5]);
        (await ValuesAsync(recorder)).ShouldBeEmpty();
        (await WhyAsync(recorder.Code)).ShouldBe(["unknown-channel 9"]);
        // A single camera is its first channel and no other.
        var camera = await AddAsync("hik-one");
        await TakeAsync(camera, Queue(6, 1, At(), channel: 2), refused: "unknown-channel");
    }

    [Fact]
    public async Task A_channel_is_given_once_below_a_gateway()
    {
        var recorder = await AddAsync("nvr-2", "gateway");
        await AddAsync("nvr-2-a", gateway: recorder.Code, channel: "1");
        var again = await Office.PostAsJsonAsync("/api/devices", new { code = "nvr-2-b", kind = "camera", name = "又一", place = await PlaceAsync(), gateway = recorder.Code, channel = "1" }, Stop);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await again.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString().ShouldBe("channel");
        var place = await PlaceAsync();
        var table = await (await Office.PostAsJsonAsync("/api/devices/import", new { csv = $"code,kind,name,place,gateway,channel\nnvr-2-c,camera,甲,{place},nvr-2,7\nnvr-2-d,camera,乙,{place},nvr-2,7" }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        table.GetProperty("faults")[0].GetProperty("field").GetString().ShouldBe("channel");
        (await Office.PostAsJsonAsync("/api/devices/import", new { csv = $"code,kind,name,place,gateway,channel\nnvr-2-c,camera,甲,{place},nvr-2,7" }, Stop)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_heartbeat_keeps_the_recorder_alive_and_its_cameras_but_not_one_that_it_lost()
    {
        var recorder = await AddAsync("nvr-3", "gateway");
        var (seen, gone) = (await AddAsync("nvr-3-1", gateway: recorder.Code, channel: "1"), await AddAsync("nvr-3-2", gateway: recorder.Code, channel: "2"));
        await TakeAsync(recorder, Queue(1, 1, At(), channel: 1));
        await TakeAsync(recorder, Xml("videoloss", channel: 2));
        for (var n = 0; n < 4; n++)
        {
            await app.PassAsync(TimeSpan.FromSeconds(40));
            await TakeAsync(recorder, Xml("heartBeat", 0, at: At()));
        }
        await app.InScopeAsync(async x => { await x.GetRequiredService<HealthWatch>().RunAsync(Stop); return 0; });
        (await HealthAsync(recorder), await HealthAsync(seen)).ShouldBe(("Online", "Online"));
        (await HealthAsync(gone)).ShouldBeOneOf("Unknown", "Stale");
        (await ToldAsync(gone)).ShouldBe(["video.lost"]);
    }

    private async Task<string?> HealthAsync(Box box) => (await ShowAsync(box)).GetProperty("health").GetString();

    [Fact]
    public async Task What_nobody_understands_is_counted_and_the_device_hears_that_all_is_well()
    {
        var box = await AddAsync("hik-odd");
        await TakeAsync(box, Xml("dredgerDetection"), refused: "unknown-event");
        await TakeAsync(box, Xml("dredgerDetection"), refused: "unknown-event");
        await TakeAsync(box, Xml("faceSnap"), refused: "personal");
        await TakeAsync(box, Xml("PeopleCounting"), refused: "flow");
        await TakeAsync(box, Xml("framesPeopleCounting"), refused: "value");
        await TakeAsync(box, Xml("framesPeopleCounting", more: "<humanCounting><count>1e999</count></humanCounting>"), refused: "value");
        await TakeAsync(box, Xml("loitering", at: "yesterday"), refused: "ts");
        (await WhyAsync(box.Code)).ShouldBe(["unknown-event dredgerDetection", "personal faceSnap", "flow PeopleCounting", "value framesPeopleCounting", "ts yesterday"], ignoreOrder: true);
        (await Office.GetFromJsonAsync<JsonElement>("/api/devices/refusals", Stop)).EnumerateArray().Single(r => r.GetProperty("what").GetString() == "dredgerDetection").GetProperty("count").GetInt64().ShouldBe(2);
        (await ToldAsync(box)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_time_far_off_is_the_time_of_arrival_and_a_clock_never_set_is_no_time()
    {
        var box = await AddAsync("hik-clock");
        await TakeAsync(box, Xml("loitering", at: At(7200)));
        await TakeAsync(box, Xml("linedetection", at: "1970-01-01T00:00:09+08:00"));
        var told = (await ShowAsync(box)).GetProperty("happenings").EnumerateArray().Select(h => h.GetProperty("at").GetDateTimeOffset()).ToList();
        told.Count.ShouldBe(2);
        told.ShouldAllBe(at => at == app.Clock.GetUtcNow());
    }

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "cut", "<EventNotificationAlert><eventType>loitering", "xml" },
        { "bomb", """<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><EventNotificationAlert><eventType>&y;</eventType></EventNotificationAlert>""", "xml" },
        { "file", """<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><EventNotificationAlert><eventType>&x;</eventType></EventNotificationAlert>""", "xml" },
        { "deep", string.Concat(Enumerable.Repeat("<a>", 4_000)) + string.Concat(Enumerable.Repeat("</a>", 4_000)), "xml" },
        { "nest", new string('[', 100) + new string(']', 100), "json" },
        { "name", "{\"" + new string('n', 5_000) + "\":{\"eventType\":\"loitering\"}}", "json" },
        { "text", $"<EventNotificationAlert><eventType>{new string('x', 300_000)}</eventType></EventNotificationAlert>", "too-large" },
        { "none", """{"hello":1}""", "type" },
        { "rubbish", "PNG", "json" },
    };

    [Theory, MemberData(nameof(Hostile))]
    public async Task Hostile_content_is_refused_with_a_reason(string name, string content, string reason)
    {
        var box = await AddAsync("hik-bad-" + name);
        var (status, said) = await PushAsync(box, content);
        status.ShouldBe(reason == "too-large" ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.BadRequest);
        said.GetProperty("field").GetString().ShouldBe("body");
        (await WhyAsync(box.Code)).ShouldBe([$"{reason} isapi"]);
        (await ToldAsync(box)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_the_devices_own_key_nothing_is_read()
    {
        var (box, other) = (await AddAsync("hik-key"), await AddAsync("hik-other"));
        foreach (var key in (string[])["", "wrong", other.Secret]) (await PushAsync(box, new StringContent(Xml("loitering")), key)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await WhyAsync(box.Code)).ShouldContain("wrong-key");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/devices/{box.Code}/push/isapi") { Content = new StringContent(Xml("loitering")) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{box.Code}:{box.Secret}")));
        (await app.CreateClient().SendAsync(request, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ToldAsync(box)).ShouldBe(["loitering"]);
        (await app.CreateClient().PostAsync($"/api/devices/{box.Code}/push/nobody?key={box.Secret}", null, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
