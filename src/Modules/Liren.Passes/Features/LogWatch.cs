using Liren.Contracts.Passes;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Passes.Features;

/// <summary>
/// Draws the consequences of the gate log: its lines enter the index of passes, a document that does not fit suspends the pass, misuse becomes an event. Reads on
/// from where it was: cursor and effect commit together, so a crash in between repeats nothing and loses nothing.
/// </summary>
internal sealed class LogWatch(PassesDb db, TimeProvider clock)
{
    private const string Mismatch = "mismatch";
    private const int Batch = 10_000, Turn = 5_000;
    private static readonly TimeSpan Walk = TimeSpan.FromSeconds(20);
    private static readonly Dictionary<string, string> Misuses = new() { ["IdMismatch"] = "id-mismatch", ["Forged"] = "forged", ["Replayed"] = "replayed", ["Revoked"] = "revoked", ["ProofMissing"] = "copied" };

    /// <summary>Looks through what is new; true when there may be more. This runs beside every passage, so only <see cref="Suspects"/> are looked at closer.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken stop)
    {
        var cursor = await CursorAsync(LogCursor.Watched, stop);
        var (from, newest) = (cursor.Seq, await db.Entries.MaxAsync(e => (long?)e.Seq, stop) ?? 0);
        if (newest <= from) return false;
        var to = Math.Min(newest, from + Batch);
        var suspects = await IndexAsync(from, to, stop);
        var whole = new SeqRange(from + 1, to);
        foreach (var line in await OddAsync(suspects?.Odd ?? whole, stop)) await MisusedAsync(line, line.IdChecked == Mismatch ? "id-mismatch" : Misuses[line.Reason], stop);
        foreach (var line in await TwiceInsideAsync(suspects?.Twice ?? whole, stop)) await MisusedAsync(line, "twice-inside", stop);
        cursor.Seq = to;
        await db.SaveChangesAsync(stop);
        return to < newest;
    }

    private async Task<LogCursor> CursorAsync(int id, CancellationToken stop)
    {
        if (await db.Cursors.SingleOrDefaultAsync(c => c.Id == id, stop) is { } there) return there;
        var first = new LogCursor { Id = id };
        db.Add(first);
        return first;
    }

    // In short transactions of their own: gates wait for the lock meanwhile. Null when every line must be looked at: some were indexed before a crash, or the database does it.
    private async Task<Suspects?> IndexAsync(long from, long upTo, CancellationToken stop)
    {
        var cursor = await CursorAsync(LogCursor.Indexed, stop);
        var suspects = cursor.Seq == from && !db.Database.IsNpgsql() ? new Suspects(Misuses.Keys, Walk) : null;
        var index = new PassageIndex(db);
        while (cursor.Seq < upTo) await index.AddAsync(cursor, Math.Min(upTo, cursor.Seq + Turn), suspects, stop);
        return suspects;
    }

    private async Task<IReadOnlyList<GateEntry>> OddAsync(SeqRange among, CancellationToken stop)
    {
        if (among.IsEmpty) return [];
        var reasons = Misuses.Keys.ToList();
        return await db.Entries.AsNoTracking().Where(e => e.Seq >= among.First && e.Seq <= among.Last && (e.IdChecked == Mismatch || reasons.Contains(e.Reason))).ToListAsync(stop);
    }

    // In SQL of our own: the planner must start from the few new lines and look their passes up, not walk through the time they fall into.
    // Verdict 0 is Admit, Direction 0 is In; a time is milliseconds on SQLite.
    private const string TwiceInside = """
        SELECT DISTINCT a."Seq" AS "Value" FROM passes_gate_entry a JOIN passes_passage i ON i."Cti" = a."Cti" AND i."Seq" < a."Seq" AND i."At" BETWEEN
        """;
    private const string Elsewhere = """
         JOIN passes_gate_entry b ON b."Seq" = i."Seq"
        WHERE a."Seq" >= {0} AND a."Seq" <= {1} AND a."Verdict" = 0 AND a."Direction" = 0 AND b."Verdict" = 0 AND b."Direction" = 0 AND b."GateId" <> a."GateId"
          AND (a."IdChecked" IS NULL OR a."IdChecked" <> 'mismatch')
        """;
    private const string NearSqlite = TwiceInside + " a.\"At\" - {2} * 1000 AND a.\"At\" + {2} * 1000" + Elsewhere, NearPostgres = TwiceInside + " a.\"At\" - {2} * interval '1 second' AND a.\"At\" + {2} * interval '1 second'" + Elsewhere;

    /// <summary>The same pass in through two gates within seconds: gates that were offline could not know of each other.</summary>
    private async Task<IReadOnlyList<GateEntry>> TwiceInsideAsync(SeqRange among, CancellationToken stop)
    {
        if (among.IsEmpty) return [];
        var found = await db.Database.SqlQueryRaw<long>(db.Database.IsNpgsql() ? NearPostgres : NearSqlite, among.First, among.Last, (int)Walk.TotalSeconds).ToListAsync(stop);
        return found.Count == 0 ? [] : await db.Entries.AsNoTracking().Where(e => found.Contains(e.Seq)).ToListAsync(stop);
    }

    private async Task MisusedAsync(GateEntry line, string what, CancellationToken stop)
    {
        var pass = line.Cti is null ? null : db.Passes.Local.FirstOrDefault(p => p.Cti == line.Cti) ?? await db.Passes.Include(p => p.Changes).SingleOrDefaultAsync(p => p.Cti == line.Cti, stop);
        // A gate speaks of passes of its own compound: a stolen device must not be able to suspend others.
        if (pass is not null && !PlacePath.IsWithin(line.PlacePath, pass.CompoundPath)) pass = null;
        db.Raise(new PassMisused(pass?.Id, line.GateId, line.PlacePath, what, line.At));
        // A borrowed card is confiscated: nobody enters with it until the office has looked at it.
        if (what == "id-mismatch" && pass?.State == PassState.Active) pass.Suspend("证件不符（门岗核验）", "gate", clock.GetUtcNow());
    }
}

/// <summary>Runs <see cref="LogWatch"/> when something was written, and at start.</summary>
internal sealed class LogWatcher(IServiceScopeFactory scopes, GateLogStore store, ILogger<LogWatcher> log) : BackgroundService
{
    /// <summary>What pages hear when there are new lines.</summary>
    public const string GateLogNote = "GateLog";

    private static readonly TimeSpan SafetyNet = TimeSpan.FromSeconds(30), Gather = TimeSpan.FromMilliseconds(400);
    private readonly SemaphoreSlim woken = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void Wake() { try { woken.Release(); } catch (SemaphoreFullException) { /* already awake */ } }
        store.Written += Wake;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    using var _ = Actor.Use(Actor.System);
                    bool more;
                    do
                    {
                        await using var scope = scopes.CreateAsyncScope();
                        more = await scope.ServiceProvider.GetRequiredService<LogWatch>().RunOnceAsync(stoppingToken);
                    } while (more);
                    LiveBus.Shared.Publish(new LiveNote(GateLogNote, null, null));
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    log.LogError(e, "Looking through the gate log failed; trying again");
                }
                await woken.WaitAsync(SafetyNet, stoppingToken);
                // Lines come in crowds: one look for all of a moment.
                await Task.Delay(Gather, stoppingToken);
            }
        }
        catch (OperationCanceledException) { /* the server stops */ }
        finally { store.Written -= Wake; }
    }
}
