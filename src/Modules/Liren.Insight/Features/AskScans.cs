using System.Globalization;
using DuckDB.NET.Data;
using Liren.Contracts.Places;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Scans;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Features;

/// <summary>
/// Questions over all lines of the gate log (明细聚合), answered from the copy by columns: looks, or different residents, by place and hour or day, narrowed by
/// verdict, direction or hours of the day. A closed shape, no SQL from outside. One at a time, at most ten seconds: gates keep the processors.
/// </summary>
[Needs("insight.read")]
internal sealed class AskScans(ScanCache cache, InsightDb db) : IFeature
{
    private const int MostGroups = 100_000, MostDays = 400, MostBehind = 200_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly SemaphoreSlim One = new(1);

    /// <param name="Count">scans, or residents: different ones.</param>
    /// <param name="Level">community or compound, or any above.</param>
    /// <param name="By">hour, day or total.</param>
    /// <param name="Verdict">Only these: admit, check, refuse.</param>
    /// <param name="Direction">Only in, or out.</param>
    /// <param name="FromHour">Only from this hour of the day on.</param>
    /// <param name="ToHour">Only before this hour of the day.</param>
    public sealed record Request(string? Count, string? Place, string? Level, DateOnly? From, DateOnly? To, string? By, string? Verdict = null, string? Direction = null, int? FromHour = null, int? ToHour = null);

    /// <summary>A value for each place and period, in the order of both lists.</summary>
    public sealed record Response(IReadOnlyList<string> Places, IReadOnlyList<string> Periods, IReadOnlyList<long[]> Values, long UpToLine);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/queries", (Request request, AskScans feature, CancellationToken stop) => feature.RunAsync(request, stop));

    public async Task<Response> RunAsync(Request asked, CancellationToken stop)
    {
        var place = asked.Place ?? FactsQuery.Own();
        Actor.Current.Require("insight.read", place);
        // The path becomes part of the question: nothing but letters, digits, dots and hyphens.
        if (place.Length > 0 && !PlacePath.IsValid(place)) throw new RuleBrokenException("insight.no-place", "place", 404, place);
        var people = asked.Count switch { null or "scans" => false, "residents" => true, _ => throw new RuleBrokenException("insight.count", "count", 422, asked.Count) };
        var depth = asked.Level is null ? PlacePath.Depth(place) : FactsQuery.LevelOf(asked.Level);
        Rule.Require(depth <= 6, "insight.level-too-fine", "level", asked.Level ?? "");
        Rule.Require(depth >= PlacePath.Depth(place), "insight.level-above", "level", asked.Level ?? "");
        Rule.Require(asked is { From: not null, To: not null } && asked.To >= asked.From, "insight.range", "to");
        Rule.Require(asked.To!.Value.DayNumber - asked.From!.Value.DayNumber < MostDays, "insight.too-long", "from", MostDays);
        long width = asked.By switch { "hour" => 3_600_000, null or "day" => 86_400_000, "total" => long.MaxValue, _ => throw new RuleBrokenException("insight.by", "by", 422, asked.By) };
        Rule.Require(asked.FromHour is null or (>= 0 and <= 23), "insight.hour", "fromHour");
        Rule.Require(asked.ToHour is null or (>= 1 and <= 24), "insight.hour", "toHour");
        // Different people cannot be added up: only levels the table has.
        Rule.Require(!people || depth is 5 or 6 || depth == PlacePath.Depth(place), "insight.level-people", "level");
        var sql = Sql(asked, place, depth, width, people);
        await CopiedAsync(stop);
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(stop);
        slow.CancelAfter(Longest);
        await One.WaitAsync(stop);
        try { return await Task.Run(() => Answer(sql, depth, width, asked, slow.Token), stop); }
        catch (Exception e) when (e is DuckDBException or OperationCanceledException && slow.IsCancellationRequested && !stop.IsCancellationRequested) { throw new RuleBrokenException("insight.slow", "from", 504); }
        finally { One.Release(); }
    }

    // A copy that is being made again would answer with too little and look right.
    private async Task CopiedAsync(CancellationToken stop)
    {
        cache.Open();
        var folded = await db.Cursors.Where(c => c.Source == ScanCache.Source && c.InForce).Select(c => c.Seq).SingleOrDefaultAsync(stop);
        if (folded > 0 && (cache.Last == 0 || folded - cache.Last > MostBehind)) throw new RuleBrokenException("insight.copying", null, 503, cache.Last, folded);
    }

