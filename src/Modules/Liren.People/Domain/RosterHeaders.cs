namespace Liren.People.Domain;

/// <summary>Guesses what the columns of a roster hold from their headings, and where those stand.</summary>
internal static class RosterHeaders
{
    /// <summary>Headings are looked for in so many rows; titles and notes stand above them.</summary>
    public const int SearchedRows = 20;

    private static readonly Dictionary<RosterField, string[]> Synonyms = new()
    {
        [RosterField.Name] = ["姓名", "业主姓名", "业主", "住户", "住户姓名", "居民姓名", "产权人", "产权人姓名", "房主", "房主姓名", "人员姓名", "客户名称", "客户姓名", "承租人", "租户姓名", "成员姓名", "家庭成员", "户主姓名", "户主", "名字", "name", "fullname", "residentname"],
        [RosterField.IdKind] = ["证件类型", "证件类别", "证件种类", "证件名称", "idtype", "idkind"],
        [RosterField.IdNumber] = ["身份证号", "身份证号码", "身份证", "公民身份号码", "公民身份证号码", "居民身份证号", "证件号码", "证件号", "有效证件号码", "身份证件号码", "idno", "idnumber", "idcard"],
        [RosterField.Phone] = ["联系电话", "电话", "电话号码", "手机", "手机号", "手机号码", "移动电话", "联系方式", "联系手机", "本人电话", "业主电话", "住户电话", "固定电话", "固话", "座机", "家庭电话", "联系电话1", "联系电话2", "电话1", "电话2", "手机1", "手机2", "phone", "mobile", "tel"],
        [RosterField.Building] = ["楼号", "楼栋", "楼栋号", "幢", "幢号", "栋", "栋号", "楼", "楼幢", "楼幢号", "楼宇", "座", "座号", "楼座", "building"],
        [RosterField.Unit] = ["单元", "单元号", "门", "门号", "门栋", "梯", "unit"],
        [RosterField.Room] = ["房号", "室", "室号", "房间", "房间号", "户号", "房屋号", "房屋编号", "门牌", "门牌号", "房室号", "房产编号", "room", "roomno"],
        [RosterField.Address] = ["地址", "住址", "现住址", "居住地址", "家庭住址", "家庭地址", "房屋地址", "房屋", "房产", "详细地址", "住房地址", "楼室号", "楼栋房号", "address"],
        [RosterField.Relation] = ["关系", "与户主关系", "与业主关系", "家庭关系", "人员类别", "人员类型", "人员性质", "身份", "住户类型", "居住类型", "居住性质", "客户类型", "类别", "居住身份", "relation", "kind"],
        [RosterField.Share] = ["产权份额", "份额", "产权比例", "持有份额", "share"],
        [RosterField.Since] = ["入住日期", "入住时间", "迁入日期", "迁入时间", "起租日期", "租期开始", "交房日期", "收楼日期", "登记日期", "movein", "since"],
        [RosterField.Until] = ["迁出日期", "迁出时间", "搬离日期", "退租日期", "租期结束", "租期至", "到期日期", "moveout", "until"],
        [RosterField.Sex] = ["性别", "sex", "gender"],
        [RosterField.BirthDate] = ["出生日期", "出生年月日", "出生年月", "生日", "birthdate", "birthday", "dateofbirth"],
        [RosterField.Lives] = ["是否居住", "是否常住", "居住状态", "居住情况", "是否在住", "常住", "lives"],
        [RosterField.Tags] = ["标签", "人员标签", "特殊人群", "重点人群", "特殊情况", "关注类别", "tags"],
        [RosterField.Consent] = ["标签同意", "是否同意", "本人同意", "同意", "知情同意", "授权同意", "consent"],
        [RosterField.Ignore] = ["序号", "编号", "no", "id", "备注", "说明", "建筑面积", "面积", "套内面积", "房屋面积", "年龄", "民族", "籍贯", "户籍", "户籍地址", "户籍所在地", "户籍地", "学历", "文化程度", "政治面貌", "婚姻状况", "工作单位", "职业", "小区", "小区名称", "社区", "楼盘", "项目", "车牌", "车牌号", "紧急联系人", "紧急联系人电话", "紧急联系电话", "签名", "填表人", "网格", "网格员", "remark", "remarks", "导入问题", "importproblem"],
    };

    private static readonly Dictionary<string, RosterField> Known = Synonyms.SelectMany(s => s.Value.Select(word => (word, s.Key))).ToDictionary(p => p.word, p => p.Key);

    // For headings that are not known word by word; the first that fits.
    private static readonly (string Part, RosterField Field)[] Parts =
    [
        ("紧急", RosterField.Ignore), ("户籍", RosterField.Ignore), ("单位", RosterField.Ignore), ("面积", RosterField.Ignore), ("备注", RosterField.Ignore), ("证件类", RosterField.IdKind),
        ("身份证", RosterField.IdNumber), ("证件号", RosterField.IdNumber), ("电话", RosterField.Phone), ("手机", RosterField.Phone), ("联系方式", RosterField.Phone), ("出生", RosterField.BirthDate),
        ("性别", RosterField.Sex), ("关系", RosterField.Relation), ("姓名", RosterField.Name), ("入住", RosterField.Since), ("迁入", RosterField.Since), ("起租", RosterField.Since), ("迁出", RosterField.Until), ("搬离", RosterField.Until),
        ("楼栋", RosterField.Building), ("楼号", RosterField.Building), ("单元", RosterField.Unit), ("房号", RosterField.Room), ("室号", RosterField.Room), ("住址", RosterField.Address), ("地址", RosterField.Address), ("标签", RosterField.Tags),
    ];

