using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Cases;
using Liren.Contracts.Wall;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Cases.Features;

/// <summary>Open cases for the wall (大屏): state and limit, nothing of what was reported or by whom.</summary>
internal sealed class CasesOnWall(CasesDb db) : IWallSource
{
    private static readonly CaseState[] Ended = [CaseState.Closed, CaseState.Evaluated, CaseState.Rejected, CaseState.Merged];
    private static readonly string Overdue = typeof(CaseOverdue).FullName!;

    public string Kind => WallKinds.Case;

    public IReadOnlyDictionary<string, bool> Notes { get; } = new Dictionary<string, bool> { [nameof(CaseReported)] = true, [nameof(CaseMoved)] = true, [nameof(CaseOverdue)] = true };

    public TimeSpan Recount => TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<WallThing>> ReadAsync(IReadOnlyCollection<Guid>? only, CancellationToken cancellation = default)
    {
        var rows = db.Cases.AsNoTracking().Where(c => !Ended.Contains(c.State));
        if (only is not null) rows = rows.Where(c => only.Contains(c.Id));
        return [.. (await rows.Select(c => new { c.Id, c.PlacePath, c.State, c.ReportedAt, c.Deadline }).ToListAsync(cancellation))
            .Select(c => new WallThing(Kind, c.Id, c.PlacePath, c.State.ToString(), c.ReportedAt) { Due = c.Deadline })];
    }

    public async Task<IReadOnlyList<WallChange>?> HistoryAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default)
    {
        var cases = await db.Cases.AsNoTracking().WhereWithin(c => c.PlacePath, [place]).Where(c => c.ReportedAt < to && (c.ClosedAt == null || c.ClosedAt >= from)).Select(c => new { c.Id, c.PlacePath, c.ReportedAt }).ToListAsync(cancellation);
        var ids = cases.Select(c => c.Id).ToList();
        var steps = (await db.Steps.AsNoTracking().Where(s => ids.Contains(s.CaseId) && s.At < to).OrderBy(s => s.Seq).Select(s => new { s.CaseId, s.At, s.To }).ToListAsync(cancellation)).ToLookup(s => s.CaseId);
        var subjects = ids.ConvertAll(i => (Guid?)i);
        var late = (await db.Journal.AsNoTracking().Where(j => j.Type == Overdue && j.At < to && subjects.Contains(j.Subject)).Select(j => new { j.Subject, j.At }).ToListAsync(cancellation)).ToLookup(j => j.Subject!.Value, j => j.At);
        var changes = new List<WallChange>();
        foreach (var c in cases)
        {
            var thing = new WallThing(Kind, c.Id, c.PlacePath, nameof(CaseState.Collected), c.ReportedAt);
            var happened = steps[c.Id].Select(s => (s.At, To: (CaseState?)s.To)).Concat(late[c.Id].Select(at => (At: at, To: (CaseState?)null))).OrderBy(h => h.At);
            changes.AddRange(History.From(from, Kind, c.Id, [(c.ReportedAt, thing), .. happened.Select(h =>
            {
                // Late from the instant the limit ran out until the step was done.
                thing = h.To is { } state ? thing with { State = state.ToString(), Due = state.ToString() == thing.State ? thing.Due : null } : thing with { Due = h.At };
                return (h.At, h.To is { } ended && Ended.Contains(ended) ? null : (WallThing?)thing);
            })]));
        }
        return changes;
    }
}
