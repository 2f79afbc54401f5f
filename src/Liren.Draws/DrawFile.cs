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
/// <param name="Class">The class whose reserved share it won; null when it is a share for everybody.</param>
public sealed record PublishedStep(int Index, string Tag, DrawOutcome Outcome, string? With = null, string? Class = null);

/// <summary>Shares reserved for a class (专属份额): the least it gets. The first of its tickets in the order drawn win them, the others the shares for everybody.</summary>
/// <param name="Name">Which class.</param>
/// <param name="Winners">Shares reserved; no more than there are holders in the class.</param>
/// <param name="Entries">Tickets of the class.</param>
/// <param name="Root">Hex of the commitment to its tickets.</param>
/// <param name="Numbers">Their numbers on the list, rising; null before the draw.</param>
public sealed record PublishedReserve(string Name, int Winners, int Entries, string Root, IReadOnlyList<int>? Numbers = null);

/// <summary>What is promised before the public number exists (承诺书); printed on the notice board.</summary>
/// <param name="Format">"liren-draw/1"; "liren-draw/2" where somebody may hold several tickets or shares are reserved.</param>
/// <param name="Round">Code of the round.</param>
/// <param name="Entries">n.</param>
/// <param name="Winners">k.</param>
/// <param name="Waiting">Length of the waiting list, w.</param>
/// <param name="Root">Hex of the commitment to the list.</param>
/// <param name="BeaconRule">Which public number, of which day.</param>
/// <param name="Custodians">Who has promised secrets.</param>
/// <param name="MostTickets">Most tickets of one holder; null: one.</param>
/// <param name="Reserved">Shares reserved for classes; null: none.</param>
public sealed record Commitment(string Format, string Round, int Entries, int Winners, int Waiting, string Root, string BeaconRule, IReadOnlyList<PublishedCustodian> Custodians,
    int? MostTickets = null, IReadOnlyList<PublishedReserve>? Reserved = null);

/// <summary>A whole draw as published: everything needed to do it again.</summary>
/// <param name="Format">"liren-draw/1"; "liren-draw/2" where somebody may hold several tickets or shares are reserved.</param>
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
/// <param name="MostTickets">Most tickets of one holder; null: one.</param>
/// <param name="Reserved">Shares reserved for classes; null: none.</param>
public sealed record DrawFile(string Format, string Round, int Entries, int Winners, int Waiting, string Root, string BeaconRule, string Beacon, IReadOnlyList<PublishedCustodian> Custodians, string Seed,
    IReadOnlyList<string> Tags, IReadOnlyList<PublishedStep> Steps, int? MostTickets = null, IReadOnlyList<PublishedReserve>? Reserved = null)
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
    public static DrawFile Make(string round, TagList list, int winners, int waiting, IReadOnlyList<Custodian> custodians, string beaconRule, string beacon, int mostTickets = 1, IReadOnlyList<PublishedReserve>? reserved = null)
    {
        var terms = new DrawTerms(mostTickets, reserved ?? []);
        var seed = Draw.Seed(Draw.SeedLines(round, list.Count, winners, list.Root, custodians, beacon, terms));
        return new(terms.Format, round, list.Count, winners, waiting, Hex.Of(list.Root), beaconRule, beacon,
            [.. custodians.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => new PublishedCustodian(c.Name, Hex.Of(c.Commit), Hex.Of(c.Secret)))], Hex.Of(seed),
            [.. Enumerable.Range(0, list.Count).Select(i => Hex.Of(list[i]))], StepsOf(list, seed, winners, waiting, terms), terms.IsPlain ? null : mostTickets, terms.IsPlain ? null : terms.Reserved);
    }

    /// <summary>The steps that follow from a seed.</summary>
    public static IReadOnlyList<PublishedStep> StepsOf(TagList list, byte[] seed, int winners, int waiting, DrawTerms terms)
    {
        int[]? holders = terms.MostTickets > 1 ? Tickets.Holders(list, terms.MostTickets) : null, classes = terms.Reserved.Count > 0 ? terms.ClassesOf(list.Count) : null;
        return [.. DrawResult.Of(seed, list.Count, winners, waiting, holders is null ? null : i => holders[i], classes is null ? null : i => classes[i], [.. terms.Reserved.Select(r => r.Winners)])
            .Select(s => new PublishedStep(s.Index, Hex.Of(list[s.Index]), s.Outcome, s.With is { } with ? Hex.Of(list[with]) : null, s.Class > 0 ? terms.Reserved[s.Class - 1].Name : null))];
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

/// <summary>What makes a draw more than one ticket for everybody.</summary>
/// <param name="MostTickets">Most tickets of one holder.</param>
/// <param name="Reserved">Shares reserved for classes, in order.</param>
public sealed record DrawTerms(int MostTickets, IReadOnlyList<PublishedReserve> Reserved)
{
    /// <summary>One ticket for everybody, nothing reserved.</summary>
    public static readonly DrawTerms Plain = new(1, []);

    /// <summary>True when it is a draw of the first format.</summary>
    public bool IsPlain => MostTickets == 1 && Reserved.Count == 0;

    /// <summary>Name of the format.</summary>
    public string Format => IsPlain ? Draw.Format : Draw.Format2;

    /// <summary>Class of each number on a list, from 1; 0 for none.</summary>
    public int[] ClassesOf(int entries)
    {
        var classes = new int[entries];
        foreach (var (i, reserve) in Reserved.Index())
            foreach (var number in reserve.Numbers ?? []) classes[number] = i + 1;
        return classes;
    }
}
