using System.Runtime.InteropServices;
using System.Text;

namespace Liren.Places.Domain;

/// <summary>A row that was not taken.</summary>
/// <param name="Row">Number of the row in the file, from 1, the header counted.</param>
/// <param name="Column">code, name or parent.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Reason">Text key of the sentence.</param>
/// <param name="Args">Arguments of the sentence.</param>
internal sealed record DivisionRefusal(int Row, string Column, string Value, string Reason, params object[] Args);

/// <summary>One division as a sheet gives it, checked.</summary>
/// <param name="Code">With its level.</param>
/// <param name="Name">As written.</param>
/// <param name="Filled">True for a level of zeros that no row names.</param>
internal readonly record struct DivisionEntry(DivisionCode Code, string Name, bool Filled = false);

/// <summary>
/// A table of divisions while it is being read: rows go in one by one, in any order; what comes out is one entry for each division, parents
/// first, and a refusal for each row that cannot be taken. Knows nothing of files and databases.
/// </summary>
internal sealed class DivisionSheet
{
    /// <summary>Longest name taken; the longest of the national table has 33 characters.</summary>
    public const int MaxNameLength = 60;

    /// <param name="Code">With its level.</param>
    /// <param name="Row">In the file.</param>
    /// <param name="Name">As it stands there.</param>
    /// <param name="Written">Level of the length in which the code is written.</param>
    /// <param name="ParentWritten">The same of the parent; 0 when the row names none.</param>
    private readonly record struct Line(DivisionCode Code, int Row, string Name, byte Written, byte ParentWritten);

    private readonly List<Line> lines = [];
    private readonly List<DivisionRefusal> refusals = [];
    private bool sorted;

    /// <summary>Rows added, refused ones included.</summary>
    public int Read { get; private set; }

    /// <summary>Rows that cannot be taken, in order of the file once settled.</summary>
    public IReadOnlyList<DivisionRefusal> Refusals => refusals;

    /// <summary>Adds one row; <paramref name="parent"/> is empty when the sheet does not name it.</summary>
    public void Add(int row, ReadOnlySpan<char> code, ReadOnlySpan<char> name, ReadOnlySpan<char> parent)
    {
        Read++;
        if (!DivisionCode.TryRead(code, out var division, out var written)) Refuse(row, "code", code, code.IsEmpty ? "places.division.no-code" : "places.division.bad-code");
        // 10 and 86 stand for the country, which is not a division of itself.
        else if (!division.IsInProvince) Refuse(row, "code", code, "places.division.no-province", division.Written(1));
        else if (name.IsEmpty) Refuse(row, "name", name, "places.division.no-name", division.Written(written));
        else if (name.Length > MaxNameLength) Refuse(row, "name", name, "places.division.long-name", name.Length, MaxNameLength);
        else if (!IsReadable(name)) Refuse(row, "name", name, "places.division.unreadable-name");
        else if (Place(row, ref division, written, parent) is { } parentWritten) lines.Add(new(division, row, name.ToString(), (byte)written, parentWritten));
    }

    /// <summary>Adds a row that cannot be cut into cells.</summary>
    public void AddBroken(int row, ReadOnlySpan<char> line, string reason)
    {
        Read++;
        Refuse(row, "row", line, reason);
    }

    /// <summary>The divisions that rows need above them and the sheet itself does not have: to be looked up before <see cref="Settle"/>.</summary>
    public IReadOnlyList<DivisionCode> MissingParents()
    {
        Sort();
        var present = lines.Where(l => l.Code.Level < 5).Select(l => l.Code).ToHashSet();
        var missing = new HashSet<DivisionCode>();
        foreach (var line in lines)
            for (var above = line.Code.Parent; above.Level > 0 && !present.Contains(above) && missing.Add(above); above = above.Parent) { }
        return [.. missing];
    }

    /// <summary>
    /// Settles what can be told only once all rows are known: duplicates and orphans. The parent of each entry is an earlier entry or known.
    /// A level of zeros that no row names (a table that puts streets right below a city without districts) is filled in with the name of the
    /// division above it, so that every path has its parent.
    /// </summary>
    /// <param name="known">Those of <see cref="MissingParents"/> that exist already, with their names.</param>
    public List<DivisionEntry> Settle(IReadOnlyDictionary<DivisionCode, string> known)
    {
        Sort();
        var tree = new Tree(known, lines.Count);
        Line? taken = null;
        foreach (var line in lines)
        {
            if (taken is { } first && first.Code == line.Code)
                refusals.Add(new(line.Row, "code", line.Code.Written(line.Written), "places.division.duplicate", first.Row));
            else if (tree.Add(line.Code, line.Name))
                taken = line;
            else
                refusals.Add(line.ParentWritten > 0
                    ? new(line.Row, "parent", line.Code.Parent.Written(line.ParentWritten), "places.division.orphan", line.Code.Parent.ToString())
                    : new(line.Row, "code", line.Code.Written(line.Written), "places.division.orphan", line.Code.Parent.ToString()));
        }
        lines.Clear();
        refusals.Sort((a, b) => a.Row.CompareTo(b.Row));
        return tree.Entries;
    }

