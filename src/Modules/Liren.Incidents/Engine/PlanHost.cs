using Liren.Plans.Running;
using Liren.Sdk.Data;

namespace Liren.Incidents.Engine;

/// <summary>An input that is on disk, and what it led to.</summary>
/// <param name="Seq">Its number in the journal; replayed, the same input has the same number and leads to the same.</param>
/// <param name="Input">What came in.</param>
/// <param name="Outcome">What happened, and which effects are still to be answered.</param>
/// <param name="Fresh">It was decided just now; after a restart it may have been done before.</param>
internal readonly record struct Applied(long Seq, Input Input, Outcome Outcome, bool Fresh = false);

/// <summary>
/// Runs the plan engine durably: each input is applied and written with its effects in a group commit; only then are the effects handed out. After a
/// restart the journal is replayed, effects without an answer are handed out again under the same key, and what fell due meanwhile happens at once.
/// </summary>
internal sealed class PlanHost : IAsyncDisposable
{
    private readonly Func<PlanJournal> open;
    private readonly Func<PlanEngine> arm;
    private readonly Action<Applied> committed;
    private readonly Action<Exception> failed;
    private readonly TimeProvider clock;
    private readonly GroupWriter<Order> writer;
    private readonly ITimer timer;
    private PlanJournal? journal;
    private readonly Func<long>? dealt;
    private readonly Func<Resolve, string, IReadOnlyList<string>?>? atOnce;
    private PlanEngine? engine;
    private DateTimeOffset now, snapshotAt;
    private long snapshot, told;

    private readonly record struct Order(Func<DateTimeOffset, Input>? Make, string? Cause, long Feed = 0, long After = 0);

    // A timer takes no more than 49 days; it is set again when it fires.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1), Again = TimeSpan.FromSeconds(1), Often = TimeSpan.FromMinutes(10);
    private const int Many = 100_000;

