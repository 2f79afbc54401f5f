using System.Globalization;
using System.Text;
using Liren.Sdk;

namespace Liren.Places.Domain;

/// <summary>Floors (楼层) as the lift's buttons say them: 1, 3A, 13A, B1; some buildings have no 4, 13 or 14.</summary>
internal static class Floors
{
    /// <summary>Half-width and upper case; null when empty. At most 6 letters, digits or hyphens.</summary>
    public static string? Check(string? floor)
    {
        if (string.IsNullOrWhiteSpace(floor)) return null;
        var text = floor.Normalize(NormalizationForm.FormKC).Trim().ToUpperInvariant();
        if (text.Length > 1 && text[^1] is '层' or '楼' or 'F') text = text[..^1];
        Rule.Require(text.Length is >= 1 and <= 6 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), "places.floor", "floor");
        return text;
    }

    /// <summary>
    /// What the floor of a room of this number usually is: 602 on 6, 3A01 on 3A, B1-118 on B1; null when nothing can be guessed.
    /// Only ever shown to a person who checks it: 402 may well lie on the third floor.
    /// </summary>
    public static string? Guess(string roomName)
    {
        var number = PlaceCode.Bare(roomName).ToUpperInvariant();
        var dash = number.IndexOf('-', StringComparison.Ordinal);
        var floor = dash > 0 ? number[..dash] : number.Length >= 3 && char.IsAsciiDigit(number[^1]) && char.IsAsciiDigit(number[^2]) ? number[..^2] : "";
        if (dash > 0 && floor.Length >= 3 && floor.All(char.IsAsciiDigit)) floor = floor[..^2];
        return floor.Length is >= 1 and <= 4 && floor.All(char.IsAsciiLetterOrDigit) && floor.Any(char.IsAsciiDigit) ? floor : null;
    }

    /// <summary>From the deepest basement up: B2, B1, 1, 2, 3, 3A, 5. Words come last.</summary>
    public static (int Level, string Suffix) Order(string? floor)
    {
        if (floor is null) return (int.MaxValue, "");
        var below = floor[0] is 'B' or '-';
        var digits = string.Concat((below ? floor[1..] : floor).TakeWhile(char.IsAsciiDigit));
        if (digits.Length is 0 or > 4) return (int.MaxValue - 1, floor);
        var level = int.Parse(digits, CultureInfo.InvariantCulture);
        return below ? (-level, floor[(1 + digits.Length)..]) : (level, floor[digits.Length..]);
    }
}