    /// <summary>Takes divisions in order of their codes and knows which of them stand above the next.</summary>
    private sealed class Tree(IReadOnlyDictionary<DivisionCode, string> known, int size)
    {
        private readonly Stack<DivisionEntry> above = new();

        public List<DivisionEntry> Entries { get; } = new(size);

        public bool Add(DivisionCode code, string name, bool filled = false)
        {
            while (above.Count > 0 && !above.Peek().Code.IsAbove(code)) above.Pop();
            var parent = code.Parent;
            if (parent.Level > 0 && NameOf(parent) is null && !(parent.IsThrough && NameOf(parent.Parent) is { } same && Add(parent, same, filled: true))) return false;
            above.Push(new(code, name, filled));
            Entries.Add(above.Peek());
            return true;
        }

        private string? NameOf(DivisionCode code) => above.Count > 0 && above.Peek().Code == code ? above.Peek().Name : known.GetValueOrDefault(code);
    }

    /// <summary>Checks the parent column and finds the level: 441900 below 4419 is the district of zeros, not the city again.</summary>
    /// <returns>Level of the parent's length, 0 when there is none; null when the row is refused.</returns>
    private byte? Place(int row, ref DivisionCode division, int written, ReadOnlySpan<char> parent)
    {
        if (parent.IsEmpty) return 0;
        // Above the provinces, tables write the country in one of these ways.
        if (division.Level == 1 && (parent is "86" or "100000" || parent.Trim('0').IsEmpty)) return 1;
        if (!DivisionCode.TryRead(parent, out var upper, out var upperWritten))
        {
            Refuse(row, "parent", parent, "places.division.bad-parent");
            return null;
        }
        if (upperWritten < written && division.HasDigitsOf(upper)) division = division.At(upperWritten + 1);
        if (division.Level > 1 && division.Parent.HasDigitsOf(upper)) return (byte)upperWritten;
        if (division.Level == 1) Refuse(row, "parent", parent, "places.division.province-parent", division.ToString());
        else Refuse(row, "parent", parent, "places.division.wrong-parent", division.ToString(), division.Parent.ToString());
        return null;
    }

    /// <summary>Orders the lines by code, and gives longer writings of the same digits that name no parent (441900 beside 4419) the levels below.</summary>
    private void Sort()
    {
        if (sorted) return;
        sorted = true;
        lines.Sort(ByCode);
        var all = CollectionsMarshal.AsSpan(lines);
        for (int from = 0, to; from < all.Length; from = to)
        {
            for (to = from + 1; to < all.Length && all[to].Code.HasDigitsOf(all[from].Code); to++) { }
            if (to - from > 1) Spread(all[from..to]);
        }
    }

    private static void Spread(Span<Line> same)
    {
        same.Sort(static (a, b) => a.Written != b.Written ? a.Written.CompareTo(b.Written) : a.Row.CompareTo(b.Row));
        Span<byte> takenBy = stackalloc byte[6];
        foreach (ref var line in same)
        {
            var level = line.Code.Level;
            if (line.ParentWritten == 0 && level > 1) while (level < line.Written && takenBy[level] > 0 && takenBy[level] < line.Written) level++;
            if (takenBy[level] == 0) takenBy[level] = line.Written;
            line = line with { Code = line.Code.At(level) };
        }
        same.Sort(ByCode);
    }

    private static int ByCode(Line a, Line b) => a.Code != b.Code ? a.Code.CompareTo(b.Code) : a.Row.CompareTo(b.Row);

    private void Refuse(int row, string column, ReadOnlySpan<char> value, string reason, params object[] args) =>
        refusals.Add(new(row, column, value.Length > 80 ? string.Concat(value[..80], "…") : value.ToString(), reason, args));

    private static bool IsReadable(ReadOnlySpan<char> name)
    {
        foreach (var rune in name.EnumerateRunes())
            if (rune.Value == 0xFFFD || Rune.IsControl(rune)) return false;
        return true;
    }
}
