using System.Globalization;
using Liren.Contracts.Insight;
using Liren.Contracts.Places;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Folding;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Features;

/// <summary>Periods figures are asked for.</summary>
internal enum Period
{
    /// <summary>Hour of a day in Shanghai.</summary>
    Hour,
    /// <summary>Day in Shanghai.</summary>
    Day,
    /// <summary>Week from Monday.</summary>
    Week,
    /// <summary>Calendar month.</summary>
    Month,
    /// <summary>The whole range.</summary>
    Total,
}

/// <summary>What is asked: a measure at a place, or at all places of a level below it, in periods of a range of days.</summary>
/// <param name="Level">Depth of the places; null: the place itself.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Split">By category.</param>
internal sealed record FactsAsked(MeasureDef Measure, string Place, int? Level, DateOnly From, DateOnly To, Period By, bool Split);

/// <summary>One figure.</summary>
/// <param name="Place">Path.</param>
/// <param name="Period">2026-11-13T08, 2026-11-13, 2026-11-09 (the Monday of a week), 2026-11, or the range.</param>
/// <param name="Category">When asked for by category.</param>
/// <param name="Value">The sum, the people, or how many were timed; null when there is no data.</param>
/// <param name="Per">Denominator of a ratio.</param>
/// <param name="P50">Half took at most so many minutes; the end of a bin.</param>
/// <param name="P90">Nine of ten took at most so many minutes.</param>
internal sealed record FactRow(string Place, string Period, string? Category, long? Value, long? Per = null, int? P50 = null, int? P90 = null);

/// <summary>Figures with what makes them readable: definition, place names, up to when they hold.</summary>
internal sealed record FactsAnswer(string Measure, int Version, Roll Roll, string Unit, DateOnly From, DateOnly To, Period By, DateTimeOffset AsOf, IReadOnlyDictionary<string, string> Places, IReadOnlyList<FactRow> Rows);

/// <summary>The same figures as a table: a value for each place and period, in the order of both lists. A tenth of the size, for walls and charts of many places.</summary>
internal sealed record FactsGrid(string Measure, int Version, Roll Roll, string Unit, DateOnly From, DateOnly To, Period By, DateTimeOffset AsOf, IReadOnlyList<string> Places, IReadOnlyList<string> Periods, IReadOnlyList<long[]> Values);

/// <summary>Answers from the roll-ups.</summary>
internal sealed class FactsQuery(InsightDb db, MeasureBook book, Freshness fresh, IPlaceDirectory places, TimeProvider clock)
{
    private const int MostGroups = 100_000, MostDays = 400, MostDaysByHour = 62;

    /// <summary>Checks what is asked in words of the outside; every refusal names its field.</summary>
    public async Task<FactsAsked> ReadAsync(string? measure, string? place, string? level, DateOnly? from, DateOnly? to, string? by, bool split, CancellationToken stop)
    {
        Rule.Require(!string.IsNullOrEmpty(measure), "insight.measure-missing", "measure");
        var def = book.Get(measure!);
        var at = await PlaceAsync(place, stop);
        var depth = level is null ? (int?)null : LevelOf(level);
        if (depth is { } d) Rule.Require(d >= PlacePath.Depth(at), "insight.level-above", "level", level!);
        var today = DateOnly.FromDayNumber(LocalTime.DayOf(clock.GetUtcNow()));
        var (first, last) = (from ?? (to ?? today).AddDays(-6), to ?? today);
        Rule.Require(last >= first, "insight.range", "to");
        var period = by is null ? Period.Day : Enum.TryParse<Period>(by, ignoreCase: true, out var known) && Enum.IsDefined(known) && !by.Any(char.IsDigit) ? known : throw new RuleBrokenException("insight.by", "by", 422, by);
        var days = last.DayNumber - first.DayNumber + 1;
        Rule.Require(days <= MostDays, "insight.too-long", "from", MostDays);
        Rule.Require(period != Period.Hour || days <= MostDaysByHour, "insight.too-fine", "by", MostDaysByHour);
        var kept = def.Ratio is { } ratio ? book.Get(ratio.Of) : def;
        Rule.Require(period != Period.Hour || kept is { Grain: Grain.Hour, Roll: Roll.Sum }, "insight.no-hours", "by", def.Id);
        return new(def, at, depth, first, last, period, split && (def.Roll is Roll.Sum or Roll.Histogram));
    }

    /// <summary>The place asked for, or the caller's own: one that exists and where they may see figures.</summary>
    public async Task<string> PlaceAsync(string? place, CancellationToken stop)
    {
        var at = place ?? Own();
        Actor.Current.Require("insight.read", at);
        if (at.Length > 0 && await places.FindAsync(at, stop) is null) throw new RuleBrokenException("insight.no-place", "place", 404, at);
        return at;
    }

