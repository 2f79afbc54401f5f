using System.Globalization;
using System.Text;

namespace Liren.Shared;

/// <summary>A made-up table of divisions in the shape of the national one: the same number of divisions on each level, spread evenly.</summary>
public static class DivisionTable
{
    private static readonly (int Count, int Digits)[] National = [(31, 2), (342, 2), (2_978, 2), (41_352, 3), (620_573, 3)];
    private const string Syllables = "安宝城东富高海和江金康联明南平清荣山泰文西新永元云长中";
    private static readonly string[] Suffixes = ["省", "市", "区", "街道", "居委会"];

    /// <summary>Rows of the whole table.</summary>
    public const int NationalRows = 665_276;

    /// <summary>All rows, parents first.</summary>
    /// <param name="shrink">1 for the national size, 10 for a tenth of the communities and streets.</param>
    public static IEnumerable<(string Code, string Name, string Parent)> Rows(int shrink = 1)
    {
        List<string> above = [""];
        for (var level = 0; level < National.Length; level++)
        {
            var (count, digits) = National[level];
            if (level > 2) count /= shrink;
            var own = new List<string>(count);
            for (var i = 0; i < count; i++)
            {
                // The i-th of all: its parent, and its number under that parent.
                var parent = (int)((long)i * above.Count / count);
                var first = (int)(((long)parent * count + above.Count - 1) / above.Count);
                var number = i - first + (level == 0 ? 11 : 1);
                var code = above[parent] + number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
                own.Add(code);
                yield return (code, Name(i, level), above[parent]);
            }
            above = own;
        }
    }

    /// <summary>Writes the table as CSV and returns its rows.</summary>
    public static int Write(string path, int shrink = 1)
    {
        var rows = 0;
        using var to = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        to.Write("code,name,parent\n");
        foreach (var (code, name, parent) in Rows(shrink))
        {
            to.Write($"{code},{name},{parent}\n");
            rows++;
        }
        return rows;
    }

    private static string Name(int number, int level)
    {
        var (a, b) = (Syllables[number % Syllables.Length], Syllables[number / Syllables.Length % Syllables.Length]);
        return level < 4 ? $"{a}{b}{Suffixes[level]}" : $"{a}{b}第{(number / 729 % 20) + 1}{Suffixes[level]}";
    }
}
