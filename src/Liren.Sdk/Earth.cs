namespace Liren.Sdk;

/// <summary>Distances on the ground.</summary>
public static class Earth
{
    private const double Radius = 6_371_008.8;

    /// <summary>Metres between two points in WGS-84 degrees; null when one is unknown.</summary>
    public static double? Metres(double? longitude1, double? latitude1, double? longitude2, double? latitude2)
    {
        if (longitude1 is not { } x1 || latitude1 is not { } y1 || longitude2 is not { } x2 || latitude2 is not { } y2) return null;
        var (north, east) = (double.DegreesToRadians(y2 - y1), double.DegreesToRadians(x2 - x1));
        var h = Math.Pow(Math.Sin(north / 2), 2) + Math.Cos(double.DegreesToRadians(y1)) * Math.Cos(double.DegreesToRadians(y2)) * Math.Pow(Math.Sin(east / 2), 2);
        return 2 * Radius * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }
}
