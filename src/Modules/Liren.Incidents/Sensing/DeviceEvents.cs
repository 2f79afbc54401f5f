namespace Liren.Incidents.Sensing;

/// <summary>What the happenings of devices are in the taxonomy of events (事件分类). A name that is itself an event type needs no line here.</summary>
internal static class DeviceEvents
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["smoke.alarm"] = "fire.alarm",
        ["trapped"] = "facility.lift",
        ["panic"] = "person.welfare",
        ["button"] = "person.welfare",
        ["gate.forced"] = "facility.door",
        ["video.covered"] = "device.tamper",
        ["removed"] = "device.tamper",
    };

    /// <summary>The event type of a happening; it may be one that nobody knows.</summary>
    public static string TypeOf(string happening) => Types.GetValueOrDefault(happening, happening);
}
