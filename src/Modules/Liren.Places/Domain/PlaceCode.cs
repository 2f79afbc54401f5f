using System.Security.Cryptography;
using System.Text;
using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.Places.Domain;

/// <summary>
/// The last segment of a place's path (编码). Compounds and areas bring their own ("liren", "gate-east"); buildings, units and rooms get
/// theirs from what they are called: b8, u1, r2602. Every code begins with a letter, so it can never be taken for a division.
/// </summary>
internal static class PlaceCode
{
    private const int MaxLength = 24;

    private static readonly string[] Endings = ["号楼", "号房", "单元", "#楼", "栋", "幢", "座", "楼", "室", "房", "号", "#"];

    /// <summary>Refuses what is not 1-24 characters of a-z, 0-9 and hyphen that begin with a letter.</summary>
    public static string Check(string? code)
    {
        code = code?.Trim().ToLowerInvariant() ?? "";
        Rule.Require(code.Length is >= 1 and <= MaxLength && char.IsAsciiLetterLower(code[0]) && code.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-'), "places.code", "code");
        return code;
    }

    /// <summary>Code of a building, unit or room from its number or name: "8", "8号楼" and "８栋" are all b8.</summary>
    public static string Of(PlaceKind kind, string name)
    {
        var bare = Bare(name);
        var prefix = kind switch { PlaceKind.Building => 'b', PlaceKind.Unit => 'u', PlaceKind.Room => 'r', _ => 'p' };
        return bare.Length is >= 1 and < MaxLength && bare.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-')
            ? prefix + bare
            // Names in characters keep a stable code: the same name makes the same path on every machine.
            : $"{prefix}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bare)))[..12]}";
    }

    /// <summary>What a building, unit or room is called by everybody: half-width, lower case, without 号楼, 单元, 室 and leading zeros of a plain number.</summary>
    public static string Bare(string name)
    {
        var bare = string.Concat(name.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Where(c => !char.IsWhiteSpace(c)))
            .Replace('_', '-').Replace('—', '-').Replace('–', '-');
        if (Endings.FirstOrDefault(e => bare.Length > e.Length && bare.EndsWith(e, StringComparison.Ordinal)) is { } ending) bare = bare[..^ending.Length];
        if (bare.Length > 1 && bare.All(char.IsAsciiDigit)) bare = bare.TrimStart('0') is { Length: > 0 } number ? number : "0";
        return bare;
    }

    /// <summary>What a building, unit or room is called on screen when only its number is known.</summary>
    public static string NameOf(PlaceKind kind, string number)
    {
        var bare = Bare(number).ToUpperInvariant();
        return kind switch
        {
            PlaceKind.Building => bare.All(char.IsAsciiDigit) ? $"{bare}号楼" : bare.All(char.IsAsciiLetterOrDigit) ? $"{bare}座" : number.Trim(),
            PlaceKind.Unit => bare.All(char.IsAsciiLetterOrDigit) ? $"{bare}单元" : number.Trim(),
            PlaceKind.Room => bare.All(c => char.IsAscii(c)) ? $"{bare}室" : number.Trim(),
            _ => number.Trim(),
        };
    }
}
