using System.Security.Cryptography;
using Liren.Draws;
using Liren.Supplies.Domain;

namespace Liren.Supplies.Rush;

/// <summary>
/// A round in memory: decides in the order asked, and notes what has to be written. It is thrown away and built anew from the rows whenever a write failed, so nothing is ever
/// taken back by hand. One thread only. What remains is never kept as a number of its own: it is the shares less the entries that hold one.
/// </summary>
internal sealed class RoundMind
{
    private readonly RoundTerms terms;
    private readonly int[] homes, classes, classTaken;
    private readonly Standing?[] byNo;
    private readonly Dictionary<Guid, int> keys;
    private readonly int[] remaining, turns;
    private readonly HashSet<int>[] usedTurns;
    private readonly int[] states = new int[8];
    private readonly SortedDictionary<int, Standing> waiting = [];
    private int seats, deskTaken;
    private bool frozen, windowDrawn;

    /// <param name="terms">The round.</param>
    /// <param name="homes">Pickup point of each entitled unit.</param>
    /// <param name="rows">Entries as they lie on disk.</param>
    /// <param name="classes">Class of each entitled unit.</param>
    public RoundMind(RoundTerms terms, int[] homes, IEnumerable<Standing> rows, int[] classes)
    {
        (this.terms, this.homes, this.classes) = (terms, homes, classes);
        classTaken = new int[terms.Reserved.Length];
        byNo = new Standing?[homes.Length];
        keys = new(homes.Length);
        remaining = [.. terms.Shares];
        turns = new int[remaining.Length];
        usedTurns = [.. remaining.Select(_ => new HashSet<int>())];
        frozen = terms.State != RoundState.Published;
        foreach (var row in rows)
        {
            byNo[row.No] = row;
            states[(int)row.State]++;
            keys.Add(row.Key, row.No);
            seats = Math.Max(seats, row.Seat);
            // A turn that was chosen is taken, but the others go on where they were.
            if (row.Changes == 0) turns[row.Point] = Math.Max(turns[row.Point], row.Turn);
            if (row.Turn > 0) usedTurns[row.Point].Add(row.Turn);
            if (row.HoldsShare) Take(row);
            if (row.State == EntryState.Waiting) waiting.Add(row.Seat, row);
            // A share or a place on the waiting list inside a window's round is the window's draw having been written.
            if (row.State is not (EntryState.Requested or EntryState.Cancelled)) windowDrawn = true;
        }
    }

    /// <summary>Entries made by this batch.</summary>
    public List<Standing> Added { get; } = [];
    private readonly HashSet<Standing> added = [];
    /// <summary>Entries changed by this batch.</summary>
    public HashSet<Standing> Changed { get; } = [];
    /// <summary>Moves to be noted.</summary>
    public List<EntryMove> Moves { get; } = [];

    public bool HasWork => Added.Count + Changed.Count + Moves.Count > 0;

    /// <summary>Forgets what has been written.</summary>
    public void Written() { Added.Clear(); added.Clear(); Changed.Clear(); Moves.Clear(); }

    public RoundCounts Counts(DateTimeOffset now)
    {
        int Of(EntryState state) => states[(int)state];
        return new(states.Sum(), Of(EntryState.Requested), Of(EntryState.Confirmed), Of(EntryState.Waiting), Of(EntryState.Collected), Of(EntryState.Cancelled), Of(EntryState.NoShow), Of(EntryState.NotDrawn), [.. remaining], now);
    }

    public Standing? this[int no] => no >= 0 && no < byNo.Length ? byNo[no]?.Copy() : null;

    public void Decide(Ask ask, DateTimeOffset now)
    {
        DrawWindow(now);
        // What was kept for those without a smartphone is free after a day.
        if (waiting.Count > 0 && (terms.HeldForDesk > 0 && now >= terms.HeldUntil || classTaken.Length > 1 && now >= terms.ClosesAt)) Promote(new Ask(Act.Look), now);
        switch (ask.Act)
        {
            case Act.Enter: Enter(ask, now); break;
            case Act.Cancel: Cancel(ask, now); break;
            case Act.Collect: Collect(ask, now); break;
            case Act.ChangeSlot: ChangeSlot(ask, now); break;
            case Act.ReleaseUnclaimed: Release(ask, now); break;
            case Act.Draw: Draw(ask, now); break;
            case Act.Freeze: frozen = true; break;
        }
        if (ask.No >= 0 && ask.No < byNo.Length) ask.Seen = byNo[ask.No]?.Copy();
    }

