using Liren.Contracts.Places;

namespace Liren.People.Domain;

/// <summary>
/// Reads a room (房屋) as written in rosters: 8号楼1单元2602室 = 8-1-2602 = 8#1-2602 = 八号楼一单元二六〇二室 = 8幢1门26层02号. A scanner over
/// tokens "value and marker"; unmarked values fill building, unit and room in order.
/// </summary>
internal static class RoomText
{
    /// <summary>Nothing written.</summary>
    public const string Missing = "people.room-missing";
    /// <summary>Not to be understood.</summary>
    public const string Unreadable = "people.room-unreadable";
    /// <summary>No building in it.</summary>
    public const string NoBuilding = "people.room-no-building";
    /// <summary>No room in it.</summary>
    public const string NoRoom = "people.room-no-room";
    /// <summary>Names another compound than the one imported into.</summary>
    public const string OtherCompound = "people.room-other-compound";

    private enum Mark { None, Dash, Building, Storey, Number, Unit, Layer, Room, Phase, Basement }

    private readonly record struct Token(string Value, Mark Mark);

    // Longest first where one begins another.
    private static readonly (string Text, Mark Mark)[] Markers =
    [
        ("号楼", Mark.Building), ("号栋", Mark.Building), ("号单元", Mark.Unit), ("号门", Mark.Unit), ("号房", Mark.Room), ("号室", Mark.Room), ("单元", Mark.Unit), ("大厦", Mark.Building),
        ("栋楼", Mark.Building), ("栋", Mark.Building), ("幢", Mark.Building), ("棟", Mark.Building), ("座", Mark.Building), ("#楼", Mark.Building), ("#", Mark.Building), ("楼层", Mark.Layer), ("楼", Mark.Storey),
        ("门", Mark.Unit), ("梯", Mark.Unit), ("层", Mark.Layer), ("室", Mark.Room), ("户", Mark.Room), ("房", Mark.Room), ("号", Mark.Number), ("期", Mark.Phase), ("区", Mark.Phase),
    ];

    /// <summary>Reads an address in one text.</summary>
    /// <param name="text">The cell.</param>
    /// <param name="compounds">Names of the compound and what else people call it; may stand before the building.</param>
    public static Reading<RoomName?> Read(string? text, params IReadOnlyCollection<string> compounds)
    {
        var rest = CellText.WithoutBlanks(CellText.Fold(text)).ToUpperInvariant();
        if (rest.Length == 0) return Reading<RoomName?>.Wrong(Missing);
        foreach (var name in compounds.OrderByDescending(c => c.Length))
        {
            var at = rest.IndexOf(name, StringComparison.OrdinalIgnoreCase);
            if (at < 0) continue;
            rest = rest[(at + name.Length)..];
            break;
        }
        if (rest.StartsWith("小区", StringComparison.Ordinal)) rest = rest[2..];
        rest = ChineseNumber.ToDigits(rest);
        if (rest.Contains('弄', StringComparison.Ordinal) || IsForeign(rest)) return Reading<RoomName?>.Wrong(OtherCompound);
        var tokens = new List<Token>(6);
        return Scan(rest, tokens) ? Assign(tokens) : Reading<RoomName?>.Wrong(Unreadable);
    }

    /// <summary>Reads a room from columns of its own; the room's cell may also hold unit and room, or everything.</summary>
    public static Reading<RoomName?> ReadColumns(string? building, string? unit, string? room, params IReadOnlyCollection<string> compounds)
    {
        var (b, u, r) = (Bare(building), Bare(unit), CellText.Fold(room));
        if (b.Length == 0) return Read(r, compounds);
        if (r.Length == 0) return Reading<RoomName?>.Wrong(NoRoom);
        if (u is "0" or "00" or "无" or "-" or "/") u = "";
        var written = u.Length == 0 ? $"{b}号楼{r}" : $"{b}号楼{u}单元{r}";
        var read = Read(written, compounds);
        // The room's cell repeats the building: "8-1-2602" beside a column "8".
        if (read.Value is null && Read(r, compounds) is { Value: { } whole } && whole.Building == TrimZeros(b.ToUpperInvariant())) return new(whole);
        return read;
    }

