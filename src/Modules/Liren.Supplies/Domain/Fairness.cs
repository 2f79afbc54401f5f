using Liren.Sdk;

namespace Liren.Supplies.Domain;

/// <summary>What a lost lottery is worth in the next one (结转).</summary>
internal enum CarryOver
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>自动参加: whoever lost is entered again by itself; may cancel.</summary>
    AutoEnter,
    /// <summary>一次未中多一个签号, five more at most.</summary>
    MoreTickets,
}

/// <summary>Who may have a share, and what rounds before have to do with it.</summary>
/// <param name="CarryOver">What a lost lottery is worth in this one.</param>
/// <param name="CarryDays">For how long.</param>
/// <param name="QuotaPieces">Most pieces of the item's group within <paramref name="QuotaDays"/>; 0: no limit.</param>
/// <param name="QuotaDays">Days the quota counts back.</param>
/// <param name="NoShowLimit">Who has left so many shares uncollected sits out one round; 0: never.</param>
/// <param name="Tags">Only units with one who has one of these tags; empty: everybody.</param>
/// <param name="Classes">Shares reserved for classes.</param>
internal sealed record FairnessDraft(CarryOver CarryOver, int CarryDays, int QuotaPieces, int QuotaDays, int NoShowLimit, IReadOnlyList<string> Tags, IReadOnlyList<ClassDraft> Classes)
{
    public static readonly FairnessDraft None = new(CarryOver.None, 0, 0, 0, 0, [], []);
}

/// <summary>Shares reserved for a class (专属份额): who has one of that age or with one of the tags. The least the class gets, of stock of its own.</summary>
/// <param name="Name">As residents read it.</param>
/// <param name="Shares">Shares kept for it.</param>
/// <param name="MinAge">Of this age and more; null when only tags count.</param>
/// <param name="Tags">Or with one of these tags.</param>
/// <param name="Deliver">True when its shares are brought to the door (送货上门).</param>
internal sealed record ClassDraft(string? Name, int Shares, int? MinAge = null, IReadOnlyList<string>? Tags = null, bool Deliver = false);

/// <summary>A class of a round with its reserved shares.</summary>
internal sealed class RoundClass
{
    /// <summary>Most classes of a round.</summary>
    public const int Most = 5;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid RoundId { get; init; }
    /// <summary>Number within the round, from 1; 0 stands for everybody else.</summary>
    public int No { get; init; }
    public string Name { get; init; } = "";
    public int Shares { get; init; }
    public int? MinAge { get; init; }
    /// <summary>Codes of tags, separated by commas.</summary>
    public string Tags { get; init; } = "";
    public bool Deliver { get; init; }

    /// <summary>Tickets of the class when the list was closed.</summary>
    public int Entries { get; set; }
    /// <summary>Reserved shares it wins: no more than it has units.</summary>
    public int Winners { get; set; }
    /// <summary>Commitment to its tickets, hex; null before, and when it has none.</summary>
    public string? Root { get; set; }

    /// <summary>Codes of the tags.</summary>
    public IReadOnlyList<string> TagCodes => TagText.Read(Tags);
}

/// <summary>Codes of tags in one column.</summary>
internal static class TagText
{
    /// <summary>Most tags of one rule.</summary>
    public const int Most = 10;

    /// <summary>In one column.</summary>
    public static string Write(IReadOnlyList<string>? codes, string field)
    {
        var distinct = (codes ?? []).Select(c => c.Trim()).Distinct().ToList();
        Rule.Require(distinct.Count <= Most && distinct.All(c => c is { Length: > 0 and <= 40 } && c.All(x => char.IsAsciiLetterOrDigit(x) || x == '-')), "supplies.tags", field, Most);
        return string.Join(',', distinct);
    }

    /// <summary>Codes again.</summary>
    public static IReadOnlyList<string> Read(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Ages in which what a draw did is reported: by the oldest of a unit.</summary>
internal enum AgeBand
{
    /// <summary>No day of birth on record.</summary>
    Unknown,
    /// <summary>Below 60.</summary>
    Under60,
    /// <summary>60 to 79.</summary>
    From60,
    /// <summary>80 and above.</summary>
    From80,
}
