using System.Text.Json;
using Liren.Sdk.Web;

namespace Liren.Devices.Adapters;

/// <summary>
/// Notifications of GA/T 1400 (视图库订阅通知): device states and labels of video (视频标签) are read; of every other class only the name is, so that faces, persons and images
/// are refused without being looked at.
/// </summary>
internal sealed class ViidAdapter : IDeviceAdapter
{
    private const string Online = "1", Offline = "2";

    /// <inheritdoc/>
    public string Kind => "viid";

    /// <inheritdoc/>
    public IReadOnlyList<MakerEvent> Read(string text, string topic)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("SubscribeNotificationListObject", out var list) || list.ValueKind != JsonValueKind.Object) throw new UnreadablePushException("type");
            return [.. Items(list, "SubscribeNotificationObject").SelectMany(EventsOf)];
        }
        catch (JsonException) { throw new UnreadablePushException("json"); }
    }

    private static IEnumerable<MakerEvent> EventsOf(JsonElement notification)
    {
        var (id, time) = (Text(notification, "NotificationID") ?? "", Text(notification, "TriggerTime"));
        var none = true;
        foreach (var member in notification.EnumerateObject().Where(m => m.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
        {
            IEnumerable<MakerEvent> events = member.Name switch
            {
                "DeviceStatusList" or "APEStatusObjectList" => Items(member.Value, "APEStatusObject", "DeviceStatusObject").Select(s => State(s, time)),
                "VideoLabelList" or "VideoLabelObjectList" => Items(member.Value, "VideoLabelObject").SelectMany(l => Label(l, time)),
                _ => [new(member.Name, [], null, [])],
            };
            foreach (var said in events) { none = false; yield return said with { Reference = id }; }
        }
        // A notification that says nothing is answered like the others.
        if (none) yield return new("SubscribeNotification", [], null, []) { Reference = id };
    }

    private static MakerEvent State(JsonElement state, string? time)
    {
        var leaves = PushedMessages.Leaves(state);
        var online = leaves.First("IsOnline");
        var known = online is Online or Offline;
        return new(known ? "APEStatus" : $"APEStatus {online}", Channels(leaves, "ApeID", "DeviceID"), leaves.First("CurrentTime") ?? time, leaves) { Active = online == Offline };
    }

    // A label may carry a number of people, an event, or both.
    private static IEnumerable<MakerEvent> Label(JsonElement label, string? time)
    {
        var leaves = PushedMessages.Leaves(label);
        var said = new MakerEvent("VideoLabel", Channels(leaves, "CameraID", "DeviceID", "IVADeviceID"), leaves.First("CreateTimeAbs") ?? leaves.First("OccuredTime") ?? time, leaves) { Rule = leaves.First("EventRuleID") ?? "" };
        var type = leaves.First("EventSort");
        if (type is null || leaves.First("PersonNum") is not null) yield return said;
        if (type is not null) yield return said with { Type = type };
    }

    private static string[] Channels(IReadOnlyList<PushedLeaf> leaves, params IEnumerable<string> names) => [.. names.Select(leaves.First).OfType<string>().Take(1)];

    // Written as a list of objects below a name, as one object, or as the list itself.
    private static IEnumerable<JsonElement> Items(JsonElement list, params IEnumerable<string> names)
    {
        var at = list;
        if (list.ValueKind == JsonValueKind.Object) foreach (var name in names) if (list.TryGetProperty(name, out var inner)) { at = inner; break; }
        return at.ValueKind == JsonValueKind.Array ? at.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object) : at.ValueKind == JsonValueKind.Object ? [at] : [];
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
