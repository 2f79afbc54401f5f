using Liren.Sdk;
using Liren.Sdk.Jobs;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Liren.Supplies.Features;

/// <summary>What a round does by itself: it closes when its time comes, and a result that was fixed before a crash reaches its entries. That a round is open or over follows from the clock alone.</summary>
internal sealed partial class RoundClock(SuppliesDb db, CloseRound close, DrawRound draw, RoundBook book, TimeProvider clock, ILogger<RoundClock> log) : IJob
{
    public string Name => "supplies-round-clock";

    public TimeSpan Every => TimeSpan.FromSeconds(20);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var id in await db.Rounds.Where(r => r.State == RoundState.Published && r.ClosesAt <= now).Select(r => r.Id).ToListAsync(cancellation))
        {
            try { await close.RunAsync(id, cancellation); }
            // One round that cannot be closed must not keep the others open.
            catch (RuleBrokenException rule) { CannotClose(log, id, rule.Code); }
            db.ChangeTracker.Clear();
        }
        // A window that has ended is drawn, and what was kept for the desk is free, also when nobody asks just then.
        foreach (var serial in await db.Rounds.Where(r => r.State == RoundState.Published && r.OpensAt <= now && (r.Mode == RoundMode.Windowed || r.HeldForDesk > 0)).Select(r => r.Serial).ToListAsync(cancellation))
            await book.RunAsync(serial, new(Act.Look));
        foreach (var round in await db.Rounds.AsNoTracking().Where(r => r.State == RoundState.Drawn).ToListAsync(cancellation))
            if ((await book.CountsAsync(round.Serial)).Requested > 0) await draw.ApplyAsync(round, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Round {Round} could not be closed: {Code}")]
    private static partial void CannotClose(ILogger log, Guid round, string code);
}
