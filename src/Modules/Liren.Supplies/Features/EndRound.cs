using Liren.Draws;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Closes a round for entries and commits to those there are (截止、公布名单根). Done by itself when its time comes; this does not wait for it.</summary>
[Needs("supplies.rounds")]
internal sealed class CloseRound(SuppliesDb db, RoundFinder finder, RoundBook book, TimeProvider clock) : IFeature
{
    public sealed record Response(int Entries, string? Root, int Version);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/rounds/{id:guid}/close", (Guid id, CloseRound feature, CancellationToken stop) => feature.RunAsync(id, stop));

    // The clock and a person at the same moment: the second finds it closed.
    public Task<Response> RunAsync(Guid id, CancellationToken stop) => db.AgainAsync(3, () => OnceAsync(id, stop));

    private async Task<Response> OnceAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        if (round.State != RoundState.Published && round.ClosedAt is not null) return new(round.Entries, round.Root, round.Version);
        Rule.State(round.State == RoundState.Published, "supplies.not-published");
        Rule.State(clock.GetUtcNow() >= round.ClosesAt, "supplies.still-open", round.ClosesAt);
        // From here on nobody comes in or leaves: what is read next is what is committed to.
        await book.RunAsync(round.Serial, new(Act.Freeze));
        var tickets = await db.Entries.AnyAsync(e => e.Round == round.Serial && e.State != EntryState.Cancelled, stop) ? await RoundTickets.ReadAsync(db, round, stop) : null;
        if (tickets is null) round.Close(0, 0, null, new Dictionary<int, (int, int, string)>(), clock.GetUtcNow());
        else round.Close(tickets.Units.Distinct().Count(), tickets.List.Count, Hex.Of(tickets.List.Root), tickets.ByClass(), clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        await book.ReadAnewAsync(round.Serial);
        return new(round.Entries, round.Root, round.Version);
    }
}

/// <summary>A custodian's secret is revealed (揭示). Only the one that was promised is taken.</summary>
[Needs("supplies.rounds")]
internal sealed class RevealSecret(SuppliesDb db, RoundFinder finder) : IFeature
{
    /// <param name="Custodian">Who.</param>
    /// <param name="Secret">32 bytes, lower-case hex.</param>
    public sealed record Request(string Custodian, string Secret);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/rounds/{id:guid}/secrets", (Guid id, Request request, RevealSecret feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task RunAsync(Guid id, Request request, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        round.Reveal(request.Custodian, request.Secret);
        db.Entry(round).State = EntityState.Modified;
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Draws a lottery (开奖) from the public number. Where there is enough for all, everybody has a share and nothing is drawn.</summary>
[Needs("supplies.rounds")]
internal sealed class DrawRound(SuppliesDb db, RoundFinder finder, RoundBook book, TimeProvider clock) : IFeature
{
    /// <param name="Beacon">The public number, as the rules name it; not needed when there is enough for all.</param>
    public sealed record Request(string? Beacon);

    /// <param name="Winners">Shares given.</param>
    /// <param name="Waiting">On the waiting list.</param>
    /// <param name="Seed">Hex; null when nothing had to be drawn.</param>
    public sealed record Response(int Winners, int Waiting, string? Seed);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/rounds/{id:guid}/draw", (Guid id, Request request, DrawRound feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task<Response> RunAsync(Guid id, Request request, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        if (round.State == RoundState.Closed)
        {
            DrawFile? file = null;
            if (round.Entries > round.Shares)
            {
                Rule.Require(request.Beacon?.Trim() is { Length: > 0 and <= 200 } && !request.Beacon.Any(char.IsControl), "supplies.beacon", "beacon");
                Rule.State(round.Custodians.All(c => c.Secret is not null), "supplies.secret-missing", string.Join("、", round.Custodians.Where(c => c.Secret is null).Select(c => c.Name)));
                var tickets = await finder.TicketsAsync(round, stop);
                file = DrawFile.Make(round.Code, tickets.List, round.Winners, round.WaitingDrawn, [.. round.Custodians.Select(Of)], round.BeaconRule, request.Beacon!.Trim(), round.MostTickets, RoundTickets.Reserves(round, tickets));
            }
            round.Draw(file?.Beacon, file?.Write(), clock.GetUtcNow());
            await db.SaveChangesAsync(stop);
            await book.ReadAnewAsync(round.Serial);
        }
        else Rule.State(round.State == RoundState.Drawn, "supplies.draw-when-closed");
        return await ApplyAsync(round, stop);
    }

