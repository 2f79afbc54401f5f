using Liren.Contracts.Insight;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Folding;

/// <summary>
/// Counts a source again from the start, beside what is in force (重算), compares, and swaps. Nobody reads a half-made figure. Days whose lines have been
/// deleted on schedule are taken over as they are: what was counted stays counted.
/// </summary>
internal sealed class Rebuild(InsightDb db, Folder folder, TimeProvider clock)
{
    /// <param name="Source">Source of the figures.</param>
    /// <param name="Build">The build now in force.</param>
    /// <param name="Different">Rows that were not what the recount gave.</param>
    public sealed record Result(string Source, int Build, int Different);

    /// <summary>Recounts a source from a day on; null: as far back as there is something to count.</summary>
    public async Task<Result> RunAsync(IMeasures source, DateOnly? from, CancellationToken stop)
    {
        var old = await folder.CursorAsync(source, stop);
        var name = source.Name;
        // Left by a recount that was killed.
        foreach (var left in await db.Cursors.AsNoTracking().Where(c => c.Source == name && !c.InForce).Select(c => c.Build).ToListAsync(stop)) await DropAsync(source, left, stop);
        var build = await db.Cursors.Where(c => c.Source == name).MaxAsync(c => c.Build, stop) + 1;
        var fromDay = 0;
        if (source is ILogMeasures log)
        {
            var first = await log.FirstWholeDayAsync(stop);
            if (from is { } asked) Rule.Require(first is not null && asked >= first, "insight.too-old", "from", first is null ? "–" : $"{first:yyyy-MM-dd}");
            fromDay = (from ?? first)?.DayNumber ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).DayNumber;
        }
        db.Add(new SourceCursor { Source = name, Build = build, Definitions = MeasureBook.Definitions(source), At = clock.GetUtcNow() });
        await db.SaveChangesAsync(stop);
        db.ChangeTracker.Clear();
        try { return new(name, build, source is ILogMeasures lines ? await LogAsync(lines, old, build, fromDay, stop) : await SubjectsAsync((ISubjectMeasures)source, old, build, stop)); }
        catch
        {
            // Half a build is of no use to anybody.
            await DropAsync(source, build, CancellationToken.None);
            throw;
        }
    }

    private async Task<int> LogAsync(ILogMeasures log, SourceCursor old, int build, int fromDay, CancellationToken stop)
    {
        await CopyBeforeAsync(log, old.Build, build, fromDay, stop);
        while (true)
        {
            while (await folder.FoldLogAsync(log, await AtAsync(log, build, stop), LogFollower.Most, stop, fromDay)) { }
            while (await folder.FoldLogAsync(log, await AtAsync(log, old.Build, stop), LogFollower.Most, stop)) { }
            await using var transaction = await db.Database.BeginTransactionAsync(stop);
            await LockAsync(log.Name, stop);
            if ((await AtAsync(log, build, stop)).Seq != (await AtAsync(log, old.Build, stop)).Seq) continue;
            var different = await SwapAsync(log, old.Build, build, null, stop);
            await transaction.CommitAsync(stop);
            await DropAsync(log, old.Build, stop);
            return different;
        }
    }

    private async Task<int> SubjectsAsync(ISubjectMeasures source, SourceCursor old, int build, CancellationToken stop)
    {
        var types = source.Events.Select(e => e.FullName!).ToList();
        var done = 0L;
        while (true)
        {
            var from = done;
            done = await db.Journal.MaxAsync(j => (long?)j.Seq, stop) ?? 0;
            var subjects = await db.Journal.AsNoTracking().Where(j => j.Seq > from && types.Contains(j.Type) && j.Subject != null).Select(j => j.Subject!.Value).Distinct().ToListAsync(stop);
            foreach (var subject in subjects) await folder.FoldSubjectAsync(source, build, subject, inForce: false, stop);
            await using var transaction = await db.Database.BeginTransactionAsync(stop);
            await LockAsync(source.Name, stop);
            var upTo = done;
            // What is committed after this is delivered after this, and then finds the new build.
            if (await db.Journal.AnyAsync(j => j.Seq > upTo && types.Contains(j.Type), stop)) continue;
            var different = await SwapAsync(source, old.Build, build, done, stop);
            await transaction.CommitAsync(stop);
            await DropAsync(source, old.Build, stop);
            return different;
        }
    }

    private Task<SourceCursor> AtAsync(IMeasures source, int build, CancellationToken stop)
    {
        var name = source.Name;
        return db.Cursors.AsNoTracking().SingleAsync(c => c.Source == name && c.Build == build, stop);
    }

    private Task LockAsync(string source, CancellationToken stop) => db.Cursors.Where(c => c.Source == source).ExecuteUpdateAsync(c => c.SetProperty(x => x.Seq, x => x.Seq), stop);

    private async Task<int> SwapAsync(IMeasures source, int old, int build, long? seq, CancellationToken stop)
    {
        var (name, different) = (source.Name, 0);
        foreach (var measure in source.Measures) different += await DifferentAsync(measure.Id, old, build, stop);
        await db.Cursors.Where(c => c.Source == name && c.Build == old).ExecuteUpdateAsync(c => c.SetProperty(x => x.InForce, false), stop);
        await db.Cursors.Where(c => c.Source == name && c.Build == build).ExecuteUpdateAsync(c => c.SetProperty(x => x.InForce, true).SetProperty(x => x.Seq, x => seq ?? x.Seq), stop);
        return different;
    }

    // A row of zeros and no row say the same.
    private const string Beside = """
        SELECT CAST(COUNT(*) AS integer) AS "Value" FROM insight_rollup a LEFT JOIN insight_rollup b ON b."Measure" = a."Measure" AND b."Build" = {2} AND b."Level" = a."Level" AND b."Month" = a."Month"
            AND b."PlacePath" = a."PlacePath" AND b."Day" = a."Day" AND b."Category" = a."Category"
        WHERE a."Measure" = {0} AND a."Build" = {1} AND length(a."Cells") > 0 AND (b."Cells" IS NULL OR length(b."Cells") = 0
        """;
    private const string Missing = Beside + ")", Different = Beside + " OR a.\"Cells\" <> b.\"Cells\")";

    private async Task<int> DifferentAsync(string measure, int old, int build, CancellationToken stop) =>
        await db.Database.SqlQueryRaw<int>(Different, measure, old, build).SingleAsync(stop) + await db.Database.SqlQueryRaw<int>(Missing, measure, build, old).SingleAsync(stop);

    private async Task CopyBeforeAsync(IMeasures source, int old, int build, int fromDay, CancellationToken stop)
    {
        foreach (var measure in source.Measures)
        {
            await db.Database.ExecuteSqlRawAsync("""
                INSERT INTO insight_rollup ("Measure", "Build", "Level", "Month", "PlacePath", "Day", "Category", "Cells", "Revision")
                SELECT "Measure", {0}, "Level", "Month", "PlacePath", "Day", "Category", "Cells", "Revision" FROM insight_rollup WHERE "Measure" = {1} AND "Build" = {2} AND "Day" < {3}
                """, [build, measure.Id, old, fromDay], stop);
            await db.Database.ExecuteSqlRawAsync("""
                INSERT INTO insight_people_set ("Measure", "Build", "Level", "PlacePath", "Day", "Words") SELECT "Measure", {0}, "Level", "PlacePath", "Day", "Words" FROM insight_people_set WHERE "Measure" = {1} AND "Build" = {2} AND "Day" < {3}
                """, [build, measure.Id, old, fromDay], stop);
        }
    }

    private async Task DropAsync(IMeasures source, int build, CancellationToken stop)
    {
        var (name, ids) = (source.Name, source.Measures.Select(m => m.Id).ToList());
        await db.Rollups.Where(r => ids.Contains(r.Measure) && r.Build == build).ExecuteDeleteAsync(stop);
        await db.PeopleSets.Where(s => ids.Contains(s.Measure) && s.Build == build).ExecuteDeleteAsync(stop);
        await db.Subjects.Where(s => s.Source == name && s.Build == build).ExecuteDeleteAsync(stop);
        await db.Cursors.Where(c => c.Source == name && c.Build == build && !c.InForce).ExecuteDeleteAsync(stop);
    }
}
