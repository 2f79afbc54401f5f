using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Liren.Places.Domain;

/// <summary>Turns degrees into metres on a flat sheet, north up: good to centimetres over a compound.</summary>
internal sealed class Drawing
{
    private readonly double west, north, metresPerDegreeEast;
    private const double MetresPerDegreeNorth = 110_900;

    private Drawing(double west, double south, double east, double north)
    {
        (this.west, this.north) = (west, north);
        metresPerDegreeEast = 111_320 * Math.Cos((south + north) / 2 * Math.PI / 180);
        (Width, Height) = ((east - west) * metresPerDegreeEast, (north - south) * MetresPerDegreeNorth);
    }

    /// <summary>Metres.</summary>
    public double Width { get; }
    public double Height { get; }

    /// <summary>A sheet that holds all points and shapes; null when there is nothing to draw.</summary>
    public static Drawing? Of(IEnumerable<(double? Longitude, double? Latitude, string? Geometry)> things)
    {
        var points = things.SelectMany(t => t.Geometry is { } g ? Points(g) : t is { Longitude: { } lon, Latitude: { } lat } ? [(lon, lat)] : []).ToList();
        return points.Count == 0 ? null : new(points.Min(p => p.Item1), points.Min(p => p.Item2), points.Max(p => p.Item1), points.Max(p => p.Item2));
    }

    public (double X, double Y) At(double longitude, double latitude) => ((longitude - west) * metresPerDegreeEast, (north - latitude) * MetresPerDegreeNorth);

    /// <summary>An SVG path of a checked geometry.</summary>
    public string Path(string geoJson)
    {
        var path = new StringBuilder();
        using var json = JsonDocument.Parse(geoJson);
        var closed = json.RootElement.GetProperty("type").GetString() is "Polygon" or "MultiPolygon";
        foreach (var line in Lines(json.RootElement.GetProperty("coordinates")))
        {
            var first = true;
            foreach (var (longitude, latitude) in line)
            {
                var (x, y) = At(longitude, latitude);
                path.Append(first ? 'M' : 'L').Append(Number(x)).Append(' ').Append(Number(y));
                first = false;
            }
            if (closed) path.Append('Z');
        }
        return path.ToString();
    }

    public static string Number(double metres) => metres.ToString("0.##", CultureInfo.InvariantCulture);

    private static List<(double, double)> Points(string geoJson)
    {
        using var json = JsonDocument.Parse(geoJson);
        return [.. Lines(json.RootElement.GetProperty("coordinates")).SelectMany(l => l)];
    }

    private static IEnumerable<List<(double, double)>> Lines(JsonElement coordinates)
    {
        if (coordinates.GetArrayLength() > 0 && coordinates[0].ValueKind == JsonValueKind.Array && coordinates[0].GetArrayLength() > 0 && coordinates[0][0].ValueKind == JsonValueKind.Number)
            yield return [.. coordinates.EnumerateArray().Select(c => (c[0].GetDouble(), c[1].GetDouble()))];
        else
            foreach (var part in coordinates.EnumerateArray())
                foreach (var line in Lines(part)) yield return line;
    }
}