    /// <summary>Carries a fixed result over to the entries; a second time nothing moves, so it is done again after a crash.</summary>
    public async Task<Response> ApplyAsync(Round round, CancellationToken stop)
    {
        var file = round.DrawJson is { } json ? DrawFile.Read(json) : null;
        var entries = await db.Entries.AsNoTracking().Where(e => e.Round == round.Serial && e.State != EntryState.Cancelled).OrderBy(e => e.Seat).Select(e => e.No).ToListAsync(stop);
        List<int> drawn = entries;
        var winners = drawn.Count;
        if (file is not null)
        {
            var (tickets, still) = (await finder.TicketsAsync(round, stop), entries.ToHashSet());
            // Winners first, in the order drawn: reserved shares may be won after the waiting list has begun.
            var steps = file.Steps.Where(s => still.Contains(tickets.Units[s.Index])).ToList();
            var won = steps.Where(s => s.Outcome == DrawOutcome.Won).Select(s => tickets.Units[s.Index]).ToList();
            (drawn, winners) = ([.. won, .. steps.Where(s => s.Outcome == DrawOutcome.Waiting).Select(s => tickets.Units[s.Index])], won.Count);
        }
        await book.RunAsync(round.Serial, new(Act.Draw) { Drawn = drawn, Winners = winners });
        return new(winners, drawn.Count - winners, file?.Seed);
    }

    private static Custodian Of(RoundCustodian c) => new(c.Name, Convert.FromHexString(c.Commit), c.Secret is { } secret ? Convert.FromHexString(secret) : null);
}

/// <summary>Shares whose slot is well over go to those who wait (未领释放).</summary>
[Needs("supplies.rounds")]
internal sealed class ReleaseUnclaimed(SuppliesDb db, RoundFinder finder, RoundBook book, TimeProvider clock) : IFeature
{
    /// <summary>Whoever comes this much late still finds their share.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(2);

    /// <param name="Moved">Shares that were let go of.</param>
    public sealed record Response(int Moved);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/rounds/{id:guid}/release", (Guid id, ReleaseUnclaimed feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        Rule.State(round.State is RoundState.Published or RoundState.Closed or RoundState.Drawn, "supplies.release-when");
        return await ReleaseAsync(round, stop);
    }

    /// <summary>The same for a round that is at hand.</summary>
    public async Task<Response> ReleaseAsync(Round round, CancellationToken stop)
    {
        var (now, turns) = (clock.GetUtcNow(), new int[round.Points.Count]);
        var ids = round.Points.Select(p => p.PointId).ToList();
        var points = await db.Points.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, stop);
        foreach (var at in round.Points)
        {
            var point = points[at.PointId];
            bool Over(int turn) => now >= round.PickupUntil || Slots.Of(turn, round.PickupFrom, point.Desks, point.OpensMinute, point.ClosesMinute).AddMinutes(Slots.Minutes) + Grace <= now;
            // Turns rise with time, those of people who moved up included.
            for (var step = Slots.Capacity(point.Desks); turns[at.No] < Round.MostShares && Over(turns[at.No] + 1); turns[at.No] += step) { }
        }
        var ask = await book.RunAsync(round.Serial, new(Act.ReleaseUnclaimed) { TurnsOver = turns, MovesUp = now < round.PickupUntil, Note = "unclaimed" });
        return new(ask.Moved);
    }
}

