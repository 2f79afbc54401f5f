using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Liren.People.Domain;
using Liren.Sdk;

namespace Liren.People.Features;

/// <summary>
/// A mapping as it travels and is remembered (列对应文件): headings or column letters and what they hold, and how the sheet is read.
/// Whatever is left out is guessed.
/// </summary>
internal sealed record RosterMap
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) }, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    };

    /// <summary>Heading ("姓名") or letter ("C") to field.</summary>
    public Dictionary<string, RosterField>? Columns { get; init; }
    /// <summary>Sheet, from 1.</summary>
    public int? Sheet { get; init; }
    public int? HeaderRow { get; init; }
    public OccupancyKind? DefaultKind { get; init; }
    public bool? FillDown { get; init; }
    public bool? MakeRooms { get; init; }
    public List<string>? CompoundNames { get; init; }

    /// <summary>Reads the file; what is wrong with it is told.</summary>
    public static RosterMap Parse(string json)
    {
        try { return JsonSerializer.Deserialize<RosterMap>(json, Json) ?? new(); }
        catch (JsonException e) { throw new RuleBrokenException("people.map-json", "map", 422, e.Path ?? "$", (e.LineNumber ?? 0) + 1); }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The mapping as a map: by letter, because headings may repeat.</summary>
    public static RosterMap Of(RosterMapping mapping, int sheet) => new()
    {
        Sheet = sheet, HeaderRow = mapping.HeaderRow, DefaultKind = mapping.DefaultKind, FillDown = mapping.FillDown, MakeRooms = mapping.MakeRooms, CompoundNames = [.. mapping.CompoundNames],
        Columns = mapping.Columns.Where(c => c.Field is not null).ToDictionary(c => c.Letter, c => c.Field!.Value),
    };

    /// <summary>Lays the map over a guess.</summary>
    public RosterMapping Over(RosterMapping guess)
    {
        var columns = guess.Columns.ToArray();
        foreach (var (key, field) in Columns ?? [])
        {
            var found = false;
            for (var i = 0; i < columns.Length; i++)
            {
                if (columns[i].Letter != key && CellText.Fold(columns[i].Header) != CellText.Fold(key)) continue;
                columns[i] = columns[i] with { Field = field };
                found = true;
            }
            Rule.Require(found, "people.map-column", "map", key);
        }
        // What the map names takes the place of what was guessed.
        foreach (var (key, field) in Columns ?? [])
            if (field is not (RosterField.Ignore or RosterField.Phone))
                for (var i = 0; i < columns.Length; i++)
                    if (columns[i].Field == field && !Columns!.ContainsKey(columns[i].Letter) && !Columns.ContainsKey(columns[i].Header)) columns[i] = columns[i] with { Field = RosterField.Ignore };
        foreach (var twice in columns.Where(c => c.Field is not (null or RosterField.Ignore or RosterField.Phone)).GroupBy(c => c.Field).Where(g => g.Count() > 1))
            throw new RuleBrokenException("people.map-twice", "map", 422, string.Join(", ", twice.Select(c => $"{c.Letter} {c.Header}")));
        return guess with
        {
            Columns = columns, DefaultKind = DefaultKind ?? guess.DefaultKind, FillDown = FillDown ?? guess.FillDown, MakeRooms = MakeRooms ?? guess.MakeRooms,
            CompoundNames = CompoundNames is null ? guess.CompoundNames : [.. CompoundNames.Select(n => CellText.WithoutBlanks(CellText.Fold(n))).Where(n => n.Length > 1)],
        };
    }

    /// <summary>What is remembered together: the headings in their order.</summary>
    public static string KeyOf(IEnumerable<RosterColumn> columns) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', columns.Select(c => CellText.Fold(c.Header))))));
}