    private void Enter(Ask ask, DateTimeOffset now)
    {
        if (ask.No < 0 || ask.No >= byNo.Length) { ask.Outcome = Outcome.NotEntitled; return; }
        var mine = byNo[ask.No];
        if (keys.TryGetValue(ask.Key, out var owner)) { ask.Outcome = owner == ask.No ? Outcome.Same : Outcome.KeyReused; return; }
        if (mine is not null && mine.State != EntryState.Cancelled) { ask.Outcome = Outcome.Already; return; }
        if (now < terms.OpensAt && !frozen) { ask.Outcome = Outcome.NotOpen; return; }
        if (frozen || now >= terms.ClosesAt) { ask.Outcome = Outcome.Closed; return; }
        var fresh = new Standing { No = ask.No, Channel = ask.Channel, Key = ask.Key, AskedAt = now.ToUnixTimeMilliseconds(), MovedAt = now.ToUnixTimeMilliseconds(), Point = homes[ask.No] };
        if (terms.Mode == RoundMode.Lottery || now < terms.WindowEndsAt) fresh.State = EntryState.Requested;
        else if (!Seat(fresh, now, out var why)) { ask.Outcome = why; return; }
        fresh.Seat = ++seats;
        fresh.Tag = mine?.Tag ?? RandomNumberGenerator.GetBytes(TagList.TagSize);
        var entry = mine ?? fresh;
        if (mine is null) { Added.Add(entry); added.Add(entry); }
        else
        {
            keys.Remove(mine.Key);
            states[(int)mine.State]--;
            mine.Become(fresh);
            Moves.Add(Move(entry, EntryState.Cancelled, ask, now));
            Note(entry);
        }
        states[(int)entry.State]++;
        if (entry.State == EntryState.Waiting) waiting.Add(entry.Seat, entry);
        byNo[ask.No] = entry;
        keys.Add(ask.Key, ask.No);
        ask.Outcome = Outcome.Done;
    }

    // A share at the own point, else where most is left, else the waiting list.
    private bool Seat(Standing entry, DateTimeOffset now, out Outcome why)
    {
        why = Outcome.SoldOut;
        if (MayTake(entry, now)) { Confirm(entry); return true; }
        if (waiting.Count < terms.WaitMost) { entry.State = EntryState.Waiting; return true; }
        if (Left > 0) why = Outcome.HeldBack;
        return false;
    }

    private int Left => remaining.Sum();

    // What is kept for others is not for this one: for those without a smartphone for a day, for the other classes until it closes.
    private bool MayTake(Standing entry, DateTimeOffset now)
    {
        var kept = entry.Channel == EntryChannel.Page && now < terms.HeldUntil ? Math.Max(0, terms.HeldForDesk - deskTaken) : 0;
        for (var c = 1; c < classTaken.Length && now < terms.ClosesAt; c++)
            if (c != classes[entry.No]) kept += Math.Max(0, terms.Reserved[c] - classTaken[c]);
        return Left > kept;
    }

    private void Confirm(Standing entry)
    {
        if (remaining[entry.Point] == 0) entry.Point = Array.IndexOf(remaining, remaining.Max());
        entry.State = EntryState.Confirmed;
        do entry.Turn = ++turns[entry.Point]; while (!usedTurns[entry.Point].Add(entry.Turn));
        Take(entry);
    }

    private void Take(Standing entry)
    {
        remaining[entry.Point]--;
        if (remaining[entry.Point] < 0) throw new InvalidOperationException($"Round {terms.Serial} holds more shares than it has");
        if (entry.Channel != EntryChannel.Page) deskTaken++;
        classTaken[classes[entry.No]]++;
    }

    private void GiveBack(Standing entry)
    {
        remaining[entry.Point]++;
        if (entry.Channel != EntryChannel.Page) deskTaken--;
        classTaken[classes[entry.No]]--;
    }

