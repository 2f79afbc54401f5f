using Liren.People.Domain;

namespace Liren.People.Demo;

/// <summary>Invented names: surnames as frequent as in the country, given names of the bearer's generation.</summary>
internal static class DemoNames
{
    // Surname and how many of 10,000 people bear it; the tail of rarer ones shares the rest.
    private static readonly (string Name, int Weight)[] Surnames =
    [
        ("王", 719), ("李", 718), ("张", 683), ("刘", 538), ("陈", 453), ("杨", 308), ("黄", 223), ("赵", 222), ("吴", 205), ("周", 199), ("徐", 166), ("孙", 154), ("马", 129), ("朱", 126), ("胡", 115), ("郭", 113), ("何", 106), ("林", 106), ("高", 100), ("罗", 95),
        ("郑", 93), ("梁", 85), ("谢", 72), ("宋", 70), ("唐", 69), ("许", 66), ("韩", 65), ("邓", 62), ("冯", 62), ("曹", 61), ("彭", 58), ("曾", 57), ("肖", 56), ("田", 51), ("董", 50), ("潘", 49), ("袁", 48), ("蔡", 47), ("蒋", 47), ("余", 46),
        ("于", 45), ("杜", 44), ("叶", 43), ("程", 43), ("魏", 42), ("苏", 42), ("吕", 41), ("丁", 40), ("任", 40), ("卢", 39), ("姚", 38), ("沈", 38), ("钟", 37), ("姜", 37), ("崔", 36), ("谭", 36), ("陆", 35), ("范", 34), ("汪", 34), ("廖", 33),
        ("石", 32), ("金", 32), ("韦", 31), ("贾", 31), ("夏", 30), ("付", 30), ("方", 30), ("邹", 29), ("熊", 28), ("白", 27), ("孟", 27), ("秦", 27), ("邱", 26), ("侯", 26), ("江", 26), ("尹", 25), ("薛", 25), ("闫", 24), ("段", 24), ("雷", 24),
        ("龙", 23), ("黎", 23), ("史", 22), ("陶", 21), ("贺", 21), ("毛", 20), ("郝", 20), ("顾", 20), ("龚", 20), ("邵", 19), ("万", 19), ("覃", 18), ("武", 18), ("钱", 17), ("戴", 17), ("严", 16), ("莫", 16), ("孔", 16), ("向", 15), ("常", 15),
        ("欧阳", 6), ("上官", 2), ("诸葛", 2), ("司徒", 2), ("尉迟", 1), ("冼", 4), ("仇", 4), ("单", 4), ("查", 3), ("解", 3), ("逄", 2), ("亓", 1), ("佘", 2), ("昝", 1), ("郗", 1), ("乜", 1),
    ];

    private static readonly int Total = Surnames.Sum(s => s.Weight);

    // Given names of those born before 1960, before 1990 and since.
    private static readonly string[][] Men =
    [
        ["建国", "德明", "国强", "志远", "福生", "宝根", "阿根", "永康", "长庚", "炳荣", "金宝", "兴华", "文彬", "伯年", "学礼", "世昌", "家祥", "根发", "振华", "树德", "洪泉", "广才", "克勤", "延年"],
        ["伟", "磊", "勇", "涛", "明", "军", "杰", "超", "鹏", "斌", "志强", "建华", "晓东", "海波", "文博", "俊峰", "立新", "国栋", "振宇", "家明", "少华", "宏伟", "卫东", "向阳", "继业", "立群"],
        ["子轩", "浩然", "宇航", "一鸣", "梓豪", "沐阳", "俊熙", "皓轩", "辰逸", "嘉树", "景行", "思远", "泽宇", "天佑", "奕辰", "睿", "晨", "博文", "知行", "明哲", "乐天", "星宇"],
    ];

    private static readonly string[][] Women =
    [
        ["秀英", "桂兰", "玉珍", "淑芬", "凤英", "阿妹", "月娥", "素珍", "美玉", "银花", "彩云", "惠芬", "雅琴", "佩珍", "根娣", "云仙", "玉兰", "爱珍", "翠英", "宝珠", "静芳", "瑞华"],
        ["芳", "静", "敏", "丽", "艳", "娟", "霞", "燕", "洁", "晓敏", "海燕", "文娟", "丽华", "晓红", "雪梅", "志芳", "慧", "颖", "佳慧", "红梅", "春燕", "雯", "思敏", "立萍"],
        ["欣怡", "雨桐", "梓涵", "诗涵", "一诺", "可馨", "若汐", "语嫣", "思琪", "佳怡", "艺馨", "沐晴", "念安", "知夏", "书瑶", "清妍", "乐怡", "子衿", "星若", "悦", "宁", "岚"],
    ];

    /// <summary>A surname, as frequent as it is.</summary>
    public static string Surname(Random random)
    {
        var at = random.Next(Total);
        foreach (var (name, weight) in Surnames)
        {
            if (at < weight) return name;
            at -= weight;
        }
        return Surnames[0].Name;
    }

    /// <summary>The surname of an invented name; double ones are known.</summary>
    public static string SurnameOf(string name) => Array.Find(Surnames, s => s.Name.Length == 2 && name.StartsWith(s.Name, StringComparison.Ordinal)).Name ?? name[..1];

    /// <summary>A given name of the generation.</summary>
    public static string Given(Random random, Sex sex, int born)
    {
        var names = (sex == Sex.Male ? Men : Women)[born < 1960 ? 0 : born < 1990 ? 1 : 2];
        return names[random.Next(names.Length)];
    }

    /// <summary>Names that break careless software: outside the usual character sets and the first plane, dotted, foreign, of one character twice.</summary>
    public static readonly (string Name, Sex Sex, int Age, IdentifierKind Kind, string? Number)[] Special =
    [
        ("王㛃", Sex.Female, 34, IdentifierKind.CitizenId, null), ("陈䶮", Sex.Male, 41, IdentifierKind.CitizenId, null), ("李喆", Sex.Male, 29, IdentifierKind.CitizenId, null), ("张堃", Sex.Male, 52, IdentifierKind.CitizenId, null),
        ("朱镕之", Sex.Male, 66, IdentifierKind.CitizenId, null), ("杨𬭚", Sex.Male, 37, IdentifierKind.CitizenId, null), ("买买提·吐尔逊", Sex.Male, 45, IdentifierKind.CitizenId, null), ("阿依古丽·艾则孜", Sex.Female, 43, IdentifierKind.CitizenId, null),
        ("巴特尔", Sex.Male, 31, IdentifierKind.CitizenId, null), ("卓玛", Sex.Female, 27, IdentifierKind.CitizenId, null), ("MARIA SCHNEIDER", Sex.Female, 38, IdentifierKind.Passport, "XX0000001"), ("田中 健", Sex.Male, 48, IdentifierKind.Passport, "XX0000002"),
        ("何嘉敏", Sex.Female, 33, IdentifierKind.HongKongMacaoPermit, "H00000001"), ("林柏翰", Sex.Male, 39, IdentifierKind.TaiwanPermit, "00000001"),
    ];
}
