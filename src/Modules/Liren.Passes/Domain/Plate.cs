using System.Text;
using System.Text.RegularExpressions;

namespace Liren.Passes.Domain;

/// <summary>Number plates (号牌, GA 36): province, letter of the office, then five characters, six for new energy; the letters I and O are not used.</summary>
internal static partial class Plate
{
    [GeneratedRegex("^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z](?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9学警挂港澳使领]|[A-HJ-NP-Z0-9]{6})$")]
    private static partial Regex Form();

    /// <summary>The plate in its one spelling; null when it is none. Full width, lower case, dots and spaces are put right.</summary>
    public static string? Read(string? text)
    {
        if (text is null) return null;
        var plain = new string([.. text.Normalize(NormalizationForm.FormKC).ToUpperInvariant().Where(c => c is not (' ' or '·' or '.' or '-' or '・'))]);
        return Form().IsMatch(plain) ? plain : null;
    }
}
