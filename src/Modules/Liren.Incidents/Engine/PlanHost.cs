using Liren.Plans.Running;
using Liren.Sdk.Data;

namespace Liren.Incidents.Engine;

/// <summary>
/// Runs the plan engine durably: each input is applied and written with its effects in a group commit; only then are the effects handed out. After a
/// restart the journal is replayed, effects without an answer are handed out again under the same key, and what fell due meanwhile happens at once.
/// </summary>
internal sealed class PlanHost : IAsyncDisposable
{
    private readonly PlanJournal journal;
    private readonly Func<PlanEngine> arm;
    private readonly Action<Input, Outcome> committed;
    private readonly Action<Exception> failed;
    private readonly TimeProvider clock;
    private readonly GroupWriter<Func<DateTimeOffset, Input>> writer;
    private readonly ITimer timer;
    private PlanEngine? engine;
    private DateTimeOffset now;

    // A timer takes no more than 49 days; it is set again when it fires.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1), Again = TimeSpan.FromSeconds(1);

    /// <summary>Replays the journal and goes on.</summary>
    /// <param name="journal">Belongs to the host from now on, and is closed by it.</param>
    /// <param name="arm">An engine with its plans in force and no history.</param>
    /// <param name="committed">Hears of each input and what it led to, once it is on disk, in order; first of the effects that are still open. From one thread at a time.</param>
    /// <param name="failed">Hears why time could not pass: the disk refused, or a plan cannot go on. It is tried again each second.</param>
    /// <param name="clock">Arrival times come from here; they never go back.</param>
    public PlanHost(PlanJournal journal, Func<PlanEngine> arm, Action<Input, Outcome> committed, Action<Exception> failed, TimeProvider clock)
    {
        (this.journal, this.arm, this.committed, this.failed, this.clock) = (journal, arm, committed, failed, clock);
        timer = clock.CreateTimer(_ => _ = TickAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        engine = Replay();
        GoOn(engine);
        writer = new(Commit);
        SetTimer(engine);
    }

    // What fell due meanwhile comes first: an offer that ran out while nobody was here is not made any more.
    private void GoOn(PlanEngine restored)
    {
        now = Max(now, clock.GetUtcNow());
        var tick = new Tick(now);
        var meanwhile = restored.Apply(tick);
        if (meanwhile.Effects.Count > 0) journal.Write([new(tick, meanwhile.Effects)]);
        var open = journal.Open().ToLookup(restored.Wants);
        journal.Close(open[false]);
        committed(tick, meanwhile with { Effects = [.. open[true]] });
    }

    /// <summary>Returns when the input and all it led to are on disk.</summary>
    /// <param name="make">Gives the input at its time of arrival.</param>
    /// <exception cref="Liren.Sdk.RuleBrokenException">503 sdk.busy: too many wait.</exception>
    public Task SubmitAsync(Func<DateTimeOffset, Input> make) => writer.WriteAsync(make);

    private PlanEngine Replay()
    {
        var fresh = arm();
        foreach (var input in journal.Inputs())
        {
            fresh.Apply(input);
            now = input.At;
        }
        return fresh;
    }

    private void Commit(IReadOnlyList<Func<DateTimeOffset, Input>> batch)
    {
        // The last batch was applied and could not be written: what is on disk is what was so.
        engine ??= Replay();
        var done = new List<(Input Input, Outcome Outcome)>(batch.Count);
        try
        {
            foreach (var make in batch)
            {
                now = Max(now, clock.GetUtcNow());
                var input = make(now);
                done.Add((input, engine.Apply(input)));
            }
            // A tick without effects would only lengthen the journal: the engine does what was due at its instant whenever it is called.
            var worth = done.Where(d => d.Input is not Tick || d.Outcome.Effects.Count > 0).ToList();
            if (worth.Count > 0) journal.Write(worth.Select(d => new JournalEntry(d.Input, d.Outcome.Effects)));
        }
        catch
        {
            engine = null;
            timer.Change(Again, Timeout.InfiniteTimeSpan);
            throw;
        }
        foreach (var (input, outcome) in done) committed(input, outcome);
        SetTimer(engine);
    }

    private void SetTimer(PlanEngine engine)
    {
        var wait = engine.NextDue is { } due ? due - clock.GetUtcNow() : Longest;
        timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait, Timeout.InfiniteTimeSpan);
    }

    private async Task TickAsync()
    {
        try { await writer.WriteAsync(at => new Tick(at)); }
        // Nobody waits for a tick: the host hears of it, and it is tried again when the timer says so.
        catch (Exception e) when (e is not OutOfMemoryException) { failed(e); }
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>Writes what waits and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await writer.DisposeAsync();
        journal.Dispose();
    }
}
