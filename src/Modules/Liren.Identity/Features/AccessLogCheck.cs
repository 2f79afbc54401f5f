using System.Runtime.CompilerServices;
using Liren.Identity.Data;
using Liren.Sdk.Operations;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Features;

/// <summary>Doctor's line about the access log: its head, and whether the newest lines still fit together.</summary>
internal sealed class AccessLogCheck(IdentityDb db) : ICheck
{
    private const int Newest = 1_000;

    public string Name => "access log";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var leaves = await db.AccessLog.AsNoTracking().OrderByDescending(l => l.Seq).Take(Newest + 1).ToListAsync(cancellation);
        leaves.Reverse();
        var broken = leaves.Zip(leaves.Skip(1)).FirstOrDefault(p => p.Second.Seq != p.First.Seq + 1 || !p.Second.Compute(p.First.Hash).AsSpan().SequenceEqual(p.Second.Hash)).Second;
        if (broken is not null)
            yield return Finding.Fail(Name, $"line {broken.Seq} does not follow from the one before: it was changed, or lines are missing", "Keep the data folder as it is, tell whoever answers for data protection, and compare with a backup: ./liren log verify");
        else
            yield return Finding.Ok(Name, leaves.Count == 0 ? "empty" : $"{leaves[^1].Seq} lines, head {Convert.ToHexString(leaves[^1].Hash)[..16]}…; the newest {leaves.Count - 1} fit");
    }
}
