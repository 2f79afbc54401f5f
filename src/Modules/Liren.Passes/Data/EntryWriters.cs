using System.Data.Common;
using Liren.Passes.Domain;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace Liren.Passes.Data;

/// <summary>Writes lines of the gate log by the fastest way of its database.</summary>
internal interface IEntryWriter : IDisposable
{
    /// <summary>Adds lines, marking those whose id is there already.</summary>
    void Write(IReadOnlyList<GateEntry> lines, DbTransaction transaction);
}

internal static class EntryColumns
{
    public static readonly string[] Names =
        ["Id", "GateId", "PlacePath", "At", "ArrivedAt", "Direction", "Verdict", "Reason", "Cti", "Kind", "Form", "ProofAt", "Members", "Plate", "Serial", "Guard", "Temperature", "IdChecked", "Manual", "ListAge", "Sealed"];

    public static string Quoted => string.Join(',', Names.Select(n => $"\"{n}\""));
}

/// <summary>SQLite: one prepared statement on the connection's own handle.</summary>
internal sealed class SqliteEntries : IEntryWriter
{
    private readonly SqliteConnection connection;
    private readonly sqlite3_stmt insert;

    public SqliteEntries(SqliteConnection connection)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, $"INSERT OR IGNORE INTO passes_gate_entry ({EntryColumns.Quoted}) VALUES ({string.Join(',', EntryColumns.Names.Select(_ => "?"))})", out insert));
    }

    public void Write(IReadOnlyList<GateEntry> lines, DbTransaction transaction)
    {
        foreach (var line in lines) line.Known = !Add(line);
    }

    private bool Add(GateEntry line)
    {
        Id(1, line.Id);
        Id(2, line.GateId);
        Text(3, line.PlacePath);
        raw.sqlite3_bind_int64(insert, 4, line.At.ToUnixTimeMilliseconds());
        raw.sqlite3_bind_int64(insert, 5, line.ArrivedAt.ToUnixTimeMilliseconds());
        raw.sqlite3_bind_int(insert, 6, (int)line.Direction);
        raw.sqlite3_bind_int(insert, 7, (int)line.Verdict);
        Text(8, line.Reason);
        Text(9, line.Cti);
        raw.sqlite3_bind_int(insert, 10, line.Kind);
        raw.sqlite3_bind_int(insert, 11, line.Form);
        raw.sqlite3_bind_int64(insert, 12, line.ProofAt);
        raw.sqlite3_bind_int(insert, 13, line.Members);
        Text(14, line.Plate);
        Text(15, line.Serial);
        Text(16, line.Guard);
        if (line.Temperature is { } temperature) raw.sqlite3_bind_int(insert, 17, temperature);
        else raw.sqlite3_bind_null(insert, 17);
        Text(18, line.IdChecked);
        raw.sqlite3_bind_int(insert, 19, line.Manual ? 1 : 0);
        raw.sqlite3_bind_int64(insert, 20, line.ListAge);
        if (line.Sealed is { } rest) raw.sqlite3_bind_blob(insert, 21, rest);
        else raw.sqlite3_bind_null(insert, 21);
        var done = raw.sqlite3_step(insert);
        raw.sqlite3_reset(insert);
        if (done != raw.SQLITE_DONE) Check(done);
        return raw.sqlite3_changes(connection.Handle) == 1;
    }

    // As Microsoft.Data.Sqlite writes it: text in upper case.
    private void Id(int at, Guid id)
    {
        Span<byte> text = stackalloc byte[36];
        id.TryFormat(text, out _);
        for (var i = 0; i < text.Length; i++) if (text[i] is >= (byte)'a' and <= (byte)'f') text[i] -= 32;
        raw.sqlite3_bind_text(insert, at, text);
    }

    private void Text(int at, string? value)
    {
        if (value is null) raw.sqlite3_bind_null(insert, at);
        else raw.sqlite3_bind_text(insert, at, value);
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, connection.Handle);

    public void Dispose() => insert.Dispose();
}

/// <summary>PostgreSQL: all lines of a commit in one way there and back.</summary>
internal sealed class PostgresEntries(NpgsqlConnection connection) : IEntryWriter
{
    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Uuid, NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz, NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.Text, NpgsqlDbType.Text,
        NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Integer, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Text,
        NpgsqlDbType.Boolean, NpgsqlDbType.Bigint, NpgsqlDbType.Bytea,
    ];

    private static readonly string Insert = $"INSERT INTO passes_gate_entry ({EntryColumns.Quoted}) VALUES ({string.Join(',', EntryColumns.Names.Select((_, i) => $"${i + 1}"))}) ON CONFLICT (\"Id\") DO NOTHING";

    public void Write(IReadOnlyList<GateEntry> lines, DbTransaction transaction)
    {
        using var batch = new NpgsqlBatch(connection, (NpgsqlTransaction)transaction);
        foreach (var line in lines)
        {
            var insert = new NpgsqlBatchCommand(Insert);
            object?[] values =
            [
                line.Id, line.GateId, line.PlacePath, line.At.ToUniversalTime(), line.ArrivedAt.ToUniversalTime(), (int)line.Direction, (int)line.Verdict, line.Reason, line.Cti, line.Kind, line.Form, line.ProofAt,
                line.Members, line.Plate, line.Serial, line.Guard, line.Temperature, line.IdChecked, line.Manual, line.ListAge, line.Sealed,
            ];
            for (var i = 0; i < values.Length; i++) insert.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = Types[i], Value = values[i] ?? DBNull.Value });
            batch.BatchCommands.Add(insert);
        }
        batch.ExecuteNonQuery();
        for (var i = 0; i < lines.Count; i++) lines[i].Known = batch.BatchCommands[i].RecordsAffected == 0;
    }

    public void Dispose() { }
}
