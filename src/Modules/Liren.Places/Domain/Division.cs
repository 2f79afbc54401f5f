using System.Text;
using Liren.Contracts.Places;

namespace Liren.Places.Domain;

/// <summary>A national division (行政区划), down to the community. Written only by the import; read here.</summary>
internal sealed class Division
{
    public string Path { get; init; } = "";
    public string ParentPath { get; init; } = "";
    /// <summary>12 digits. Not unique: a city without districts and the level of zeros below it share them.</summary>
    public string Code { get; init; } = "";
    public string Name { get; init; } = "";
    public PlaceKind Kind { get; init; }
    public string SortKey { get; init; } = "";
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>True when a path can only be a division's: digits and nothing else.</summary>
    public static bool Is(string path) => path.Length > 0 && path.All(c => char.IsAsciiDigit(c) || c == '.');

    /// <summary>How the paths of all codes begin that begin with these digits: "3101150" is 31.01.15.0.</summary>
    public static string Prefix(string digits)
    {
        var prefix = new StringBuilder(20);
        for (var i = 0; i < digits.Length; i++)
        {
            if (i is 2 or 4 or 6 or 9) prefix.Append('.');
            prefix.Append(digits[i]);
        }
        return prefix.ToString();
    }
}
