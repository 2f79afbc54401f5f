using System.Globalization;
using System.Numerics;

namespace Liren.People.Domain;

/// <summary>A share of a home (产权份额) as a fraction: three heirs hold exactly 1/3 each, which no decimal can say.</summary>
internal readonly record struct Share(int Part, int Whole)
{
    /// <summary>Largest denominator: shares by area in 0.01 m² fit.</summary>
    public const int LargestWhole = 1_000_000;

    /// <summary>The whole home.</summary>
    public static readonly Share All = new(1, 1);

    /// <summary>True for a fraction above 0 and up to 1.</summary>
    public bool IsValid => Whole is > 0 and <= LargestWhole && Part > 0 && Part <= Whole;

    /// <summary>True when the shares together are at most the whole home; exact.</summary>
    public static bool Fit(IEnumerable<Share> shares)
    {
        var (part, whole) = (BigInteger.Zero, BigInteger.One);
        foreach (var share in shares) (part, whole) = ((part * share.Whole) + (share.Part * whole), whole * share.Whole);
        return part <= whole;
    }

    /// <summary>Reads "1/3", "33.33%", "50" (percent sign forgotten: above 1), "0.5"; null when it is none of them.</summary>
    public static Share? Parse(string text)
    {
        text = text.Trim();
        Share share;
        if (text.Split('/') is [var part, var whole])
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var p) || !int.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var w)) return null;
            share = new(p, w);
        }
        else
        {
            var percent = text.EndsWith('%');
            if (!decimal.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 100) return null;
            if (percent || number > 1) number /= 100;
            if (number != Math.Round(number, 6)) return null;
            share = Reduce((int)(number * LargestWhole), LargestWhole);
        }
        return share.IsValid ? share : null;
    }

    private static Share Reduce(int part, int whole)
    {
        var divisor = (int)BigInteger.GreatestCommonDivisor(part, whole);
        return divisor == 0 ? default : new(part / divisor, whole / divisor);
    }

    /// <summary>"1/3"; the whole home is "1".</summary>
    public override string ToString() => Part == Whole ? "1" : string.Create(CultureInfo.InvariantCulture, $"{Part}/{Whole}");
}