    /// <summary>The answer; at most 100,000 figures.</summary>
    public async Task<FactsAnswer> AnswerAsync(FactsAsked asked, CancellationToken stop)
    {
        var def = asked.Measure;
        var rows = def.Roll switch
        {
            Roll.Ratio => await RatioAsync(asked, stop),
            Roll.Distinct => await PeopleAsync(asked, stop),
            _ => await SumsAsync(asked, stop),
        };
        var source = book.SourceOf(def);
        var names = await places.FindManyAsync(rows.Select(r => r.Place).Distinct(), stop);
        return new(def.Id, def.Version, def.Roll, def.Unit, asked.From, asked.To, asked.By, await fresh.AsOfAsync(db, source, stop), names.ToDictionary(n => n.Key, n => n.Value.Name), rows);
    }

    /// <summary>Sums as a table of places and periods.</summary>
    public async Task<FactsGrid> GridAsync(FactsAsked asked, CancellationToken stop)
    {
        var def = asked.Measure;
        Rule.Require(def.Roll == Roll.Sum && !asked.Split, "insight.no-grid", "shape", def.Id);
        var (hours, first) = (asked.By == Period.Hour ? 24 : 1, new SortedSet<int>());
        for (var day = asked.From.DayNumber; day <= asked.To.DayNumber; day++) first.Add(PeriodOf(day, asked));
        var column = first.Select((p, i) => (p, i)).ToDictionary(p => p.p, p => p.i * hours);
        var values = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        await foreach (var row in RowsAsync(asked, stop))
        {
            if (!values.TryGetValue(row.Place, out var line)) values.Add(row.Place, line = new long[column.Count * hours]);
            var at = column[PeriodOf(row.Day, asked)];
            if (hours == 24) Cells.AddTo(row.Cells, line.AsSpan(at, 24));
            else line[at] += SumOf(row.Cells, def.CellCount());
        }
        Rule.Require((long)values.Count * column.Count * hours <= MostGroups, "insight.too-many", "level", MostGroups);
        List<string> periods = [.. first.SelectMany(p => hours == 24 ? Enumerable.Range(0, 24).Select(h => $"{Name(p, asked)}T{h:00}") : [Name(p, asked)])];
        return new(def.Id, def.Version, def.Roll, def.Unit, asked.From, asked.To, asked.By, await fresh.AsOfAsync(db, book.SourceOf(def), stop), [.. values.Keys], periods, [.. values.Values]);
    }

    private async Task<IReadOnlyList<FactRow>> SumsAsync(FactsAsked asked, CancellationToken stop)
    {
        var def = asked.Measure;
        var cells = def.CellCount();
        var sums = new Dictionary<(string Place, int Period, string Category), long[]>();
        var width = def.Roll == Roll.Histogram ? cells : asked.By == Period.Hour ? 24 : 1;
        await foreach (var row in RowsAsync(asked, stop))
        {
            var key = (row.Place, PeriodOf(row.Day, asked), asked.Split ? row.Category : "");
            if (!sums.TryGetValue(key, out var into)) sums.Add(key, into = new long[width]);
            if (width == cells) { Cells.AddTo(row.Cells, into); continue; }
            into[0] += SumOf(row.Cells, cells);
        }
        Rule.Require((long)sums.Count * (asked.By == Period.Hour ? 24 : 1) <= MostGroups, "insight.too-many", "level", MostGroups);
        var answer = new List<FactRow>(sums.Count * (asked.By == Period.Hour ? 24 : 1));
        foreach (var ((place, period, category), values) in sums.OrderBy(s => s.Key.Period).ThenBy(s => s.Key.Place, StringComparer.Ordinal).ThenBy(s => s.Key.Category, StringComparer.Ordinal))
        {
            var shown = asked.Split ? category : null;
            if (def.Roll == Roll.Histogram) answer.Add(new(place, Name(period, asked), shown, values.Sum(), null, Bins.Percentile(values, 0.5), Bins.Percentile(values, 0.9)));
            else if (asked.By == Period.Hour) for (var h = 0; h < 24; h++) answer.Add(new(place, $"{Name(period, asked)}T{h:00}", shown, values[h]));
            else answer.Add(new(place, Name(period, asked), shown, values[0]));
        }
        return answer;
    }

    private static long SumOf(byte[] written, int cells)
    {
        Span<long> sums = stackalloc long[cells];
        sums.Clear();
        Cells.AddTo(written, sums);
        long sum = 0;
        foreach (var cell in sums) sum += cell;
        return sum;
    }

