using Liren.Supplies.Domain;

namespace Liren.Supplies.Rush;

/// <summary>What is asked of a round's writer.</summary>
internal enum Act
{
    /// <summary>Enters an entitled unit.</summary>
    Enter,
    /// <summary>The resident does without.</summary>
    Cancel,
    /// <summary>Handed over at the desk.</summary>
    Collect,
    /// <summary>Shares not collected by a time go to those waiting.</summary>
    ReleaseUnclaimed,
    /// <summary>To another slot of the same point (改时段).</summary>
    ChangeSlot,
    /// <summary>No more entries from here on.</summary>
    Freeze,
    /// <summary>Results of a lottery.</summary>
    Draw,
    /// <summary>Nothing: the round is loaded, a window that has ended is drawn.</summary>
    Look,
}

/// <summary>The answer.</summary>
internal enum Outcome
{
    /// <summary>Done, by this very request (or an earlier one with its key): <see cref="Ask.Seen"/> is how it stands.</summary>
    Done,
    /// <summary>The key was used before: <see cref="Ask.Seen"/> is how that request stands.</summary>
    Same,
    /// <summary>The unit had entered before, by another request.</summary>
    Already,
    /// <summary>The key was used for another unit.</summary>
    KeyReused,
    NotOpen,
    Closed,
    SoldOut,
    /// <summary>What is left is kept for those without a smartphone, for now.</summary>
    HeldBack,
    NotEntitled,
    /// <summary>There is no entry, or no share is kept for it.</summary>
    NoShare,
    /// <summary>It was collected already.</summary>
    CollectedAlready,
    /// <summary>It is to be collected at another point.</summary>
    OtherPoint,
    /// <summary>Too late to cancel: collected, or gone to the next.</summary>
    TooLate,
    /// <summary>Nobody more can come in that slot.</summary>
    SlotFull,
    /// <summary>The slot was changed before; once is all.</summary>
    ChangedBefore,
}

/// <summary>An entry as the writer keeps it.</summary>
internal sealed class Standing
{
    public int No;
    public EntryState State;
    public int Seat, Point, Turn;
    public EntryChannel Channel;
    public Guid Key;
    public byte[] Tag = [];
    public long AskedAt, MovedAt;
    public int Changes;

    /// <summary>Whether it takes a share away from others.</summary>
    public bool HoldsShare => State is EntryState.Confirmed or EntryState.Collected;

    public Standing Copy() => (Standing)MemberwiseClone();

    /// <summary>Is entered anew: everything but who it is and the receipt.</summary>
    public void Become(Standing fresh) =>
        (State, Seat, Point, Turn, Channel, Key, AskedAt, MovedAt, Changes) = (fresh.State, fresh.Seat, fresh.Point, fresh.Turn, fresh.Channel, fresh.Key, fresh.AskedAt, fresh.MovedAt, fresh.Changes);
}

/// <summary>One thing asked of a round's writer; answered when what follows from it is on disk.</summary>
internal sealed class Ask(Act act, int no = -1)
{
    public Act Act { get; } = act;
    public int No { get; } = no;
    public Guid Key { get; init; }
    public EntryChannel Channel { get; init; } = EntryChannel.Page;
    public string? By { get; init; }
    public string? Proof { get; init; }
    public string? Note { get; init; }
    /// <summary>The desk's point; -1 when any.</summary>
    public int Point { get; init; } = -1;
    /// <summary>For <see cref="Act.ReleaseUnclaimed"/>: which turns at each point are over.</summary>
    public IReadOnlyList<int>? TurnsOver { get; init; }
    /// <summary>For <see cref="Act.ReleaseUnclaimed"/>: whether those who wait move up; not when pickup is over.</summary>
    public bool MovesUp { get; init; } = true;
    /// <summary>For <see cref="Act.ChangeSlot"/>: the turns of the slot asked for.</summary>
    public (int First, int Last) Turns { get; init; }
    /// <summary>For <see cref="Act.ChangeSlot"/>: residents change once; the desk as often as it must.</summary>
    public bool Once { get; init; }
    /// <summary>For <see cref="Act.Draw"/>: numbers of units in the order drawn, winners first.</summary>
    public IReadOnlyList<int>? Drawn { get; init; }
    /// <summary>For <see cref="Act.Draw"/>: how many of them won.</summary>
    public int Winners { get; init; }

    public Outcome Outcome { get; set; }
    /// <summary>The entry as it stands after it; a copy.</summary>
    public Standing? Seen { get; set; }
    /// <summary>How many entries moved.</summary>
    public int Moved { get; set; }
}

/// <summary>Numbers of a round for everybody to see.</summary>
internal sealed record RoundCounts(int Entered, int Requested, int Confirmed, int Waiting, int Collected, int Cancelled, int NoShow, int NotDrawn, IReadOnlyList<int> Remaining, DateTimeOffset At)
{
    public int Left => Remaining.Sum();
}
