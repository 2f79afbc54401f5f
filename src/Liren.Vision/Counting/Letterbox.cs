using Liren.Vision.Frames;

namespace Liren.Vision.Counting;

/// <summary>
/// Puts a picture into the middle of the square the model looks at, grey around it, as planes of red, green, blue from 0 to 1; and brings places in the square
/// back to the picture, as parts of its width and height.
/// </summary>
internal readonly struct Letterbox(int width, int height)
{
    private const float Grey = 0x72 / 255f;
    private const int Plane = Frame.Side * Frame.Side;
    private static readonly float[] unit = [.. Enumerable.Range(0, 256).Select(b => b / 255f)];

    /// <summary>Points left of the picture.</summary>
    public int Left { get; } = (Frame.Side - width) / 2;
    /// <summary>Points above the picture.</summary>
    public int Top { get; } = (Frame.Side - height) / 2;

    /// <summary>Fills the model's input: 3 x 416 x 416.</summary>
    public void Fill(ReadOnlySpan<byte> rgb, Span<float> input)
    {
        if (width != Frame.Side || height != Frame.Side) input.Fill(Grey);
        for (var y = 0; y < height; y++)
        {
            var row = rgb.Slice(y * width * 3, width * 3);
            var at = (Top + y) * Frame.Side + Left;
            var red = input.Slice(at, width);
            var green = input.Slice(Plane + at, width);
            var blue = input.Slice(2 * Plane + at, width);
            for (int x = 0, i = 0; x < width; x++, i += 3) (red[x], green[x], blue[x]) = (unit[row[i]], unit[row[i + 1]], unit[row[i + 2]]);
        }
    }

    /// <summary>A box of the square as parts of the picture; what lies on the grey is cut off.</summary>
    public Box Back(Box box) => new(X(box.Left), Y(box.Top), X(box.Right), Y(box.Bottom), box.Score);

    private float X(float x) => Math.Clamp((x - Left) / width, 0, 1);

    private float Y(float y) => Math.Clamp((y - Top) / height, 0, 1);
}
