using System.Text.Json;
using Liren.Sdk;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.Converters;
using NetTopologySuite.Operation.Valid;

namespace Liren.Places.Domain;

/// <summary>A checked geometry (图形) with a point inside it. GeoJSON by RFC 7946: WGS-84, longitude first.</summary>
internal sealed record Shape(string? GeoJson, double Longitude, double Latitude)
{
    private const int MostPoints = 5_000;
    private static readonly JsonSerializerOptions Json = new() { Converters = { new GeoJsonConverterFactory(new GeometryFactory(new PrecisionModel(1e7), 4326)) } };

    /// <summary>
    /// Reads a geometry, a feature, or a collection of one feature, as files from drawing programs hold them. Every refusal says what is wrong
    /// and where. A point alone gives no shape, only where the place is.
    /// </summary>
    public static Shape Read(string? text)
    {
        Rule.Require(!string.IsNullOrWhiteSpace(text) && text.Length <= 500_000, "places.shape-empty", "geoJson");
        JsonElement geometry;
        try { geometry = Find(JsonSerializer.Deserialize<JsonElement>(text!.Trim('\uFEFF', ' ', '\r', '\n', '\t'))); }
        catch (JsonException e) { throw new RuleBrokenException("places.shape-json", "geoJson", 422, e.LineNumber + 1 ?? 1); }
        var type = geometry.TryGetProperty("type", out var t) && t.ValueKind == JsonValueKind.String ? t.GetString()! : "";
        Rule.Require(type is "Point" or "LineString" or "Polygon" or "MultiPolygon" && geometry.TryGetProperty("coordinates", out _), "places.shape-type", "geoJson", type);
        var points = 0;
        Check(geometry.GetProperty("coordinates"), type switch { "Point" => 0, "LineString" => 1, "Polygon" => 2, _ => 3 }, type is "Polygon" or "MultiPolygon", ref points);
        Geometry read;
        try { read = geometry.Deserialize<Geometry>(Json)!; }
        // What the checks above did not foresee is still the sender's mistake, not ours.
        catch (Exception e) when (e is ArgumentException or JsonException or InvalidOperationException) { throw new RuleBrokenException("places.shape-type", "geoJson", 422, type); }
        if (read is Point point) return new(null, Round(point.X), Round(point.Y));
        if (new IsValidOp(read).ValidationError is { } error)
            throw new RuleBrokenException("places.shape-crossing", "geoJson", 422, error.Coordinate is { } at ? $"{Round(at.X)}, {Round(at.Y)}" : "");
        var box = read.EnvelopeInternal;
        Rule.Require(box.Width < 0.5 && box.Height < 0.5, "places.shape-too-large", "geoJson");
        var inside = read.InteriorPoint;
        return new(JsonSerializer.Serialize(read, Json), Round(inside.X), Round(inside.Y));
    }

    private static JsonElement Find(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new RuleBrokenException("places.shape-type", "geoJson", 422, json.ValueKind.ToString());
        if (json.TryGetProperty("features", out var features) && features.ValueKind == JsonValueKind.Array)
        {
            Rule.Require(features.GetArrayLength() == 1, "places.shape-one", "geoJson", features.GetArrayLength());
            return Find(features[0]);
        }
        return json.TryGetProperty("geometry", out var geometry) && geometry.ValueKind == JsonValueKind.Object ? Find(geometry) : json;
    }

    private static void Check(JsonElement coordinates, int depth, bool ring, ref int points)
    {
        Rule.Require(coordinates.ValueKind == JsonValueKind.Array, "places.shape-coordinates", "geoJson", points + 1);
        if (depth == 0)
        {
            points++;
            Rule.Require(points <= MostPoints, "places.shape-points", "geoJson", MostPoints);
            Rule.Require(coordinates.GetArrayLength() >= 2 && coordinates.EnumerateArray().All(c => c.ValueKind == JsonValueKind.Number), "places.shape-coordinates", "geoJson", points);
            var (longitude, latitude) = (coordinates[0].GetDouble(), coordinates[1].GetDouble());
            // In China longitudes are 73-135 and latitudes 3-54: the other way round is the commonest mistake.
            Rule.Require(!(longitude is >= 3 and <= 54 && latitude is >= 73 and <= 136), "places.shape-swapped", "geoJson", points);
            Rule.Require(longitude is >= -180 and <= 180 && latitude is >= -90 and <= 90, "places.shape-range", "geoJson", points, longitude, latitude);
            return;
        }
        var first = points + 1;
        Rule.Require(coordinates.GetArrayLength() > 0, "places.shape-coordinates", "geoJson", first);
        foreach (var part in coordinates.EnumerateArray()) Check(part, depth - 1, ring, ref points);
        if (depth != 1) return;
        var count = coordinates.GetArrayLength();
        if (!ring) { Rule.Require(count >= 2, "places.shape-line", "geoJson"); return; }
        Rule.Require(count >= 4, "places.shape-ring-points", "geoJson", count);
        var (a, z) = (coordinates[0], coordinates[count - 1]);
        // Compared as numbers: 121.5 and 121.50 are the same place.
        Rule.Require(a[0].GetDouble().Equals(z[0].GetDouble()) && a[1].GetDouble().Equals(z[1].GetDouble()), "places.shape-ring-open", "geoJson", first, points);
    }

    private static double Round(double degrees) => Math.Round(degrees, 6);
}
