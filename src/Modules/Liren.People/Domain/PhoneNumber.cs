namespace Liren.People.Domain;

/// <summary>A telephone number of the mainland (电话): mobile 1[3-9] and nine more digits, or area code and 7 or 8 digits; digits only.</summary>
internal readonly record struct PhoneNumber
{
    /// <summary>Neither a mobile nor a landline number.</summary>
    public const string Shape = "people.phone-shape";
    /// <summary>Written only to fill the cell: 13800138000, 11111111111.</summary>
    public const string Junk = "people.phone-junk";
    /// <summary>More numbers than a person has.</summary>
    public const string TooMany = "people.phone-many";
    /// <summary>Digits are hidden: useless for calling, kept out of the register.</summary>
    public const string Masked = "people.phone-masked";
    /// <summary>A spreadsheet wrote 1.38E+10.</summary>
    public const string Precision = "people.phone-precision";

    /// <summary>Most numbers of one person.</summary>
    public const int Most = 4;

    private static readonly string[] Placeholders = ["13800138000", "13800000000", "13900000000", "12345678900", "12345678901", "13888888888", "13999999999", "18888888888"];

    private PhoneNumber(string value) => Value = value;

    /// <summary>Digits: "13812345678", "02155667788".</summary>
    public string Value { get; }

    /// <summary>True for a number that takes text messages.</summary>
    public bool IsMobile => Value.Length == 11 && Value[0] == '1';

    /// <summary>Reads one number.</summary>
    public static Reading<PhoneNumber?> Read(string? text)
    {
        var all = ReadAll(text);
        if (all.Problem is not null) return Reading<PhoneNumber?>.Wrong(all.Problem);
        return all.Value!.Count switch
        {
            0 => all.Note == Masked ? Reading<PhoneNumber?>.Wrong(Masked) : default,
            1 => new(all.Value[0]),
            _ => Reading<PhoneNumber?>.Wrong(Shape),
        };
    }

    /// <summary>Reads a cell with any number of numbers, in order, each once. Masked ones are left out with a note.</summary>
    public static Reading<IReadOnlyList<PhoneNumber>> ReadAll(string? text)
    {
        var folded = CellText.Fold(text);
        if (folded.Length == 0) return new([]);
        var numbers = new List<PhoneNumber>(1);
        var masked = false;
        foreach (var part in Parts(folded))
        {
            var one = One(part, numbers, ref masked);
            if (one is not null) return Reading<IReadOnlyList<PhoneNumber>>.Wrong(one);
        }
        return numbers.Count > Most ? Reading<IReadOnlyList<PhoneNumber>>.Wrong(TooMany) : new(numbers, null, masked ? Masked : null);
    }

    /// <summary>Never the number: it would land in a log.</summary>
    public override string ToString() => Value is null ? "" : $"***{Value[^2..]}";

    private static string? One(string part, List<PhoneNumber> numbers, ref bool masked)
    {
        var text = part;
        if (text.Contains("E+", StringComparison.OrdinalIgnoreCase)) return Precision;
        if (text.StartsWith('+')) text = text.StartsWith("+86", StringComparison.Ordinal) ? text[3..] : text;
        else if (text.StartsWith("0086", StringComparison.Ordinal)) text = text[4..];
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (digits.Length == 13 && digits.StartsWith("86", StringComparison.Ordinal)) digits = digits[2..];
        if (text.Any(CellText.IsMask) || (text.Contains('X', StringComparison.OrdinalIgnoreCase) && digits.Length >= 4))
        {
            masked = true;
            return null;
        }
        if (text.Any(c => !char.IsAsciiDigit(c) && c is not ('-' or '(' or ')' or ' ' or '.' or '—' or '–'))) return Shape;
        var mobile = digits.Length == 11 && digits[0] == '1' && digits[1] is >= '3' and <= '9';
        var land = digits.Length is >= 10 and <= 12 && digits[0] == '0' && IsLandline(digits);
        var local = digits.Length is 7 or 8 && digits[0] is >= '2' and <= '9';
        if (digits.Length >= 7 && (Placeholders.Contains(digits) || digits.Distinct().Count() <= 2)) return Junk;
        if (!mobile && !land && !local) return Shape;
        var number = new PhoneNumber(digits);
        if (!numbers.Contains(number)) numbers.Add(number);
        return null;
    }

    // 010 and 02x have three digits and eight more; the others four and seven or eight.
    private static bool IsLandline(string digits) => digits[1] is '1' or '2'
        ? digits.Length is 11 or 10 && digits[3] is >= '2' and <= '9'
        : digits.Length is 11 or 12 && digits[4] is >= '2' and <= '9';

    // Separators of several numbers; a blank separates only what is long enough on both sides ("138 1234 5678" is one number).
    private static IEnumerable<string> Parts(string folded)
    {
        foreach (var part in folded.Split(['/', '、', ',', ';', '|', '\\', '\n', '，', '；', '&'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words.All(w => w.Count(char.IsAsciiDigit) >= 7)) foreach (var word in words) yield return word;
            else yield return string.Concat(words);
        }
    }
}
