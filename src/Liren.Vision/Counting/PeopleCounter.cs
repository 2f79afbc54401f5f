using Liren.Vision.Frames;

namespace Liren.Vision.Counting;

/// <summary>What was seen on one picture; the boxes are for the evidence of an alarm and are gone with it.</summary>
internal sealed record Seen(IReadOnlyList<ZoneCount> Zones, IReadOnlyList<Box> Boxes);

/// <summary>
/// Counts people per zone. Nobody is recognised and nobody followed: all that stays of a picture are the numbers.
/// </summary>
internal sealed class PeopleCounter(NanoDet detector, Scene scene)
{
    /// <summary>Scores from which somebody counts, and surely counts. Chosen on other pictures before these were counted; see docs/developers/vision.md.</summary>
    public const float Counts = 0.35f, Surely = 0.40f;
    /// <summary>Whatever might be a person is blurred on a picture that is kept.</summary>
    public const float Perhaps = 0.08f;
    /// <summary>From here on a crowd is under-counted.</summary>
    private const int Dense = 15;
    private const int FewestCrowded = 5;
    private const float Touching = 0.25f;

    /// <summary>Masks the picture, looks, counts.</summary>
    public Seen Count(Frame frame)
    {
        scene.Mask(frame);
        var all = detector.See(frame, Perhaps);
        return new([.. scene.Zones.Select(z => In(z, [.. all.Where(b => b.Score >= Counts && z.Holds(b))]))], all);
    }

    /// <summary>The count of those in one zone.</summary>
    internal static ZoneCount In(Zone zone, IReadOnlyList<Box> there) =>
        new(zone.Name, there.Count, there.Count(b => b.Score >= Surely), there.Count >= Dense || IsCrowded(there));

    // Half of them or more are partly hidden by one another.
    private static bool IsCrowded(IReadOnlyList<Box> there) =>
        there.Count >= FewestCrowded && 2 * there.Count(b => there.Any(other => other != b && other.Overlap(b) > Touching)) >= there.Count;
}
