using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.People.Features;

/// <summary>
/// Writes a roster into the register, chunk by chunk. Persons, ties, outcomes and counts of a chunk commit together, so after kill -9 the same
/// run goes on behind the last chunk and ends as if nothing had happened. Each chunk holds the write lock only while it commits.
/// </summary>
internal sealed class ImportRunner(IServiceScopeFactory scopes, Sealer sealer, ImportFiles files, DataLocation at, TimeProvider clock)
{
    /// <summary>A run without a sign of life for so long is nobody's; another process may go on with it.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(6);

    /// <summary>What open pages hear when a run has moved on.</summary>
    public const string Moved = "ImportMoved";

    private const int MostTries = 5;

    // SQLite has one writer, and who waits for it looks every 100 ms: without a pause longer than that a long import is the only one that ever finds it free.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(120);

    /// <summary>Runs an import to its end and returns its rows with all reasons; <paramref name="told"/> hears rows done and rows in all.</summary>
    public async Task<IReadOnlyList<RosterRow>> RunAsync(Guid id, byte[] file, RosterMap? map, Action<int, int>? told, CancellationToken stop)
    {
        int version;
        ImportPlan plan;
        Roster roster;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<PeopleDb>();
            var loader = scope.ServiceProvider.GetRequiredService<RosterLoader>();
            var run = Rule.Found(await db.Imports.SingleOrDefaultAsync(r => r.Id == id, stop), "people.no-import");
            // A run that has begun keeps the mapping it began with: half of a file read one way and half another helps nobody.
            var begun = run.State is ImportState.Running or ImportState.Failed && run.Mapping.Length > 0 ? RosterMap.Parse(run.Mapping) : map;
            roster = await loader.OpenAsync(file, run.CompoundPath, begun, stop);
            var rows = await loader.ReadAsync(roster, stop);
            run.Start(roster.Number, RosterMap.Of(roster.Mapping, roster.Number).ToJson(), rows.Count, clock.GetUtcNow());
            await loader.RememberAsync(roster, stop);
            await ClaimAsync(db, run, stop);
            plan = await ImportPlan.MakeAsync(scope.ServiceProvider.GetRequiredService<IRoomRegister>(), roster, rows, async () =>
            {
                run.Beat(clock.GetUtcNow());
                await db.SaveChangesAsync(stop);
                Tell(run);
            }, stop);
            version = run.Version;
        }
        var done = await DoneAsync(id, stop);
        foreach (var refused in plan.Rows.Where(r => !r.IsGood && !done.Contains(r.Number)).Chunk(2_000))
        {
            await using var chunk = new Chunk(scopes.CreateAsyncScope()) { Results = [.. refused.Select(r => new RowResult(r, RowOutcome.Refused, null))] };
            version = await CommitAsync(id, version, chunk, stop);
        }
        version = await WriteAsync(id, version, plan, roster.Mapping, done, told, stop);
        await FinishAsync(id, version, stop);
        return plan.Rows;
    }

    // While one chunk is being written the next is looked up, checked and encrypted on another processor.
    private async Task<int> WriteAsync(Guid id, int version, ImportPlan plan, RosterMapping mapping, IReadOnlySet<int> done, Action<int, int>? told, CancellationToken stop)
    {
        var through = done.Count + plan.Rows.Count(r => !r.IsGood && !done.Contains(r.Number));
        told?.Invoke(through, plan.Rows.Count);
        Task<Chunk>? ready = null;
        try
        {
            foreach (var rows in plan.Chunks(done).Append([]))
            {
                var chunk = ready is null ? null : await ready;
                ready = rows.Count == 0 ? null : Task.Run(() => PrepareAsync(rows, mapping, plan.Rooms, stop), stop);
                if (chunk is null) continue;
                version = await CommitAsync(id, version, chunk, mapping, plan.Rooms, stop);
                told?.Invoke(through += chunk.Results.Count, plan.Rows.Count);
                if (ready is not null && at.Postgres is null) await Task.Delay(Breath, TimeProvider.System, stop);
            }
        }
        finally
        {
            if (ready is not null) await (await ready).DisposeAsync();
        }
        return version;
    }

    /// <summary>Notes that a run stopped; it can be started again.</summary>
    public async Task FailAsync(Guid id, string code, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PeopleDb>();
        var run = await db.Imports.SingleAsync(r => r.Id == id, stop);
        run.Fail(code, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        Tell(run);
    }

    // Only one run at a time in a compound. One whose process has died stands in nobody's way.
    private async Task ClaimAsync(PeopleDb db, ImportRun run, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var other = await db.Imports.SingleOrDefaultAsync(r => r.CompoundPath == run.CompoundPath && r.State == ImportState.Running && r.Id != run.Id, stop);
        if (other is not null)
        {
            Rule.State(now - other.BeatAt > Stale, "people.import-busy", other.Actor);
            // Two saves: the index allows one running run, and the order of updates inside a save is not ours.
            db.Entry(run).State = EntityState.Detached;
            other.Fail("people.import-interrupted", now);
            await db.SaveChangesAsync(stop);
            db.Update(run);
        }
        try { await db.SaveChangesAsync(stop); }
        catch (DbUpdateException) { throw new RuleBrokenException("people.import-busy", null, 409, ""); }
    }

    private async Task<HashSet<int>> DoneAsync(Guid id, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        return [.. await scope.ServiceProvider.GetRequiredService<PeopleDb>().ImportRows.Where(r => r.RunId == id).Select(r => r.Row).ToListAsync(stop)];
    }

    private async Task<Chunk> PrepareAsync(IReadOnlyList<RosterRow> rows, RosterMapping mapping, IReadOnlyDictionary<RoomName, string> rooms, CancellationToken stop)
    {
        var chunk = new Chunk(scopes.CreateAsyncScope()) { Rows = rows };
        chunk.Results = await new RegisterRows(chunk.Db, sealer, mapping, rooms, null, Actor.Current.Name, clock.GetUtcNow()).ApplyAsync(rows, stop);
        return chunk;
    }

    private async Task<int> CommitAsync(Guid id, int version, Chunk first, RosterMapping mapping, IReadOnlyDictionary<RoomName, string> rooms, CancellationToken stop)
    {
        var chunk = first;
        for (var attempt = 1; ; attempt++)
        {
            try { return await CommitAsync(id, version, chunk, stop); }
            // The chunk before, or somebody at a desk, has changed one of these people or registered the same number meanwhile: look again.
            catch (Exception e) when (attempt < MostTries && e is DbUpdateException or RuleBrokenException { Code: "sdk.changed-meanwhile" })
            {
                Rule.State(await VersionAsync(id, stop) == version, "people.import-taken-over");
            }
            finally { await chunk.DisposeAsync(); }
            foreach (var row in first.Rows) row.Forget();
            chunk = await PrepareAsync(first.Rows, mapping, rooms, stop);
        }
    }

    private async Task<int> VersionAsync(Guid id, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PeopleDb>().Imports.Where(r => r.Id == id).Select(r => r.Version).SingleAsync(stop);
    }

    private static async Task<int> CommitAsync(Guid id, int version, Chunk chunk, CancellationToken stop)
    {
        var (db, results) = (chunk.Db, chunk.Results);
        var run = await db.Imports.SingleAsync(r => r.Id == id, stop);
        // Another process has taken the run over: it has done this chunk or is about to.
        Rule.State(run.Version == version, "people.import-taken-over");
        run.Count(results.Select(r => r.Outcome), chunk.Clock.GetUtcNow());
        var met = results.Where(r => r.Met is not null).Select(r => new AccessEntry(r.Met!.Value, run.Purpose, "identifier", "exists")).ToList();
        if (met.Count > 0) await chunk.Log.RecordAsync(met, stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        await db.SaveChangesAsync(stop);
        await ImportRowStore.AddAsync(db, [.. results.Select(r => new ImportRow { RunId = id, Row = r.Row.Number, Outcome = r.Outcome, PersonId = r.PersonId, Codes = Codes(r.Row) })], stop);
        await transaction.CommitAsync(stop);
        Tell(run);
        return run.Version;
    }

    private async Task FinishAsync(Guid id, int version, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PeopleDb>();
        var run = await db.Imports.SingleAsync(r => r.Id == id, stop);
        Rule.State(run.Version == version, "people.import-taken-over");
        run.Finish(clock.GetUtcNow());
        // Refused rows can still be fetched for correction; without any the file has served.
        if (run.Refused == 0) run.FileGone();
        await db.SaveChangesAsync(stop);
        if (run.Refused == 0) files.Delete(id);
        Tell(run);
    }

    private static void Tell(ImportRun run) => LiveBus.Shared.Publish(new LiveNote(Moved, run.CompoundPath, run.Id));

    private static string? Codes(RosterRow row)
    {
        if (row.Problems.Count == 0 && row.Notes.Count == 0) return null;
        return string.Join(';', row.Problems.Concat(row.Notes).Select(p => $"{p.Column?.Letter}:{p.Code}{(p.Other is { } other ? "=" + other : "")}").Distinct());
    }

    /// <summary>Rows laid over the register in a context of their own, ready to be saved.</summary>
    private sealed class Chunk(AsyncServiceScope scope) : IAsyncDisposable
    {
        public IReadOnlyList<RosterRow> Rows { get; init; } = [];
        public IReadOnlyList<RowResult> Results { get; set; } = [];
        public PeopleDb Db { get; } = scope.ServiceProvider.GetRequiredService<PeopleDb>();
        public TimeProvider Clock => scope.ServiceProvider.GetRequiredService<TimeProvider>();
        public IAccessLog Log => scope.ServiceProvider.GetRequiredService<IAccessLog>();

        public ValueTask DisposeAsync() => scope.DisposeAsync();
    }
}