/// <summary>Settles a round (结算): hand-overs stand in the ledger, what is left is back in store.</summary>
[Needs("supplies.rounds")]
internal sealed class SettleRound(SuppliesDb db, RoundFinder finder, RoundBook book, StockLedger ledger, ReleaseUnclaimed release, TimeProvider clock) : IFeature
{
    /// <param name="HandedOut">Shares collected.</param>
    /// <param name="Left">Shares that went back into store.</param>
    public sealed record Response(int HandedOut, int Left);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/rounds/{id:guid}/settle", (Guid id, SettleRound feature, CancellationToken stop) => feature.RunAsync(id, stop));

    // Two at one account of the ledger: the second looks again.
    public Task<Response> RunAsync(Guid id, CancellationToken stop) => db.AgainAsync(5, () => OnceAsync(id, stop), () => Task.FromResult(false));

    private async Task<Response> OnceAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        Rule.State(clock.GetUtcNow() >= round.PickupUntil, "supplies.pickup-still", round.PickupUntil);
        Rule.State(round.State is RoundState.Drawn || round.State == RoundState.Closed && round.Mode != RoundMode.Lottery, "supplies.settle-when");
        await release.ReleaseAsync(round, stop);
        await AccountAsync(round, stop);
        round.Settle(clock.GetUtcNow());
        var left = round.Shares - round.Accounted;
        if (left > 0) await ledger.MoveFirstExpiredAsync(await ItemAsync(round, stop), StockMove.ReservedFor(round.Id), StockMove.Store, left * round.PerShare, StockReason.Released, round.Code, stop);
        await db.SaveChangesAsync(stop);
        await book.ReadAnewAsync(round.Serial);
        return new(round.Accounted, left);
    }

    /// <summary>Brings the ledger up to what has been handed over.</summary>
    public async Task AccountAsync(Round round, CancellationToken stop)
    {
        var collected = await db.Entries.CountAsync(e => e.Round == round.Serial && e.State == EntryState.Collected, stop);
        var open = collected - round.Accounted;
        if (open <= 0) return;
        await ledger.MoveFirstExpiredAsync(await ItemAsync(round, stop), StockMove.ReservedFor(round.Id), StockMove.HandedOut, open * round.PerShare, StockReason.HandedOut, round.Code, stop);
        round.Account(collected);
    }

    private Task<StockItem> ItemAsync(Round round, CancellationToken stop) => db.Items.SingleAsync(i => i.Id == round.ItemId, stop);
}

/// <summary>Calls a round off (取消轮次), with a reason everybody can read; its stock goes back.</summary>
[Needs("supplies.rounds")]
internal sealed class CancelRound(SuppliesDb db, RoundFinder finder, RoundBook book, StockLedger ledger, TimeProvider clock) : IFeature
{
    /// <param name="Reason">Why, 1-300 characters.</param>
    public sealed record Request(string? Reason);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/rounds/{id:guid}/cancel", (Guid id, Request request, CancelRound feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task RunAsync(Guid id, Request request, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        var published = round.PublishedAt is not null;
        try
        {
            var collected = 0;
            if (published)
            {
                await book.RunAsync(round.Serial, new(Act.Freeze));
                collected = (await book.CountsAsync(round.Serial)).Collected;
            }
            round.Cancel(request.Reason, collected, clock.GetUtcNow());
            if (published) await ledger.MoveFirstExpiredAsync(await db.Items.SingleAsync(i => i.Id == round.ItemId, stop), StockMove.ReservedFor(round.Id), StockMove.Store, round.Shares * round.PerShare, StockReason.Released, round.Code, stop);
            await db.SaveChangesAsync(stop);
        }
        // Refused or done: what holds now is what the round says, not that it was stopped for a moment.
        finally { if (published) await book.ReadAnewAsync(round.Serial); }
    }
}
