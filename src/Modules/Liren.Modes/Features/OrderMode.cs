using Liren.Contracts.Modes;
using Liren.Contracts.Places;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Modes.Features;

/// <summary>The collections an order can name: those Liren knows, and those of modules that destroy them.</summary>
internal sealed class CollectionList(IEnumerable<IDestroysCollected> destroyers)
{
    public IReadOnlyList<string> Codes { get; } = [.. Collections.Known.Concat(destroyers.Select(d => d.Collection)).Distinct()];
}

/// <summary>Proposes an emergency order, or one that goes on from another (应急令起草、续期). It holds nowhere until a second person signs.</summary>
[Needs("modes.order")]
internal sealed class OrderMode(ModesDb db, IPlaceDirectory places, CollectionList collections, TimeProvider clock) : IFeature
{
    public sealed record CollectionRequest(string? Code, string? Purpose, int RetentionDays = 14);

    /// <param name="Area">Path of the place; everything below is meant too.</param>
    /// <param name="Level">IV, III, II or I.</param>
    /// <param name="OrderNo">文号, unique among living orders.</param>
    /// <param name="Authority">Who issues it.</param>
    /// <param name="Basis">Legal basis.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="From">Beginning; now when left out, the end of the old order when it renews.</param>
    /// <param name="To">End, exclusive; at most 30 days after the beginning.</param>
    /// <param name="Collections">Extra collections it allows; none when left out.</param>
    /// <param name="Renews">The order it goes on from: whatever is left out above is taken from there.</param>
    public sealed record Request(string? Area, Level? Level, string? OrderNo, string? Authority, string? Basis, string? Reason, DateTimeOffset? From, DateTimeOffset? To, IReadOnlyList<CollectionRequest>? Collections = null, Guid? Renews = null);

    public sealed record Made(Guid Id, OrderState State);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/", async (Request request, NewId id, OrderMode feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/modes/{made.Id}", made);
    });

    public async Task<Made> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (id.Repeatable && await db.Orders.AsNoTracking().SingleOrDefaultAsync(o => o.Id == id.Value, stop) is { } there) return new(there.Id, there.StateAt(now));
        var old = request.Renews is { } renews ? Rule.Found(await db.Orders.AsNoTracking().Include(o => o.Collections).SingleOrDefaultAsync(o => o.Id == renews, stop), "modes.no-order") : null;
        var area = request.Area ?? old?.AreaPath;
        Rule.Require(area is not null && PlacePath.IsValid(area), "modes.area", "area");
        Actor.Current.Require("modes.order", area!);
        Rule.Require(await places.FindAsync(area!, stop) is not null, "modes.area-unknown", "area", area!);
        Rule.Require(request.To is not null, "modes.to-order", "to");
        var extra = request.Collections?.Select(Known).ToList() ?? old?.Collections.Select(c => ExtraCollection.Of(c.Code, c.Purpose, c.RetentionDays)).ToList() ?? [];
        var order = ModeOrder.Propose(id.Value, new(area, request.Level ?? old?.Level ?? Level.IV, request.OrderNo, request.Authority ?? old?.Authority, request.Basis ?? old?.Basis, request.Reason ?? old?.Reason,
            request.From ?? old?.EndsAt ?? now, request.To!.Value, extra), old, Signers.Current, now);
        Rule.State(!await db.Orders.AnyAsync(o => o.LiveNo == order.OrderNo, stop), "modes.order-no-taken", order.OrderNo);
        db.Add(order);
        try { await db.SaveChangesAsync(stop); }
        // Two took the same number, or one request was sent twice, at the same moment.
        catch (DbUpdateException e) when (e is not DbUpdateConcurrencyException) { throw new RuleBrokenException("modes.order-no-taken", null, 409, order.OrderNo); }
        return new(order.Id, order.StateAt(now));
    }

    private ExtraCollection Known(CollectionRequest asked)
    {
        Rule.Require(asked.Code is not null && collections.Codes.Contains(asked.Code.Trim()), "modes.collection-unknown", "collections", asked.Code ?? "", string.Join(", ", collections.Codes));
        return ExtraCollection.Of(asked.Code, asked.Purpose, asked.RetentionDays);
    }
}

/// <summary>The second person signs an order, or refuses it (签发、退回).</summary>
[Needs("modes.confirm")]
internal sealed class SignOrder(ModesDb db, TimeProvider clock) : IFeature
{
    public sealed record Refusal(string? Reason);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/sign", (Guid id, IfMatch match, SignOrder feature, CancellationToken stop) => feature.SignAsync(id, match, stop));
        api.MapPost("/{id:guid}/refuse", (Guid id, Refusal refusal, IfMatch match, SignOrder feature, CancellationToken stop) => feature.RefuseAsync(id, refusal, match, stop));
    }

    public async Task<OrderState> SignAsync(Guid id, IfMatch match, CancellationToken stop)
    {
        var (order, now) = (await db.OrderAsync(id, "modes.confirm", match, stop), clock.GetUtcNow());
        if (order.RenewsId is { } old)
        {
            Rule.State(!await db.Orders.AnyAsync(o => o.Id != id && o.RenewsId == old && o.SignedAt != null && o.CutAt == null, stop), "modes.renewed-already");
            // Cut short since it was proposed: what has been ended on purpose is not taken up again by the way.
            Rule.State(await db.Orders.AnyAsync(o => o.Id == old && o.CutAt == null, stop), "modes.renew-state");
        }
        order.Sign(Signers.Current, now);
        await db.SaveChangesAsync(stop);
        return order.StateAt(now);
    }

    public async Task RefuseAsync(Guid id, Refusal refusal, IfMatch match, CancellationToken stop)
    {
        (await db.OrderAsync(id, "modes.confirm", match, stop)).Withdraw(refusal.Reason, Signers.Current, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Takes a proposed order back, or cuts one in force short (撤回、提前结束).</summary>
[Needs("modes.order")]
internal sealed class EndOrder(ModesDb db, TimeProvider clock) : IFeature
{
    /// <param name="OrderNo">文号 of the order that ends it; not needed to take back what nobody has signed.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Request(string? OrderNo, string? Reason);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/end", (Guid id, Request request, IfMatch match, EndOrder feature, CancellationToken stop) => feature.EndAsync(id, request, match, stop));
        api.MapPost("/{id:guid}/withdraw", (Guid id, Request request, IfMatch match, EndOrder feature, CancellationToken stop) => feature.WithdrawAsync(id, request, match, stop));
    }

    public async Task EndAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        (await db.OrderAsync(id, "modes.order", match, stop)).Cut(request.OrderNo, request.Reason, Signers.Current, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }

    public async Task WithdrawAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        (await db.OrderAsync(id, "modes.order", match, stop)).Withdraw(request.Reason, Signers.Current, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>An order somebody acts on.</summary>
internal static class OrdersToActOn
{
    /// <summary>The order, if it is there, the caller may act on it, and nobody has changed it since it was read.</summary>
    public static async Task<ModeOrder> OrderAsync(this ModesDb db, Guid id, string permission, IfMatch match, CancellationToken stop)
    {
        var order = Rule.Found(await db.Orders.SingleOrDefaultAsync(o => o.Id == id, stop), "modes.no-order");
        Actor.Current.Require(permission, order.AreaPath);
        match.Check(order);
        return order;
    }
}
