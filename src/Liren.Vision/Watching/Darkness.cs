using Liren.Vision.Frames;

namespace Liren.Vision.Watching;

/// <summary>Whether a camera sees.</summary>
internal enum Sight
{
    /// <summary>There is something to see.</summary>
    Clear,
    /// <summary>This picture shows nothing; the next may.</summary>
    Doubtful,
    /// <summary>Nothing to see for a while: covered, turned to a wall, or night without light (遮挡).</summary>
    Covered,
}

/// <summary>Knows a picture that shows nothing by its evenness: brightness that hardly differs from point to point.</summary>
internal sealed class Darkness
{
    private const int Patience = 10, Recovery = 3, Step = 4;
    // Standard deviation of brightness, of 255: a lens under cloth has 1-3, a street at night some 15.
    private const double Even = 5;
    private int empty, full;
    private bool covered;

    /// <summary>Looks at the next picture.</summary>
    public Sight Sees(Frame frame)
    {
        var shows = Spread(frame) > Even;
        (empty, full) = shows ? (0, full + 1) : (empty + 1, 0);
        if (covered ? full >= Recovery : empty >= Patience) covered = !covered;
        return covered ? Sight.Covered : shows ? Sight.Clear : Sight.Doubtful;
    }

    private static double Spread(Frame frame)
    {
        var (sum, squares, points) = (0d, 0d, 0);
        var rgb = frame.Rgb;
        // Green carries most of what the eye calls bright; every fourth point tells enough.
        for (var y = 0; y < frame.Height; y += Step)
            for (var x = 0; x < frame.Width; x += Step)
            {
                double green = rgb[(y * frame.Width + x) * 3 + 1];
                (sum, squares, points) = (sum + green, squares + green * green, points + 1);
            }
        return Math.Sqrt(Math.Max(0, squares / points - sum / points * (sum / points)));
    }
}
