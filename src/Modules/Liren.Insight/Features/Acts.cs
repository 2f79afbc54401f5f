using Liren.Insight.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Features;

/// <summary>What somebody did with one module at one place (办理数).</summary>
/// <param name="Place">Path, if there was one.</param>
/// <param name="Acts">Things that changed something: one per subject, kind and day.</param>
/// <param name="Last">The last of them, Unix milliseconds.</param>
internal sealed record Act(string Module, string? Place, Guid ActorId, int Acts, long Last);

/// <summary>What people did, from the journal.</summary>
internal sealed class ActsQuery(InsightDb db)
{
    // Counted by the database: one line for who did something of which part at which place.
    private const string Sqlite = """
        SELECT "Module", "Place", "ActorId", CAST(COUNT(*) AS integer) AS "Acts", MAX("Last") AS "Last" FROM (
            SELECT "Module", "Place", "ActorId", "Subject", "Type", ("At" + 28800000) / 86400000 AS "Day", MAX("At") AS "Last" FROM sdk_journal
            WHERE "At" >= {0} AND "At" < {1} AND "ActorId" IS NOT NULL AND ({2} = '' OR "Place" = {2} OR ("Place" >= {3} AND "Place" < {4})) GROUP BY "Module", "Place", "ActorId", "Subject", "Type", "Day") x
        GROUP BY "Module", "Place", "ActorId"
        """;
    private const string Postgres = """
        SELECT "Module", "Place", "ActorId", CAST(COUNT(*) AS integer) AS "Acts", MAX("Last") AS "Last" FROM (
            SELECT "Module", "Place", "ActorId", "Subject", "Type", ("At" AT TIME ZONE 'Asia/Shanghai')::date AS "Day", (extract(epoch FROM MAX("At")) * 1000)::bigint AS "Last" FROM sdk_journal
            WHERE "At" >= {0} AND "At" < {1} AND "ActorId" IS NOT NULL AND ({2} = '' OR "Place" = {2} OR ("Place" COLLATE "C" >= {3} AND "Place" COLLATE "C" < {4})) GROUP BY "Module", "Place", "ActorId", "Subject", "Type", "Day") x
        GROUP BY "Module", "Place", "ActorId"
        """;

    /// <summary>At a place and below it ("" is everywhere), from an instant to before another.</summary>
    public async Task<IReadOnlyList<Act>> OfAsync(string at, DateTimeOffset from, DateTimeOffset to, CancellationToken stop) => db.Database.IsNpgsql()
        ? await db.Database.SqlQueryRaw<Act>(Postgres, from, to, at, at + ".", at + "/").ToListAsync(stop)
        : await db.Database.SqlQueryRaw<Act>(Sqlite, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), at, at + ".", at + "/").ToListAsync(stop);
}