    // Every part is a number or one of ours.
    private string Sql(Request asked, string place, int depth, long width, bool people)
    {
        var start = (asked.From!.Value.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * 86_400_000L;
        var end = (asked.To!.Value.DayNumber + 1 - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * 86_400_000L;
        var column = depth <= 5 ? "community" : "compound";
        List<string> where = [string.Create(CultureInfo.InvariantCulture, $"ms >= {start} AND ms < {end}")];
        if (place.Length > 0) where.Add($"{column} IN (SELECT id FROM name WHERE text = '{place}' OR starts_with(text, '{place}.'))");
        if (asked.Verdict is { } verdict) where.Add($"verdict = {Array.IndexOf(["admit", "check", "refuse"], verdict) switch { < 0 => throw new RuleBrokenException("insight.verdict", "verdict", 422, verdict), var v => v }}");
        if (asked.Direction is { } direction) where.Add(direction switch { "in" => "inward", "out" => "NOT inward", _ => throw new RuleBrokenException("insight.direction", "direction", 422, direction) });
        if (asked.FromHour is { } first) where.Add($"ms % 86400000 >= {first * 3_600_000L}");
        if (asked.ToHour is { } last) where.Add($"ms % 86400000 < {last * 3_600_000L}");
        var period = width == long.MaxValue ? "0" : string.Create(CultureInfo.InvariantCulture, $"ms // {width}");
        var what = people ? "count(DISTINCT resident)" : "count(*)";
        var group = depth < 5 && people ? "0" : column;
        return $"SELECT {group} AS place, {period} AS period, {what} AS n FROM scan WHERE {string.Join(" AND ", where)} GROUP BY 1, 2";
    }

    private Response Answer(string sql, int depth, long width, Request asked, CancellationToken stop)
    {
        var found = new List<(int Place, long Period, long Value)>();
        var (rowOf, names, columnOf) = (new Dictionary<int, int>(), new Dictionary<string, int>(), new Dictionary<long, int>());
        var whole = sql.StartsWith("SELECT 0 ", StringComparison.Ordinal) ? asked.Place ?? FactsQuery.Own() : null;
        var upTo = cache.Last;
        using (var command = cache.Reader().CreateCommand())
        {
            command.CommandText = sql;
            using var interrupt = stop.Register(command.Cancel);
            using var reader = command.ExecuteReader();
            var narrow = reader.GetFieldType(1) == typeof(int);
            while (reader.Read())
            {
                var id = reader.GetInt32(0);
                if (!rowOf.TryGetValue(id, out var row))
                {
                    var name = whole ?? Above(cache.NameOf(id), depth);
                    // Places of the table that lie in one place asked for are one row.
                    if (!names.TryGetValue(name, out row)) names.Add(name, row = names.Count);
                    rowOf.Add(id, row);
                }
                var period = narrow ? reader.GetInt32(1) : reader.GetInt64(1);
                columnOf.TryAdd(period, 0);
                found.Add((row, period, reader.GetInt64(2)));
            }
        }
        Rule.Require((long)names.Count * columnOf.Count <= MostGroups, "insight.too-many", "level", MostGroups);
        var (places, periods) = (names.Keys.Order(StringComparer.Ordinal).ToList(), columnOf.Keys.Order().ToList());
        for (var i = 0; i < periods.Count; i++) columnOf[periods[i]] = i;
        var rows = names.Values.Select(_ => new long[periods.Count]).ToArray();
        foreach (var (row, period, value) in found) rows[row][columnOf[period]] += value;
        return new(places, periods.ConvertAll(p => NameOf(p, width)), places.ConvertAll(p => rows[names[p]]), upTo);
    }

    private static string Above(string place, int depth)
    {
        while (PlacePath.Depth(place) > depth) place = PlacePath.Parent(place);
        return place;
    }

    private static string NameOf(long period, long width) => width switch
    {
        long.MaxValue => "total",
        86_400_000 => DateTime.UnixEpoch.AddDays(period).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => DateTime.UnixEpoch.AddHours(period).ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture),
    };
}
