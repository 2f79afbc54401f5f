using Liren.Codes;
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
    private const string AtOnce = $"{Into} SELECT {Columns} FROM passes_gate_entry WHERE \"Seq\" > {{0}} AND \"Seq\" <= {{1}} AND \"Cti\" IS NOT NULL ORDER BY {Columns}";

    /// <summary>Adds the lines after a number up to another, and moves the cursor, in one transaction.</summary>
    /// <param name="cursor">Where the index stands.</param>
    /// <param name="to">Number of the last line to add.</param>
    /// <param name="seen">Told of each line worth a closer look; null when everything is looked at anyway. Only on SQLite.</param>
    /// <param name="stop">Stops.</param>
    public async Task AddAsync(LogCursor cursor, long to, Suspects? seen, CancellationToken stop)
    {
        var from = cursor.Seq;
        var rows = db.Database.IsNpgsql() ? null : await ReadAsync(from, to, seen, stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        cursor.Seq = to;
        await db.SaveChangesAsync(stop);
        if (rows is null) await db.Database.ExecuteSqlRawAsync(AtOnce, [from, to], stop);
        else Write(rows);
        await transaction.CommitAsync(stop);
    }

    private async Task<List<PassageRow>> ReadAsync(long from, long to, Suspects? seen, CancellationToken stop)
    {
        await using var held = await db.Database.HoldAsync(stop);
        var connection = (SqliteConnection)held.Connection;
        // One moment for all of it: each statement by itself would ask for SQLite's lock and give it back.
        await using var moment = connection.BeginTransaction(deferred: true);
        using var lines = new SqliteStatement(connection, "SELECT \"Seq\", \"At\", \"Verdict\", \"Direction\", \"Cti\", \"Reason\", \"IdChecked\" FROM passes_gate_entry WHERE \"Seq\" > ? AND \"Seq\" <= ?");
        lines.Bind(1, from);
        lines.Bind(2, to);
        var found = new List<PassageRow>((int)(to - from));
        while (lines.Step())
        {
            var seq = lines.Int64(0);
            if (CtiKey.Of(lines.Bytes(4)) is { } cti) found.Add(new(cti, lines.Int64(1), seq, lines.Int64(2) == (int)Verdict.Admit && lines.Int64(3) == (int)Direction.In));
            seen?.LookAt(seq, lines.Bytes(5), lines.Bytes(6));
        }
        found.Sort();
        seen?.LookAt(found, connection);
        return found;
    }

    // Inside the transaction of the context, on its own connection.
    private void Write(List<PassageRow> rows)
    {
        using var insert = new SqliteStatement((SqliteConnection)db.Database.GetDbConnection(), Into + "VALUES (?, ?, ?)");
        foreach (var row in rows)
        {
            insert.BindCti(1, row.Cti);
            insert.Bind(2, row.At);
            insert.Bind(3, row.Seq);
            insert.Run();
        }
    }
}

/// <summary>A line in the index of passes, in its order.</summary>
/// <param name="Cti">Number of the pass, see <see cref="CtiKey"/>.</param>
/// <param name="At">When, Unix milliseconds.</param>
/// <param name="Seq">Number of the line.</param>
/// <param name="Entered">Let in.</param>
internal readonly record struct PassageRow(UInt128 Cti, long At, long Seq, bool Entered) : IComparable<PassageRow>
{
    public int CompareTo(PassageRow other) =>
        Cti != other.Cti ? Cti.CompareTo(other.Cti) : At != other.At ? At.CompareTo(other.At) : Seq.CompareTo(other.Seq);
}
