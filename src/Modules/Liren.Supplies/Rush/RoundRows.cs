using System.Data.Common;
using Liren.Sdk.Data;
using Liren.Supplies.Domain;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Liren.Supplies.Rush;

/// <summary>Rows of one round on one connection: read once at the beginning, then only added and changed. Whoever begins takes the next epoch; a batch of an older epoch is refused.</summary>
internal abstract class RoundRows(DbConnection connection, int round) : IDisposable
{
    private int epoch;

    protected int Round => round;

    /// <summary>The rows of a round by the fastest way of its database.</summary>
    public static RoundRows On(DbConnection connection, int round) => connection is NpgsqlConnection postgres ? new PostgresRows(postgres, round) : new SqliteRows((SqliteConnection)connection, round);

    /// <summary>Takes the round over. Before anything is read: whatever an older writer still commits is then either read here or refused there.</summary>
    public void TakeOver()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO supplies_writer_lease (\"Round\", \"Epoch\", \"Batches\") VALUES (@r, 1, 0) ON CONFLICT (\"Round\") DO UPDATE SET \"Epoch\" = supplies_writer_lease.\"Epoch\" + 1 RETURNING \"Epoch\"";
        command.With("r", round);
        epoch = Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Pickup points of the entitled units, by their number.</summary>
    public int[] ReadHomes() => OfEntitlements("Point");

    /// <summary>Classes of the entitled units, by their number.</summary>
    public int[] ReadClasses() => OfEntitlements("Class");

    private int[] OfEntitlements(string column)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT \"{column}\" FROM supplies_entitlement WHERE \"Round\" = @r ORDER BY \"No\"";
        command.With("r", round);
        var values = new List<int>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) values.Add(reader.GetInt32(0));
        return [.. values];
    }

    /// <summary>Entries as they lie on disk.</summary>
    public List<Standing> ReadEntries()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"No\", \"State\", \"Seat\", \"Point\", \"Turn\", \"Channel\", \"Key\", \"Tag\", \"AskedAt\", \"MovedAt\", \"Changes\" FROM supplies_entry WHERE \"Round\" = @r";
        command.With("r", round);
        var entries = new List<Standing>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            entries.Add(new()
            {
                No = reader.GetInt32(0), State = (EntryState)reader.GetInt32(1), Seat = reader.GetInt32(2), Point = reader.GetInt32(3), Turn = reader.GetInt32(4), Channel = (EntryChannel)reader.GetInt32(5),
                Key = new(reader.GetFieldValue<byte[]>(6)), Tag = reader.GetFieldValue<byte[]>(7), AskedAt = reader.GetInt64(8), MovedAt = reader.GetInt64(9), Changes = reader.GetInt32(10),
            });
        return entries;
    }

    /// <summary>Writes a batch, if this writer still is the round's writer.</summary>
    public void Write(RoundMind mind, DbTransaction transaction)
    {
        using (var fence = connection.CreateCommand())
        {
            fence.Transaction = transaction;
            fence.CommandText = "UPDATE supplies_writer_lease SET \"Batches\" = \"Batches\" + 1 WHERE \"Round\" = @r AND \"Epoch\" = @e";
            fence.With("r", round);
            fence.With("e", epoch);
            if (fence.ExecuteNonQuery() != 1) throw new Liren.Sdk.RuleBrokenException("supplies.writer-elsewhere", null, 503);
        }
        if (mind.Added.Count > 0) Add(mind.Added, transaction);
        if (mind.Changed.Count > 0) Change(mind.Changed, transaction);
        if (mind.Moves.Count > 0) Note(mind.Moves, transaction);
    }

    protected abstract void Add(IReadOnlyList<Standing> entries, DbTransaction transaction);
    protected abstract void Change(IReadOnlyCollection<Standing> entries, DbTransaction transaction);
    protected abstract void Note(IReadOnlyList<EntryMove> moves, DbTransaction transaction);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>SQLite: prepared statements on the connection's own handle.</summary>
internal sealed class SqliteRows : RoundRows
{
    private readonly SqliteStatement add, change, note;