    /// <summary>What the heading says, or null.</summary>
    public static RosterField? FieldOf(string header)
    {
        var bare = Bare(header);
        if (bare.Length == 0) return null;
        if (Known.TryGetValue(bare, out var field)) return field;
        if (bare.Length > 16) return null;
        return Array.Find(Parts, p => bare.Contains(p.Part, StringComparison.Ordinal)) is { Part: not null } part ? part.Field : null;
    }

    /// <summary>Number of the row with the headings (from 1), or null when no row looks like one.</summary>
    public static int? FindRow(IReadOnlyList<SheetRow> rows)
    {
        var (best, at) = (1, (int?)null);
        foreach (var row in rows.Take(SearchedRows))
        {
            // A merged title repeats itself in every cell of its row.
            var cells = row.Cells.Where(c => c.Length > 0).ToList();
            if (cells.Distinct().Count() < 2) continue;
            var known = cells.Distinct().Count(c => FieldOf(c) is not null);
            // Of two heading rows the lower is the more exact one: 联系方式 above, 手机 and 固话 below.
            if (known > 1 && known >= best) (best, at) = (known, row.Number);
        }
        return at;
    }

    /// <summary>Guesses the whole mapping from headings and values.</summary>
    public static RosterMapping Guess(int headerRow, IReadOnlyList<SheetRow> rows, DateOnly today)
    {
        var header = rows.FirstOrDefault(r => r.Number == headerRow)?.Cells ?? [];
        var data = rows.Where(r => r.Number > headerRow).Take(200).ToList();
        var columns = header.Select((h, i) => new RosterColumn(i, h, FieldOf(h))).ToList();
        for (var i = 0; i < columns.Count; i++)
            if (columns[i].Field is null && ByValues(data, i, today) is { } field && columns.TrueForAll(c => c.Field != field)) columns[i] = columns[i] with { Field = field };
        // Of two columns for one thing the first counts: 户主姓名 beside 姓名 is another person's name.
        var named = columns.Where(c => c.Field == RosterField.Name).OrderBy(c => Bare(c.Header) == "姓名" ? 0 : 1).FirstOrDefault();
        foreach (var field in Enum.GetValues<RosterField>().Where(f => f is not (RosterField.Ignore or RosterField.Phone)))
        {
            var first = field == RosterField.Name ? named : columns.FirstOrDefault(c => c.Field == field);
            for (var i = 0; i < columns.Count; i++) if (columns[i].Field == field && columns[i].Index != first!.Index) columns[i] = columns[i] with { Field = RosterField.Ignore };
        }
        // A room of its own beside the building: the address is the long form of the same.
        if (columns.Exists(c => c.Field == RosterField.Room) && columns.Exists(c => c.Field == RosterField.Building))
            for (var i = 0; i < columns.Count; i++) if (columns[i].Field == RosterField.Address) columns[i] = columns[i] with { Field = RosterField.Ignore };
        var mapping = new RosterMapping { HeaderRow = headerRow, Columns = columns, DefaultKind = Bare(named?.Header ?? "") is var n && (n.StartsWith("业主", StringComparison.Ordinal) || n.StartsWith("产权", StringComparison.Ordinal) || n.StartsWith("房主", StringComparison.Ordinal)) ? OccupancyKind.Owner : OccupancyKind.Family };
        return mapping with { FillDown = LooksFilledDown(mapping, data) };
    }

    // Some, but not all rows with a name have no room: a family stands under its owner.
    private static bool LooksFilledDown(RosterMapping mapping, List<SheetRow> data)
    {
        var room = (mapping.Of(RosterField.Room) ?? mapping.Of(RosterField.Address))?.Index;
        if (room is null || mapping.Of(RosterField.Name)?.Index is not { } name) return false;
        var named = data.Where(r => r.At(name).Length > 0).ToList();
        if (named.Count < 4 || named[0].At(room.Value).Length == 0) return false;
        return named.Count(r => r.At(room.Value).Length == 0) is var empty && empty * 10 >= named.Count && empty * 10 <= named.Count * 9;
    }

    private static RosterField? ByValues(List<SheetRow> data, int column, DateOnly today)
    {
        var values = data.Select(r => r.At(column)).Where(v => v.Length > 0).ToList();
        if (values.Count < 3) return null;
        bool Most(Func<string, bool> like) => values.Count(like) * 10 >= values.Count * 8;
        if (Most(v => CitizenId.Read(v, today).Value is not null)) return RosterField.IdNumber;
        return Most(v => PhoneNumber.Read(v).Value?.IsMobile == true) ? RosterField.Phone : Most(v => v is "男" or "女") ? RosterField.Sex : null;
    }

    // 姓名*, 姓 名, 姓名（必填）, 姓名: are all 姓名.
    private static string Bare(string header)
    {
        var bare = CellText.WithoutBlanks(CellText.Fold(header)).ToLowerInvariant();
        var cut = bare.IndexOf('(', StringComparison.Ordinal);
        if (cut > 0) bare = bare[..cut];
        return bare.Trim('*', ':', '：', '.', '_', '-');
    }
}