    /// <summary>
    /// What stands before the building when it is none of the known names: the likely name of the compound ("丁香路1599弄"); null when there is none.
    /// </summary>
    public static string? CompoundIn(string? text)
    {
        var all = CellText.WithoutBlanks(CellText.Fold(text));
        var lane = all.LastIndexOf('弄');
        if (lane > 0) return all[..(lane + 1)];
        var end = 0;
        while (end < all.Length && !char.IsAsciiLetterOrDigit(all[end]) && !ChineseNumber.IsNumeral(all[end])) end++;
        return end >= 2 ? all[..end] : null;
    }

    // A name of two or more Han characters before the first value: another compound. 北1区 and 甲单元 are no names.
    private static bool IsForeign(string text)
    {
        var end = 0;
        while (end < text.Length && text[end] >= '\u2E80' && !IsLetterLike(text, end) && !text.AsSpan(end).StartsWith("地下") && text[end] != '负') end++;
        return end >= 2;
    }

    private static bool Scan(string text, List<Token> tokens)
    {
        for (var i = 0; i < text.Length;)
        {
            if (text[i] is '-' or '—' or '–' or '/' or '.' or ',' or '、' or '~' or '_' || text.AsSpan(i).StartsWith("号院")) { i++; continue; }
            if (text.AsSpan(i).StartsWith("地下") || text[i] == '负')
            {
                i += text[i] == '负' ? 1 : 2;
                if (i < text.Length && text[i] == '室') i++;
                tokens.Add(new("", Mark.Basement));
                continue;
            }
            var start = i;
            if (char.IsAsciiLetterOrDigit(text[i])) while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || (i > start && IsStem(text[i]) && !IsLetterLike(text, i)))) i++;
            else if (IsLetterLike(text, i)) { i++; while (i < text.Length && char.IsAsciiDigit(text[i])) i++; }
            else return false;
            var value = text[start..i];
            var marker = Array.Find(Markers, m => text.AsSpan(i).StartsWith(m.Text));
            i += marker.Text?.Length ?? 0;
            tokens.Add(new(value, marker.Text is not null ? marker.Mark : i < text.Length ? Mark.Dash : Mark.None));
        }
        return tokens.Count > 0;
    }

    private static bool IsStem(char c) => c is '甲' or '乙' or '丙' or '丁' or '戊' or '己' or '庚' or '辛';

    // A stem or a direction that is itself the value: 甲单元, 东座, 北1区.
    private static bool IsLetterLike(string text, int at) =>
        (IsStem(text[at]) || text[at] is '东' or '南' or '西' or '北' or '中') && at + 1 < text.Length
        && (char.IsAsciiDigit(text[at + 1]) || Array.Exists(Markers, m => text.AsSpan(at + 1).StartsWith(m.Text)));

    private static Reading<RoomName?> Assign(List<Token> tokens)
    {
        string? building = null, unit = null, floor = null, room = null;
        var (phase, basement) = ("", false);
        var bare = new List<string>(4);
        for (var i = 0; i < tokens.Count; i++)
        {
            var (value, mark) = tokens[i];
            switch (mark)
            {
                case Mark.Phase: phase = value + (value.All(char.IsAsciiDigit) ? "期" : "区"); break;
                case Mark.Basement: basement = true; break;
                case Mark.Building when building is null: building = value; break;
                // 3号楼B座1201: the block inside a building divides it like a unit.
                case Mark.Building when unit is null: unit = value; break;
                case Mark.Unit when unit is null: unit = value; break;
                case Mark.Layer: floor = value; break;
                // 8楼 is a building when a unit or a room of another floor follows, else a floor.
                case Mark.Storey when building is null && IsBuilding(tokens, i): building = value; break;
                case Mark.Storey: floor = value; break;
                // 12号 is a building before a unit or a room, a door after them.
                case Mark.Number when building is null && bare.Count == 0 && i + 1 < tokens.Count: building = value; break;
                case Mark.Number or Mark.Room: room = room is null ? value : null; break;
                case Mark.Building or Mark.Unit: return Reading<RoomName?>.Wrong(Unreadable);
                default: bare.Add(value); break;
            }
        }
        if (building is null && bare.Count > (floor is null ? 0 : 1)) { building = bare[0]; bare.RemoveAt(0); }
        if (building is null) return Reading<RoomName?>.Wrong(NoBuilding);
        if (!Place(bare, ref unit, ref room, ref basement, ref floor)) return Reading<RoomName?>.Wrong(room is null && bare.Count == 0 ? NoRoom : Unreadable);
        if (basement) room = $"B{(floor ?? "1").TrimStart('B')}-{TrimZeros(room!)}";
        else if (floor is not null) room = room!.Length > 2 && room.StartsWith(TrimZeros(floor), StringComparison.Ordinal) ? room : TrimZeros(floor) + room.PadLeft(2, '0');
        else room = TrimZeros(room!);
        return Limited(new RoomName(phase + TrimZeros(building), unit is null or "0" or "00" ? null : TrimZeros(unit), room));
    }

    // Unmarked values behind the building: room; unit and room; basement and room; room and part of a split home.
    private static bool Place(List<string> bare, ref string? unit, ref string? room, ref bool basement, ref string? floor)
    {
        if (bare.Count > 0 && bare[0].Length == 2 && bare[0][0] == 'B' && char.IsAsciiDigit(bare[0][1]) && bare.Count + (room is null ? 0 : 1) == 2)
        {
            (basement, floor) = (true, bare[0][1..]);
            bare.RemoveAt(0);
        }
        if (room is not null)
        {
            if (bare.Count == 1 && unit is null) { unit = bare[0]; return true; }
            return bare.Count == 0;
        }
        switch (bare.Count)
        {
            case 1: room = bare[0]; return true;
            case 2 when bare[0].Length >= 3 && bare[1].Length <= 2: room = $"{TrimZeros(bare[0])}-{bare[1]}"; return true;
            case 2 when unit is null: (unit, room) = (bare[0], bare[1]); return true;
            case 3 when unit is null && bare[2].Length <= 2: (unit, room) = (bare[0], $"{TrimZeros(bare[1])}-{bare[2]}"); return true;
            default: return false;
        }
    }

    private static bool IsBuilding(List<Token> tokens, int at)
    {
        if (at + 1 >= tokens.Count) return false;
        var (value, mark) = tokens[at + 1];
        if (mark is Mark.Unit or Mark.Layer or Mark.Basement or Mark.Storey) return true;
        if (mark == Mark.Dash) return true;
        // 8楼1203 is on another floor; 8楼803 is on the eighth.
        return value.Length >= 3 && TrimZeros(value)[..^2] != TrimZeros(tokens[at].Value);
    }

    private static Reading<RoomName?> Limited(RoomName room) =>
        room.Building.Length <= 12 && (room.Unit?.Length ?? 0) <= 6 && room.Room.Length <= 10 ? new(room) : Reading<RoomName?>.Wrong(Unreadable);

    // "8号楼" → "8", "1单元" → "1": the column says what it is.
    private static string Bare(string? text)
    {
        var bare = CellText.WithoutBlanks(CellText.Fold(text));
        var marker = Array.Find(Markers, m => bare.Length > m.Text.Length && bare.EndsWith(m.Text, StringComparison.Ordinal));
        return marker.Text is null || marker.Mark == Mark.Phase ? bare : bare[..^marker.Text.Length];
    }

    private static string TrimZeros(string value)
    {
        var trimmed = value.TrimStart('0');
        return trimmed.Length == 0 || !char.IsAsciiLetterOrDigit(trimmed[0]) ? value : trimmed;
    }
}
