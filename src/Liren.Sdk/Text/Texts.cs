using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Liren.Sdk.Text;

/// <summary>
/// Every word a user sees. Each module embeds <c>Texts.zh.json</c> and <c>Texts.en.json</c>: one flat object of key and sentence with
/// {0}-style arguments; keys start with the module's name. Chinese is the language of last resort.
/// </summary>
public sealed class Texts
{
    private readonly FrozenDictionary<string, string> zh, en;

    /// <summary>Reads the texts of the assemblies; a key given twice is an error.</summary>
    public Texts(IEnumerable<Assembly> assemblies)
    {
        var all = assemblies.Distinct().ToList();
        zh = Load(all, "Texts.zh.json");
        en = Load(all, "Texts.en.json");
    }

    /// <summary>The sentence in the language of the present user; the key itself when there is none.</summary>
    public string this[string key] => Find(key, CultureInfo.CurrentUICulture) ?? key;

    /// <summary>The sentence with its arguments.</summary>
    public string this[string key, params object?[] args] => Format(this[key], args);

    /// <summary>True when the key has a text.</summary>
    public bool Has(string key) => zh.ContainsKey(key);

    /// <summary>The sentence in a language ("zh" or "en"), with its arguments.</summary>
    public string In(string language, string key, params object?[] args) =>
        Format(Find(key, CultureInfo.GetCultureInfo(language)) ?? key, args);

    /// <summary>Keys of one language; for the test that both have the same.</summary>
    public IReadOnlyCollection<string> Keys(string language) => language == "en" ? en.Keys : zh.Keys;

    private string? Find(string key, CultureInfo culture)
    {
        if (culture.TwoLetterISOLanguageName == "en" && en.TryGetValue(key, out var english)) return english;
        return zh.GetValueOrDefault(key);
    }

    private static string Format(string text, object?[] args) =>
        args.Length == 0 ? text : string.Format(CultureInfo.CurrentCulture, text, args);

    private static FrozenDictionary<string, string> Load(IEnumerable<Assembly> assemblies, string resource)
    {
        var texts = new Dictionary<string, string>();
        foreach (var assembly in assemblies)
        {
            using var stream = assembly.GetManifestResourceStream(resource);
            if (stream is null) continue;
            foreach (var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
                // Column headings are shared words; any module may bring one, the first wins.
                if (!texts.TryAdd(key, text) && !key.StartsWith("column.", StringComparison.Ordinal)) throw new InvalidOperationException($"Text key {key} of {assembly.GetName().Name} is already taken");
        }
        return texts.ToFrozenDictionary();
    }
}

/// <summary>Times and amounts as people read them.</summary>
public static class Show
{
    /// <summary>The time zone of every screen and paper: Asia/Shanghai.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    /// <summary>Language of the reader: "zh", or "en".</summary>
    public static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? "en" : "zh";

    /// <summary>Local time of the installation.</summary>
    public static DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>The day it is in the installation at an instant.</summary>
    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    /// <summary>When a day of the installation begins, UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue))).ToUniversalTime();

    /// <summary>14:32 today, 11-23 08:00 this year, 2025-11-23 08:00 otherwise.</summary>
    public static string Time(DateTimeOffset at, DateTimeOffset now)
    {
        var (a, n) = (Local(at), Local(now));
        return a.ToString(a.Date == n.Date ? "HH:mm" : a.Year == n.Year ? "MM-dd HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>2020-02-13 14:32:07.</summary>
    public static string Full(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Fen as yuan: ￥1,032.60.</summary>
    public static string Money(long fen) => string.Create(CultureInfo.InvariantCulture, $"￥{fen / 100m:N2}");
}
