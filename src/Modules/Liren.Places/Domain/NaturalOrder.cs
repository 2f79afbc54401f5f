using System.Globalization;
using System.Text;

namespace Liren.Places.Domain;

/// <summary>Sort keys in which 2号楼 comes before 10号楼 and 二期 before 十期; compared byte by byte.</summary>
internal static class NaturalOrder
{
    private const string Digits = "〇一二三四五六七八九";

    /// <summary>The key: each run of digits becomes its length and itself without leading zeros, so that longer numbers sort later.</summary>
    public static string KeyOf(string name)
    {
        var key = new StringBuilder(name.Length + 8);
        var text = name.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            if (char.IsAsciiDigit(text[i]))
            {
                while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
                Number(key, text[i..end].TrimStart('0'));
            }
            else if (IsChineseDigit(text[i]))
            {
                while (end < text.Length && IsChineseDigit(text[end])) end++;
                Number(key, Value(text[i..end]).ToString(CultureInfo.InvariantCulture));
            }
            else key.Append(text[end++]);
            i = end;
        }
        return key.ToString();
    }

    private static void Number(StringBuilder key, string digits) =>
        key.Append(CultureInfo.InvariantCulture, $"{Math.Max(1, digits.Length):D2}").Append(digits.Length == 0 ? "0" : digits);

    private static bool IsChineseDigit(char c) => c is '十' or '百' or '零' or '两' || Digits.Contains(c);

    private static long Value(string chinese)
    {
        long sum = 0, digit = 0;
        var counted = false;
        foreach (var c in chinese)
        {
            if (c is '十' or '百')
            {
                sum += (digit == 0 && !counted ? 1 : digit) * (c == '十' ? 10 : 100);
                (digit, counted) = (0, true);
            }
            else
            {
                // 一二三 without a unit is read like a telephone number, and only so far that it cannot overflow.
                digit = c is '零' ? digit * 10 : (digit * 10) + (c == '两' ? 2 : Digits.IndexOf(c, StringComparison.Ordinal));
                digit %= 1_000_000_000;
            }
        }
        return sum + digit;
    }
}
