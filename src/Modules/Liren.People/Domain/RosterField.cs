namespace Liren.People.Domain;

/// <summary>What a column of a roster (台账) holds.</summary>
internal enum RosterField
{
    /// <summary>Left out on purpose: 序号, 备注.</summary>
    Ignore,
    /// <summary>姓名.</summary>
    Name,
    /// <summary>证件类型.</summary>
    IdKind,
    /// <summary>证件号码.</summary>
    IdNumber,
    /// <summary>联系电话; several columns may hold one.</summary>
    Phone,
    /// <summary>楼号.</summary>
    Building,
    /// <summary>单元.</summary>
    Unit,
    /// <summary>房号.</summary>
    Room,
    /// <summary>地址: building, unit and room in one.</summary>
    Address,
    /// <summary>人员类别 or 与户主关系: owner, tenant, head, wife, son ...</summary>
    Relation,
    /// <summary>产权份额.</summary>
    Share,
    /// <summary>入住日期.</summary>
    Since,
    /// <summary>迁出日期.</summary>
    Until,
    /// <summary>性别.</summary>
    Sex,
    /// <summary>出生日期.</summary>
    BirthDate,
    /// <summary>是否居住.</summary>
    Lives,
    /// <summary>标签.</summary>
    Tags,
    /// <summary>标签同意.</summary>
    Consent,
}

/// <summary>A column of a sheet and what it holds; null when neither mapped nor left out.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Header">As written.</param>
/// <param name="Field">What it holds.</param>
internal sealed record RosterColumn(int Index, string Header, RosterField? Field)
{
    /// <summary>A, B ... Z, AA: what a spreadsheet calls it.</summary>
    public string Letter => LetterOf(Index);

    /// <summary>Letter of a column from its index.</summary>
    public static string LetterOf(int index) => index < 26 ? ((char)('A' + index)).ToString() : LetterOf((index / 26) - 1) + (char)('A' + (index % 26));
}

/// <summary>How one sheet is read (列对应).</summary>
internal sealed record RosterMapping
{
    /// <summary>Row with the headings, from 1.</summary>
    public required int HeaderRow { get; init; }
    public required IReadOnlyList<RosterColumn> Columns { get; init; }
    /// <summary>Capacity of people whose row says none.</summary>
    public OccupancyKind DefaultKind { get; init; } = OccupancyKind.Family;
    /// <summary>Rows without a room belong to the room above: families under their owner.</summary>
    public bool FillDown { get; init; }
    /// <summary>Rooms that the register lacks are made.</summary>
    public bool MakeRooms { get; init; } = true;
    /// <summary>What else the compound is called in addresses ("丁香路1599弄").</summary>
    public IReadOnlyList<string> CompoundNames { get; init; } = [];

    /// <summary>Columns nobody has decided about.</summary>
    public IEnumerable<RosterColumn> Undecided => Columns.Where(c => c.Field is null && c.Header.Length > 0);

    public RosterColumn? Of(RosterField field) => Columns.FirstOrDefault(c => c.Field == field);

    public bool Has(RosterField field) => Of(field) is not null;
}
