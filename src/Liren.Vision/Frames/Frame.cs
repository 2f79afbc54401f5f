namespace Liren.Vision.Frames;

/// <summary>One picture, red-green-blue, at most 416 x 416; its memory is used again for the next one, and wiped at the end.</summary>
internal sealed class Frame : IDisposable
{
    /// <summary>Longest side: what the model looks at.</summary>
    public const int Side = 416;

    private readonly byte[] rgb = new byte[Side * Side * 3];

    /// <summary>Columns.</summary>
    public int Width { get; private set; }
    /// <summary>Rows.</summary>
    public int Height { get; private set; }
    /// <summary>Three bytes a point, row by row.</summary>
    public Span<byte> Rgb => rgb.AsSpan(0, Width * Height * 3);
    /// <summary>The same to read into.</summary>
    public Memory<byte> Memory => rgb.AsMemory(0, Width * Height * 3);

    /// <summary>Takes the size of the next picture.</summary>
    public void Resize(int width, int height)
    {
        if (width is < 1 or > Side || height is < 1 or > Side) throw new VisionException($"A picture of {width} x {height} came where at most {Side} x {Side} was asked for");
        (Width, Height) = (width, height);
    }

    /// <summary>Nothing of the last picture stays in memory.</summary>
    public void Dispose() => Array.Clear(rgb);
}
