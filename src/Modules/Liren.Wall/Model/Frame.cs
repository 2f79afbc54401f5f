using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Liren.Wall.Model;

/// <summary>Whether a figure can be trusted (时效).</summary>
internal enum Freshness
{
    /// <summary>正常.</summary>
    Fresh,
    /// <summary>迟到: older than it may be.</summary>
    Late,
    /// <summary>陈旧: ten times older than it may be; struck through.</summary>
    Stale,
    /// <summary>缺失: never read, or no such history is kept. Never shown as zero.</summary>
    Missing,
}

/// <summary>How a tile looks.</summary>
internal enum Tone
{
    /// <summary>Nothing to do.</summary>
    Calm,
    /// <summary>Something goes on.</summary>
    Info,
    /// <summary>Somebody should look.</summary>
    Warn,
    /// <summary>Act now.</summary>
    Alarm,
}

/// <summary>A part of a figure, e.g. open incidents of level II.</summary>
internal sealed record Part(string Key, int Count);

/// <summary>One figure of the wall (数字块).</summary>
/// <param name="Id">Which: incidents, passages, gates, devices, cases, modes, plans.</param>
/// <param name="State">Whether it can be trusted.</param>
/// <param name="Tone">How it looks.</param>
/// <param name="Value">The figure; null when it is hidden, missing or there is nothing to count.</param>
internal sealed record Tile(string Id, Freshness State, Tone Tone, int? Value)
{
    /// <summary>Out of how many.</summary>
    public int? Of { get; init; }
    /// <summary>True: below five people, not shown.</summary>
    public bool Hidden { get; init; }
    /// <summary>How many are late.</summary>
    public int? Late { get; init; }
    /// <summary>What it is made of.</summary>
    public IReadOnlyList<Part>? Parts { get; init; }
    /// <summary>Begin of the oldest that is open.</summary>
    public DateTimeOffset? Oldest { get; init; }
    /// <summary>When the next one ends by itself.</summary>
    public DateTimeOffset? Due { get; init; }
    /// <summary>Number of the order that decides, and its level.</summary>
    public string? Name { get; init; }
    /// <summary>"I" to "IV".</summary>
    public string? Level { get; init; }
    /// <summary>When it was right last; only said when it is not fresh.</summary>
    public DateTimeOffset? AsOf { get; init; }
}

/// <summary>A thing as it is drawn and listed.</summary>
/// <param name="Id">Which.</param>
/// <param name="Kind">incident, gate or device.</param>
/// <param name="State">The module's word.</param>
/// <param name="Since">Opened, or in this state since.</param>
internal sealed record Drawn(Guid Id, string Kind, string State, DateTimeOffset Since)
{
    public string? Level { get; init; }
    public string? Zh { get; init; }
    public string? En { get; init; }
    public string? Code { get; init; }
    /// <summary>Names of the place: its compound, and the building or area; never a room.</summary>
    public string? Place { get; init; }
    /// <summary>Path of its compound, to mark its outline.</summary>
    public string? Area { get; init; }
    /// <summary>Longitude and latitude; null: nobody has said where the place is.</summary>
    public double[]? At { get; init; }
    public DateTimeOffset? Due { get; init; }
    /// <summary>People, at least; null when unknown or below five.</summary>
    public int? People { get; init; }
    /// <summary>True: some were counted, but below five.</summary>
    public bool Few { get; init; }
    /// <summary>Where the person who was sent was last.</summary>
    public double[]? Sent { get; init; }
    public bool Trouble { get; init; }
    /// <summary>People through a gate within the hour; null when below five.</summary>
    public int? Passed { get; init; }
}

/// <summary>A line of what has just happened.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">incident, gate, device or order.</param>
/// <param name="To">State now; "gone" when it ended.</param>
internal sealed record Line(DateTimeOffset At, string Kind, string To)
{
    public string? Zh { get; init; }
    public string? En { get; init; }
    public string? Place { get; init; }
    public string? Level { get; init; }
    public string? Code { get; init; }
}

/// <summary>Everything on a wall at an instant.</summary>
/// <param name="At">As of.</param>
/// <param name="Tiles">Its figures.</param>
/// <param name="Things">What is drawn and listed, the gravest first.</param>
/// <param name="More">How many more there are than are drawn.</param>
/// <param name="Unplaced">How many of those drawn have no point.</param>
/// <param name="Map">Another number when the map has changed.</param>
/// <param name="Feed">What has just happened, newest first.</param>
internal sealed record Snapshot(DateTimeOffset At, IReadOnlyList<Tile> Tiles, IReadOnlyList<Drawn> Things, int More, int Unplaced, int Map, IReadOnlyList<Line> Feed);

/// <summary>What is different from the frame before.</summary>
/// <param name="At">As of.</param>
internal sealed record Delta(DateTimeOffset At)
{
    public IReadOnlyList<Tile>? Tiles { get; init; }
    public IReadOnlyList<Drawn>? Things { get; init; }
    public IReadOnlyList<Guid>? Gone { get; init; }
    public IReadOnlyList<Line>? Feed { get; init; }
    public int? More { get; init; }
    public int? Unplaced { get; init; }
    public int? Map { get; init; }
}

/// <summary>How frames travel.</summary>
internal static class WallJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>As it is sent.</summary>
    public static string Of<T>(T frame) => JsonSerializer.Serialize(frame, Options);
}
