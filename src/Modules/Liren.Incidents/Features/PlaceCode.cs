using Liren.Sdk.Security;

namespace Liren.Incidents.Features;

/// <summary>
/// The code on the sign of a place (到场码): six characters that only this installation can make, so that whoever knows it has stood before the sign.
/// </summary>
internal sealed class PlaceCode(Protector protector)
{
    private const string Letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>The code of a place.</summary>
    public string Of(string place) => new([.. protector.Hash("incidents.place-code", place).Take(6).Select(b => Letters[b % 32])]);

    /// <summary>True when it is the place's code; written small or with blanks is the same.</summary>
    public bool Fits(string code, string place) => string.Equals(code.Replace(" ", "", StringComparison.Ordinal), Of(place), StringComparison.OrdinalIgnoreCase);
}
