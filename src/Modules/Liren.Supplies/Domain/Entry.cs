namespace Liren.Supplies.Domain;

/// <summary>Where an entry stands.</summary>
internal enum EntryState
{
    /// <summary>已登记: will be drawn.</summary>
    Requested = 1,
    /// <summary>已预约: a share is kept.</summary>
    Confirmed = 2,
    /// <summary>候补.</summary>
    Waiting = 3,
    /// <summary>已领取.</summary>
    Collected = 4,
    /// <summary>已取消 by the resident.</summary>
    Cancelled = 5,
    /// <summary>未领取: the share went to the next.</summary>
    NoShow = 6,
    /// <summary>未中签.</summary>
    NotDrawn = 7,
}

/// <summary>How an entry came in.</summary>
internal enum EntryChannel
{
    /// <summary>Phone page, signed in or by a personal link.</summary>
    Page = 1,
    /// <summary>服务台.</summary>
    Desk = 2,
    /// <summary>电话按键.</summary>
    Keypad = 3,
    /// <summary>名单: a building steward's paper list.</summary>
    List = 4,
    /// <summary>结转: lost a draw before and is in this one by itself.</summary>
    Carried = 5,
}

/// <summary>One entitled unit of a round; the list is frozen when the round is published.</summary>
internal sealed class Entitlement
{
    /// <summary>Serial of the round.</summary>
    public int Round { get; init; }
    /// <summary>Number within the round, from 0.</summary>
    public int No { get; init; }
    /// <summary>Person, household, or made from the room's path.</summary>
    public Guid UnitId { get; init; }
    public string Room { get; init; } = "";
    /// <summary>Pickup point it is assigned to, by its number within the round.</summary>
    public int Point { get; init; }
    /// <summary>Class with reserved shares, by its number within the round; 0: none.</summary>
    public int Class { get; init; }
    /// <summary>Draws lost in a row before this round, as far as they count.</summary>
    public int Losses { get; init; }
    /// <summary>Age of the oldest, in bands, for the report on fairness.</summary>
    public AgeBand Age { get; init; }

    /// <summary>Tickets in a lottery.</summary>
    public int TicketsIn(Round round) => Math.Min(1 + Losses, round.MostTickets);
}

/// <summary>
/// An entry as it lies in the database. Written by the round's writer only (<c>Rush.RoundWriter</c>), never through the context.
/// </summary>
internal sealed class Entry
{
    /// <summary>Serial of the round.</summary>
    public int Round { get; init; }
    /// <summary>Number of the entitlement.</summary>
    public int No { get; init; }
    public EntryState State { get; set; }
    /// <summary>In which order it came, from 1.</summary>
    public int Seat { get; set; }
    /// <summary>Pickup point, by its number within the round.</summary>
    public int Point { get; set; }
    /// <summary>Which turn at the point, from 1; 0 while no share is kept. Its slot follows from it.</summary>
    public int Turn { get; set; }
    public EntryChannel Channel { get; set; }
    /// <summary>Key of the request: asking again with it gives the same answer.</summary>
    public byte[] Key { get; set; } = [];
    /// <summary>Random number on the receipt (回执号), 16 bytes.</summary>
    public byte[] Tag { get; init; } = [];
    /// <summary>When it was asked for, UTC milliseconds.</summary>
    public long AskedAt { get; set; }
    /// <summary>When it last moved, UTC milliseconds.</summary>
    public long MovedAt { get; set; }
    /// <summary>How often its slot was changed (改时段).</summary>
    public int Changes { get; set; }
}

/// <summary>A move of an entry after it was made (领取、取消、递补): append-only.</summary>
internal sealed class EntryMove
{
    public long Seq { get; init; }
    public int Round { get; init; }
    public int No { get; init; }
    public EntryState From { get; init; }
    public EntryState To { get; init; }
    /// <summary>UTC milliseconds.</summary>
    public long At { get; init; }
    /// <summary>Who did it; null when the resident or the rule did.</summary>
    public string? By { get; init; }
    /// <summary>What was shown at the desk: pass, card, receipt, list, proxy.</summary>
    public string? Proof { get; init; }
    public string? Note { get; init; }
}

/// <summary>Who writes a round: whoever has taken the highest epoch. A batch of an older one is refused by the database.</summary>
internal sealed class WriterLease
{
    public int Round { get; init; }
    public int Epoch { get; init; }
    public long Batches { get; init; }
}
