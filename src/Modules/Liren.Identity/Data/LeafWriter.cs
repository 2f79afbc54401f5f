using System.Data.Common;
using Liren.Identity.Domain;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

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
    private readonly SqliteStatement insert;
    private readonly SqliteCommand head;

    public SqliteLeaves(SqliteConnection connection)
    {
        insert = new(connection, $"INSERT INTO identity_access_leaf ({LeafColumns.All}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
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
        insert.Bind(1, leaf.Seq);
        insert.Bind(2, leaf.At.ToUnixTimeMilliseconds());
        insert.Bind(3, leaf.ActorId);
        insert.Bind(4, leaf.Actor);
        insert.Bind(5, leaf.ActorKind);
        insert.Bind(6, leaf.OrgId);
        insert.Bind(7, leaf.Purpose);
        insert.Bind(8, leaf.Subject);
        insert.Bind(9, leaf.Fields);
        insert.Bind(10, leaf.Disclosure);
        insert.Bind(11, leaf.Allowed ? 1 : 0);
        insert.BindBlob(12, leaf.Salt);
        insert.BindBlob(13, hash);
        insert.Run();
    }

    public void Flush(DbTransaction transaction) { }

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
