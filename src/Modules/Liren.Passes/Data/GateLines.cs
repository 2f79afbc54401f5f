using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using Liren.Codes;
using Liren.Passes.Domain;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Liren.Passes.Data;

/// <summary>One line of the gate log with whose pass it was, as analysis reads it.</summary>
/// <param name="Person">The resident whose pass it was, if it was one.</param>
internal readonly record struct GateLine(long Seq, Guid GateId, string Place, DateTimeOffset At, DateTimeOffset ArrivedAt, Direction Direction, Verdict Verdict, string Reason, int Members, Guid? Person);

/// <summary>
/// Reads the gate log for analysis, millions of lines at a stretch, past EF. Lines and passes are of one moment: a pass is there before its first line,
/// so a line never misses its person.
/// </summary>
internal sealed class GateLines(PassesDb db)
{
    /// <summary>Lines handed over at a time.</summary>
    private const int Chunk = 256;

    /// <summary>Lines after a number, in order, at most so many.</summary>
    public IAsyncEnumerable<IReadOnlyList<GateLine>> AfterAsync(long after, int most, CancellationToken stop) =>
        db.Database.IsNpgsql() ? PostgresAsync("e.\"Seq\" > $1 ORDER BY e.\"Seq\" LIMIT $2", [after, most], stop) : SqliteAsync("\"Seq\" > ?1 ORDER BY \"Seq\" LIMIT ?2", [after, most], after, most, stop);

    /// <summary>Lines up to a number that happened or came within a time.</summary>
    public IAsyncEnumerable<IReadOnlyList<GateLine>> WithinAsync(DateTimeOffset start, DateTimeOffset end, long upTo, CancellationToken stop) =>
        db.Database.IsNpgsql()
            ? PostgresAsync("e.\"Seq\" <= $3 AND ((e.\"At\" >= $1 AND e.\"At\" < $2) OR (e.\"ArrivedAt\" >= $1 AND e.\"ArrivedAt\" < $2))", [start.ToUniversalTime(), end.ToUniversalTime(), upTo], stop)
            : SqliteAsync("\"Seq\" <= ?3 AND ((\"At\" >= ?1 AND \"At\" < ?2) OR (\"ArrivedAt\" >= ?1 AND \"ArrivedAt\" < ?2))", [start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds(), upTo], 0, upTo, stop);

    private async IAsyncEnumerable<IReadOnlyList<GateLine>> PostgresAsync(string where, object[] values, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var held = await db.Database.HoldAsync(stop);
        await using var command = new NpgsqlCommand($"""
            SELECT e."Seq", e."GateId", e."PlacePath", e."At", e."ArrivedAt", e."Direction", e."Verdict", e."Reason", e."Members", p."PersonId"
            FROM passes_gate_entry e LEFT JOIN passes_pass p ON p."Cti" = e."Cti" WHERE {where}
            """, (NpgsqlConnection)held.Connection) { CommandTimeout = 0 };
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(stop);
        // Places and reasons come again and again: each is one string.
        var words = new HashSet<string>();
        string Word(string word) => words.TryGetValue(word, out var known) || words.Add(known = word) ? known : word;
        var lines = new List<GateLine>(Chunk);
        while (await reader.ReadAsync(stop))
        {
            lines.Add(new(reader.GetInt64(0), reader.GetGuid(1), Word(reader.GetString(2)), reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<DateTimeOffset>(4),
                (Direction)reader.GetInt32(5), (Verdict)reader.GetInt32(6), Word(reader.GetString(7)), reader.GetInt32(8), reader.IsDBNull(9) ? null : reader.GetGuid(9)));
            if (lines.Count < Chunk) continue;
            yield return lines;
            lines = new(Chunk);
        }
        if (lines.Count > 0) yield return lines;
    }

