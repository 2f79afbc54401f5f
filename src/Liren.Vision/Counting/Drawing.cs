using Liren.Vision.Frames;

namespace Liren.Vision.Counting;

/// <summary>Draws the zones on a picture, so that whoever wrote their corners sees where they lie.</summary>
internal static class Drawing
{
    // Told apart on any ground, by the colour-blind too.
    private static readonly byte[][] colours = [[255, 176, 0], [100, 143, 255], [220, 38, 127], [254, 97, 0], [120, 94, 240]];

    /// <summary>Outlines each zone in a colour of its own.</summary>
    public static void Zones(Frame frame, IReadOnlyList<Zone> zones)
    {
        for (var i = 0; i < zones.Count; i++)
            if (zones[i].Area?.Corners is { } corners)
                for (var c = 0; c < corners.Count; c++)
                    Line(frame, corners[c], corners[(c + 1) % corners.Count], colours[i % colours.Length]);
    }

    private static void Line(Frame frame, Corner from, Corner to, byte[] colour)
    {
        var (x, y) = ((to.X - from.X) * (frame.Width - 1), (to.Y - from.Y) * (frame.Height - 1));
        var steps = Math.Max(1, (int)Math.Max(Math.Abs(x), Math.Abs(y)));
        for (var step = 0; step <= steps; step++)
        {
            var (column, row) = ((int)(from.X * (frame.Width - 1) + x * step / steps), (int)(from.Y * (frame.Height - 1) + y * step / steps));
            for (var thick = 0; thick < 2; thick++)
                colour.CopyTo(frame.Rgb.Slice((Math.Min(row + thick, frame.Height - 1) * frame.Width + Math.Min(column + thick, frame.Width - 1)) * 3, 3));
        }
    }
}
