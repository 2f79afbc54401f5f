namespace Liren.People.Domain;

/// <summary>Understands the rows of a roster by its mapping: every cell is read by its own rule, and every fault is noted with its place.</summary>
internal sealed class RosterReader
{
    /// <summary>A cell holds an error of the spreadsheet: #REF!, #N/A.</summary>
    public const string CellError = "people.cell-error";
    /// <summary>More cells than headings.</summary>
    public const string TooManyCells = "people.row-cells";
    /// <summary>Note: the room was taken from the row above.</summary>
    public const string RoomFromAbove = "people.room-from-above";
    /// <summary>Note: the row is the example of the template.</summary>
    public const string Example = "people.row-example";

    /// <summary>Name in the template's example row; no one is called so.</summary>
    public const string ExampleName = "示例（请删除本行）";

    private static readonly string[] Totals = ["合计", "小计", "总计", "共计", "汇总", "累计", "本页小计", "total"];
    private static readonly string[] Footers = ["填表", "制表", "审核", "说明", "备注", "注:", "注：", "打印", "导出", "单位负责人", "第"];
    private static readonly string[] Errors = ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"];

    private readonly RosterMapping mapping;
    private readonly bool mayTag;
    private readonly DateOnly today;
    private readonly string[] compounds;
    private readonly IReadOnlySet<string> tagCodes;
    private readonly IReadOnlyDictionary<string, string> tagNames;
    private readonly RosterColumn? name, idKind, idNumber, building, unit, room, address, relation, share, since, until, sex, birth, lives, tags, consent;
    private readonly RosterColumn[] phones;
    private (string Building, string Unit, string Room, string Address) above;

    /// <param name="mapping">What the columns hold.</param>
    /// <param name="compound">Name of the compound.</param>
    /// <param name="tagKinds">Kinds of tags.</param>
    /// <param name="mayTag">Whoever imports may write tags.</param>
    /// <param name="today">The day.</param>
    public RosterReader(RosterMapping mapping, string compound, IReadOnlyCollection<TagKind> tagKinds, bool mayTag, DateOnly today)
    {
        (this.mapping, this.mayTag, this.today) = (mapping, mayTag, today);
        compounds = [compound, .. mapping.CompoundNames];
        tagCodes = tagKinds.Select(t => t.Code).ToHashSet();
        tagNames = tagKinds.SelectMany(t => new[] { (t.NameZh, t.Code), (t.NameEn.ToLowerInvariant(), t.Code) }).GroupBy(t => t.Item1).ToDictionary(g => g.Key, g => g.First().Code);
        (name, idKind, idNumber) = (mapping.Of(RosterField.Name), mapping.Of(RosterField.IdKind), mapping.Of(RosterField.IdNumber));
        (building, unit, room, address) = (mapping.Of(RosterField.Building), mapping.Of(RosterField.Unit), mapping.Of(RosterField.Room), mapping.Of(RosterField.Address));
        (relation, share, since, until) = (mapping.Of(RosterField.Relation), mapping.Of(RosterField.Share), mapping.Of(RosterField.Since), mapping.Of(RosterField.Until));
        (sex, birth, lives, tags, consent) = (mapping.Of(RosterField.Sex), mapping.Of(RosterField.BirthDate), mapping.Of(RosterField.Lives), mapping.Of(RosterField.Tags), mapping.Of(RosterField.Consent));
        phones = [.. mapping.Columns.Where(c => c.Field == RosterField.Phone)];
    }

    /// <summary>Reads the rows below the headings, in order. Empty rows, totals, repeated headings and the template's example are passed over.</summary>
    public IEnumerable<RosterRow> ReadAll(IEnumerable<SheetRow> rows)
    {
        foreach (var row in rows.Where(r => r.Number > mapping.HeaderRow))
            if (!Passes(row)) yield return Read(row);
    }

    private bool Passes(SheetRow row)
    {
        if (row.Problem is not null) return false;
        if (row.IsEmpty || At(row, name) == CellText.Fold(ExampleName)) return true;
        var filled = row.Cells.Where(c => c.Length > 0).Distinct().ToList();
        if (filled.Exists(c => Totals.Contains(CellText.WithoutBlanks(c).TrimEnd(':').ToLowerInvariant()))) return true;
        if (filled.Count == 1 && Array.Exists(Footers, f => filled[0].StartsWith(f, StringComparison.Ordinal))) return true;
        return filled.Count > 1 && mapping.Columns.All(c => c.Header.Length == 0 || row.At(c.Index) == CellText.Fold(c.Header));
    }

