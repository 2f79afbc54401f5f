using Liren.Devices.Adapters;
using Liren.Devices.Domain;

namespace Liren.Tests.Devices;

/// <summary>Words and times of makers.</summary>
public sealed class MakerWordTests
{
    [Fact]
    public void A_file_of_the_installation_adds_words_and_replaces_meanings()
    {
        var mappings = new EventMappings(EventMappings.Shipped, "isapi: { Loitering: { event: area.entered } }\nviid: { \"12\": { event: loitering } }");
        mappings.Find("isapi", "loitering")!.Event.ShouldBe("area.entered");
        mappings.Find("viid", "12")!.Event.ShouldBe("loitering");
        mappings.Find("isapi", "GROUP")!.Event.ShouldBe("crowd.gathering");
        mappings.Find("onvif", "loitering").ShouldBeNull();
    }

    [Theory]
    [InlineData("isapi: { odd: {} }")]
    [InlineData("isapi: { odd: { metric: people.count } }")]
    [InlineData("isapi: { odd: { value: [count], event: loitering } }")]
    public void A_mapping_that_means_nothing_stops_the_start(string yaml) => Should.Throw<FormatException>(() => new EventMappings(yaml));

    [Fact]
    public void Every_shipped_meaning_is_one_that_cameras_have()
    {
        var camera = new DeviceKinds(DeviceKinds.Shipped).Find("camera")!;
        foreach (var mapping in EventMappings.Read(EventMappings.Shipped).Select(m => m.Value))
        {
            if (mapping.Metric is { } metric) camera.Metrics.Keys.ShouldContain(metric);
            foreach (var told in new[] { mapping.Event, mapping.Ended }.OfType<string>()) camera.Events.ShouldContain(told);
        }
    }

    [Theory]
    [InlineData("2026-02-13T15:04:05+08:00", "2026-02-13T07:04:05Z")]
    [InlineData("2026-02-13T15:04:05.250+0800", "2026-02-13T07:04:05.250Z")]
    [InlineData("2026-02-13T07:04:05Z", "2026-02-13T07:04:05Z")]
    [InlineData("2026-02-13T02:04:05-05:00", "2026-02-13T07:04:05Z")]
    [InlineData("2026-02-13 15:04:05", "2026-02-13T07:04:05Z")]
    [InlineData("20260213150405", "2026-02-13T07:04:05Z")]
    [InlineData("1970-01-01T00:00:12+08:00", null)]
    [InlineData("20000101000000", null)]
    public void Times_count_with_their_own_offset_and_without_one_as_times_of_the_place(string text, string? utc)
    {
        MakerTime.TryRead(text, out var at).ShouldBeTrue();
        at.ShouldBe(utc is null ? null : DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory, InlineData("yesterday"), InlineData("25:99"), InlineData("2026-13-40T00:00:00+08:00")]
    public void What_is_no_time_is_none(string text) => MakerTime.TryRead(text, out _).ShouldBeFalse();
}
