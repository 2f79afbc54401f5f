using System.Globalization;
using System.Text.RegularExpressions;
using Liren.Sdk.Text;

namespace Liren.Devices.Adapters;

/// <summary>Times as devices write them.</summary>
internal static partial class MakerTime
{
    // A clock that was never set begins in 1970 or 2000 and says nothing.
    private const int NeverSet = 2001;

    /// <summary>Reads a time with its own offset; without one it is the time of the place. False: it is none. Null: the clock was never set.</summary>
    public static bool TryRead(string text, out DateTimeOffset? at)
    {
        at = null;
        DateTimeOffset read;
        if (HasOffset().IsMatch(text)) { if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out read)) return false; }
        else
        {
            // GA/T 1400 writes yyyyMMddHHmmss, with milliseconds behind in some editions.
            if (!DateTime.TryParseExact(text, ["yyyyMMddHHmmss", "yyyyMMddHHmmssfff"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out local)) return false;
            if (local.Year < NeverSet) return true;
            read = new(local, Show.Zone.GetUtcOffset(local));
        }
        if (read.Year >= NeverSet) at = read;
        return true;
    }

    [GeneratedRegex(@"(Z|[+-]\d\d:?\d\d)$", RegexOptions.IgnoreCase)]
    private static partial Regex HasOffset();
}
