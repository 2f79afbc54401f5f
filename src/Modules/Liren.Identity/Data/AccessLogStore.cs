using System.Data.Common;
using System.Security.Cryptography;
using Liren.Identity.Domain;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Npgsql;

namespace Liren.Identity.Data;

/// <summary>
/// Writes the access log: one writer, group commit, each line's hash over the one before. The head is read inside the transaction, under
/// the database's own write lock, so that a second process (a verb) cannot fork the chain.
/// </summary>
internal sealed class AccessLogStore : IAccessLog, IAsyncDisposable
{
    private const string Columns = "\"Seq\",\"At\",\"ActorId\",\"Actor\",\"ActorKind\",\"OrgId\",\"Purpose\",\"Subject\",\"Fields\",\"Disclosure\",\"Allowed\",\"Salt\",\"Hash\"";
    private readonly DataLocation at;
    private readonly TimeProvider clock;
    private readonly GroupWriter<AccessLeaf[]> writer;
    private DbConnection? connection;
    private DbCommand? insert;

    public AccessLogStore(DataLocation at, TimeProvider clock)
    {
        (this.at, this.clock) = (at, clock);
        writer = new(Commit);
    }

    public async ValueTask RecordAsync(IReadOnlyList<AccessEntry> entries, CancellationToken cancellation = default)
    {
        if (entries.Count == 0) return;
        var actor = Actor.Current;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var leaves = new AccessLeaf[entries.Count];
        for (var i = 0; i < leaves.Length; i++)
        {
            var entry = entries[i];
            leaves[i] = new AccessLeaf
            {
                At = now, ActorId = actor.Id, Actor = actor.Name, ActorKind = actor.Kind.ToString(), OrgId = actor.OrgId, Purpose = entry.Purpose,
                Subject = entry.Subject, Fields = entry.Fields, Disclosure = entry.Disclosure, Allowed = entry.Allowed, Salt = RandomNumberGenerator.GetBytes(16),
            };
        }
        await writer.WriteAsync(leaves);
    }

    private void Commit(IReadOnlyList<AccessLeaf[]> batch)
    {
        try
        {
            connection ??= at.OpenAsync().GetAwaiter().GetResult();
            using var transaction = connection.BeginTransaction();
            var (seq, hash) = Head(transaction);
            insert ??= Prepare();
            insert.Transaction = transaction;
            foreach (var leaves in batch)
                foreach (var draft in leaves)
                {
                    var leaf = Place(draft, ++seq);
                    hash = leaf.Compute(hash);
                    Insert(leaf, hash);
                }
            transaction.Commit();
        }
        catch
        {
            // A broken connection must not break the next batch too.
            insert?.Dispose();
            connection?.Dispose();
            (connection, insert) = (null, null);
            throw;
        }
    }

    private (long Seq, byte[] Hash) Head(DbTransaction transaction)
    {
        using var command = connection!.CreateCommand();
        command.Transaction = transaction;
        if (connection is NpgsqlConnection)
        {
            command.CommandText = "SELECT pg_advisory_xact_lock(1819440485)";
            command.ExecuteNonQuery();
        }
        command.CommandText = "SELECT \"Seq\",\"Hash\" FROM identity_access_leaf ORDER BY \"Seq\" DESC LIMIT 1";
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : (0, AccessLeaf.Genesis);
    }

    private DbCommand Prepare()
    {
        var command = connection!.CreateCommand();
        command.CommandText = $"INSERT INTO identity_access_leaf ({Columns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10,@p11,@p12)";
        for (var i = 0; i < 13; i++) command.With($"@p{i}", null);
        return command;
    }

    private void Insert(AccessLeaf leaf, byte[] hash)
    {
        var parameters = insert!.Parameters;
        var postgres = connection is NpgsqlConnection;
        object?[] values = [leaf.Seq, postgres ? leaf.At : leaf.At.ToUnixTimeMilliseconds(), leaf.ActorId, leaf.Actor, leaf.ActorKind, leaf.OrgId, leaf.Purpose,
            leaf.Subject, leaf.Fields, leaf.Disclosure, leaf.Allowed, leaf.Salt, hash];
        for (var i = 0; i < values.Length; i++)
        {
            if (postgres && i is (2 or 5)) ((NpgsqlParameter)parameters[i]).NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid;
            parameters[i].Value = values[i] ?? DBNull.Value;
        }
        insert.ExecuteNonQuery();
    }

    private static AccessLeaf Place(AccessLeaf d, long seq) => new()
    {
        Seq = seq, At = d.At, ActorId = d.ActorId, Actor = d.Actor, ActorKind = d.ActorKind, OrgId = d.OrgId, Purpose = d.Purpose,
        Subject = d.Subject, Fields = d.Fields, Disclosure = d.Disclosure, Allowed = d.Allowed, Salt = d.Salt,
    };

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        if (insert is not null) await insert.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
    }
}
