using FsCheck;
using FsCheck.Fluent;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Outcome = Liren.Supplies.Rush.Outcome;

namespace Liren.Tests.Supplies;

/// <summary>The rules of a round in memory, against any story of asks: never more than there is, never twice, the same answer again, and the same after a restart at any moment.</summary>
public sealed class RoundMindTests
{
    private static readonly DateTimeOffset Opens = new(2020, 2, 13, 6, 0, 0, TimeSpan.Zero);
    private const int Units = 12;

    private static RoundTerms Terms(RoundMode mode = RoundMode.FirstCome, int wait = 2, int held = 0, RoundState state = RoundState.Published, params int[] shares) =>
        new(1, "R0001", mode, state, Opens, Opens.AddHours(1), Opens.AddSeconds(mode == RoundMode.Windowed ? 60 : 0), wait, held, Opens.AddHours(24), new string('7', 64), shares.Length == 0 ? [3, 2] : shares);

    // Every fourth unit is of the class with reserved shares, where there is one.
    private static RoundMind Mind(RoundTerms terms, IEnumerable<Standing>? rows = null) =>
        new(terms, [.. Enumerable.Range(0, Units).Select(i => i % terms.Shares.Length)], rows ?? [], [.. Enumerable.Range(0, Units).Select(i => terms.Reserved.Length > 1 && i % 4 == 0 ? 1 : 0)]);

    private static Ask Enter(RoundMind mind, int no, int key, double seconds = 1, EntryChannel channel = EntryChannel.Page)
    {
        var ask = new Ask(Act.Enter, no) { Key = Key(key), Channel = channel };
        mind.Decide(ask, Opens.AddSeconds(seconds));
        return ask;
    }

    private static Guid Key(int n) => new(n + 1, 0, 0, new byte[8]);

    private sealed record Step(int What, int No, int Key, int Seconds);

    private static Gen<Step> Steps => from what in Gen.Choose(0, 10) from no in Gen.Choose(0, Units - 1) from key in Gen.Choose(0, 30) from seconds in Gen.Choose(0, 20) select new Step(what, no, key, seconds);

    private static readonly RoundMode[] Modes = [RoundMode.FirstCome, RoundMode.Windowed];

