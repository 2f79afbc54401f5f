using System.Data.Common;
using Liren.Passes.Domain;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

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
internal sealed class SqliteEntries(SqliteConnection connection) : IEntryWriter
{
    private readonly SqliteStatement insert = new(connection, $"INSERT OR IGNORE INTO passes_gate_entry ({EntryColumns.Quoted}) VALUES ({string.Join(',', EntryColumns.Names.Select(_ => "?"))})");

    public void Write(IReadOnlyList<GateEntry> lines, DbTransaction transaction)
    {
        foreach (var line in lines) line.Known = !Add(line);
    }

    private bool Add(GateEntry line)
    {
        insert.Bind(1, line.Id);
        insert.Bind(2, line.GateId);
        insert.Bind(3, line.PlacePath);
        insert.Bind(4, line.At.ToUnixTimeMilliseconds());
        insert.Bind(5, line.ArrivedAt.ToUnixTimeMilliseconds());
        insert.Bind(6, (int)line.Direction);
        insert.Bind(7, (int)line.Verdict);
        insert.Bind(8, line.Reason);
        insert.Bind(9, line.Cti);
        insert.Bind(10, line.Kind);
        insert.Bind(11, line.Form);
        insert.Bind(12, line.ProofAt);
        insert.Bind(13, line.Members);
        insert.Bind(14, line.Plate);
        insert.Bind(15, line.Serial);
        insert.Bind(16, line.Guard);
        if (line.Temperature is { } temperature) insert.Bind(17, temperature);
        else insert.BindNull(17);
        insert.Bind(18, line.IdChecked);
        insert.Bind(19, line.Manual ? 1 : 0);
        insert.Bind(20, line.ListAge);
        insert.BindBlob(21, line.Sealed);
        return insert.Run() == 1;
    }

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
