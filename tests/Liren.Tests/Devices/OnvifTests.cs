using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;

namespace Liren.Tests.Devices;

/// <summary>ONVIF cameras that send their events over MQTT as JSON.</summary>
public sealed class OnvifTests(DevicesApp app) : AdapterBase(app), IClassFixture<DevicesApp>
{
    private const string Counter = "RuleEngine/CountAggregation/OccupancyCounter", Loitering = "RuleEngine/LoiteringDetector/ObjectIsLoitering";
    private readonly DevicesApp app = app;

    private string Utc(int seconds = 0) => app.Clock.GetUtcNow().AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    private string Event(object data, int seconds = 0, string source = "src_1", string rule = "r1") => JsonSerializer.Serialize(new { UtcTime = Utc(seconds), Source = new { VideoSource = source, Rule = rule }, Data = data });

    private static async Task<MqttClientPublishReasonCode> SayAsync(IMqttClient client, Box box, string topic, string text, bool retain = false) =>
        (await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic($"liren/v1/t1/{box.Code}/onvif-ej/{topic}").WithPayload(text).WithRetainFlag(retain).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), Stop)).ReasonCode;

    [Fact]
    public async Task Counts_are_readings_and_detectors_are_told_when_they_begin()
    {
        var box = await AddAsync("onvif-1");
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        (await SayAsync(client, box, Counter + "/&src_1", Event(new { Count = 12 }, -5))).ShouldBe(MqttClientPublishReasonCode.Success);
        await SayAsync(client, box, Counter + "/&src_1", Event(new { Count = 12 }, -5));
        await SayAsync(client, box, "tns1:" + Counter, Event(new { Count = "14" }));
        (await ValuesAsync(box)).ShouldBe([12, 14]);
        await SayAsync(client, box, Loitering, Event(new { ObjectId = "7", IsLoitering = true }, -4));
        await SayAsync(client, box, Loitering, Event(new { ObjectId = "7", IsLoitering = false }, -3));
        await SayAsync(client, box, "RuleEngine/FieldDetector/ObjectsInside", Event(new { IsInside = true }, -2));
        for (var n = -1; n <= 0; n++) await SayAsync(client, box, "RuleEngine/LineDetector/Crossed", Event(new { ObjectId = "8" }, n));
        (await ToldAsync(box)).ShouldBe(["loitering", "area.entered", "line.crossed", "line.crossed"]);
    }

    [Fact]
    public async Task What_is_so_when_a_camera_connects_is_state_and_no_news()
    {
        var box = await AddAsync("onvif-2");
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        await SayAsync(client, box, Loitering, Event(new { State = true }, -7_200), retain: true);
        await SayAsync(client, box, Counter, Event(new { Count = 5 }, -7_200), retain: true);
        (await ToldAsync(box)).ShouldBeEmpty();
        (await ValuesAsync(box)).ShouldBe([5]);
        await SayAsync(client, box, Loitering, Event(new { State = false }, -2));
        await SayAsync(client, box, Loitering, Event(new { State = true }, -1));
        (await ToldAsync(box)).ShouldBe(["loitering"]);
        (await ShowAsync(box)).GetProperty("day")[0].GetProperty("points")[0].GetProperty("quality").GetString()!.ShouldNotContain("ClockDoubt");
    }

    [Fact]
    public async Task Sources_of_a_camera_with_several_are_those_that_are_registered()
    {
        var camera = await AddAsync("onvif-3", "gateway");
        var (left, zone) = (await AddAsync("onvif-3-l", gateway: camera.Code, channel: "left"), await AddAsync("onvif-3-z", gateway: camera.Code, channel: "left/zone"));
        var (client, _) = await ConnectAsync(camera.Code, camera.Secret);
        await SayAsync(client, camera, Counter, Event(new { Count = 3 }, source: "left", rule: "other"));
        await SayAsync(client, camera, Counter, Event(new { Count = 4 }, source: "left", rule: "zone"));
        (await SayAsync(client, camera, Counter, Event(new { Count = 5 }, source: "right"))).ShouldBe(MqttClientPublishReasonCode.PayloadFormatInvalid);
        (await ValuesAsync(left)).ShouldBe([3]);
        (await ValuesAsync(zone)).ShouldBe([4]);
        (await WhyAsync(camera.Code)).ShouldBe(["unknown-channel right/r1"]);
    }

    [Fact]
    public async Task Unknown_topics_are_counted_and_unreadable_content_is_refused()
    {
        var box = await AddAsync("onvif-4");
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        (await SayAsync(client, box, "Device/HardwareFailure/FanFailure", Event(new { Failed = true }))).ShouldBe(MqttClientPublishReasonCode.Success);
        (await SayAsync(client, box, Counter, "{")).ShouldBe(MqttClientPublishReasonCode.PayloadFormatInvalid);
        (await SayAsync(client, box, Counter, Event(new { Level = 1 }))).ShouldBe(MqttClientPublishReasonCode.PayloadFormatInvalid);
        (await SayAsync(client, box, "RuleEngine/CountAggregation/Counter", Event(new { Count = 400 }))).ShouldBe(MqttClientPublishReasonCode.PayloadFormatInvalid);
        (await WhyAsync(box.Code)).ShouldBe(["unknown-event Device/HardwareFailure/FanFailure", "json onvif", $"value {Counter}", "flow RuleEngine/CountAggregation/Counter"], ignoreOrder: true);
        (await ValuesAsync(box)).ShouldBeEmpty();
    }
}
