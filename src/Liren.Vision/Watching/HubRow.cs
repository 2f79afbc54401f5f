using System.Text.Json;

namespace Liren.Vision.Watching;

/// <summary>A row for the device hub (docs/integrators/devices.md): a reading, or a happening.</summary>
/// <param name="Device">Which camera; null: the hub's own device.</param>
/// <param name="At">When it was seen.</param>
/// <param name="Happening">What happened; null: it is a reading.</param>
/// <param name="Content">Metrics by name, or the fields of a happening.</param>
/// <param name="AtLeast">The count is only a lower bound.</param>
/// <param name="Zone">Where on the picture.</param>
internal sealed record HubRow(string? Device, DateTimeOffset At, string? Happening, IReadOnlyDictionary<string, object> Content, bool AtLeast, string Zone)
{
    // Later than this it lay in our store while the network was away.
    private static readonly TimeSpan late = TimeSpan.FromSeconds(30);

    /// <summary>Number of the row; grows over restarts too.</summary>
    public long Seq { get; init; }

    /// <summary>The row as it travels.</summary>
    public Dictionary<string, object> ToJson(DateTimeOffset now, string model)
    {
        Dictionary<string, object> row = new() { ["seq"] = Seq, ["ts"] = At.ToUnixTimeMilliseconds() };
        if (Device is not null) (row["d"], row["c"]) = (Device, Happening is null ? "tm" : "ev");
        if (Happening is null)
        {
            (row["v"], row["zone"], row["model"]) = (Content, Zone, model);
            if (AtLeast) row["q"] = new[] { "lowerBound" };
        }
        else (row["type"], row["fields"]) = (Happening, Content);
        if (now - At > late) row["late"] = true;
        return row;
    }

    /// <summary>Rows as one message.</summary>
    public static byte[] ToJson(IEnumerable<HubRow> rows, DateTimeOffset now, string model) => JsonSerializer.SerializeToUtf8Bytes(rows.Select(r => r.ToJson(now, model)));
}
