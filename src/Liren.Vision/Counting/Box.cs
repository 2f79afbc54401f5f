namespace Liren.Vision.Counting;

/// <summary>Where somebody is seen; units are those of the picture it is on.</summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Upper edge.</param>
/// <param name="Right">Right edge.</param>
/// <param name="Bottom">Lower edge.</param>
/// <param name="Score">How sure, 0 to 1.</param>
internal readonly record struct Box(float Left, float Top, float Right, float Bottom, float Score)
{
    public float Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    /// <summary>Shared area as part of the area of both (IoU), 0 to 1.</summary>
    public float Overlap(Box other)
    {
        var shared = Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left)) * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
        var all = Area + other.Area - shared;
        return all > 0 ? shared / all : 0;
    }

    /// <summary>One box for each that is seen: of boxes that overlap more than <paramref name="most"/> the surest stays (NMS).</summary>
    public static List<Box> Distinct(IEnumerable<Box> boxes, float most)
    {
        List<Box> kept = [];
        foreach (var box in boxes.OrderByDescending(b => b.Score))
            if (!kept.Exists(k => k.Overlap(box) > most)) kept.Add(box);
        return kept;
    }
}
