using Liren.Sdk.Web;

namespace Liren.Devices.Adapters;

/// <summary>Speaks the language of a maker or standard (厂商协议适配): reads what its devices send as events in their own words. <see cref="EventTranslator"/> does the rest.</summary>
internal interface IDeviceAdapter
{
    /// <summary>Its name: in addresses, and over its words in <c>mappings.yaml</c>.</summary>
    string Kind { get; }

    /// <summary>The events in a message. Throws <see cref="UnreadablePushException"/> when it is none of this language's.</summary>
    /// <param name="text">The message.</param>
    /// <param name="topic">What it is about, where the language says so outside the message; else empty.</param>
    IReadOnlyList<MakerEvent> Read(string text, string topic);
}

/// <summary>An event as its maker says it.</summary>
/// <param name="Type">The maker's word for what happened.</param>
/// <param name="Channels">Whom it is about, most exact first, as the maker calls them.</param>
/// <param name="Time">By the device's clock, as written; null: not said.</param>
/// <param name="Leaves">All it says.</param>
internal sealed record MakerEvent(string Type, IReadOnlyList<string> Channels, string? Time, IReadOnlyList<PushedLeaf> Leaves)
{
    /// <summary>It is about the sender itself, when that is a single camera whose channel nobody entered.</summary>
    public bool OfSender { get; init; }

    /// <summary>It goes on; false: it ended.</summary>
    public bool Active { get; init; } = true;

    /// <summary>So it stands when the device connects: no news, and true now whatever its time.</summary>
    public bool IsState { get; init; }

    /// <summary>How often the same event was told by now, from 1; null: the maker does not count.</summary>
    public int? Post { get; init; }

    /// <summary>Which of the device's rules saw it: two may see the same at once. Kept while it goes on, so no longer than a name.</summary>
    public string Rule { get; init => field = value.Length > 60 ? value[..60] : value; } = "";

    /// <summary>The message it came in, as the maker numbers it.</summary>
    public string Reference { get; init; } = "";

    /// <summary>The first value whose path ends in one of these names.</summary>
    public string? Of(params IEnumerable<string> names) => names.Select(Leaves.First).FirstOrDefault(v => v is not null);
}

/// <summary>Looks values up by name.</summary>
internal static class LeafLookup
{
    /// <summary>The first value whose path ends in these names, if it is not empty.</summary>
    public static string? First(this IReadOnlyList<PushedLeaf> leaves, string names)
    {
        foreach (var leaf in leaves) if (leaf.Is(names) && leaf.Value.Trim() is { Length: > 0 } value) return value;
        return null;
    }
}
