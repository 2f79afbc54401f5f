using System.Data.Common;
using System.Text.Json;
using Liren.Contracts;
using Liren.Contracts.Insight;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Liren.Insight.Folding;

/// <summary>
/// Folds facts into roll-ups (增量汇总). What is counted and how far the source was counted commit in one transaction, so that a crash anywhere repeats nothing
/// and loses nothing, and a second folder of the same source finds the cursor moved and begins again.
/// </summary>
internal sealed class Folder(InsightDb db, MeasureBook book, PersonNumbers numbers, TimeProvider clock)
{
    /// <summary>Build in force of a source; its cursor is made when there is none.</summary>
    public async Task<SourceCursor> CursorAsync(IMeasures source, CancellationToken stop)
    {
        if (await db.Cursors.AsNoTracking().SingleOrDefaultAsync(c => c.Source == source.Name && c.InForce, stop) is { } there) return there;
        var first = new SourceCursor { Source = source.Name, Build = 1, InForce = true, Definitions = MeasureBook.Definitions(source), At = clock.GetUtcNow() };
        db.Add(first);
        await db.SaveChangesAsync(stop);
        db.ChangeTracker.Clear();
        return first;
    }

    /// <summary>Folds the lines after the cursor; false when there was nothing, or another was faster.</summary>
    /// <param name="fromDay">Facts of earlier days are passed over: a recount takes them from the build before.</param>
    public async Task<bool> FoldLogAsync(ILogMeasures log, SourceCursor at, int most, CancellationToken stop, int fromDay = 0)
    {
        var (tally, to) = (new Tally(book), at.Seq);
        await foreach (var part in log.ReadAsync(at.Seq, most, stop))
        {
            foreach (var fact in part.Facts) if (fromDay == 0 || LocalTime.DayOf(fact.At) >= fromDay) tally.Add(fact);
            to = part.Last;
        }
        if (to == at.Seq) return false;
        var rows = tally.Rows();
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        // First: whoever comes second waits here, and then finds the cursor elsewhere.
        var (source, build, from, now) = (at.Source, at.Build, at.Seq, clock.GetUtcNow());
        if (await db.Cursors.Where(c => c.Source == source && c.Build == build && c.Seq == from).ExecuteUpdateAsync(c => c.SetProperty(x => x.Seq, to).SetProperty(x => x.At, now), stop) != 1) return false;
        var given = await AddAsync(build, tally, rows, stop);
        await transaction.CommitAsync(stop);
        given?.Remember();
        return true;
    }

    /// <summary>Counts a subject anew from its whole history and changes what it had put in; false when the build is no longer the one in force.</summary>
    public async Task<bool> FoldSubjectAsync(ISubjectMeasures source, int build, Guid subject, bool inForce, CancellationToken stop)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var (name, at) = (source.Name, clock.GetUtcNow());
        // The row of the cursor is the lock: one folds a source at a time, and none while builds are swapped.
        if (await db.Cursors.Where(c => c.Source == name && c.Build == build && c.InForce == inForce).ExecuteUpdateAsync(c => c.SetProperty(x => x.At, at), stop) != 1) return false;
        var row = await db.Subjects.SingleOrDefaultAsync(s => s.Source == name && s.Build == build && s.Subject == subject, stop);
        if (row is null) db.Add(row = new SubjectFacts { Source = name, Build = build, Subject = subject });
        var now = await DeltasOfAsync(source, subject, stop);
        var tally = new Tally(book);
        foreach (var delta in JsonSerializer.Deserialize<List<Delta>>(row.Facts) ?? []) tally.Add(delta, -1);
        foreach (var delta in now) tally.Add(delta);
        row.Facts = JsonSerializer.Serialize(now);
        var given = await AddAsync(build, tally, tally.Rows(), stop);
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
        given?.Remember();
        db.ChangeTracker.Clear();
        return true;
    }

    /// <summary>What a subject's history comes to.</summary>
    public async Task<IReadOnlyList<Delta>> DeltasOfAsync(ISubjectMeasures source, Guid subject, CancellationToken stop)
    {
        var types = source.Events.Select(e => e.FullName!).ToList();
        var entries = await db.Journal.AsNoTracking().Where(j => j.Subject == subject && types.Contains(j.Type)).OrderBy(j => j.At).ThenBy(j => j.Seq).ToListAsync(stop);
        return entries.Count == 0 ? [] : [.. source.FactsOf([.. entries.Select(Event)]).Select(f => Tally.DeltaOf(book.Find(f.Measure)!, f))];
    }

    private async Task<PersonNumbers.Given?> AddAsync(int build, Tally tally, Dictionary<RowKey, long[]> rows, CancellationToken stop)
    {
        var (connection, transaction) = (db.Database.GetDbConnection(), db.Database.CurrentTransaction!.GetDbTransaction());
        var store = new RollupStore(connection, transaction);
        var given = tally.People.Any() ? await numbers.OfAsync(connection, transaction, tally.People, stop) : null;
        // The count of a day stays when the set has to go.
        if (given is not null) foreach (var (key, more) in await store.JoinAsync(build, tally.Sets(given.Of), stop)) rows[key] = [more];
        await store.AddAsync(build, rows, stop);
        return given;
    }

    private static IEvent Event(JournalEntry entry) => (IEvent)JsonSerializer.Deserialize(entry.Body, EventTypes.Find(entry.Type), EventTypes.Json)!;
}
