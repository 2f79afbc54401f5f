using System.Globalization;
using System.Text;
using Liren.Sdk;

namespace Liren.Supplies.Domain;

/// <summary>
/// A signature at the desk (领取签名), as the pen went: strokes in a box of 600 x 200, each a row of x and y. Numbers only, so that what is shown is drawn by us
/// and never somebody's picture or script. Stored sealed: it is personal.
/// </summary>
internal sealed class Signature
{
    public const int Width = 600, Height = 200, MostPoints = 1_500;

    /// <summary>Less than this is a slip of the finger, not a name.</summary>
    private const double LeastInk = 60;

    /// <summary>Serial of the round.</summary>
    public int Round { get; private init; }
    /// <summary>Number of the entitlement.</summary>
    public int No { get; private init; }
    /// <summary>The strokes as text, sealed to round and number.</summary>
    public byte[] Sealed { get; private init; } = [];
    /// <summary>Who kept the desk.</summary>
    public string By { get; private init; } = "";
    public DateTimeOffset At { get; private init; }

    private Signature() { }

    /// <summary>What seals it to its place.</summary>
    public static string ContextOf(int round, int no) => string.Create(CultureInfo.InvariantCulture, $"supplies:signature:{round}:{no}");

    /// <summary>Notes a signature.</summary>
    public static Signature Of(int round, int no, byte[] @sealed, string by, DateTimeOffset now) => new() { Round = round, No = no, Sealed = @sealed, By = by, At = now };

    /// <summary>The strokes as text: "x y x y" each, divided by ";".</summary>
    /// <exception cref="RuleBrokenException">supplies.signature-strokes: outside its box, too much, or next to nothing.</exception>
    public static string TextOf(int[][]? strokes)
    {
        Rule.Require(strokes is { Length: > 0 } && strokes.All(s => s is { Length: >= 2 } && s.Length % 2 == 0) && strokes.Sum(s => s.Length / 2) <= MostPoints, "supplies.signature-strokes", "strokes");
        Rule.Require(strokes!.All(s => s.Index().All(n => n.Item >= 0 && n.Item <= (n.Index % 2 == 0 ? Width : Height))) && strokes!.Sum(Ink) >= LeastInk, "supplies.signature-strokes", "strokes");
        return string.Join(';', strokes!.Select(s => string.Join(' ', s.Select(n => n.ToString(CultureInfo.InvariantCulture)))));
    }

    /// <summary>The drawing, as SVG.</summary>
    public static string Svg(string text)
    {
        var svg = new StringBuilder($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" fill=\"none\" stroke=\"#111\" stroke-width=\"4\" stroke-linecap=\"round\" stroke-linejoin=\"round\"><rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\" stroke=\"none\"/>");
        foreach (var stroke in text.Split(';'))
        {
            var at = stroke.IndexOf(' ', stroke.IndexOf(' ') + 1);
            // A dot is a line to where it began.
            svg.Append("<path d=\"M").Append(at < 0 ? stroke : stroke[..at]).Append(" L").Append(at < 0 ? stroke : stroke[(at + 1)..]).Append("\"/>");
        }
        return svg.Append("</svg>").ToString();
    }

    private static double Ink(int[] stroke)
    {
        var sum = 0.0;
        for (var i = 2; i < stroke.Length; i += 2) sum += Math.Sqrt(Math.Pow(stroke[i] - stroke[i - 2], 2) + Math.Pow(stroke[i + 1] - stroke[i - 1], 2));
        return sum;
    }
}
