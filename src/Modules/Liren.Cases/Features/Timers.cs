using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Cases;
using Liren.Contracts.Organisation;
using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;

namespace Liren.Cases.Features;

/// <summary>A limit ran out: the case goes onto the supervision list, the unit and the centre are told; a suspension that ran out goes on.</summary>
internal sealed class WhenClockRunsOut(CasesDb db, Desk desk, TimeProvider clock) : IHandle<CaseClockRanOut>
{
    public async Task HandleAsync(CaseClockRanOut @event, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var found = await db.Cases.SingleOrDefaultAsync(c => c.Id == @event.CaseId, cancellation);
        // The step was done meanwhile, or its clock was moved.
        if (found is null || found.Clock != @event.Clock || found.Deadline is not { } due || due > now) return;
        if (found.State == CaseState.Suspended)
        {
            found.Resume(Doer.Machine, By.Machine, null, now);
            await desk.SetClockAsync(found, now, cancellation);
            db.Tell(await desk.UnitAsync(found, now, cancellation), "cases.bell.resumed", $"/field/cases/{found.Id}", now, found.PlaceName, found.Code);
            return;
        }
        found.BecomeLate(now);
        db.Tell((await desk.CentreAsync(found, cancellation)).Concat(found.Clock == Clocks.Handle ? await desk.UnitAsync(found, now, cancellation) : []), "cases.bell.late", $"/cases/{found.Id}", now, found.PlaceName, found.Code);
    }
}

/// <summary>The calendar changed: running limits in working time are counted again, and why is written into each case.</summary>
internal sealed class RecountClocks(CasesDb db, Desk desk, IWorkTime work, TimeProvider clock) : IHandle<WorkTimeChanged>
{
    public async Task HandleAsync(WorkTimeChanged @event, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var rows = db.Cases.Where(c => c.Deadline != null && c.ClockStart != null).WhereWithin(c => c.PlacePath, [@event.PlacePath]);
        foreach (var found in await rows.ToListAsync(cancellation))
        {
            if (TimeLimit.Parse(found.ClockLimit) is not { Kind: not ClockKind.Natural } limit) continue;
            var due = await work.DueAsync(limit, found.PlacePath, found.ClockStart!.Value, cancellation);
            if (due == found.Deadline) continue;
            found.Recount(due, @event.Why, now);
            await desk.ArmAsync(found, cancellation);
        }
    }
}

/// <summary>A resident was erased: their reports stay as reports of nobody.</summary>
internal sealed class ForgetReporters(CasesDb db) : IHandle<PersonErased>
{
    public async Task HandleAsync(PersonErased @event, CancellationToken cancellation)
    {
        foreach (var found in await db.Cases.Where(c => c.ReporterPerson == @event.PersonId).ToListAsync(cancellation)) found.ForgetReporter();
    }
}
