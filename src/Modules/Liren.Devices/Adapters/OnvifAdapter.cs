using Liren.Sdk.Web;

namespace Liren.Devices.Adapters;

/// <summary>
/// Events of ONVIF cameras over MQTT as JSON (onvif-ej): the topic says what happened, <c>Source</c> where, <c>Data</c> the state. A camera that has several sources or
/// rules is a gateway, with a device for each.
/// </summary>
internal sealed class OnvifAdapter : IDeviceAdapter
{
    /// <inheritdoc/>
    public string Kind => "onvif";

    /// <inheritdoc/>
    public IReadOnlyList<MakerEvent> Read(string text, string topic)
    {
        var leaves = PushedMessages.Leaves(text);
        // Cameras write the namespace of a topic or leave it out, and may repeat the source behind a mark.
        var type = string.Join('/', topic.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p[0] != '&').Select(p => p[(p.LastIndexOf(':') + 1)..]));
        var source = leaves.First("Source.VideoSource") ?? leaves.First("Source.VideoSourceConfigurationToken") ?? leaves.First("Source.Source");
        var rule = leaves.First("Source.Rule");
        var state = leaves.FirstOrDefault(l => l.Path.StartsWith("Data.", StringComparison.Ordinal) && bool.TryParse(l.Value, out _)).Value;
        return
        [
            new(type, [.. source is not null && rule is not null ? [$"{source}/{rule}"] : Array.Empty<string>(), .. source is null ? Array.Empty<string>() : [source]], leaves.First("UtcTime"), leaves)
            {
                OfSender = true,
                Active = state is null || bool.Parse(state),
                // What has no state happens at once, each time anew.
                Post = state is null ? 1 : null,
                Rule = rule ?? "",
                IsState = leaves.First("PropertyOperation") is "Initialized",
            },
        ];
    }
}