    private RosterRow Read(SheetRow sheet)
    {
        var row = new RosterRow(sheet.Number);
        if (sheet.Problem is not null)
        {
            row.Problems.Add(new(row.Number, null, null, sheet.Problem));
            return row;
        }
        if (sheet.Cells.Length > mapping.Columns.Count && sheet.Cells.Skip(mapping.Columns.Count).Any(c => c.Length > 0)) row.Problems.Add(new(row.Number, null, null, TooManyCells));
        foreach (var column in mapping.Columns)
            if (column.Field is not (null or RosterField.Ignore) && Errors.Contains(sheet.At(column.Index).ToUpperInvariant())) Wrong(row, sheet, column, CellError);
        // A formula that failed says nothing about the person: its own reason is enough.
        if (!row.IsGood) return row;
        ReadName(row, sheet);
        ReadDocument(row, sheet);
        ReadPhones(row, sheet);
        ReadRoom(row, sheet);
        ReadTie(row, sheet);
        ReadPerson(row, sheet);
        ReadTags(row, sheet);
        CheckHandle(row, sheet);
        row.Understood();
        return row;
    }

    private void ReadName(RosterRow row, SheetRow sheet)
    {
        var read = PersonName.Read(At(sheet, name));
        if (read.Problem is not null) Wrong(row, sheet, name, read.Problem);
        row.Name = read.Value ?? default;
        row.NameIncomplete = read.Note == PersonName.Incomplete;
        if (row.NameIncomplete) Note(row, sheet, name, PersonName.Incomplete);
    }

    private void ReadDocument(RosterRow row, SheetRow sheet)
    {
        var (text, kind) = (At(sheet, idNumber), At(sheet, idKind));
        if (text.Length == 0 || text is "无" or "-" or "/") return;
        var stated = kind.Length == 0 ? null : RosterWords.DocumentOf(kind);
        if (kind.Length > 0 && stated is null)
        {
            Wrong(row, sheet, idKind, "people.id-kind-unknown");
            return;
        }
        var read = DocumentNumber.Read(stated, text, today);
        if (read.Problem == CitizenId.Masked) Note(row, sheet, idNumber, CitizenId.Masked);
        else if (read.Problem is not null) Wrong(row, sheet, idNumber, read.Problem);
        if (read.Value is not { } document) return;
        (row.IdKind, row.IdNumber) = (document.Kind, document.Number);
        if (read.Note is not null) Note(row, sheet, idNumber, read.Note);
        if (document.Citizen is { } id) (row.Sex, row.BirthDate) = (id.IsMale ? Sex.Male : Sex.Female, id.Birth);
    }

    private void ReadPhones(RosterRow row, SheetRow sheet)
    {
        var all = new List<PhoneNumber>(phones.Length);
        foreach (var column in phones)
        {
            var text = At(sheet, column);
            if (text is "无" or "-" or "/") continue;
            var read = PhoneNumber.ReadAll(text);
            if (read.Problem is not null) Wrong(row, sheet, column, read.Problem);
            if (read.Note is not null) Note(row, sheet, column, read.Note);
            all.AddRange((read.Value ?? []).Where(n => !all.Contains(n)));
        }
        if (all.Count > PhoneNumber.Most) Wrong(row, sheet, phones[^1], PhoneNumber.TooMany);
        row.Phones = all;
    }

    private void ReadRoom(RosterRow row, SheetRow sheet)
    {
        (string Building, string Unit, string Room, string Address) here = (At(sheet, building), At(sheet, unit), At(sheet, room), At(sheet, address));
        if (mapping.FillDown)
        {
            if (here is ("", "", "", "") && above is not ("", "", "", ""))
            {
                here = above;
                Note(row, sheet, room ?? address ?? building, RoomFromAbove);
            }
            else if (here.Building.Length == 0 && here.Room.Length > 0 && building is not null) here = here with { Building = above.Building ?? "", Unit = here.Unit.Length == 0 ? above.Unit ?? "" : here.Unit };
            above = here;
        }
        var read = here is { Address.Length: > 0, Room.Length: 0 } ? RoomText.Read(here.Address, compounds) : RoomText.ReadColumns(here.Building, here.Unit, here.Room, compounds);
        var whole = here.Address.Length > 0 && here.Room.Length == 0;
        if (read.Problem is not null) Wrong(row, sheet, whole ? address : read.Problem == RoomText.NoBuilding ? building ?? room : room ?? address, read.Problem);
        row.Room = read.Value ?? default;
    }

