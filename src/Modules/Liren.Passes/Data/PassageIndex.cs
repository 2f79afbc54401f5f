using System.Text;
using Liren.Passes.Domain;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Data;

/// <summary>
/// Lines on their way into the index of passes. On SQLite they are read and sorted before the turn to write begins, as every gate waits meanwhile; in the order of the
/// index, so that each of its pages is touched once. PostgreSQL has no such turn: there one statement does it all.
/// </summary>
internal sealed class PassageIndex(PassesDb db)
{
    private const string Sorted = """SELECT "Cti", "At", "Seq" FROM passes_gate_entry WHERE "Seq" > {0} AND "Seq" <= {1} AND "Cti" IS NOT NULL ORDER BY "Cti", "At", "Seq" """;
    private const string Into = """INSERT INTO passes_passage ("Cti", "At", "Seq") """;

    private readonly record struct Passage(string Cti, long At, long Seq);

    /// <summary>Adds the lines after a number up to another, and moves the cursor, in one transaction.</summary>
    public async Task AddAsync(LogCursor cursor, long to, CancellationToken stop)
    {
        var from = cursor.Seq;
        var passages = db.Database.IsNpgsql() ? null : await ReadAsync(from, to, stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        cursor.Seq = to;
        await db.SaveChangesAsync(stop);
        if (passages is null) await db.Database.ExecuteSqlRawAsync(Into + Sorted, [from, to], stop);
        else Write(passages);
        await transaction.CommitAsync(stop);
    }

    private async Task<List<Passage>> ReadAsync(long from, long to, CancellationToken stop)
    {
        await using var held = await db.Database.HoldAsync(stop);
        using var lines = new SqliteStatement((SqliteConnection)held.Connection, Sorted.Replace("{0}", "?1", StringComparison.Ordinal).Replace("{1}", "?2", StringComparison.Ordinal));
        lines.Bind(1, from);
        lines.Bind(2, to);
        var found = new List<Passage>((int)(to - from));
        while (lines.Step()) found.Add(new(Encoding.UTF8.GetString(lines.Bytes(0)), lines.Int64(1), lines.Int64(2)));
        return found;
    }

    // Inside the transaction of the context, on its own connection.
    private void Write(List<Passage> passages)
    {
        using var insert = new SqliteStatement((SqliteConnection)db.Database.GetDbConnection(), Into + "VALUES (?, ?, ?)");
        foreach (var passage in passages)
        {
            insert.Bind(1, passage.Cti);
            insert.Bind(2, passage.At);
            insert.Bind(3, passage.Seq);
            insert.Run();
        }
    }
}
