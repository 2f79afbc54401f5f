using System.Buffers;
using System.Globalization;
using System.Text;

namespace Liren.People.Domain;

/// <summary>
/// A citizen's identity number (公民身份号码, GB 11643): six digits of area, eight of birth, three of order, one check character. Numbers of the
/// residence permits for people of Hong Kong, Macao and Taiwan (areas 81, 82, 83) and of the foreigners' permit (9...) have the same form.
/// Only valid numbers exist as a value of this type.
/// </summary>
internal readonly record struct CitizenId
{
    /// <summary>Too short or too long to be a number.</summary>
    public const string Length = "people.id-length";
    /// <summary>A character that does not belong.</summary>
    public const string Characters = "people.id-characters";
    /// <summary>The area is none of the country's.</summary>
    public const string Area = "people.id-area";
    /// <summary>The date of birth does not exist.</summary>
    public const string NoBirth = "people.id-birth";
    /// <summary>Born in the future.</summary>
    public const string Future = "people.id-future";
    /// <summary>Born more than 130 years ago.</summary>
    public const string TooOld = "people.id-age";
    /// <summary>The check character is another.</summary>
    public const string Checksum = "people.id-checksum";
    /// <summary>A spreadsheet has kept only 15 digits.</summary>
    public const string Precision = "people.id-precision";
    /// <summary>Characters are hidden.</summary>
    public const string Masked = "people.id-masked";
    /// <summary>Note: was written in the form of before 1999.</summary>
    public const string FromFifteen = "people.id-from-15";

    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    private static readonly SearchValues<char> DigitsAndDot = SearchValues.Create("0123456789.");
    private const string CheckCharacters = "10X98765432";

    private CitizenId(string value) => Value = value;

    /// <summary>The 18 characters; X is upper case.</summary>
    public string Value { get; }

    /// <summary>Date of birth.</summary>
    public DateOnly Birth => new(Number(6, 4), Number(10, 2), Number(12, 2));

    /// <summary>The 17th digit is odd for men.</summary>
    public bool IsMale => (Value[16] - '0') % 2 == 1;

    /// <summary>Code of the area it was issued for; old codes were abolished, so it need not be in today's table.</summary>
    public string AreaCode => Value[..6];

    /// <summary>Number of a 港澳台居民居住证.</summary>
    public bool IsResidencePermit => Value[0] == '8';

    /// <summary>Number of a 外国人永久居留身份证.</summary>
    public bool IsForeignPermit => Value[0] == '9';

    /// <summary>Reads a number as written. An empty text gives neither value nor problem.</summary>
    /// <param name="text">What stands in the cell or field.</param>
    /// <param name="today">For births in the future.</param>
    public static Reading<CitizenId?> Read(string? text, DateOnly today)
    {
        var id = CellText.WithoutBlanks(CellText.Fold(text)).ToUpperInvariant();
        if (id.Length == 0) return default;
        if (IsScientific(id)) return Reading<CitizenId?>.Wrong(Precision);
        if (IsMasked(id)) return Reading<CitizenId?>.Wrong(Masked);
        // Dashes and dots between groups are only for the eye.
        if (id.AsSpan().ContainsAny('-', '.')) id = id.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        if (id.Length is not (15 or 18)) return Reading<CitizenId?>.Wrong(id.All(c => char.IsAsciiDigit(c) || c == 'X') ? Length : Characters);
        if (!id.AsSpan(0, id.Length == 15 ? 15 : 17).IsDigits() || (id.Length == 18 && !char.IsAsciiDigit(id[17]) && id[17] != 'X')) return Reading<CitizenId?>.Wrong(Characters);
        string? note = null;
        if (id.Length == 15)
        {
            var long17 = id[..6] + "19" + id[6..];
            (id, note) = (long17 + Check(long17), FromFifteen);
        }
        var found = Validate(id, today);
        // 15 digits are all a spreadsheet keeps of a number: the rest becomes zeros.
        if (found is Checksum or NoBirth && note is null && id.EndsWith("000", StringComparison.Ordinal)) found = Precision;
        return found is null ? new(new CitizenId(id), null, note) : Reading<CitizenId?>.Wrong(found);
    }

    /// <summary>The check character of the first 17 digits (MOD 11-2).</summary>
    public static char Check(ReadOnlySpan<char> first17)
    {
        var sum = 0;
        for (var i = 0; i < 17; i++) sum += (first17[i] - '0') * Weights[i];
        return CheckCharacters[sum % 11];
    }

    /// <summary>Years of age on a day.</summary>
    public int AgeOn(DateOnly day) => day.Year - Birth.Year - (day.DayOfYear < Birth.AddYears(day.Year - Birth.Year).DayOfYear ? 1 : 0);

    /// <summary>Never the number: it would land in a log.</summary>
    public override string ToString() => Value is null ? "" : $"{Value[..4]}**********{Value[14..]}";

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(ToString());
        return true;
    }

    private static string? Validate(string id, DateOnly today)
    {
        if (!IsArea(id)) return Area;
        if (!DateOnly.TryParseExact(id.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var birth)) return NoBirth;
        if (Check(id) != id[17]) return Checksum;
        if (birth > today) return Future;
        return birth < today.AddYears(-130) ? TooOld : null;
    }

    // A foreigner's permit has the province behind its 9.
    private static bool IsArea(string id) => IsProvince(id[0] == '9' ? id.AsSpan(1, 2) : id.AsSpan(0, 2));

    private static bool IsProvince(ReadOnlySpan<char> two) => int.Parse(two, NumberStyles.None, CultureInfo.InvariantCulture) is
        (>= 11 and <= 15) or (>= 21 and <= 23) or (>= 31 and <= 37) or (>= 41 and <= 46) or (>= 50 and <= 54) or (>= 61 and <= 65) or 71 or (>= 81 and <= 83);

    private static bool IsScientific(string id)
    {
        var e = id.AsSpan().IndexOf("E+");
        return e > 0 && id.AsSpan(0, e).IndexOfAnyExcept(DigitsAndDot) < 0 && id.AsSpan(e + 2).IsDigits();
    }

    // An X before the last place is a mask too: 110105XXXXXXXX002X.
    private static bool IsMasked(string id)
    {
        var hidden = 0;
        for (var i = 0; i < id.Length; i++)
        {
            if (CellText.IsMask(id[i]) || (id[i] == 'X' && i < id.Length - 1)) hidden++;
            else if (!char.IsAsciiDigit(id[i]) && id[i] != 'X') return false;
        }
        return hidden > 0;
    }

    private int Number(int at, int length) => int.Parse(Value.AsSpan(at, length), NumberStyles.None, CultureInfo.InvariantCulture);
}

internal static class DigitSpans
{
    /// <summary>Not empty and digits only.</summary>
    public static bool IsDigits(this ReadOnlySpan<char> text) => text.Length > 0 && text.IndexOfAnyExceptInRange('0', '9') < 0;
}