    private async Task<IReadOnlyList<FactRow>> RatioAsync(FactsAsked asked, CancellationToken stop)
    {
        var (of, per) = asked.Measure.Ratio!.Value;
        var above = (await SumsAsync(asked with { Measure = book.Get(of), Split = false }, stop)).ToDictionary(r => (r.Place, r.Period), r => r.Value ?? 0);
        // Divided last, and never by nothing: no cases is "no data", not 0 %.
        return [.. (await SumsAsync(asked with { Measure = book.Get(per), Split = false }, stop)).Select(r => r.Value is > 0 ? r with { Value = above.GetValueOrDefault((r.Place, r.Period)), Per = r.Value } : r with { Value = null, Per = 0 })];
    }

    /// <summary>Different people: sets of days and places are joined, which is exact. A day alone is known from its count when its set is gone.</summary>
    private async Task<IReadOnlyList<FactRow>> PeopleAsync(FactsAsked asked, CancellationToken stop)
    {
        if (asked.By == Period.Day) return await SumsAsync(asked, stop);
        var (measure, build, level, from, to) = (asked.Measure.Id, await BuildAsync(asked.Measure, stop), asked.Level ?? PlacePath.Depth(asked.Place), asked.From.DayNumber, asked.To.DayNumber);
        var all = db.PeopleSets.AsNoTracking().Where(s => s.Measure == measure && s.Build == build);
        // A total of days whose sets are gone would be too small and look right.
        var gone = await db.Rollups.AsNoTracking().Where(r => r.Measure == measure && r.Build == build && r.Level == 0 && r.Day >= from && r.Day <= to && !all.Any(s => s.Level == 0 && s.Day == r.Day)).MaxAsync(r => (int?)r.Day, stop);
        Rule.Require(gone is null, "insight.people-gone", "from", gone is { } g ? $"{DateOnly.FromDayNumber(g + 1):yyyy-MM-dd}" : "");
        var sets = new Dictionary<(string Place, int Period), ulong[]>();
        await using var held = await db.Database.HoldAsync(stop);
        await foreach (var set in new RollupStore(held.Connection, null).SetsAsync(measure, build, level, asked.Place, from, to, stop))
        {
            var key = (set.Place, PeriodOf(set.Day, asked));
            var words = sets.GetValueOrDefault(key) ?? [];
            BitSet.JoinInto(set.Value, ref words);
            sets[key] = words;
        }
        Rule.Require(sets.Count <= MostGroups, "insight.too-many", "level", MostGroups);
        return [.. sets.OrderBy(s => s.Key.Period).ThenBy(s => s.Key.Place, StringComparer.Ordinal).Select(s => new FactRow(s.Key.Place, Name(s.Key.Period, asked), null, BitSet.Count(s.Value)))];
    }

    private async IAsyncEnumerable<(string Place, int Day, string Category, byte[] Cells)> RowsAsync(FactsAsked asked, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var (build, level) = (await BuildAsync(asked.Measure, stop), asked.Level ?? PlacePath.Depth(asked.Place));
        await using var held = await db.Database.HoldAsync(stop);
        var store = new RollupStore(held.Connection, null);
        for (var month = asked.From; month <= asked.To; month = new DateOnly(month.Year, month.Month, 1).AddMonths(1))
            await foreach (var row in store.RowsAsync(asked.Measure.Id, build, level, (month.Year * 100) + month.Month, asked.Place, asked.From.DayNumber, asked.To.DayNumber, stop)) yield return row;
    }

    private async Task<int> BuildAsync(MeasureDef def, CancellationToken stop)
    {
        var source = book.SourceOf(def).Name;
        return await db.Cursors.Where(c => c.Source == source && c.InForce).Select(c => c.Build).SingleOrDefaultAsync(stop);
    }

    private static int PeriodOf(int day, FactsAsked asked) => asked.By switch
    {
        Period.Week => day - ((int)DateOnly.FromDayNumber(day).DayOfWeek + 6) % 7,
        Period.Month => LocalTime.MonthOf(day),
        Period.Total => 0,
        _ => day,
    };

    private static string Name(int period, FactsAsked asked) => asked.By switch
    {
        Period.Month => string.Create(CultureInfo.InvariantCulture, $"{period / 100}-{period % 100:00}"),
        Period.Total => $"{asked.From:yyyy-MM-dd}/{asked.To:yyyy-MM-dd}",
        _ => DateOnly.FromDayNumber(period).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    /// <summary>Depth of a level: a kind of place, or its depth.</summary>
    internal static int LevelOf(string level) => level.ToLowerInvariant() switch
    {
        "province" => 1, "city" => 2, "district" => 3, "street" => 4, "community" => 5, "compound" => 6, "building" => 7, "unit" => 8, "room" => 9,
        _ => throw new RuleBrokenException("insight.level", "level", 422, level),
    };

    /// <summary>Where somebody looks who names no place: their own, the first of several.</summary>
    internal static string Own() => Actor.Current.ScopesFor("insight.read").Order(StringComparer.Ordinal).FirstOrDefault() ?? PlacePath.Root;
}