    private bool Ended => terms.State is RoundState.Settled or RoundState.Cancelled;

    private void Cancel(Ask ask, DateTimeOffset now)
    {
        if (Ended) { ask.Outcome = Outcome.TooLate; return; }
        switch (ask.No >= 0 && ask.No < byNo.Length ? byNo[ask.No] : null)
        {
            case null: ask.Outcome = Outcome.NoShare; return;
            case { State: EntryState.Cancelled }: ask.Outcome = Outcome.Same; return;
            case { State: EntryState.Collected or EntryState.NoShow or EntryState.NotDrawn }: ask.Outcome = Outcome.TooLate; return;
            // Once the list is committed to, an entry cannot leave it: whoever wins may do without then.
            case { State: EntryState.Requested } when frozen: ask.Outcome = Outcome.TooLate; return;
            case { } entry:
                ask.Outcome = Outcome.Done;
                LetGo(entry, EntryState.Cancelled, ask, now);
                Promote(ask, now);
                return;
        }
    }

    private void LetGo(Standing entry, EntryState to, Ask ask, DateTimeOffset now)
    {
        if (entry.HoldsShare) GiveBack(entry);
        if (entry.State == EntryState.Waiting) waiting.Remove(entry.Seat);
        Moves.Add(Move(entry, entry.State, ask, now, to));
        usedTurns[entry.Point].Remove(entry.Turn);
        Shift(entry, () => (entry.State, entry.Turn, entry.MovedAt) = (to, 0, now.ToUnixTimeMilliseconds()));
        Note(entry);
    }

    private void Shift(Standing entry, Action change)
    {
        states[(int)entry.State]--;
        change();
        states[(int)entry.State]++;
    }

    // Whoever waits longest comes first; nobody new can come between, because a share given back never shows as left while somebody waits.
    private void Promote(Ask ask, DateTimeOffset now)
    {
        while (Left > 0 && waiting.Values.FirstOrDefault(w => MayTake(w, now)) is { } next)
        {
            waiting.Remove(next.Seat);
            Shift(next, () => Confirm(next));
            next.MovedAt = now.ToUnixTimeMilliseconds();
            Moves.Add(new() { Round = terms.Serial, No = next.No, From = EntryState.Waiting, To = EntryState.Confirmed, At = next.MovedAt });
            Note(next);
            ask.Moved++;
        }
    }

    private void Collect(Ask ask, DateTimeOffset now)
    {
        var entry = ask.No >= 0 && ask.No < byNo.Length ? byNo[ask.No] : null;
        if (entry?.State == EntryState.Collected) { ask.Outcome = Outcome.CollectedAlready; return; }
        if (Ended || entry?.State != EntryState.Confirmed) { ask.Outcome = Outcome.NoShare; return; }
        if (ask.Point >= 0 && ask.Point != entry.Point) { ask.Outcome = Outcome.OtherPoint; return; }
        Moves.Add(Move(entry, entry.State, ask, now, EntryState.Collected));
        Shift(entry, () => (entry.State, entry.MovedAt) = (EntryState.Collected, now.ToUnixTimeMilliseconds()));
        Note(entry);
        ask.Outcome = Outcome.Done;
    }

    private void ChangeSlot(Ask ask, DateTimeOffset now)
    {
        var entry = ask.No >= 0 && ask.No < byNo.Length ? byNo[ask.No] : null;
        if (Ended || entry?.State != EntryState.Confirmed) { ask.Outcome = Outcome.NoShare; return; }
        if (entry.Turn >= ask.Turns.First && entry.Turn <= ask.Turns.Last) { ask.Outcome = Outcome.Same; return; }
        if (ask.Once && entry.Changes > 0) { ask.Outcome = Outcome.ChangedBefore; return; }
        var (used, turn) = (usedTurns[entry.Point], ask.Turns.First);
        while (turn <= ask.Turns.Last && used.Contains(turn)) turn++;
        if (turn > ask.Turns.Last) { ask.Outcome = Outcome.SlotFull; return; }
        used.Remove(entry.Turn);
        used.Add(turn);
        (entry.Turn, entry.Changes, entry.MovedAt) = (turn, entry.Changes + 1, now.ToUnixTimeMilliseconds());
        Moves.Add(Move(entry, entry.State, ask, now));
        Note(entry);
        ask.Outcome = Outcome.Done;
    }

