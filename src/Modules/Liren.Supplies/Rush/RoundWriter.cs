using Liren.Sdk.Data;

namespace Liren.Supplies.Rush;

/// <summary>
/// The one writer of a round: takes what waits, decides it all in memory, writes it in one transaction, and only then answers everybody, refusals included (what makes one "already
/// there" may itself still have been in the air). When a write fails, memory is thrown away and built anew from the rows.
/// </summary>
internal sealed class RoundWriter : IAsyncDisposable
{
    private readonly DatabaseWriter<Ask, Held> writer;
    private readonly TimeProvider clock;
    private Held? held;

    /// <summary>Rows and what they mean.</summary>
    private sealed record Held(RoundRows Rows, RoundMind Mind) : IDisposable
    {
        public void Dispose() => Rows.Dispose();
    }

    /// <param name="at">The database.</param>
    /// <param name="serial">The round.</param>
    /// <param name="terms">Reads the round; called whenever the writer begins anew, on its own thread.</param>
    /// <param name="clock">The server's; a client's clock means nothing.</param>
    public RoundWriter(DataLocation at, int serial, Func<RoundTerms> terms, TimeProvider clock)
    {
        this.clock = clock;
        writer = new(at, connection =>
        {
            var rows = RoundRows.On(connection, serial);
            rows.TakeOver();
            return held = new(rows, new(terms(), rows.ReadHomes(), rows.ReadEntries(), rows.ReadClasses()));
        }, Write, _ =>
        {
            Counts = held!.Mind.Counts(clock.GetUtcNow());
            held.Mind.Written();
        });
    }

    /// <summary>Numbers after the last batch; null before the first.</summary>
    public RoundCounts? Counts { get; private set; }

    /// <summary>Returns when what follows from it is on disk.</summary>
    public async Task<Ask> RunAsync(Ask ask)
    {
        await writer.WriteAsync(ask);
        return ask;
    }

    private void Write(Held held, IReadOnlyList<Ask> batch, System.Data.Common.DbTransaction transaction)
    {
        var now = clock.GetUtcNow();
        foreach (var ask in batch) held.Mind.Decide(ask, now);
        if (held.Mind.HasWork) held.Rows.Write(held.Mind, transaction);
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
