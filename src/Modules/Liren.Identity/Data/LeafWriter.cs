using System.Data.Common;
using Liren.Identity.Domain;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace Liren.Identity.Data;

/// <summary>Writes lines of the access log by the fastest way of its database.</summary>
internal interface ILeafWriter : IDisposable
{
    /// <summary>Last line and its hash, under the write lock of the transaction.</summary>
    (long Seq, byte[] Hash) Head(DbTransaction transaction);

    /// <summary>Adds a line to the batch.</summary>
    void Add(AccessLeaf leaf, byte[] hash);

    /// <summary>Writes what is left of the batch.</summary>
    void Flush(DbTransaction transaction);
}

/// <summary>Shared words of both writers.</summary>
internal static class LeafColumns
{
    public const string All = "\"Seq\",\"At\",\"ActorId\",\"Actor\",\"ActorKind\",\"OrgId\",\"Purpose\",\"Subject\",\"Fields\",\"Disclosure\",\"Allowed\",\"Salt\",\"Hash\"";
    public const string Head = "SELECT \"Seq\",\"Hash\" FROM identity_access_leaf ORDER BY \"Seq\" DESC LIMIT 1";

    public static ILeafWriter Writer(DbConnection connection) => connection is NpgsqlConnection postgres ? new PostgresLeaves(postgres) : new SqliteLeaves((SqliteConnection)connection);

    public static (long, byte[]) Read(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : (0, AccessLeaf.Genesis);
    }
}

/// <summary>SQLite: one prepared statement on the connection's own handle; the provider's commands would cost three times as much a line.</summary>
internal sealed class SqliteLeaves : ILeafWriter
{
    private readonly SqliteConnection connection;
    private readonly sqlite3_stmt insert;
    private readonly SqliteCommand head;

    public SqliteLeaves(SqliteConnection connection)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, $"INSERT INTO identity_access_leaf ({LeafColumns.All}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", out insert));
        head = connection.CreateCommand();
        head.CommandText = LeafColumns.Head;
    }

    public (long Seq, byte[] Hash) Head(DbTransaction transaction)
    {
        head.Transaction = (SqliteTransaction)transaction;
        return LeafColumns.Read(head);
    }

    public void Add(AccessLeaf leaf, byte[] hash)
    {
        raw.sqlite3_bind_int64(insert, 1, leaf.Seq);
        raw.sqlite3_bind_int64(insert, 2, leaf.At.ToUnixTimeMilliseconds());
        Bind(3, leaf.ActorId);
        raw.sqlite3_bind_text(insert, 4, leaf.Actor);
        raw.sqlite3_bind_text(insert, 5, leaf.ActorKind);
        Bind(6, leaf.OrgId);
        raw.sqlite3_bind_text(insert, 7, leaf.Purpose);
        Bind(8, leaf.Subject);
        raw.sqlite3_bind_text(insert, 9, leaf.Fields);
        raw.sqlite3_bind_text(insert, 10, leaf.Disclosure);
        raw.sqlite3_bind_int(insert, 11, leaf.Allowed ? 1 : 0);
        raw.sqlite3_bind_blob(insert, 12, leaf.Salt);
        raw.sqlite3_bind_blob(insert, 13, hash);
        var done = raw.sqlite3_step(insert);
        raw.sqlite3_reset(insert);
        if (done != raw.SQLITE_DONE) Check(done);
    }

    public void Flush(DbTransaction transaction) { }

    // The context keeps ids as upper-case text.
    private void Bind(int at, Guid? id)
    {
        if (id is { } value) raw.sqlite3_bind_text(insert, at, value.ToString().ToUpperInvariant());
        else raw.sqlite3_bind_null(insert, at);
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, connection.Handle);

    public void Dispose()
    {
        insert.Dispose();
        head.Dispose();
    }
}

/// <summary>PostgreSQL: the whole batch in one binary copy, one way there and back.</summary>
internal sealed class PostgresLeaves(NpgsqlConnection connection) : ILeafWriter
{
    private NpgsqlBinaryImporter? copy;

    public (long Seq, byte[] Hash) Head(DbTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = (NpgsqlTransaction)transaction;
        command.CommandText = "SELECT pg_advisory_xact_lock(1819440485)";
        command.ExecuteNonQuery();
        command.CommandText = LeafColumns.Head;
        return LeafColumns.Read(command);
    }

    public void Add(AccessLeaf leaf, byte[] hash)
    {
        copy ??= connection.BeginBinaryImport($"COPY identity_access_leaf ({LeafColumns.All}) FROM STDIN (FORMAT BINARY)");
        copy.StartRow();
        copy.Write(leaf.Seq, NpgsqlDbType.Bigint);
        copy.Write(leaf.At, NpgsqlDbType.TimestampTz);
        Write(leaf.ActorId);
        copy.Write(leaf.Actor, NpgsqlDbType.Text);
        copy.Write(leaf.ActorKind, NpgsqlDbType.Text);
        Write(leaf.OrgId);
        copy.Write(leaf.Purpose, NpgsqlDbType.Text);
        copy.Write(leaf.Subject, NpgsqlDbType.Uuid);
        copy.Write(leaf.Fields, NpgsqlDbType.Text);
        copy.Write(leaf.Disclosure, NpgsqlDbType.Text);
        copy.Write(leaf.Allowed, NpgsqlDbType.Boolean);
        copy.Write(leaf.Salt, NpgsqlDbType.Bytea);
        copy.Write(hash, NpgsqlDbType.Bytea);
    }

    public void Flush(DbTransaction transaction)
    {
        if (copy is null) return;
        copy.Complete();
        copy.Dispose();
        copy = null;
    }

    private void Write(Guid? id)
    {
        if (id is { } value) copy!.Write(value, NpgsqlDbType.Uuid);
        else copy!.WriteNull();
    }

    public void Dispose() => copy?.Dispose();
}
