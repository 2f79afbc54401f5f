using Liren.Contracts.Insight;
using Liren.Passes.Data;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>Which gates should have reported in a time, and which were heard (门岗到报): by a line of that time, or because the gate spoke in it.</summary>
internal sealed class GatesHeard(PassesDb db, GateBook book, TimeProvider clock) : IReporters
{
    public string Source => GateMeasures.Source;

    public async Task<IReadOnlyList<Reporter>> ReportersAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var gates = await db.Gates.AsNoTracking().WhereWithin(g => g.PlacePath, [place]).Select(g => new
        {
            g.Id, g.PlacePath, g.Name, Open = g.KeyId != null && g.ClosedAt == null,
            Heard = db.Entries.Any(e => e.GateId == g.Id && e.At >= from && e.At < to), Before = db.Entries.Any(e => e.GateId == g.Id && e.At < to),
        }).ToListAsync(cancellation);
        var now = clock.GetUtcNow();
        // A gate without a device is not expected, nor one whose first line is younger than the time asked for; one that has closed counts while it was heard.
        return [.. gates.Select(g => (Gate: g, Heard: g.Heard || (book.Seen(g.Id).At is { } spoke && spoke >= from && spoke < to)))
            .Where(g => g.Heard || (g.Gate.Open && (g.Gate.Before || to > now))).Select(g => new Reporter(g.Gate.PlacePath, g.Gate.Name, g.Heard))];
    }
}
