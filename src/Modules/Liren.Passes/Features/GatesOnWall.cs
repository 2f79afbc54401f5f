using Liren.Contracts.Places;
using Liren.Contracts.Passes;
using Liren.Contracts.Wall;
using Liren.Passes.Data;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace Liren.Passes.Features;

/// <summary>Gates for the wall (大屏): which speak, which are silent.</summary>
internal sealed class GatesOnWall(PassesDb db, GateBook book, TimeProvider clock) : IWallSource
{
    public string Kind => WallKinds.Gate;

    public IReadOnlyDictionary<string, bool> Notes { get; } = new Dictionary<string, bool> { [nameof(GateChanged)] = true };

    // Silence is no event: it is seen by looking.
    public TimeSpan Recount => TimeSpan.FromSeconds(15);

    public async Task<IReadOnlyList<WallThing>> ReadAsync(IReadOnlyCollection<Guid>? only, CancellationToken cancellation = default)
    {
        var rows = db.Gates.AsNoTracking().Where(g => g.ClosedAt == null);
        if (only is not null) rows = rows.Where(g => only.Contains(g.Id));
        var now = clock.GetUtcNow();
        var gates = await rows.Select(g => new { g.Id, g.PlacePath, g.Name, Paired = g.KeyId != null }).ToListAsync(cancellation);
        return [.. gates.Select(g =>
        {
            var state = book.StateOf(g.Id, g.Paired, now);
            return new WallThing(Kind, g.Id, g.PlacePath, state, book.Seen(g.Id).At ?? DateTimeOffset.UnixEpoch) { Name = new(g.Name, g.Name), Trouble = state == GateBook.Away };
        })];
    }

    // When a gate was silent is not kept: the log tells of passages only.
    public Task<IReadOnlyList<WallChange>?> HistoryAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default) => Task.FromResult<IReadOnlyList<WallChange>?>(null);
}

/// <summary>People let through gates by the minute, grouped by the database: nothing of a person leaves it. Counted as <see cref="GateStatistics"/> counts.</summary>
internal sealed class PassagesOnWall(PassesDb db, TimeProvider clock, IConfiguration configuration) : IWallPassages
{
    // Verdict 0 is Admit, Direction 0 is In; a time is milliseconds on SQLite.
    private const string Counts = """
        SELECT "GateId" AS "Gate", max("PlacePath") AS "Place", {0} AS "Minute",
          CAST(sum(CASE WHEN "Direction" = 0 THEN CASE WHEN "Members" > 1 THEN "Members" ELSE 1 END ELSE 0 END) AS INTEGER) AS "In",
          CAST(sum(CASE WHEN "Direction" = 1 THEN CASE WHEN "Members" > 1 THEN "Members" ELSE 1 END ELSE 0 END) AS INTEGER) AS "Out"
        FROM passes_gate_entry WHERE "Verdict" = 0 AND {1} GROUP BY "GateId", {0}
        """;
    private const string SqliteMinute = "\"At\" / 60000", PostgresMinute = "CAST(floor(extract(epoch from \"At\") / 60) AS BIGINT)";

    public async Task<(IReadOnlyList<WallPassage> Passages, long Newest)> AfterAsync(long? line, DateTimeOffset since, CancellationToken cancellation = default)
    {
        var newest = await db.Entries.MaxAsync(e => (long?)e.Seq, cancellation) ?? 0;
        if (line is { } last && newest <= last) return ([], newest);
        var found = line is { } from
            ? await ReadAsync("\"Seq\" > {0} AND \"Seq\" <= {1} AND \"At\" >= {2}", cancellation, from, newest, Time(since))
            : await ReadAsync("\"Seq\" <= {0} AND \"At\" >= {1}", cancellation, newest, Time(since));
        return (found, newest);
    }

    public async Task<IReadOnlyList<WallPassage>?> BetweenAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default)
    {
        if (from < clock.GetUtcNow().AddDays(-ForgetEntries.DaysOf(configuration))) return null;
        if (place.Length == 0) return await ReadAsync("\"At\" >= {0} AND \"At\" < {1}", cancellation, Time(from), Time(to));
        var (below, before) = PlacePath.RangeBelow(place);
        return await ReadAsync("\"At\" >= {0} AND \"At\" < {1} AND (\"PlacePath\" = {2} OR (\"PlacePath\" >= {3} AND \"PlacePath\" < {4}))", cancellation, Time(from), Time(to), place, below, before);
    }

    private object Time(DateTimeOffset at) => db.Database.IsNpgsql() ? at.ToUniversalTime() : at.ToUnixTimeMilliseconds();

    private async Task<IReadOnlyList<WallPassage>> ReadAsync(string where, CancellationToken cancellation, params object[] values)
    {
        var sql = Counts.Replace("{0}", db.Database.IsNpgsql() ? PostgresMinute : SqliteMinute, StringComparison.Ordinal).Replace("{1}", where, StringComparison.Ordinal);
        return await db.Database.SqlQueryRaw<WallPassage>(sql, values).ToListAsync(cancellation);
    }
}