    private async IAsyncEnumerable<IReadOnlyList<GateLine>> SqliteAsync(string where, long[] values, long after, long most, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var held = await db.Database.HoldAsync(stop);
        var connection = (SqliteConnection)held.Connection;
        await using var moment = connection.BeginTransaction(deferred: true);
        using var scan = new SqliteScan(connection, where, values, after, most);
        while (scan.Next(Chunk) is { Count: > 0 } lines)
        {
            stop.ThrowIfCancellationRequested();
            yield return lines;
        }
    }

    /// <summary>One prepared statement on the connection's own handle, and the passes beside it: a join in the database would look each up again for every line.</summary>
    private sealed class SqliteScan : IDisposable
    {
        private readonly SqliteConnection connection;
        private readonly SqliteStatement lines, pass;
        private readonly Dictionary<UInt128, Guid?> holders = [];
        private readonly HashSet<string> words = [];
        private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known;
        private readonly bool whole;
        private bool ended;

        public SqliteScan(SqliteConnection connection, string where, long[] values, long after, long most)
        {
            this.connection = connection;
            known = words.GetAlternateLookup<ReadOnlySpan<char>>();
            lines = new(connection, $"SELECT \"Seq\", \"GateId\", \"PlacePath\", \"At\", \"ArrivedAt\", \"Direction\", \"Verdict\", \"Reason\", \"Members\", \"Cti\" FROM passes_gate_entry WHERE {where}");
            for (var i = 0; i < values.Length; i++) lines.Bind(i + 1, values[i]);
            pass = new(connection, "SELECT \"PersonId\" FROM passes_pass WHERE \"Cti\" = ?");
            // Many lines want nearly every pass: one walk through them is cheaper than looking each up.
            whole = Math.Min(most, Number("SELECT max(\"Seq\") FROM passes_gate_entry") - after) >= Number("SELECT count(*) FROM passes_pass");
            if (whole) Passes();
        }

        public List<GateLine> Next(int most)
        {
            var found = new List<GateLine>(most);
            // A statement that came to its end would begin again.
            while (found.Count < most && !ended)
            {
                if (ended = !lines.Step()) break;
                var person = lines.IsNull(9) ? null : HolderOf(lines.Bytes(9));
                found.Add(new(lines.Int64(0), IdOf(lines.Bytes(1)), Word(2), Time(3), Time(4), (Direction)lines.Int64(5), (Verdict)lines.Int64(6), Word(7),
                    (int)lines.Int64(8), person));
            }
            return found;
        }

        private void Passes()
        {
            using var all = new SqliteStatement(connection, "SELECT \"Cti\", \"PersonId\" FROM passes_pass WHERE \"PersonId\" IS NOT NULL");
            while (all.Step()) if (CtiKey.Of(all.Bytes(0)) is { } key) holders[key] = IdOf(all.Bytes(1));
        }

        private Guid? HolderOf(ReadOnlySpan<byte> cti)
        {
            if (CtiKey.Of(cti) is not { } key) return null;
            if (holders.TryGetValue(key, out var holder) || whole) return holder;
            pass.BindText(1, cti);
            holder = pass.Step() && !pass.IsNull(0) ? IdOf(pass.Bytes(0)) : null;
            pass.Reset();
            return holders[key] = holder;
        }

        private static Guid IdOf(ReadOnlySpan<byte> text) => Guid.Parse(text);

        private DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(lines.Int64(column));

        // Places and reasons come again and again: each is one string.
        private string Word(int column)
        {
            var bytes = lines.Bytes(column);
            Span<char> text = stackalloc char[256];
            if (bytes.Length > text.Length) return Encoding.UTF8.GetString(bytes);
            text = text[..Encoding.UTF8.GetChars(bytes, text)];
            if (known.TryGetValue(text, out var word)) return word;
            words.Add(word = text.ToString());
            return word;
        }

        private long Number(string sql)
        {
            using var one = new SqliteStatement(connection, sql);
            return one.Step() ? one.Int64(0) : 0;
        }

        public void Dispose()
        {
            lines.Dispose();
            pass.Dispose();
        }
    }
}
