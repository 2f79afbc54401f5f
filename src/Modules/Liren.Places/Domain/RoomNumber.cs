using Liren.Contracts.Places;

namespace Liren.Places.Domain;

/// <summary>The short form people say: 8-1-2602 (楼-单元-室), 8-2602 or 8#2602 where there is no unit.</summary>
internal static class RoomNumber
{
    /// <summary>End of the path that is meant (".b8.u1.r2602"), and the code of the room itself.</summary>
    public static bool TryRead(string text, out string pathEnd, out string code)
    {
        (pathEnd, code) = ("", "");
        var parts = text.Normalize(System.Text.NormalizationForm.FormKC).Split(['-', '#'], StringSplitOptions.TrimEntries);
        if (parts.Length is < 2 or > 4 || parts.Any(p => p.Length is 0 or > 8 || !p.All(char.IsAsciiLetterOrDigit))) return false;
        // 8-1-2602 is far more often a unit than a room called 1-2602.
        var room = parts.Length > 2 ? 2 : 1;
        code = PlaceCode.Of(PlaceKind.Room, string.Join('-', parts[room..]));
        pathEnd = $".{PlaceCode.Of(PlaceKind.Building, parts[0])}{(room == 2 ? "." + PlaceCode.Of(PlaceKind.Unit, parts[1]) : "")}.{code}";
        return true;
    }
}