    /// <summary>Replays the journal and goes on.</summary>
    /// <param name="open">Opens the journal, which the host closes; again when the disk refused.</param>
    /// <param name="arm">An engine without history.</param>
    /// <param name="committed">Hears of each input and what it led to, once it is on disk, in order; from one thread at a time.</param>
    /// <param name="failed">Hears why time could not pass: the disk refused, or a plan cannot go on. It is tried again each second.</param>
    /// <param name="clock">Arrival times come from here; they never go back.</param>
    /// <param name="seen">The last input whose outcome was dealt with before; what came after it is told again. Null: only what is open is told again.</param>
    /// <param name="dealt">The last input with an outcome that has been dealt with by now; snapshots are kept when that is the last there is. Null: no snapshots.</param>
    /// <param name="atOnce">Knows from memory who is meant, at a place; the answer is part of the same commit. Null, or null from it: whoever hears of the question answers later.</param>
    public PlanHost(Func<PlanJournal> open, Func<PlanEngine> arm, Action<Applied> committed, Action<Exception> failed, TimeProvider clock, long? seen = null, Func<long>? dealt = null, Func<Resolve, string, IReadOnlyList<string>?>? atOnce = null)
    {
        (this.open, this.arm, this.committed, this.failed, this.clock) = (open, arm, committed, failed, clock);
        (this.dealt, this.atOnce, snapshotAt) = (dealt, atOnce, clock.GetUtcNow());
        timer = clock.CreateTimer(_ => _ = TickAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        journal = open();
        try
        {
            var unseen = new List<Applied>();
            engine = Replay(journal, applied => { if (applied.Seq > seen) unseen.Add(applied); });
            GoOn(engine, journal, unseen);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
        writer = new(Commit);
        SetTimer(engine);
    }

    // What fell due meanwhile comes first: an offer that ran out while nobody was here is not made any more.
    private void GoOn(PlanEngine restored, PlanJournal store, List<Applied> unseen)
    {
        now = Max(now, clock.GetUtcNow());
        var tick = new Tick(now);
        var meanwhile = restored.Apply(tick);
        if (IsWorthWriting(tick, meanwhile)) store.Write([new(tick, meanwhile.Effects)]);
        var unanswered = store.Open().ToLookup(restored.Wants);
        store.Close(unanswered[false]);
        foreach (var (seq, input, outcome, _) in unseen) committed(new(seq, input, outcome with { Effects = [] }));
        told = store.Last;
        committed(new(store.Last, tick, meanwhile with { Effects = [.. unanswered[true]] }));
    }

    /// <summary>How far the journal of the devices has been taken in.</summary>
    public long Feed { get; private set; }

    /// <summary>The plans in force.</summary>
    public InForce InForce { get; private set; } = new([]);

    /// <summary>Returns when the input and all it led to are on disk.</summary>
    /// <param name="make">Gives the input at its time of arrival.</param>
    /// <param name="cause">Name of what made somebody hand it in; the same cause is taken once, however often it is handed in.</param>
    /// <param name="feed">Its place in the journal of the devices, when it is a reading of one; it counts as taken in together with the input.</param>
    /// <param name="after">The place before it: when that is not taken in, neither is this one; who hands them in begins again at <see cref="Feed"/>.</param>
    /// <exception cref="Liren.Sdk.RuleBrokenException">503 sdk.busy: too many wait.</exception>
    public Task SubmitAsync(Func<DateTimeOffset, Input> make, string? cause = null, long feed = 0, long after = 0) => writer.WriteAsync(new(make, cause, feed, after));

    /// <summary>Nothing up to this place in the journal of the devices is wanted any more.</summary>
    public Task PassAsync(long feed) => writer.WriteAsync(new(null, null, feed));

    private PlanEngine Replay(PlanJournal store, Action<Applied>? told = null)
    {
        var fresh = arm();
        snapshot = 0;
        if (this.dealt is not null && store.Newest() is { } newest)
        {
            fresh.Restore(newest.State);
            snapshot = newest.Seq;
        }
        foreach (var (seq, input) in store.Inputs(snapshot))
        {
            var outcome = fresh.Apply(input);
            now = input.At;
            told?.Invoke(new(seq, input, outcome));
        }
        // A millisecond is what the journal keeps; a snapshot hides the last input itself.
        now = Max(now, store.LastAt);
        Feed = store.Feed;
        InForce = new(fresh.InForce);
        return fresh;
    }

    private void Commit(IReadOnlyList<Order> batch)
    {
        var done = new List<(Input Input, Outcome Outcome, Order Order)>(batch.Count);
        long from;
        HashSet<Effect>? answered = null;
        try
        {
            // The last batch was applied and could not be written: what is on disk is what was so.
            journal ??= open();
            engine ??= Replay(journal);
            KeepSnapshot(journal, engine);
            HashSet<string>? causes = null;
            var feed = journal.Feed;
            foreach (var order in batch)
            {
                // One before it was refused: taken in, this one would hide the gap.
                if (order.After > feed) continue;
                feed = Math.Max(feed, order.Feed);
                if (order.Make is null || order.Cause is { } cause && (!(causes ??= []).Add(cause) || journal.Knows(cause))) continue;
                now = Max(now, clock.GetUtcNow());
                var input = order.Make(now);
                done.Add((input, engine.Apply(input), order));
                AnswerAtOnce(engine, done, ref answered);
            }
            done.RemoveAll(d => !IsWorthWriting(d.Input, d.Outcome));
            from = journal.Last;
            if (done.Count > 0) journal.Write(done.Select(d => new JournalEntry(d.Input, d.Outcome.Effects, d.Order.Cause, d.Order.Feed)));
            journal.Pass(feed);
            Feed = journal.Feed;
            if (done.Exists(d => d.Input is PutInForce or TakenOut)) InForce = new(engine.InForce);
        }
        catch
        {
            engine = null;
            journal?.Dispose();
            journal = null;
            timer.Change(Again, Timeout.InfiniteTimeSpan);
            throw;
        }
        foreach (var (input, outcome, _) in done)
        {
            from++;
            if (outcome is not { Happened.Count: 0, Effects.Count: 0 }) told = from;
            committed(new(from, input, answered is null ? outcome : outcome with { Effects = [.. outcome.Effects.Where(e => !answered.Contains(e))] }, Fresh: true));
        }
        SetTimer(engine);
    }

    // What is asked and known comes in as an answer right behind; nobody else needs to hear of the question.
    private void AnswerAtOnce(PlanEngine current, List<(Input Input, Outcome Outcome, Order Order)> done, ref HashSet<Effect>? answered)
    {
        if (atOnce is null) return;
        for (var i = done.Count - 1; i < done.Count; i++)
            foreach (var ask in done[i].Outcome.Effects.OfType<Resolve>())
                if (current.AreaOf(ask.Incident) is { } area && atOnce(ask, area) is { } names)
                {
                    var answer = new Targets(now, ask.Incident, ask.Step, ask.Occurrence, ask.Round, ask.Expression, names);
                    done.Add((answer, current.Apply(answer), new(_ => answer, null)));
                    (answered ??= new(ReferenceEqualityComparer.Instance)).Add(ask);
                }
    }

    // Only when nobody still has to deal with what led to it: a start from here would not tell it again.
    private void KeepSnapshot(PlanJournal store, PlanEngine current, bool atTheEnd = false)
    {
        if (dealt is null || store.Last == snapshot || dealt() < told) return;
        if (!atTheEnd && store.Last - snapshot < Many && clock.GetUtcNow() - snapshotAt < Often) return;
        store.Snapshot(current.Save(), clock.GetUtcNow());
        (snapshot, snapshotAt) = (store.Last, clock.GetUtcNow());
    }

    // A tick that leads to nothing would only lengthen the journal: the engine does what was due at its instant whenever it is called.
    private static bool IsWorthWriting(Input input, Outcome outcome) => input is not Tick || outcome.Effects.Count > 0 || outcome.Happened.Count > 0;

    private void SetTimer(PlanEngine current)
    {
        var wait = current.NextDue is { } due ? due - clock.GetUtcNow() : Longest;
        timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait, Timeout.InfiniteTimeSpan);
    }

    private async Task TickAsync()
    {
        try { await SubmitAsync(at => new Tick(at)); }
        // Nobody waits for a tick: the host hears of it, and it is tried again when the timer says so.
        catch (Exception e) when (e is not OutOfMemoryException) { failed(e); }
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>Writes what waits and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await writer.DisposeAsync();
        try { if (journal is not null && engine is not null) KeepSnapshot(journal, engine, atTheEnd: true); }
        // The next start reads the journal instead.
        catch (System.Data.Common.DbException e) { failed(e); }
        journal?.Dispose();
    }
}
