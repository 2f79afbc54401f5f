using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Liren.Shared;

/// <summary>A made-up roster: three people a home, each with a valid invented number; and a compound to import it into.</summary>
public static class Roster
{
    private const string Surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", Given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志文";
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>Path of the compound made by <see cref="CompoundAsync"/>.</summary>
    public const string Compound = "31.01.15.016.037.big";

    /// <summary>One row: building, unit, room, name, number, telephone, relation.</summary>
    public static IEnumerable<string[]> Rows(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (home, member) = (i / 3, i % 3);
            var (building, inside) = ((home / 168) + 1, home % 168);
            var room = ((inside % 84 / 4) + 1).ToString(CultureInfo.InvariantCulture) + ((inside % 4) + 1).ToString("00", CultureInfo.InvariantCulture);
            var name = $"{Surnames[home % 20]}{Given[i * 7 % Given.Length]}{Given[(i / 27) % Given.Length]}";
            yield return [$"{building}", $"{(inside / 84) + 1}", room, name, Number(i), $"13{(i * 7919L) % 900_000_000 + 100_000_000}", member == 0 ? "户主" : member == 1 ? "配偶" : "子"];
        }
    }

    /// <summary>Writes the roster as CSV.</summary>
    public static void Write(string path, int count)
    {
        using var to = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        to.Write("楼号,单元,房号,姓名,身份证号,联系电话,与户主关系\n");
        foreach (var row in Rows(count)) to.Write(string.Join(',', row) + "\n");
    }

    /// <summary>Makes division and compound in a data folder, by the verb and the interface an operator would use.</summary>
    public static async Task CompoundAsync(string data, params (string Name, string Value)[] environment)
    {
        var file = Path.Combine(data, "divisions.csv");
        await File.WriteAllTextAsync(file, "code,name,parent\n31,上海市,\n3101,市辖区,31\n310115,浦东新区,3101\n310115016,花木街道,310115\n310115016037,演示居委会,310115016\n");
        await LirenProcess.JsonAsync(data, ["import", "divisions", file], environment);
        var key = await LirenProcess.KeyAsync(data, environment: environment);
        await using var server = await LirenProcess.UpAsync(data, false, environment);
        using var http = server.Client(key);
        using var answer = await http.PostAsJsonAsync("api/places/31.01.15.016.037/places", new { kind = "Compound", name = "演示大院", code = "big" });
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
        await server.StopAsync();
    }

    /// <summary>A valid, invented number: birth and order from the row.</summary>
    private static string Number(int i)
    {
        var born = new DateOnly(1930, 1, 1).AddDays(i % 27_000).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var first = $"310199{born}{(i / 27_000 * 7) + (i % 7) + 1:000}";
        var sum = 0;
        for (var k = 0; k < 17; k++) sum += (first[k] - '0') * Weights[k];
        return first + "10X98765432"[sum % 11];
    }
}
