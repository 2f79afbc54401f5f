using Liren.Sdk;
using Liren.Sdk.Jobs;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Liren.Supplies.Features;

/// <summary>Enters those who lost before into a round that has opened (自动参加). The key follows from round and number: done again after a crash, nobody is entered twice, nor against their will after they cancelled.</summary>
internal sealed class CarryIn(SuppliesDb db, RoundBook book, TimeProvider clock)
{
    private const int AtOnce = 2_000;

    public async Task RunAsync(Round round, CancellationToken stop)
    {
        var lost = await db.Entitlements.AsNoTracking().Where(e => e.Round == round.Serial && e.Losses > 0).Select(e => e.No).ToListAsync(stop);
        // Fewer at once than the writer lets wait: whoever asks meanwhile has room.
        foreach (var some in lost.Chunk(AtOnce)) await Task.WhenAll(some.Select(no => book.RunAsync(round.Serial, new(Act.Enter, no) { Key = NewId.Made($"supplies:carried\n{round.Id}\n{no}"), Channel = EntryChannel.Carried })));
        round.Carried(clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>What a round does by itself: it closes when its time comes, and a result that was fixed before a crash reaches its entries. That a round is open or over follows from the clock alone.</summary>
internal sealed partial class RoundClock(SuppliesDb db, CloseRound close, DrawRound draw, CarryIn carry, RoundBook book, TimeProvider clock, ILogger<RoundClock> log) : IJob
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
        foreach (var round in await db.Rounds.Where(r => r.State == RoundState.Published && r.CarryOver == CarryOver.AutoEnter && r.CarriedAt == null && r.OpensAt <= now && r.ClosesAt > now).ToListAsync(cancellation)) await carry.RunAsync(round, cancellation);
        // A window that has ended is drawn, and what was kept for the desk is free, also when nobody asks just then.
        foreach (var serial in await db.Rounds.Where(r => r.State == RoundState.Published && r.OpensAt <= now && (r.Mode == RoundMode.Windowed || r.HeldForDesk > 0)).Select(r => r.Serial).ToListAsync(cancellation))
            await book.RunAsync(serial, new(Act.Look));
        foreach (var round in await db.Rounds.AsNoTracking().Where(r => r.State == RoundState.Drawn).ToListAsync(cancellation))
            if ((await book.CountsAsync(round.Serial)).Requested > 0) await draw.ApplyAsync(round, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Round {Round} could not be closed: {Code}")]
    private static partial void CannotClose(ILogger log, Guid round, string code);
}
