namespace Liren.People.Domain;

/// <summary>What a roster says about somebody's place in the home.</summary>
/// <param name="Kind">In what capacity, when the word says so.</param>
/// <param name="Relation">Relation to the head, when the word says so.</param>
/// <param name="IsHead">户主.</param>
internal readonly record struct RosterRole(OccupancyKind? Kind, Relation? Relation = null, bool IsHead = false);

/// <summary>The words rosters use: relations, sexes, kinds of documents, yes and no.</summary>
internal static class RosterWords
{
    private static readonly Dictionary<string, RosterRole> Roles = new(
        from pair in new (RosterRole Role, string[] Words)[]
        {
            (new(OccupancyKind.Owner), ["业主", "产权人", "房主", "房东", "业主本人", "owner"]),
            (new(OccupancyKind.CoOwner), ["共有人", "共有产权人", "共有业主", "产权共有人", "co-owner", "coowner"]),
            (new(OccupancyKind.Tenant), ["租户", "租客", "承租人", "承租", "租住", "租赁户", "合租", "tenant"]),
            (new(OccupancyKind.Family), ["家属", "家庭成员", "亲属", "家人", "同住人", "同住", "住户", "居民", "family"]),
            (new(null, null, true), ["户主", "本人", "本人或户主", "head"]),
            (new(OccupancyKind.Family, Relation.Spouse), ["配偶", "妻", "夫", "妻子", "丈夫", "爱人", "夫妻", "spouse", "wife", "husband"]),
            (new(OccupancyKind.Family, Relation.Child), ["子", "女", "儿子", "女儿", "子女", "长子", "次子", "三子", "长女", "次女", "三女", "独生子", "独生女", "儿媳", "女婿", "养子", "养女", "child", "son", "daughter"]),
            (new(OccupancyKind.Family, Relation.Parent), ["父", "母", "父亲", "母亲", "父母", "岳父", "岳母", "公公", "婆婆", "parent", "father", "mother"]),
            (new(OccupancyKind.Family, Relation.Sibling), ["兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹", "兄弟", "姐妹", "兄弟姐妹", "sibling"]),
            (new(OccupancyKind.Family, Relation.Grandchild), ["孙子", "孙女", "外孙", "外孙女", "孙", "重孙", "grandchild"]),
            (new(OccupancyKind.Family, Relation.Grandparent), ["祖父", "祖母", "爷爷", "奶奶", "外公", "外婆", "姥姥", "姥爷", "祖父母", "grandparent"]),
            (new(OccupancyKind.Family, Relation.Other), ["其他", "其它", "其他亲属", "非亲属", "侄子", "侄女", "外甥", "外甥女", "other"]),
            (new(OccupancyKind.Carer), ["保姆", "护工", "月嫂", "住家阿姨", "照护人员", "carer", "nanny"]),
            (new(OccupancyKind.Staff), ["员工", "店员", "职工", "工作人员", "staff"]),
        }
        from word in pair.Words
        select KeyValuePair.Create(word, pair.Role));

    private static readonly Dictionary<string, IdentifierKind> Documents = new(
        from pair in new (IdentifierKind Kind, string[] Words)[]
        {
            (IdentifierKind.CitizenId, ["身份证", "居民身份证", "二代身份证", "中华人民共和国居民身份证", "户口簿", "户口本", "临时身份证", "citizenid"]),
            (IdentifierKind.ResidencePermit, ["港澳台居民居住证", "港澳居民居住证", "台湾居民居住证", "居住证", "residencepermit"]),
            (IdentifierKind.HongKongMacaoPermit, ["港澳居民来往内地通行证", "港澳通行证", "回乡证", "hongkongmacaopermit"]),
            (IdentifierKind.TaiwanPermit, ["台湾居民来往大陆通行证", "台胞证", "台湾通行证", "taiwanpermit"]),
            (IdentifierKind.ForeignerPermit, ["外国人永久居留身份证", "外国人永久居留证", "永久居留证", "foreignerpermit"]),
            (IdentifierKind.Passport, ["护照", "中国护照", "外国护照", "passport"]),
        }
        from word in pair.Words
        select KeyValuePair.Create(word, pair.Kind));

    /// <summary>Words of relations, for the template's sheet of allowed values.</summary>
    public static IEnumerable<string> RoleWords => Roles.Keys.Where(w => !char.IsAscii(w[0]));

    /// <summary>Words of documents, for the same.</summary>
    public static IEnumerable<string> DocumentWords => Documents.Keys.Where(w => !char.IsAscii(w[0]));

    /// <summary>业主, 租户, 妻, 长子 ...; "业主/户主" says both. Null when a word is unknown.</summary>
    public static RosterRole? RoleOf(string text)
    {
        var all = new RosterRole(null);
        foreach (var word in CellText.WithoutBlanks(text).ToLowerInvariant().Split(['/', '、', ',', '(', ')', '+'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Roles.TryGetValue(word, out var role)) return null;
            all = new(all.Kind ?? role.Kind, all.Relation ?? role.Relation, all.IsHead || role.IsHead);
        }
        return all;
    }

    /// <summary>身份证, 护照 ...; null when unknown.</summary>
    public static IdentifierKind? DocumentOf(string text) => Documents.TryGetValue(CellText.WithoutBlanks(text).ToLowerInvariant(), out var kind) ? kind : null;

    /// <summary>男, 女; null when it is neither.</summary>
    public static Sex? SexOf(string text) => text.ToLowerInvariant() switch { "男" or "男性" or "m" or "male" or "1" => Sex.Male, "女" or "女性" or "f" or "female" or "2" => Sex.Female, _ => null };

    /// <summary>是, 常住, 自住 ... or 否, 出租, 空置 ...; null when it is neither.</summary>
    public static bool? LivesOf(string text) => text.ToLowerInvariant() switch
    {
        "是" or "常住" or "自住" or "居住" or "在住" or "入住" or "1" or "y" or "yes" or "true" or "√" => true,
        "否" or "不住" or "出租" or "空置" or "空关" or "不在住" or "未入住" or "不常住" or "0" or "n" or "no" or "false" or "×" => false,
        _ => null,
    };

    /// <summary>By what means somebody agreed: "paper", "spoken", "online"; "" when they did not, null when the text says neither.</summary>
    public static string? ConsentOf(string text) => text.ToLowerInvariant() switch
    {
        "同意" or "是" or "已同意" or "书面" or "书面同意" or "已签" or "已签字" or "y" or "yes" or "1" or "√" or "paper" => "paper",
        "口头" or "口头同意" or "spoken" => "spoken",
        "线上" or "线上同意" or "网上" or "online" => "online",
        "" or "否" or "不同意" or "未同意" or "n" or "no" or "0" or "×" => "",
        _ => null,
    };
}
