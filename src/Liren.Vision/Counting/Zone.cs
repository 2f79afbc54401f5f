namespace Liren.Vision.Counting;

/// <summary>A corner, as part of the picture's width and height from its upper left.</summary>
internal readonly record struct Corner(float X, float Y);

/// <summary>An area on the picture (区域): three corners or more.</summary>
internal sealed class Area(IReadOnlyList<Corner> corners)
{
    /// <summary>Its corners in order.</summary>
    public IReadOnlyList<Corner> Corners => corners;

    /// <summary>Whether a point lies inside; even-odd rule.</summary>
    public bool Holds(float x, float y)
    {
        var inside = false;
        for (int i = 0, before = corners.Count - 1; i < corners.Count; before = i++)
        {
            var (a, b) = (corners[i], corners[before]);
            if (a.Y > y != b.Y > y && x < (b.X - a.X) * (y - a.Y) / (b.Y - a.Y) + a.X) inside = !inside;
        }
        return inside;
    }
}

/// <summary>Where people are counted.</summary>
/// <param name="Name">Unique on its picture.</param>
/// <param name="Area">Where; null: the whole picture.</param>
internal sealed record Zone(string Name, Area? Area)
{
    /// <summary>The whole picture, when no zone is drawn.</summary>
    public static readonly Zone Whole = new("all", null);

    /// <summary>Somebody stands where the feet are: the middle of the lower edge.</summary>
    public bool Holds(Box box) => Area is null || Area.Holds((box.Left + box.Right) / 2, box.Bottom);
}

/// <summary>How many are in a zone.</summary>
/// <param name="Zone">Where.</param>
/// <param name="Count">The best estimate.</param>
/// <param name="LowerBound">At least so many: those that are surely seen.</param>
/// <param name="AtLeast">The estimate too is only a lower bound (至少 N 人): in a dense crowd people hide one another.</param>
internal readonly record struct ZoneCount(string Zone, int Count, int LowerBound, bool AtLeast);