    private void Release(Ask ask, DateTimeOffset now)
    {
        foreach (var entry in byNo)
            if (entry is { State: EntryState.Confirmed } && entry.Turn <= ask.TurnsOver![entry.Point]) { LetGo(entry, EntryState.NoShow, ask, now); ask.Moved++; }
        if (ask.MovesUp) Promote(new Ask(Act.Look), now);
        ask.Outcome = Outcome.Done;
    }

    private void Draw(Ask ask, DateTimeOffset now)
    {
        // Only what was requested moves, so a result sent twice is one result.
        for (var i = 0; i < ask.Drawn!.Count; i++)
        {
            if (byNo[ask.Drawn[i]] is not { State: EntryState.Requested } entry) continue;
            Moves.Add(Move(entry, entry.State, ask, now, i < ask.Winners ? EntryState.Confirmed : EntryState.Waiting));
            if (i < ask.Winners) Shift(entry, () => Confirm(entry));
            else
            {
                Shift(entry, () => (entry.State, entry.Seat) = (EntryState.Waiting, ++seats));
                waiting.Add(entry.Seat, entry);
            }
            entry.MovedAt = now.ToUnixTimeMilliseconds();
            Note(entry);
            ask.Moved++;
        }
        foreach (var entry in byNo)
        {
            if (entry is not { State: EntryState.Requested }) continue;
            Shift(entry, () => (entry.State, entry.MovedAt) = (EntryState.NotDrawn, now.ToUnixTimeMilliseconds()));
            Note(entry);
        }
        ask.Outcome = Outcome.Done;
    }

    // All who asked within the window asked at the same time: their order is drawn from a secret promised with the round, over the tags on their receipts.
    private void DrawWindow(DateTimeOffset now)
    {
        if (terms.Mode != RoundMode.Windowed || windowDrawn || now < terms.WindowEndsAt) return;
        windowDrawn = true;
        var asked = byNo.Where(e => e is { State: EntryState.Requested }).Select(e => e!).ToList();
        if (asked.Count == 0) return;
        var byTag = asked.ToDictionary(e => Hex.Of(e.Tag));
        var list = TagList.Of(asked.Select(e => e.Tag));
        var seed = WindowSeed(terms, list);
        var ask = new Ask(Act.Look);
        foreach (var index in Liren.Draws.Draw.Order(seed, list.Count))
        {
            var entry = byTag[Hex.Of(list[index])];
            var before = entry.State;
            entry.Seat = ++seats;
            Shift(entry, () => { if (!Seat(entry, now, out _)) entry.State = EntryState.NotDrawn; });
            if (entry.State == EntryState.Waiting) waiting.Add(entry.Seat, entry);
            entry.MovedAt = now.ToUnixTimeMilliseconds();
            Moves.Add(Move(entry, before, ask, now, entry.State));
            Note(entry);
        }
    }

    /// <summary>Whose secret orders a window, and what stands in place of a public number.</summary>
    public const string WindowCustodian = "liren", WindowBeacon = "window";

    /// <summary>Seed of a window's draw: the list as it was when the window ended, and the secret promised with the round.</summary>
    public static byte[] WindowSeed(RoundTerms terms, TagList list)
    {
        var secret = Hex.Read(terms.WindowSecret, Custodian.SecretSize)!;
        return Liren.Draws.Draw.Seed(Liren.Draws.Draw.SeedLines(terms.Code, list.Count, Math.Min(list.Count, terms.Shares.Sum()), list.Root, [new(WindowCustodian, Custodian.CommitTo(secret), secret)], WindowBeacon));
    }

    private void Note(Standing entry)
    {
        if (!added.Contains(entry)) Changed.Add(entry);
    }

    private EntryMove Move(Standing entry, EntryState from, Ask ask, DateTimeOffset now, EntryState? to = null) =>
        new() { Round = terms.Serial, No = entry.No, From = from, To = to ?? entry.State, At = now.ToUnixTimeMilliseconds(), By = ask.By, Proof = ask.Proof, Note = ask.Note };
}
