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
    private const string Columns = "\"Cti\", \"At\", \"Seq\"", Into = $"INSERT INTO passes_passage ({Columns}) ";
    private static readonly string Read = Lines("?", "?"), AtOnce = Into + Lines("{0}", "{1}");

    private static string Lines(string after, string upTo) => $"SELECT {Columns} FROM passes_gate_entry WHERE \"Seq\" > {after} AND \"Seq\" <= {upTo} AND \"Cti\" IS NOT NULL ORDER BY {Columns}";

    // As it lies in the file: it goes from one statement into the other.
    private readonly record struct Row(byte[] Cti, long At, long Seq);

    /// <summary>Adds the lines after a number up to another, and moves the cursor, in one transaction.</summary>
    public async Task AddAsync(LogCursor cursor, long to, CancellationToken stop)
    {
        var from = cursor.Seq;
        var rows = db.Database.IsNpgsql() ? null : await ReadAsync(from, to, stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        cursor.Seq = to;
        await db.SaveChangesAsync(stop);
        if (rows is null) await db.Database.ExecuteSqlRawAsync(AtOnce, [from, to], stop);
        else Write(rows);
        await transaction.CommitAsync(stop);
    }

    private async Task<List<Row>> ReadAsync(long from, long to, CancellationToken stop)
    {
        await using var held = await db.Database.HoldAsync(stop);
        using var lines = new SqliteStatement((SqliteConnection)held.Connection, Read);
        lines.Bind(1, from);
        lines.Bind(2, to);
        var found = new List<Row>((int)(to - from));
        while (lines.Step()) found.Add(new(lines.Bytes(0).ToArray(), lines.Int64(1), lines.Int64(2)));
        return found;
    }

    // Inside the transaction of the context, on its own connection.
    private void Write(List<Row> rows)
    {
        using var insert = new SqliteStatement((SqliteConnection)db.Database.GetDbConnection(), Into + "VALUES (?, ?, ?)");
        foreach (var row in rows)
        {
            insert.BindText(1, row.Cti);
            insert.Bind(2, row.At);
            insert.Bind(3, row.Seq);
            insert.Run();
        }
    }
}
