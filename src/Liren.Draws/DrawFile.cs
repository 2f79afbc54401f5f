using System.Text.Json;
using System.Text.Json.Serialization;

namespace Liren.Draws;

/// <summary>A custodian as published.</summary>
/// <param name="Name">Who.</param>
/// <param name="Commit">Hex of the promise.</param>
/// <param name="Secret">Hex of the secret; null before the draw.</param>
public sealed record PublishedCustodian(string Name, string Commit, string? Secret = null);

/// <summary>One step as published, by the tags that stand on receipts.</summary>
/// <param name="Index">Number on the list.</param>
/// <param name="Tag">Hex of the tag there.</param>
/// <param name="Outcome">What it became.</param>
/// <param name="With">Hex of the tag that had won, for one that was skipped.</param>
public sealed record PublishedStep(int Index, string Tag, DrawOutcome Outcome, string? With = null);

/// <summary>What is promised before the public number exists (承诺书); printed on the notice board.</summary>
/// <param name="Format">"liren-draw/1".</param>
/// <param name="Round">Code of the round.</param>
/// <param name="Entries">n.</param>
/// <param name="Winners">k.</param>
/// <param name="Waiting">Length of the waiting list, w.</param>
/// <param name="Root">Hex of the commitment to the list.</param>
/// <param name="BeaconRule">Which public number, of which day.</param>
/// <param name="Custodians">Who has promised secrets.</param>
public sealed record Commitment(string Format, string Round, int Entries, int Winners, int Waiting, string Root, string BeaconRule, IReadOnlyList<PublishedCustodian> Custodians);

/// <summary>A whole draw as published: everything needed to do it again.</summary>
/// <param name="Format">"liren-draw/1".</param>
/// <param name="Round">Code of the round.</param>
/// <param name="Entries">n.</param>
/// <param name="Winners">k.</param>
/// <param name="Waiting">w.</param>
/// <param name="Root">Hex of the commitment to the list.</param>
/// <param name="BeaconRule">Which public number, of which day.</param>
/// <param name="Beacon">The public number.</param>
/// <param name="Custodians">Promises and secrets.</param>
/// <param name="Seed">Hex of the seed.</param>
/// <param name="Tags">The list, hex, in order.</param>
/// <param name="Steps">The draw, in order.</param>
public sealed record DrawFile(string Format, string Round, int Entries, int Winners, int Waiting, string Root, string BeaconRule, string Beacon, IReadOnlyList<PublishedCustodian> Custodians, string Seed,
    IReadOnlyList<string> Tags, IReadOnlyList<PublishedStep> Steps)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Draws, and writes down everything.</summary>
    public static DrawFile Make(string round, TagList list, int winners, int waiting, IReadOnlyList<Custodian> custodians, string beaconRule, string beacon, Func<int, int>? holder = null)
    {
        var seed = Draw.Seed(Draw.SeedLines(round, list.Count, winners, list.Root, custodians, beacon));
        return new(Draw.Format, round, list.Count, winners, waiting, Hex.Of(list.Root), beaconRule, beacon,
            [.. custodians.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => new PublishedCustodian(c.Name, Hex.Of(c.Commit), Hex.Of(c.Secret)))], Hex.Of(seed),
            [.. Enumerable.Range(0, list.Count).Select(i => Hex.Of(list[i]))],
            [.. DrawResult.Of(seed, list.Count, winners, waiting, holder).Select(s => new PublishedStep(s.Index, Hex.Of(list[s.Index]), s.Outcome, s.With is { } with ? Hex.Of(list[with]) : null))]);
    }

    /// <summary>As it is published.</summary>
    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads strictly: whatever is missing, unknown or of another kind is refused.</summary>
    public static DrawFile Read(string json) => Read<DrawFile>(json);

    /// <summary>Reads what was promised before, as strictly.</summary>
    public static Commitment ReadCommitment(string json) => Read<Commitment>(json);

    /// <summary>What is promised, as it is published.</summary>
    public static string Write(Commitment commitment) => JsonSerializer.Serialize(commitment, Json);

    private static T Read<T>(string json) where T : class
    {
        try { return JsonSerializer.Deserialize<T>(json, Json) ?? throw new DrawFaultException("unreadable"); }
        catch (JsonException e) { throw new DrawFaultException("unreadable", e.Path ?? ""); }
    }
}
