using System.Net.Http.Json;
using System.Text.Json;

namespace Liren.Tests.Devices;

/// <summary>Devices of other makers: a recorder or platform with cameras behind it.</summary>
public abstract class AdapterBase(DevicesApp app) : DeviceBase(app)
{
    private readonly DevicesApp app = app;

    /// <summary>A time on the device's clock, with the offset of Shanghai.</summary>
    protected string At(int seconds = 0) => (app.Clock.GetUtcNow().AddSeconds(seconds)).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Types of its happenings, oldest first.</summary>
    protected async Task<string[]> ToldAsync(Box box) => [.. (await ShowAsync(box)).GetProperty("happenings").EnumerateArray().Select(h => h.GetProperty("type").GetString()!).Reverse()];

    /// <summary>Why something of it was refused, and what: "reason what".</summary>
    protected async Task<string[]> WhyAsync(string who) =>
        [.. (await Office.GetFromJsonAsync<JsonElement>("/api/devices/refusals", Stop)).EnumerateArray().Where(r => r.GetProperty("who").GetString() == who).Select(r => $"{r.GetProperty("reason").GetString()} {r.GetProperty("what").GetString()}".TrimEnd())];
}
