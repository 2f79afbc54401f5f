using Liren.Vision.Frames;

namespace Liren.Vision.Counting;

/// <summary>What is drawn on a camera's picture: zones where people are counted, and masks (遮挡区) over windows and doors that nobody looks at.</summary>
internal sealed class Scene(IReadOnlyList<Zone> zones, IReadOnlyList<Area> masks)
{
    private (int Width, int Height, bool[] Masked) last;

    /// <summary>The whole picture and no mask.</summary>
    public static Scene Open => new([Zone.Whole], []);

    public IReadOnlyList<Zone> Zones => zones;

    /// <summary>Blackens what is masked, before anything looks at the picture.</summary>
    public void Mask(Frame frame)
    {
        if (masks.Count == 0) return;
        var (width, height) = (frame.Width, frame.Height);
        if (last.Width != width || last.Height != height) last = (width, height, Draw(width, height));
        var rgb = frame.Rgb;
        for (var point = 0; point < last.Masked.Length; point++)
            if (last.Masked[point]) rgb.Slice(3 * point, 3).Clear();
    }

    private bool[] Draw(int width, int height)
    {
        var drawn = new bool[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                drawn[y * width + x] = masks.Any(m => m.Holds((x + 0.5f) / width, (y + 0.5f) / height));
        return drawn;
    }
}
