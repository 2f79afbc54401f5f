using System.Globalization;
using Liren.Contracts.Places;

namespace Liren.Places.Domain;

/// <summary>
/// A national division code (区划代码) and its level, 1 (province) to 5 (community). The level is part of it: a city without districts
/// (4419 东莞市) and the district that the table puts under it for its streets (441900 东莞市) have the same twelve digits.
/// Ordered so that a division stands before everything below it, which is also the order of the paths.
/// </summary>
internal readonly record struct DivisionCode : IComparable<DivisionCode>
{
    private static readonly int[] Lengths = [0, 2, 4, 6, 9, 12];
    private static readonly long[] Below = [1_000_000_000_000, 10_000_000_000, 100_000_000, 1_000_000, 1_000, 1];
    private readonly long value;

    private DivisionCode(long digits, int level) => value = (digits * 8) + level;

    /// <summary>1 province to 5 community.</summary>
    public int Level => (int)(value & 7);

    private long Digits => value >> 3;

    /// <summary>Twelve digits.</summary>
    public string Full => Digits.ToString("D12", CultureInfo.InvariantCulture);

    /// <summary>What it is.</summary>
    public PlaceKind Kind => (PlaceKind)(Level - 1);

    /// <summary>One level up; the default value above a province.</summary>
    public DivisionCode Parent => Level <= 1 ? default : At(Level - 1);

    /// <summary>True when its own group is zeros: a level the division above does without.</summary>
    public bool IsThrough => Level > 1 && HasDigitsOf(Parent);

    /// <summary>True when it begins like a province of the national table: 11 北京 to 82 澳门.</summary>
    public bool IsInProvince => Digits / Below[1] is >= 11 and <= 82;

    /// <summary>Its path in the tree of places.</summary>
    public string Path => string.Create(Lengths[Level] + Math.Max(0, Level - 1), this, static (to, code) =>
    {
        Span<char> digits = stackalloc char[12];
        code.Digits.TryFormat(digits, out _, "D12", CultureInfo.InvariantCulture);
        var at = 0;
        for (var level = 1; level <= code.Level; level++)
        {
            if (level > 1) to[at++] = '.';
            var group = digits[Lengths[level - 1]..Lengths[level]];
            group.CopyTo(to[at..]);
            at += group.Length;
        }
    });

    /// <summary>The code at another level; further up the digits below that level become zeros.</summary>
    public DivisionCode At(int level) => new(Digits / Below[level] * Below[level], level);

    /// <summary>True when both have the same twelve digits, at whatever level.</summary>
    public bool HasDigitsOf(DivisionCode other) => Digits == other.Digits;

    /// <summary>True when the other lies below.</summary>
    public bool IsAbove(DivisionCode other) => Level < other.Level && other.At(Level) == this;

    /// <summary>The code in the length of a level: 2, 4, 6, 9 or 12 digits.</summary>
    public string Written(int level) => Full[..Lengths[level]];

    /// <summary>Reads 2, 4, 6, 9 or 12 digits; groups of zeros at the end do not count. <paramref name="written"/> is the level of its length.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out DivisionCode code, out int written)
    {
        code = default;
        written = Array.IndexOf(Lengths, text.Length);
        if (written < 1) return false;
        long digits = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            digits = (digits * 10) + (c - '0');
        }
        digits *= Below[written];
        if (digits < Below[1]) return false;
        var level = written;
        while (digits % Below[level - 1] == 0) level--;
        code = new(digits, level);
        return true;
    }

    /// <summary>The code with the shortest usual writing of its level.</summary>
    public override string ToString() => Written(Level);

    public int CompareTo(DivisionCode other) => value.CompareTo(other.value);
}
