using Liren.Vision.Counting;
using Liren.Vision.Frames;

namespace Liren.Vision.Watching;

/// <summary>Makes people unrecognisable on a picture that is kept: everybody, and whatever might be somebody, becomes a few squares (马赛克). It cannot be undone.</summary>
internal static class Blur
{
    private const float Margin = 0.2f;
    private const int LeastSquare = 8, SquaresDown = 5;

    /// <summary>Blurs all boxes (parts of the picture) and a margin around each.</summary>
    public static void People(Frame frame, IEnumerable<Box> boxes)
    {
        foreach (var box in boxes)
        {
            var (w, h) = ((box.Right - box.Left) * Margin, (box.Bottom - box.Top) * Margin);
            var (left, right) = (Point(box.Left - w, frame.Width), Point(box.Right + w, frame.Width) + 1);
            var (top, bottom) = (Point(box.Top - h, frame.Height), Point(box.Bottom + h, frame.Height) + 1);
            var square = Math.Max(LeastSquare, (bottom - top) / SquaresDown);
            for (var y = top; y < bottom; y += square)
                for (var x = left; x < right; x += square)
                    Flatten(frame, x, y, Math.Min(x + square, right), Math.Min(y + square, bottom));
        }
    }

    private static int Point(float part, int length) => Math.Clamp((int)(part * length), 0, length - 1);

    private static void Flatten(Frame frame, int left, int top, int right, int bottom)
    {
        var rgb = frame.Rgb;
        Span<int> sum = [0, 0, 0];
        for (var y = top; y < bottom; y++) for (var x = left; x < right; x++) for (var c = 0; c < 3; c++) sum[c] += rgb[(y * frame.Width + x) * 3 + c];
        var points = (right - left) * (bottom - top);
        for (var y = top; y < bottom; y++) for (var x = left; x < right; x++) for (var c = 0; c < 3; c++) rgb[(y * frame.Width + x) * 3 + c] = (byte)(sum[c] / points);
    }
}