    private void ReadTie(RosterRow row, SheetRow sheet)
    {
        if (At(sheet, relation) is { Length: > 0 } said)
        {
            if (RosterWords.RoleOf(said) is { } role) (row.Kind, row.Relation, row.IsHead) = (role.Kind, role.Relation, role.IsHead);
            else Wrong(row, sheet, relation, "people.relation-unknown");
        }
        // A head whose capacity nobody has written down holds the home, unless the mapping says otherwise.
        if (row.IsHead && row.Kind is null) row.Kind = mapping.DefaultKind == OccupancyKind.Family ? OccupancyKind.Owner : mapping.DefaultKind;
        if (At(sheet, share) is { Length: > 0 } part)
        {
            row.Share = Share.Parse(part);
            if (row.Share is null) Wrong(row, sheet, share, "people.share-shape");
            else if ((row.Kind ?? mapping.DefaultKind) is not (OccupancyKind.Owner or OccupancyKind.CoOwner)) Wrong(row, sheet, share, "people.share-owner");
        }
        row.Since = Date(row, sheet, since);
        row.Until = Date(row, sheet, until);
        if (row.Since < new DateOnly(1900, 1, 1)) Wrong(row, sheet, since, DateText.Shape);
        if (row.Since > today) Wrong(row, sheet, since, "people.since-future");
        if (row.Until < row.Since) Wrong(row, sheet, until, "people.until-before-since");
        if (row.Until > today) { Note(row, sheet, until, "people.until-future"); row.Until = null; }
        if (At(sheet, lives) is { Length: > 0 } living)
        {
            row.Lives = RosterWords.LivesOf(living);
            if (row.Lives is null) Wrong(row, sheet, lives, "people.lives-unknown");
        }
    }

    private void ReadPerson(RosterRow row, SheetRow sheet)
    {
        if (At(sheet, sex) is { Length: > 0 } said)
        {
            var stated = RosterWords.SexOf(said);
            if (stated is null) Wrong(row, sheet, sex, "people.sex-unknown");
            else if (row.Sex is not null && row.Sex != stated) Wrong(row, sheet, sex, "people.id-sex-differs");
            row.Sex ??= stated;
        }
        var born = Date(row, sheet, birth);
        if (born is null) return;
        if (born > today) Wrong(row, sheet, birth, "people.birth-future");
        else if (born < today.AddYears(-130)) Wrong(row, sheet, birth, "people.birth-age");
        else if (row.BirthDate is not null && row.BirthDate != born && !(row.Notes.Exists(n => n.Column == birth && n.Code == DateText.MonthOnly) && (row.BirthDate.Value.Year, row.BirthDate.Value.Month) == (born.Value.Year, born.Value.Month))) Wrong(row, sheet, birth, "people.id-birth-differs");
        row.BirthDate ??= born;
    }

    private void ReadTags(RosterRow row, SheetRow sheet)
    {
        var said = At(sheet, tags);
        if (said.Length == 0 || said is "无" or "-" or "/") return;
        if (!mayTag)
        {
            Wrong(row, sheet, tags, "people.tag-not-allowed");
            return;
        }
        var codes = new List<string>();
        foreach (var word in said.Split(['、', ',', '，', ';', '；', '/', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (tagCodes.Contains(word)) codes.Add(word);
            else if (tagNames.TryGetValue(word.ToLowerInvariant(), out var code)) codes.Add(code);
            else { Wrong(row, sheet, tags, "people.tag-unknown"); return; }
        }
        row.Tags = [.. codes.Distinct()];
        var means = RosterWords.ConsentOf(At(sheet, consent));
        if (consent is null) Wrong(row, sheet, tags, "people.tag-no-consent-column");
        else if (means is null) Wrong(row, sheet, consent, "people.consent-unknown");
        else if (means.Length == 0) Wrong(row, sheet, consent, "people.tag-no-consent");
        else if (row.BirthDate is { } birthDate && Days.Age(birthDate, today) < 14) Wrong(row, sheet, tags, "people.consent-guardian");
        row.ConsentMeans = means;
    }

    // Without a number of its own, a masked number or half a name does not tell who is meant.
    private void CheckHandle(RosterRow row, SheetRow sheet)
    {
        if (row.IdNumber is not null || row.Phones.Count > 0 || !row.IsGood) return;
        if (row.Notes.Exists(n => n.Code == CitizenId.Masked)) Wrong(row, sheet, idNumber, "people.id-masked-alone");
        else if (row.NameIncomplete) Wrong(row, sheet, name, "people.name-incomplete-alone");
    }

    private DateOnly? Date(RosterRow row, SheetRow sheet, RosterColumn? column)
    {
        var read = DateText.Read(At(sheet, column));
        if (read.Problem is not null) Wrong(row, sheet, column, read.Problem);
        if (read.Note is not null) Note(row, sheet, column, read.Note);
        return read.Value;
    }

    private static string At(SheetRow sheet, RosterColumn? column) => column is null ? "" : sheet.At(column.Index);

    private static void Wrong(RosterRow row, SheetRow sheet, RosterColumn? column, string code) => row.Problems.Add(Problem(row, sheet, column, code));

    private static void Note(RosterRow row, SheetRow sheet, RosterColumn? column, string code) => row.Notes.Add(Problem(row, sheet, column, code));

    private static RosterProblem Problem(RosterRow row, SheetRow sheet, RosterColumn? column, string code) =>
        new(row.Number, column, column is null ? null : RosterRow.Masked(column.Field, sheet.At(column.Index)), code);
}
