using System.Data;
using Liren.Contracts.Insight;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Folding;

/// <summary>One row that is not what a recount gives.</summary>
internal sealed record Difference(string Measure, string Place, string Category, string Kept, string Counted)
{
    public override string ToString() => $"{Measure} {Place} {Category} [{Kept}] ≠ [{Counted}]";
}

/// <summary>Counts a day again from the source (复算) and compares it with what is kept, at every level of the tree.</summary>
internal sealed class Recount(InsightDb db, MeasureBook book, Folder folder)
{
    /// <param name="Rows">Rows compared.</param>
    /// <param name="Different">Those that differ.</param>
    public sealed record Result(int Rows, IReadOnlyList<Difference> Different);

    public async Task<Result> DayAsync(IMeasures source, int day, CancellationToken stop)
    {
        var (kept, sets, seq) = await KeptAsync(source, day, stop);
        var tally = new Tally(book);
        if (source is ILogMeasures log) await foreach (var fact in log.OfDayAsync(DateOnly.FromDayNumber(day), seq, stop)) tally.Add(fact);
        else foreach (var delta in await OfSubjectsAsync((ISubjectMeasures)source, day, stop)) tally.Add(delta);
        // How many there are does not depend on which numbers they have.
        var numbers = new Dictionary<Guid, int>();
        int NumberOf(Guid person) => numbers.TryGetValue(person, out var number) ? number : numbers[person] = numbers.Count;
        var (rows, people) = (tally.Rows(), tally.Sets(NumberOf).ToDictionary(s => s.Key, s => BitSet.CountWritten(s.Set)));
        foreach (var (key, count) in people) rows[key] = [count];
        var different = new List<Difference>();
        foreach (var key in kept.Keys.Union(rows.Keys))
        {
            var counted = Cells.Write(rows.GetValueOrDefault(key) ?? []);
            if (!counted.AsSpan().SequenceEqual(kept.GetValueOrDefault(key))) different.Add(new(key.Measure, key.Place, key.Category, Shown(kept.GetValueOrDefault(key)), Shown(counted)));
        }
        foreach (var (key, count) in sets)
            if (count != people.GetValueOrDefault(key)) different.Add(new(key.Measure, key.Place, "set", $"{count}", $"{people.GetValueOrDefault(key)}"));
        return new(kept.Keys.Union(rows.Keys).Count(), different);
    }

    // Rows and cursor of one moment: what is folded meanwhile is not looked at.
    private async Task<(Dictionary<RowKey, byte[]> Rows, Dictionary<RowKey, int> Sets, long Seq)> KeptAsync(IMeasures source, int day, CancellationToken stop)
    {
        await using var moment = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
        var (ids, month) = (source.Measures.Select(m => m.Id).ToList(), LocalTime.MonthOf(day));
        var cursor = await folder.CursorAsync(source, stop);
        var build = cursor.Build;
        var rows = await db.Rollups.AsNoTracking().Where(r => ids.Contains(r.Measure) && r.Build == build && r.Month == month && r.Day == day).ToListAsync(stop);
        var sets = await db.PeopleSets.AsNoTracking().Where(s => ids.Contains(s.Measure) && s.Build == build && s.Day == day).ToListAsync(stop);
        await moment.CommitAsync(stop);
        return (rows.ToDictionary(r => RowKey.Of(r.Measure, r.PlacePath, r.Day, r.Category), r => r.Cells), sets.ToDictionary(s => RowKey.Of(s.Measure, s.PlacePath, s.Day, ""), s => BitSet.CountWritten(s.Words)), cursor.Seq);
    }

    private async Task<IReadOnlyList<Delta>> OfSubjectsAsync(ISubjectMeasures source, int day, CancellationToken stop)
    {
        var types = source.Events.Select(e => e.FullName!).ToList();
        var (start, end) = (LocalTime.StartOf(day), LocalTime.StartOf(day + 1));
        // What waits in the outbox is not folded yet.
        var subjects = await db.Journal.AsNoTracking().Where(j => types.Contains(j.Type) && j.At >= start && j.At < end && j.Subject != null && !db.Outbox.Any(o => o.Id == j.Id)).Select(j => j.Subject!.Value).Distinct().ToListAsync(stop);
        var all = new List<Delta>();
        foreach (var subject in subjects) all.AddRange((await folder.DeltasOfAsync(source, subject, stop)).Where(d => d.Day == day));
        return all;
    }

    private static string Shown(byte[]? cells) => cells is null ? "" : string.Join(' ', Cells.Read(cells, 32).Reverse().SkipWhile(c => c == 0).Reverse());
}
