using System.Buffers;
using System.Text;

namespace Liren.People.Domain;

/// <summary>A person's name as the register keeps it (姓名). Counted in runes: rare characters lie outside the first Unicode plane.</summary>
/// <param name="Value">As shown: 张晓敏, 买买提·艾山, John Smith.</param>
internal readonly record struct PersonName(string Value)
{
    /// <summary>Nothing, or a word that stands for nothing (空置, 无).</summary>
    public const string Missing = "people.name-missing";
    /// <summary>Digits in a name.</summary>
    public const string Digits = "people.name-digits";
    /// <summary>Two people in one cell: 张三/李四.</summary>
    public const string TwoPeople = "people.name-two-people";
    /// <summary>A relation instead of a name: 张三的女儿.</summary>
    public const string Relation = "people.name-relation";
    /// <summary>Characters that no name has.</summary>
    public const string Characters = "people.name-characters";
    /// <summary>One character only.</summary>
    public const string TooShort = "people.name-short";
    /// <summary>More than 50 characters.</summary>
    public const string TooLong = "people.name-long";
    /// <summary>Note: only the surname is known: 张先生, 张某, 张*.</summary>
    public const string Incomplete = "people.name-incomplete";

    private static readonly SearchValues<char> Brackets = SearchValues.Create("([【{<《"), Separators = SearchValues.Create("/、;|\\&+\n，；");
    private static readonly string[] Honorifics = ["先生", "女士", "小姐", "太太", "师傅", "老师", "阿姨", "大爷", "大妈", "叔叔", "奶奶", "爷爷", "业主", "住户", "租客", "老板", "同志"];
    private static readonly string[] Relations = ["女儿", "儿子", "妻子", "丈夫", "父亲", "母亲", "爸爸", "妈妈", "爱人", "配偶", "老婆", "老公", "孙子", "孙女", "家属", "亲属", "保姆", "家人", "子女", "父母", "岳父", "岳母", "公公", "婆婆", "哥哥", "姐姐", "弟弟", "妹妹"];
    private static readonly string[] Placeholders = ["无", "空", "空置", "空房", "未知", "不详", "待定", "暂无", "无人", "没有", "未登记", "未售", "业主", "租客", "住户", "本人", "N/A", "NA", "NULL", "NONE", "-", "--", "/", "—"];
    private static readonly string[] DoubleSurnames = ["欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "令狐", "淳于", "轩辕", "呼延", "东郭", "西门"];

    /// <summary>For comparing: without blanks and dots, Latin in upper case.</summary>
    public string Key => string.Concat(Value.Where(c => c is not (' ' or '·'))).ToUpperInvariant();

    /// <summary>Reads a name as written; note <see cref="Incomplete"/> when only the surname is known ("张*").</summary>
    public static Reading<PersonName?> Read(string? text)
    {
        var name = CellText.Fold(text);
        // Remarks after the name: 张三（租户）, 李四【已故】.
        var cut = name.AsSpan().IndexOfAny(Brackets);
        if (cut > 0) name = name[..cut].TrimEnd();
        if (name.Length == 0 || Placeholders.Contains(name.ToUpperInvariant())) return Reading<PersonName?>.Wrong(Missing);
        if (name.Any(c => char.IsAsciiDigit(c))) return Reading<PersonName?>.Wrong(Digits);
        name = string.Concat(name.Select(c => c is '•' or '・' or '‧' or '∙' or '⋅' or '.' ? '·' : c)).Trim('·', ' ');
        if (IsTwoPeople(name)) return Reading<PersonName?>.Wrong(TwoPeople);
        var latin = IsLatin(name);
        name = latin ? string.Join(' ', name.Replace('·', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries)) : CellText.WithoutBlanks(name);
        if (!latin && IsRelation(name)) return Reading<PersonName?>.Wrong(Relation);
        // 张晓敏女士 says everything; 张女士 only the surname.
        if (Array.Find(Honorifics, h => name.EndsWith(h, StringComparison.Ordinal)) is { } title)
            name = name[..^title.Length] is var rest && (rest.EnumerateRunes().Count() == 1 || DoubleSurnames.Contains(rest)) ? rest + "*" : rest;
        if (Surname(name) is { } surname) return surname.EnumerateRunes().All(IsLetter) ? new(new PersonName(surname + "*"), null, Incomplete) : Reading<PersonName?>.Wrong(Characters);
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            length++;
            if (!IsLetter(rune) && rune.Value is not ('·' or ' ' or '-' or '\'' or ',')) return Reading<PersonName?>.Wrong(Characters);
        }
        if (length < 2) return Reading<PersonName?>.Wrong(TooShort);
        return length > 50 ? Reading<PersonName?>.Wrong(TooLong) : new(new PersonName(name));
    }

    /// <summary>Never the name: it would land in a log.</summary>
    public override string ToString() => Value is null ? "" : $"{Value.EnumerateRunes().First()}*";

    private static bool IsTwoPeople(string name)
    {
        if (name.AsSpan().IndexOfAny(Separators) > 0) return true;
        if (!IsLatin(name) && name.Contains(',', StringComparison.Ordinal)) return true;
        // "张三 李四" are two, "张 三" and "欧阳 小英" are one.
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && !IsLatin(name) && words.All(w => w.EnumerateRunes().Count() >= 2) && !DoubleSurnames.Contains(words[0]);
    }

    // 张三之女, 张三的女儿, 王芳母亲; 之 alone stands in many names (王献之).
    private static bool IsRelation(string name) =>
        Array.Exists(Relations, r => name.EndsWith(r, StringComparison.Ordinal)) || name.Contains('的', StringComparison.Ordinal)
        || (name.Length >= 4 && name[^2] == '之' && name[^1] is ('女' or '子' or '妻' or '夫' or '父' or '母'));

    // 张某, 张某某, 张**, 张× → 张; null when the name is whole.
    private static string? Surname(string name)
    {
        var end = name.Length;
        while (end > 0 && (CellText.IsMask(name[end - 1]) || name[end - 1] == '某')) end--;
        return end < name.Length && end > 0 ? name[..end] : null;
    }

    private static bool IsLatin(string name) => name.Any(char.IsAsciiLetter) && !name.Any(c => c >= '\u2E80');

    private static bool IsLetter(Rune rune) => rune.Value is '〇' or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF) or (>= 0xE000 and <= 0xF8FF)
        || (rune.Value < 0x0250 && Rune.IsLetter(rune)) || (rune.Value is >= 0x1E00 and <= 0x1EFF && Rune.IsLetter(rune)) || (rune.Value is >= 0xAC00 and <= 0xD7A3);
}
