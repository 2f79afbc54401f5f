using System.Collections.Concurrent;
using Liren.Contracts.Insight;
using Liren.Insight.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Folding;

/// <summary>Up to when every figure of a source is known to be complete (时效).</summary>
internal sealed class Freshness(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> complete = new();

    /// <summary>Everything written by then is folded.</summary>
    public void Say(string source, DateTimeOffset at) => complete[source] = at;

    /// <summary>The time up to which the figures hold.</summary>
    public async Task<DateTimeOffset> AsOfAsync(InsightDb db, IMeasures source, CancellationToken stop)
    {
        // Events wait in the outbox until they are folded.
        if (source is ISubjectMeasures) return await db.Outbox.MinAsync(o => (DateTimeOffset?)o.At, stop) ?? clock.GetUtcNow();
        if (complete.TryGetValue(source.Name, out var at)) return at;
        var name = source.Name;
        return await db.Cursors.Where(c => c.Source == name && c.InForce).Select(c => (DateTimeOffset?)c.At).SingleOrDefaultAsync(stop) ?? clock.GetUtcNow();
    }
}
