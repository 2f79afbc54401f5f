using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>
/// Changes one shift on one day: another covers it, two swap, or whoever stands it cannot come. Covering is decided by who plans the rota; one's own
/// shift one may report absent from or offer to swap oneself. A swap waits for the other's yes.
/// </summary>
[Needs("organisation.duty")]
internal sealed class ChangeDuty(OrganisationDb db, RotaReader reader, TimeProvider clock) : IFeature
{
    /// <param name="Kind">Cover, Swap or Absence.</param>
    /// <param name="ShiftId">Shift.</param>
    /// <param name="Date">Day it begins.</param>
    /// <param name="ToHolding">For a cover: who stands it.</param>
    /// <param name="OtherShiftId">For a swap: the shift wanted in return,</param>
    /// <param name="OtherDate">and its day.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Request(string Kind, Guid ShiftId, DateOnly Date, Guid? ToHolding = null, Guid? OtherShiftId = null, DateOnly? OtherDate = null, string? Reason = null);
    public sealed record Response(Guid Id, string State);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/posts/{id:guid}/changes", async (Guid id, Request request, NewId change, ChangeDuty feature, CancellationToken stop) =>
        TypedResults.Created($"/api/organisation/posts/{id}/rota", await feature.RunAsync(id, request, change, stop)));

    public async Task<Response> RunAsync(Guid postId, Request request, NewId id, CancellationToken stop)
    {
        var post = await RotaPosts.OpenAsync(db, postId, stop);
        if (await db.ShiftChanges.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id.Value, stop) is { } there) return new(there.Id, there.State.ToString());
        Rule.Require(Enum.TryParse<ChangeKind>(request.Kind, ignoreCase: true, out var kind) && Enum.IsDefined(kind), "organisation.change-kind", "kind");
        var now = clock.GetUtcNow();
        var book = await reader.ReadAsync([postId], Rota.Instant(Min(request.Date, request.OtherDate), 0), Rota.Instant(Max(request.Date, request.OtherDate).AddDays(1), 0), stop);
        var slot = Slot(book, postId, request.ShiftId, request.Date, now, "date");
        RequireMay(kind, post, slot, book);
        var (me, by) = (Actor.Current.Id, Actor.Current.Name);
        ShiftChange change;
        if (kind == ChangeKind.Cover)
        {
            await RotaPosts.RequireHoldingAsync(db, postId, request.ToHolding, now, stop, "toHolding");
            Rule.Require(request.ToHolding is not null, "organisation.cover-who", "toHolding");
            change = ShiftChange.Cover(id.Value, slot, postId, request.ToHolding!.Value, request.Reason, by, me, now);
        }
        else if (kind == ChangeKind.Absence) change = ShiftChange.Absence(id.Value, slot, postId, request.Reason, by, me, now);
        else
        {
            Rule.Require(request is { OtherShiftId: not null, OtherDate: not null }, "organisation.swap-what", "otherShiftId");
            var other = Slot(book, postId, request.OtherShiftId!.Value, request.OtherDate!.Value, now, "otherDate");
            change = ShiftChange.Swap(id.Value, slot, other, postId, request.Reason, by, me, now);
            if (book.People[other.HoldingId!.Value].AccountId is { } asked) db.Tell([asked], "organisation.bell-swap", $"/organisation/rota/{postId}", now, by, $"{request.Date:MM-dd}", $"{request.OtherDate:MM-dd}");
        }
        db.Add(change);
        await db.SaveChangesAsync(stop);
        return new(change.Id, change.State.ToString());
    }

    private static void RequireMay(ChangeKind kind, Post post, DutySlot slot, RotaBook book)
    {
        if (Actor.Current.May("organisation.rota", post.PlacePath)) return;
        var own = slot.HoldingId is { } holding && book.People[holding].AccountId is { } account && account == Actor.Current.Id;
        if (kind == ChangeKind.Cover || !own) Actor.Current.Require("organisation.rota", post.PlacePath);
        Actor.Current.Require("organisation.duty", post.PlacePath);
    }

    private static DutySlot Slot(RotaBook book, Guid post, Guid shift, DateOnly date, DateTimeOffset now, string field)
    {
        var slot = book.Of[post].Find(shift, date);
        Rule.Require(slot is not null, "organisation.no-slot", field, $"{date:yyyy-MM-dd}");
        Rule.Require(slot!.End > now, "organisation.slot-past", field);
        return slot;
    }

    private static DateOnly Min(DateOnly a, DateOnly? b) => b < a ? b.Value : a;
    private static DateOnly Max(DateOnly a, DateOnly? b) => b > a ? b.Value : a;
}

