namespace Liren.Contracts.Places;

/// <summary>
/// A place is named by its path in the tree of places (地址路径): segments joined by dots, from the country down.
/// Divisions use the segments of the national code (<c>31.01.15.104.001</c> is 310115104001, a community);
/// below a community come own segments: compound, building, unit, room or area (<c>31.01.15.104.001.lx1.b3.u1.r502</c>).
/// Segments are lower-case ASCII letters, digits and hyphens. The root (everything) is the empty string.
/// </summary>
public static class PlacePath
{
    /// <summary>The root of the tree: every place lies in it.</summary>
    public const string Root = "";

    /// <summary>True when one of the two lies within the other: what concerns one concerns the other.</summary>
    public static bool Overlap(string a, string b) => IsWithin(a, b) || IsWithin(b, a);

    /// <summary>Longest path accepted, in characters.</summary>
    public const int MaxLength = 120;

    /// <summary>True when <paramref name="path"/> is <paramref name="scope"/> or lies below it.</summary>
    public static bool IsWithin(string path, string scope) =>
        scope.Length == 0 || (path.StartsWith(scope, StringComparison.Ordinal) && (path.Length == scope.Length || path[scope.Length] == '.'));

    /// <summary>Everything below a place other than the root sorts from the one up to the other: '.' is 0x2E and '/' is 0x2F.</summary>
    public static (string From, string Before) RangeBelow(string place) => (place + ".", place + "/");

    /// <summary>The path one step up; the root's parent is the root.</summary>
    public static string Parent(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot < 0 ? Root : path[..dot];
    }

    /// <summary>The path itself and all above it, deepest first, ending with the root.</summary>
    public static IEnumerable<string> SelfAndAncestors(string path)
    {
        for (var at = path; at.Length > 0; at = Parent(at)) yield return at;
        yield return Root;
    }

    /// <summary>Number of segments; 0 for the root.</summary>
    public static int Depth(string path) => path.Length == 0 ? 0 : path.AsSpan().Count('.') + 1;

    /// <summary>
    /// The path of a national division code of 2, 4, 6, 9 or 12 digits; trailing zero groups are dropped
    /// (310115000000 and 310115 are both 31.01.15). Null when it is no such code.
    /// </summary>
    public static string? OfDivision(string code)
    {
        if (code.Length is not (2 or 4 or 6 or 9 or 12) || !code.All(char.IsAsciiDigit)) return null;
        var full = code.PadRight(12, '0');
        string[] parts = [full[..2], full[2..4], full[4..6], full[6..9], full[9..12]];
        var used = parts.Length;
        while (used > 0 && parts[used - 1].All(c => c == '0')) used--;
        return used == 0 ? null : string.Join('.', parts.Take(used));
    }

    /// <summary>True for a non-empty path whose segments are 1-24 characters of a-z, 0-9 and hyphen.</summary>
    public static bool IsValid(string path) =>
        path.Length is > 0 and <= MaxLength && path.Split('.').All(s => s.Length is > 0 and <= 24 && s.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-'));
}
