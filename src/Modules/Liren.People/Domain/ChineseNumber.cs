using System.Buffers;
using System.Globalization;
using System.Text;

namespace Liren.People.Domain;

/// <summary>Numerals as written in addresses and dates: 二十六 26, 廿三 23, 三百零二 302, 一二〇三 1203.</summary>
internal static class ChineseNumber
{
    private static readonly SearchValues<char> Units = SearchValues.Create("十拾百佰千仟廿卅");

    /// <summary>Digit of a numeral character, or -1.</summary>
    public static int Digit(char c) => c switch
    {
        '〇' or '零' or '○' or 'Ｏ' => 0, '一' or '壹' => 1, '二' or '贰' or '两' => 2, '三' or '叁' => 3, '四' or '肆' => 4,
        '五' or '伍' => 5, '六' or '陆' => 6, '七' or '柒' => 7, '八' or '捌' => 8, '九' or '玖' => 9, _ => -1,
    };

    /// <summary>A character that can stand in a numeral.</summary>
    public static bool IsNumeral(char c) => Digit(c) >= 0 || c is '十' or '拾' or '百' or '佰' or '千' or '仟' or '廿' or '卅';

    /// <summary>Writes every run of numerals in ASCII digits.</summary>
    public static string ToDigits(string text)
    {
        if (!text.Any(IsNumeral)) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            if (!IsNumeral(text[i])) { result.Append(text[i++]); continue; }
            var end = i;
            while (end < text.Length && IsNumeral(text[end])) end++;
            result.Append(Value(text.AsSpan(i, end - i)));
            i = end;
        }
        return result.ToString();
    }

    /// <summary>A run of numerals: with 十百千 it is a sum (三百零二), without it is digits in order (一二〇三).</summary>
    private static string Value(ReadOnlySpan<char> run)
    {
        if (run.IndexOfAny(Units) < 0)
        {
            var digits = new char[run.Length];
            for (var i = 0; i < run.Length; i++) digits[i] = (char)('0' + Digit(run[i]));
            return new(digits);
        }
        var (sum, pending) = (0, 0);
        foreach (var c in run)
        {
            var unit = c switch { '十' or '拾' => 10, '百' or '佰' => 100, '千' or '仟' => 1000, _ => 0 };
            if (unit > 0) { sum += Math.Max(pending, 1) * unit; pending = 0; }
            else if (c is '廿' or '卅') sum += c == '廿' ? 20 : 30;
            else pending = Digit(c);
        }
        return (sum + pending).ToString(CultureInfo.InvariantCulture);
    }
}