    [Fact]
    public void Whatever_is_asked_the_books_agree_also_when_it_begins_anew_from_its_rows() => Prop.ForAll(Steps.ListOf().ToArbitrary(), Gen.Choose(0, 1).ToArbitrary(), Gen.Choose(0, 5).ToArbitrary(), (story, mode, held) =>
    {
        // Some shares kept for the desk, or some for a class.
        var terms = Terms(Modes[mode], wait: 3, held: held > 3 ? 0 : held) with { Reserved = held > 3 ? [0, held - 3] : [0] };
        var (mind, rows, seconds) = (Mind(terms), new Dictionary<int, Standing>(), 0.0);
        foreach (var step in story)
        {
            seconds += step.Seconds;
            var now = Opens.AddSeconds(seconds);
            var before = mind[step.No]?.State;
            var ask = step.What switch
            {
                < 6 => new Ask(Act.Enter, step.No) { Key = Key(step.Key), Channel = step.What == 0 ? EntryChannel.Desk : EntryChannel.Page },
                6 or 7 => new Ask(Act.Cancel, step.No),
                8 => new Ask(Act.Collect, step.No),
                9 => new Ask(Act.ChangeSlot, step.No) { Turns = (1 + step.Key % 3 * 2, 2 + step.Key % 3 * 2), Once = step.Key % 2 == 0 },
                _ => new Ask(Act.ReleaseUnclaimed) { TurnsOver = [1, 1] },
            };
            mind.Decide(ask, now);
            // What is written is what a restart reads.
            foreach (var row in mind.Added.Concat(mind.Changed)) rows[row.No] = row.Copy();
            mind.Written();
            var counts = mind.Counts(now);
            var kept = rows.Values.Where(r => r.HoldsShare).ToList();
            if (counts.Remaining.Any(r => r < 0)) return false;
            for (var p = 0; p < terms.Shares.Length; p++) if (kept.Count(r => r.Point == p) + counts.Remaining[p] != terms.Shares[p]) return false;
            if (counts.Entered != rows.Count || counts.Confirmed + counts.Collected != kept.Count || counts.Waiting > terms.WaitMost) return false;
            if (kept.GroupBy(r => (r.Point, r.Turn)).Any(g => g.Count() > 1)) return false;
            // What is reserved for a class is there for it as long as the round is open.
            if (terms.Reserved.Length > 1 && now < terms.ClosesAt && kept.Count(r => r.No % 4 != 0) > terms.Shares.Sum() - terms.Reserved[1]) return false;
            if (before == EntryState.Collected && mind[step.No]!.State != EntryState.Collected) return false;
            // Begun anew from the rows, everything is as it was.
            var again = Mind(terms, rows.Values.Select(r => r.Copy()));
            if (!Same(again.Counts(now), counts)) return false;
            mind = again;
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static bool Same(RoundCounts a, RoundCounts b) => a.Remaining.SequenceEqual(b.Remaining) && (a.Entered, a.Requested, a.Confirmed, a.Waiting, a.Collected, a.Cancelled, a.NoShow, a.NotDrawn) == (b.Entered, b.Requested, b.Confirmed, b.Waiting, b.Collected, b.Cancelled, b.NoShow, b.NotDrawn);

    [Fact]
    public void The_same_key_gets_the_same_answer_another_key_is_told_that_there_is_one()
    {
        var mind = Mind(Terms());
        var first = Enter(mind, 4, 1);
        first.Outcome.ShouldBe(Outcome.Done);
        var again = Enter(mind, 4, 1, 5);
        (again.Outcome, again.Seen!.State, again.Seen.Seat, again.Seen.Turn).ShouldBe((Outcome.Same, EntryState.Confirmed, 1, 1));
        again.Seen.Tag.ShouldBe(first.Seen!.Tag);
        Enter(mind, 4, 2).Outcome.ShouldBe(Outcome.Already);
        Enter(mind, 5, 1).Outcome.ShouldBe(Outcome.KeyReused);
        Enter(mind, Units, 9).Outcome.ShouldBe(Outcome.NotEntitled);
        Enter(mind, -1, 9).Outcome.ShouldBe(Outcome.NotEntitled);
    }

    [Fact]
    public void It_is_open_from_its_opening_up_to_its_closing_by_the_servers_clock()
    {
        var mind = Mind(Terms());
        Enter(mind, 0, 1, -0.001).Outcome.ShouldBe(Outcome.NotOpen);
        Enter(mind, 0, 1, 0).Outcome.ShouldBe(Outcome.Done);
        Enter(mind, 1, 2, 3600).Outcome.ShouldBe(Outcome.Closed);
        Enter(mind, 1, 2, 3599.999).Outcome.ShouldBe(Outcome.Done);
        mind.Decide(new(Act.Freeze), Opens.AddSeconds(10));
        Enter(mind, 2, 3, 11).Outcome.ShouldBe(Outcome.Closed);
    }

    [Fact]
    public void When_all_is_taken_the_next_wait_and_move_up_in_their_order()
    {
        var mind = Mind(Terms());
        for (var no = 0; no < 7; no++) Enter(mind, no, no).Seen!.State.ShouldBe(no < 5 ? EntryState.Confirmed : EntryState.Waiting);
        Enter(mind, 7, 7).Outcome.ShouldBe(Outcome.SoldOut);
        mind.Decide(new(Act.Cancel, 2), Opens.AddSeconds(2));
        mind[5]!.State.ShouldBe(EntryState.Confirmed);
        mind[6]!.State.ShouldBe(EntryState.Waiting);
        // Who comes back stands at the end.
        Enter(mind, 2, 20).Seen!.State.ShouldBe(EntryState.Waiting);
        mind[2]!.Seat.ShouldBe(8);
        mind.Counts(Opens).Left.ShouldBe(0);
    }

    [Fact]
    public void What_is_kept_for_the_desk_is_not_given_out_online_for_a_day()
    {
        var mind = Mind(Terms(wait: 0, held: 2));
        for (var no = 0; no < 3; no++) Enter(mind, no, no).Outcome.ShouldBe(Outcome.Done);
        Enter(mind, 3, 3).Outcome.ShouldBe(Outcome.HeldBack);
        Enter(mind, 4, 4, channel: EntryChannel.Keypad).Outcome.ShouldBe(Outcome.Done);
        Enter(mind, 5, 5, channel: EntryChannel.Desk).Outcome.ShouldBe(Outcome.Done);
        Enter(mind, 6, 6, channel: EntryChannel.Desk).Outcome.ShouldBe(Outcome.SoldOut);
    }

    [Fact]
    public void Inside_the_window_all_ask_at_the_same_time_and_the_order_is_drawn_the_same_whenever_it_is_read()
    {
        var mind = Mind(Terms(RoundMode.Windowed, wait: 2));
        for (var no = 0; no < 9; no++) Enter(mind, no, no, no).Seen!.State.ShouldBe(EntryState.Requested);
        var rows = mind.Added.Select(r => r.Copy()).ToList();
        mind.Written();
        Enter(mind, 10, 10, 61).Outcome.ShouldBe(Outcome.SoldOut);
        var states = Enumerable.Range(0, 9).Select(no => mind[no]!.State).ToList();
        (states.Count(s => s == EntryState.Confirmed), states.Count(s => s == EntryState.Waiting), states.Count(s => s == EntryState.NotDrawn)).ShouldBe((5, 2, 2));
        // A crash before the draw was written: the same draw again.
        var again = Mind(Terms(RoundMode.Windowed, wait: 2), rows);
        again.Decide(new(Act.Look), Opens.AddSeconds(90));
        Enumerable.Range(0, 9).Select(no => again[no]!.State).ShouldBe(states);
    }

    [Fact]
    public void A_share_is_handed_over_once_at_its_own_point()
    {
        var mind = Mind(Terms());
        Enter(mind, 0, 1);
        Ask Collect(int no, int point) { var ask = new Ask(Act.Collect, no) { Point = point }; mind.Decide(ask, Opens.AddHours(2)); return ask; }
        Collect(1, 0).Outcome.ShouldBe(Outcome.NoShare);
        Collect(0, 1).Outcome.ShouldBe(Outcome.OtherPoint);
        Collect(0, 0).Outcome.ShouldBe(Outcome.Done);
        Collect(0, 0).Outcome.ShouldBe(Outcome.CollectedAlready);
        var cancel = new Ask(Act.Cancel, 0);
        mind.Decide(cancel, Opens.AddHours(2));
        cancel.Outcome.ShouldBe(Outcome.TooLate);
    }

    [Fact]
    public void Slots_follow_from_turns_within_the_hours_of_the_point()
    {
        var from = new DateTimeOffset(2020, 2, 14, 14, 5, 0, TimeSpan.FromHours(8));
        Slots.Capacity(1).ShouldBe(36);
        Slots.Of(1, from, 1, 540, 1020).ShouldBe(new DateTimeOffset(2020, 2, 14, 14, 15, 0, TimeSpan.FromHours(8)));
        Slots.Of(36, from, 1, 540, 1020).ShouldBe(Slots.Of(1, from, 1, 540, 1020));
        Slots.Of(37, from, 1, 540, 1020).ShouldBe(new DateTimeOffset(2020, 2, 14, 14, 30, 0, TimeSpan.FromHours(8)));
        // 11 slots are left of that day.
        Slots.Of(11 * 36 + 1, from, 1, 540, 1020).ShouldBe(new DateTimeOffset(2020, 2, 15, 9, 0, 0, TimeSpan.FromHours(8)));
    }

    [Fact]
    public void A_slot_is_changed_once_by_the_resident_and_never_beyond_what_it_holds()
    {
        var mind = Mind(Terms(shares: [4]));
        for (var no = 0; no < 4; no++) Enter(mind, no, no);
        Ask Change(int no, int first, int last, bool once = true)
        {
            var ask = new Ask(Act.ChangeSlot, no) { Turns = (first, last), Once = once };
            mind.Decide(ask, Opens.AddMinutes(5));
            return ask;
        }
        Change(0, 1, 2).Outcome.ShouldBe(Outcome.Same);
        Change(0, 3, 4).Outcome.ShouldBe(Outcome.SlotFull);
        (Change(0, 5, 6).Outcome, mind[0]!.Turn).ShouldBe((Outcome.Done, 5));
        Change(0, 7, 8).Outcome.ShouldBe(Outcome.ChangedBefore);
        (Change(0, 7, 8, once: false).Outcome, mind[0]!.Turn).ShouldBe((Outcome.Done, 7));
        // The turn that was left is free again.
        (Change(1, 5, 6).Outcome, mind[1]!.Turn, mind[1]!.Changes).ShouldBe((Outcome.Done, 5, 1));
        Change(9, 5, 6).Outcome.ShouldBe(Outcome.NoShare);
    }
}
