using System.Globalization;
using Liren.Sdk.Web;

namespace Liren.Devices.Adapters;

/// <summary>
/// Cameras and recorders that post ISAPI's <c>EventNotificationAlert</c> to us (海康 HTTP 监听), as XML or as JSON. Where one channel has several regions, each may be
/// registered as a device: channel/region.
/// </summary>
internal sealed class IsapiAdapter : IDeviceAdapter
{
    /// <inheritdoc/>
    public string Kind => "isapi";

    /// <inheritdoc/>
    public IReadOnlyList<MakerEvent> Read(string text, string topic)
    {
        var leaves = PushedMessages.Leaves(text);
        var type = leaves.First("eventType") ?? throw new UnreadablePushException("type");
        // Recorders number the cameras behind them on their own beside the inputs of their back.
        var channel = leaves.First("channelID") ?? leaves.First("dynChannelID");
        var region = leaves.First("regionID");
        string[] channels = channel is null ? [] : region is null ? [channel] : [$"{channel}/{region}", channel];
        return
        [
            new(type, channels, leaves.First("dateTime"), leaves)
            {
                OfSender = channel is null or "0" or "1",
                Active = !string.Equals(leaves.First("eventState"), "inactive", StringComparison.OrdinalIgnoreCase),
                Post = int.TryParse(leaves.First("activePostCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var post) && post > 0 ? post : null,
                Rule = region ?? "",
            },
        ];
    }
}