    public SqliteRows(SqliteConnection connection, int round) : base(connection, round)
    {
        add = new(connection, "INSERT INTO supplies_entry (\"State\", \"Seat\", \"Point\", \"Turn\", \"Channel\", \"Key\", \"AskedAt\", \"MovedAt\", \"Changes\", \"Round\", \"No\", \"Tag\") VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
        change = new(connection, "UPDATE supplies_entry SET \"State\"=?, \"Seat\"=?, \"Point\"=?, \"Turn\"=?, \"Channel\"=?, \"Key\"=?, \"AskedAt\"=?, \"MovedAt\"=?, \"Changes\"=? WHERE \"Round\"=? AND \"No\"=?");
        note = new(connection, "INSERT INTO supplies_entry_move (\"Round\", \"No\", \"From\", \"To\", \"At\", \"By\", \"Proof\", \"Note\") VALUES (?,?,?,?,?,?,?,?)");
    }

    protected override void Add(IReadOnlyList<Standing> entries, DbTransaction transaction)
    {
        foreach (var entry in entries)
        {
            Bind(add, entry);
            add.BindBlob(12, entry.Tag);
            add.Run();
        }
    }

    protected override void Change(IReadOnlyCollection<Standing> entries, DbTransaction transaction)
    {
        foreach (var entry in entries)
        {
            Bind(change, entry);
            change.Run();
        }
    }

    protected override void Note(IReadOnlyList<EntryMove> moves, DbTransaction transaction)
    {
        foreach (var move in moves)
        {
            note.Bind(1, move.Round);
            note.Bind(2, move.No);
            note.Bind(3, (int)move.From);
            note.Bind(4, (int)move.To);
            note.Bind(5, move.At);
            note.Bind(6, move.By);
            note.Bind(7, move.Proof);
            note.Bind(8, move.Note);
            note.Run();
        }
    }

    private void Bind(SqliteStatement to, Standing entry)
    {
        Span<byte> key = stackalloc byte[16];
        entry.Key.TryWriteBytes(key);
        to.Bind(1, (int)entry.State);
        to.Bind(2, entry.Seat);
        to.Bind(3, entry.Point);
        to.Bind(4, entry.Turn);
        to.Bind(5, (int)entry.Channel);
        to.BindBlob(6, key);
        to.Bind(7, entry.AskedAt);
        to.Bind(8, entry.MovedAt);
        to.Bind(9, entry.Changes);
        to.Bind(10, Round);
        to.Bind(11, entry.No);
    }

    public override void Dispose()
    {
        add.Dispose();
        change.Dispose();
        note.Dispose();
        base.Dispose();
    }
}

/// <summary>PostgreSQL: a batch is one statement over arrays.</summary>
internal sealed class PostgresRows(NpgsqlConnection connection, int round) : RoundRows(connection, round)
{
    private const string Columns = "\"No\", \"State\", \"Seat\", \"Point\", \"Turn\", \"Channel\", \"Key\", \"AskedAt\", \"MovedAt\", \"Changes\"";

    protected override void Add(IReadOnlyList<Standing> entries, DbTransaction transaction)
    {
        using var command = Arrays($"INSERT INTO supplies_entry (\"Round\", {Columns}, \"Tag\") SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", entries, transaction);
        Array(command, NpgsqlDbType.Bytea, entries.Select(e => e.Tag));
        command.ExecuteNonQuery();
    }

    protected override void Change(IReadOnlyCollection<Standing> entries, DbTransaction transaction)
    {
        using var command = Arrays($"UPDATE supplies_entry e SET \"State\"=u.\"State\", \"Seat\"=u.\"Seat\", \"Point\"=u.\"Point\", \"Turn\"=u.\"Turn\", \"Channel\"=u.\"Channel\", \"Key\"=u.\"Key\", \"AskedAt\"=u.\"AskedAt\", \"MovedAt\"=u.\"MovedAt\", \"Changes\"=u.\"Changes\" FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS u ({Columns}) WHERE e.\"Round\" = $1 AND e.\"No\" = u.\"No\"", entries, transaction);
        command.ExecuteNonQuery();
    }

    protected override void Note(IReadOnlyList<EntryMove> moves, DbTransaction transaction)
    {
        using var command = new NpgsqlCommand("INSERT INTO supplies_entry_move (\"Round\", \"No\", \"From\", \"To\", \"At\", \"By\", \"Proof\", \"Note\") SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)", connection, (NpgsqlTransaction)transaction);
        Array(command, NpgsqlDbType.Integer, moves.Select(m => m.Round));
        Array(command, NpgsqlDbType.Integer, moves.Select(m => m.No));
        Array(command, NpgsqlDbType.Integer, moves.Select(m => (int)m.From));
        Array(command, NpgsqlDbType.Integer, moves.Select(m => (int)m.To));
        Array(command, NpgsqlDbType.Bigint, moves.Select(m => m.At));
        Array(command, NpgsqlDbType.Text, moves.Select(m => m.By));
        Array(command, NpgsqlDbType.Text, moves.Select(m => m.Proof));
        Array(command, NpgsqlDbType.Text, moves.Select(m => m.Note));
        command.ExecuteNonQuery();
    }

    private NpgsqlCommand Arrays(string sql, IReadOnlyCollection<Standing> entries, DbTransaction transaction)
    {
        var command = new NpgsqlCommand(sql, connection, (NpgsqlTransaction)transaction);
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = Round });
        Array(command, NpgsqlDbType.Integer, entries.Select(e => e.No));
        Array(command, NpgsqlDbType.Integer, entries.Select(e => (int)e.State));
        Array(command, NpgsqlDbType.Integer, entries.Select(e => e.Seat));
        Array(command, NpgsqlDbType.Integer, entries.Select(e => e.Point));
        Array(command, NpgsqlDbType.Integer, entries.Select(e => e.Turn));
        Array(command, NpgsqlDbType.Integer, entries.Select(e => (int)e.Channel));
        Array(command, NpgsqlDbType.Bytea, entries.Select(e => e.Key.ToByteArray()));
        Array(command, NpgsqlDbType.Bigint, entries.Select(e => e.AskedAt));
        Array(command, NpgsqlDbType.Bigint, entries.Select(e => e.MovedAt));
        Array(command, NpgsqlDbType.Integer, entries.Select(e => e.Changes));
        return command;
    }

    private static void Array<T>(NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values) => command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values.ToArray() });
}
