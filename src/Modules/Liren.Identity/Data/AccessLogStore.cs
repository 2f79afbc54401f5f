using System.Data.Common;
using System.Security.Cryptography;
using Liren.Identity.Domain;
using Liren.Sdk.Data;
using Liren.Sdk.Security;

namespace Liren.Identity.Data;

/// <summary>
/// Writes the access log: one writer, group commit, each line's hash over the one before. The head is read inside the transaction, under
/// the database's own write lock, so that a second process (a verb) cannot fork the chain.
/// </summary>
internal sealed class AccessLogStore : IAccessLog, IAsyncDisposable
{
    private const int SaltSize = 16;
    private readonly TimeProvider clock;
    private readonly DatabaseWriter<AccessLeaf[], ILeafWriter> writer;

    public AccessLogStore(DataLocation at, TimeProvider clock)
    {
        this.clock = clock;
        writer = new(at, LeafColumns.Writer, Write);
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
                Subject = entry.Subject, Fields = entry.Fields, Disclosure = entry.Disclosure, Allowed = entry.Allowed,
            };
        }
        await writer.WriteAsync(leaves);
    }

    private static void Write(ILeafWriter lines, IReadOnlyList<AccessLeaf[]> batch, DbTransaction transaction)
    {
        var (seq, hash) = lines.Head(transaction);
        foreach (var leaves in batch)
            foreach (var leaf in leaves)
            {
                leaf.Seq = ++seq;
                leaf.Salt = RandomNumberGenerator.GetBytes(SaltSize);
                hash = leaf.Compute(hash);
                lines.Add(leaf, hash);
            }
        lines.Flush(transaction);
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
