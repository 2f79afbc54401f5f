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
/// Draws the consequences of the gate log: a document that does not fit suspends the pass, misuse becomes an event. Reads on from where it was: cursor and
/// effect commit together, so a crash in between repeats nothing and loses nothing.
/// </summary>
internal sealed class LogWatch(PassesDb db, TimeProvider clock)
{
    private const int Batch = 500;
    private static readonly TimeSpan Walk = TimeSpan.FromSeconds(20);

    /// <summary>Looks through what is new; true when there may be more.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken stop)
    {
        var cursor = await db.Cursors.SingleOrDefaultAsync(c => c.Id == 1, stop);
        if (cursor is null) db.Add(cursor = new LogCursor { Id = 1 });
        var from = cursor.Seq;
        var lines = await db.Entries.AsNoTracking().Where(e => e.Seq > from).OrderBy(e => e.Seq).Take(Batch).ToListAsync(stop);
        if (lines.Count == 0) return false;
        var entrances = await EntrancesAsync(lines, stop);
        foreach (var line in lines)
            if (What(line, entrances) is { } what) await MisusedAsync(line, what, stop);
        cursor.Seq = lines[^1].Seq;
        await db.SaveChangesAsync(stop);
        return lines.Count == Batch;
    }

    private static bool Entered(GateEntry line) => line is { Verdict: Codes.Verdict.Admit, Direction: Codes.Direction.In, Cti: not null };

    /// <summary>When and where the passes of these lines went in around their times: one question for all of them, because this runs beside every line of the log.</summary>
    private async Task<ILookup<string, (Guid Gate, long Seq, DateTimeOffset At)>> EntrancesAsync(IReadOnlyList<GateEntry> lines, CancellationToken stop)
    {
        var entered = lines.Where(Entered).ToList();
        if (entered.Count == 0) return Array.Empty<(Guid, long, DateTimeOffset)>().ToLookup(_ => "");
        var (ids, earliest, latest) = (entered.Select(l => l.Cti!).Distinct().ToList(), entered.Min(l => l.At) - Walk, entered.Max(l => l.At) + Walk);
        var found = await db.Entries.AsNoTracking().Where(e => ids.Contains(e.Cti!) && e.Verdict == Codes.Verdict.Admit && e.Direction == Codes.Direction.In && e.At >= earliest && e.At <= latest)
            .Select(e => new { e.Cti, e.GateId, e.Seq, e.At }).ToListAsync(stop);
        return found.ToLookup(e => e.Cti!, e => (e.GateId, e.Seq, e.At));
    }

    private static string? What(GateEntry line, ILookup<string, (Guid Gate, long Seq, DateTimeOffset At)> entrances)
    {
        if (line.IdChecked == "mismatch" || line.Reason == "IdMismatch") return "id-mismatch";
        if (line.Reason is "Forged" or "Replayed" or "Revoked" or "ProofMissing") return line.Reason == "ProofMissing" ? "copied" : line.Reason.ToLowerInvariant();
        // The same pass in through two gates within seconds: gates that were offline could not know of each other.
        return Entered(line) && entrances[line.Cti!].Any(e => e.Gate != line.GateId && e.Seq < line.Seq && (e.At - line.At).Duration() <= Walk) ? "twice-inside" : null;
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

    private static readonly TimeSpan SafetyNet = TimeSpan.FromSeconds(30);
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
                await Task.Delay(200, stoppingToken);
            }
        }
        catch (OperationCanceledException) { /* the server stops */ }
        finally { store.Written -= Wake; }
    }
}