/// <summary>The other says yes or no to a swap; for somebody without an account, who plans the rota says it for them.</summary>
[Needs("organisation.duty")]
internal sealed class AnswerSwap(OrganisationDb db, RotaReader reader, TimeProvider clock) : IFeature
{
    public sealed record Request(bool Yes);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/changes/{id:guid}/answer", (Guid id, Request request, AnswerSwap feature, CancellationToken stop) => feature.RunAsync(id, request.Yes, stop));

    public async Task RunAsync(Guid id, bool yes, CancellationToken stop)
    {
        var change = Rule.Found(await db.ShiftChanges.SingleOrDefaultAsync(c => c.Id == id, stop), "organisation.no-change");
        var post = await RotaPosts.OpenAsync(db, change.PostId, stop);
        var now = clock.GetUtcNow();
        var book = await reader.ReadAsync([change.PostId], Rota.Instant(change.Date, 0), Rota.Instant(change.OtherDate ?? change.Date, 0), stop);
        var asked = change.ToHolding is { } to ? book.People.GetValueOrDefault(to)?.AccountId : null;
        if (asked is null) Actor.Current.Require("organisation.rota", post.PlacePath);
        else if (asked != Actor.Current.Id) throw new RuleBrokenException("organisation.swap-not-asked", null, 403);
        if (yes)
        {
            // Either may have left, or the shift may have been changed since it was asked.
            var (mine, theirs) = (book.Of[change.PostId].Find(change.ShiftId, change.Date), book.Of[change.PostId].Find(change.OtherShiftId!.Value, change.OtherDate!.Value));
            Rule.State(mine?.HoldingId == change.FromHolding && theirs?.HoldingId == change.ToHolding && mine!.End > now && theirs!.End > now, "organisation.swap-stale");
        }
        change.Answer(yes, now);
        if (change.AskedById is { } by) db.Tell([by], yes ? "organisation.bell-swap-yes" : "organisation.bell-swap-no", $"/organisation/rota/{change.PostId}", now, Actor.Current.Name, $"{change.Date:MM-dd}");
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Takes a change back: whoever asked for it, or who plans the rota.</summary>
[Needs("organisation.duty")]
internal sealed class WithdrawChange(OrganisationDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/changes/{id:guid}/withdraw", (Guid id, WithdrawChange feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task RunAsync(Guid id, CancellationToken stop)
    {
        var change = Rule.Found(await db.ShiftChanges.SingleOrDefaultAsync(c => c.Id == id, stop), "organisation.no-change");
        var post = await RotaPosts.OpenAsync(db, change.PostId, stop);
        // A swap both agreed to is not undone by one of them.
        var own = change.AskedById == Actor.Current.Id && Actor.Current.Id is not null && !(change.Kind == ChangeKind.Swap && change.State == ChangeState.InForce);
        if (!own) Actor.Current.Require("organisation.rota", post.PlacePath);
        var now = clock.GetUtcNow();
        // A night shift of yesterday may still be running.
        var shift = await db.Shifts.AsNoTracking().SingleAsync(s => s.Id == change.ShiftId, stop);
        Rule.State(Rota.Instant(change.Date, shift.Start + shift.Length) > now, "organisation.slot-past");
        change.Withdraw(now);
        await db.SaveChangesAsync(stop);
    }
}
