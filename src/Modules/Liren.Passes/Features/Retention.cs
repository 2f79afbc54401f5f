using Liren.Contracts.Passes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace Liren.Passes.Features;

/// <summary>Deletes old lines of the gate log (通行记录留存) and says so in the journal. <c>Passes:KeepDays</c>, 30 when not set.</summary>
internal sealed class ForgetEntries(PassesDb db, IConfiguration configuration, TimeProvider clock) : IJob
{
    public string Name => "passes.forget-entries";
    public TimeSpan Every => TimeSpan.FromHours(1);

    /// <summary>How many days lines are kept.</summary>
    public static int DaysOf(IConfiguration configuration) => int.TryParse(configuration["Passes:KeepDays"], out var set) && set is >= 1 and <= 3650 ? set : 30;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow().AddDays(-DaysOf(configuration));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.Database.ExecuteSqlRawAsync(Unindex, [db.Database.IsNpgsql() ? before.ToUniversalTime() : before.ToUnixTimeMilliseconds()], cancellation);
        var deleted = await db.Entries.Where(e => e.At < before).ExecuteDeleteAsync(cancellation);
        deleted += await db.Shifts.Where(s => s.To < before).ExecuteDeleteAsync(cancellation);
        deleted += await db.Passes.Where(p => p.Sealed != null && p.Until < before).ExecuteUpdateAsync(p => p.SetProperty(x => x.Sealed, (byte[]?)null), cancellation);
        if (deleted > 0) db.Raise(new GateLogForgotten(deleted, before, clock.GetUtcNow()));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    // Found by the lines: the index is in the order of passes, and to look for old ones in it would be to walk through all of it.
    private const string Unindex = """DELETE FROM passes_passage WHERE ("Cti", "At", "Seq") IN (SELECT "Cti", "At", "Seq" FROM passes_gate_entry WHERE "At" < {0})""";
}

/// <summary>Ends passes whose time is over; their entries leave the revocation lists.</summary>
internal sealed class ExpirePasses(PassesDb db, TimeProvider clock) : IJob
{
    private const int Batch = 500;

    public string Name => "passes.expire";
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        while (true)
        {
            db.ChangeTracker.Clear();
            var over = await db.Passes.Include(p => p.Changes).Where(p => (p.State == PassState.Active || p.State == PassState.Suspended) && p.Until < now).OrderBy(p => p.Until).Take(Batch).ToListAsync(cancellation);
            foreach (var pass in over) pass.Expire(now);
            await db.SaveChangesAsync(cancellation);
            if (over.Count < Batch) break;
        }
        await DropExpiredAsync(now, cancellation);
    }

    // What has expired by itself need not be on a list any more: lists stay short.
    private async Task DropExpiredAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        db.ChangeTracker.Clear();
        var listed = await (from r in db.Revocations join p in db.Passes on r.Cti equals p.Cti where p.Until < now && r.State != 0
                            && !db.Revocations.Any(later => later.PlacePath == r.PlacePath && later.Cti == r.Cti && later.Seq > r.Seq)
                            orderby r.PlacePath, r.Seq select new { r.PlacePath, r.Cti }).Take(Batch).ToListAsync(cancellation);
        foreach (var partition in listed.GroupBy(l => l.PlacePath))
        {
            var seq = await db.Revocations.Where(r => r.PlacePath == partition.Key).MaxAsync(r => (long?)r.Seq, cancellation) ?? 0;
            foreach (var entry in partition) db.Add(new RevocationEntry { PlacePath = partition.Key, Seq = ++seq, Cti = entry.Cti, State = 0, At = now });
        }
        await db.SaveChangesAsync(cancellation);
    }
}
