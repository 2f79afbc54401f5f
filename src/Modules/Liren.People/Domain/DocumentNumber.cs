using System.Text.RegularExpressions;

namespace Liren.People.Domain;

/// <summary>Number of an identity document, normalised (证件号码).</summary>
/// <param name="Kind">Which document.</param>
/// <param name="Number">Without blanks, upper case.</param>
/// <param name="Citizen">What an 18-character number says about the person.</param>
internal sealed partial record DocumentNumber(IdentifierKind Kind, string Number, CitizenId? Citizen)
{
    /// <summary>No passport number.</summary>
    public const string PassportShape = "people.passport-shape";
    /// <summary>No number of a 港澳居民来往内地通行证.</summary>
    public const string HongKongMacaoShape = "people.permit-hk-shape";
    /// <summary>No number of a 台湾居民来往大陆通行证.</summary>
    public const string TaiwanShape = "people.permit-tw-shape";
    /// <summary>The number is that of another kind of document.</summary>
    public const string OtherKind = "people.id-other-kind";

    /// <summary>Reads a number. Without a stated kind it is a citizen's number, unless it has the shape of a passport.</summary>
    public static Reading<DocumentNumber?> Read(IdentifierKind? kind, string text, DateOnly today)
    {
        var number = CellText.WithoutBlanks(CellText.Fold(text)).ToUpperInvariant();
        if (kind is null && PassportNumber().IsMatch(number) && char.IsAsciiLetter(number[0])) kind = IdentifierKind.Passport;
        switch (kind)
        {
            case IdentifierKind.Passport: return Shape(IdentifierKind.Passport, number, PassportNumber(), PassportShape);
            case IdentifierKind.HongKongMacaoPermit: return Shape(IdentifierKind.HongKongMacaoPermit, number, HongKongMacaoNumber(), HongKongMacaoShape);
            case IdentifierKind.TaiwanPermit: return Shape(IdentifierKind.TaiwanPermit, number, TaiwanNumber(), TaiwanShape);
            // The first card for foreigners had three letters and twelve digits.
            case IdentifierKind.ForeignerPermit when OldForeignerNumber().IsMatch(number): return new(new(IdentifierKind.ForeignerPermit, number, null));
        }
        var read = CitizenId.Read(number, today);
        if (read.Value is not { } id) return new(null, read.Problem);
        var found = id.IsResidencePermit ? IdentifierKind.ResidencePermit : id.IsForeignPermit ? IdentifierKind.ForeignerPermit : IdentifierKind.CitizenId;
        return kind is not null && kind != found ? Reading<DocumentNumber?>.Wrong(OtherKind) : new(new(found, id.Value, id), null, read.Note);
    }

    /// <summary>Never the number: it would land in a log.</summary>
    public override string ToString() => Kind.ToString();

    private static Reading<DocumentNumber?> Shape(IdentifierKind kind, string number, Regex shape, string problem)
    {
        if (number.Any(CellText.IsMask)) return Reading<DocumentNumber?>.Wrong(CitizenId.Masked);
        return shape.IsMatch(number) ? new(new(kind, number, null)) : Reading<DocumentNumber?>.Wrong(problem);
    }

    [GeneratedRegex("^(?=.*[0-9])[A-Z0-9]{6,9}$")]
    private static partial Regex PassportNumber();

    [GeneratedRegex("^[HMC][0-9]{8}([0-9]{2})?$")]
    private static partial Regex HongKongMacaoNumber();

    [GeneratedRegex("^([0-9]{8}|[0-9]{10}[A-Z]?)$")]
    private static partial Regex TaiwanNumber();

    [GeneratedRegex("^[A-Z]{3}[0-9]{12}$")]
    private static partial Regex OldForeignerNumber();
}
