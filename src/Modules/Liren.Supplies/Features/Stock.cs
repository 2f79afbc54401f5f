using System.Linq.Expressions;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>What lies in store (库存), by item and lot, the first to expire first.</summary>
[Needs("supplies.read")]
internal sealed class ListStock(SuppliesDb db, TimeProvider clock) : IFeature
{
    /// <param name="ItemId">Item.</param>
    /// <param name="Item">Its name.</param>
    /// <param name="Unit">Counted in.</param>
    /// <param name="Place">Whose.</param>
    /// <param name="Lot">Batch.</param>
    /// <param name="Expiry">Good until.</param>
    /// <param name="Store">Free in store.</param>
    /// <param name="Reserved">Set aside for rounds.</param>
    /// <param name="HandedOut">Given out so far.</param>
    /// <param name="Expired">True when its time is over.</param>
    public sealed record Row(Guid ItemId, string Item, string Unit, string Place, string Lot, DateOnly? Expiry, int Store, int Reserved, int HandedOut, bool Expired);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/stock", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListStock feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "stock", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var items = await db.Items.AsNoTracking().WhereWithin(i => i.PlacePath, Actor.Current.ScopesFor("supplies.read")).ToDictionaryAsync(i => i.Id, stop);
        var ids = items.Keys.ToList();
        var balances = await db.Balances.AsNoTracking().Where(b => ids.Contains(b.ItemId)).ToListAsync(stop);
        var today = Show.Day(clock.GetUtcNow());
        var rows = balances.GroupBy(b => (b.ItemId, b.Lot)).Select(g => Of(items[g.Key.ItemId], g.Key.Lot, [.. g], today))
            .Concat(items.Values.Where(i => balances.All(b => b.ItemId != i.Id)).Select(i => new Row(i.Id, i.Name, i.Unit, i.PlacePath, "", null, 0, 0, 0, false)))
            .Where(r => query.Text is not { } text || r.Item.Contains(text, StringComparison.OrdinalIgnoreCase) || r.Lot.Contains(text, StringComparison.OrdinalIgnoreCase))
            .OrderBy(r => r.Item, StringComparer.Ordinal).ThenBy(r => r.Expiry ?? DateOnly.MaxValue).ThenBy(r => r.Lot, StringComparer.Ordinal).ToList();
        return rows.CutPage(query);
    }

    private static Row Of(StockItem item, string lot, List<StockBalance> of, DateOnly today)
    {
        var expiry = of.Select(b => b.Expiry).FirstOrDefault(e => e is not null);
        return new(item.Id, item.Name, item.Unit, item.PlacePath, lot, expiry, of.Where(b => b.Account == StockMove.Store).Sum(b => b.Quantity), of.Where(b => b.Account.StartsWith("round:", StringComparison.Ordinal)).Sum(b => b.Quantity),
            of.Where(b => b.Account == StockMove.HandedOut).Sum(b => b.Quantity), expiry < today);
    }
}

/// <summary>The ledger, the latest line first.</summary>
[Needs("supplies.read")]
internal sealed class ListMoves(SuppliesDb db) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<StockMove, object?>>> Columns = new() { ["at"] = m => m.At, ["quantity"] = m => m.Quantity };

    /// <summary>A line.</summary>
    public sealed record Row(Guid Id, DateTimeOffset At, string Item, string Lot, DateOnly? Expiry, string From, string To, int Quantity, StockReason Reason, string? Note, string By);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/stock/moves", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListMoves feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "moves", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Moves.AsNoTracking().WhereWithin(m => m.PlacePath, Actor.Current.ScopesFor("supplies.read"));
        if (query.Text is { } text) rows = rows.Where(m => m.Lot.Contains(text) || (m.Note != null && m.Note.Contains(text)) || db.Items.Any(i => i.Id == m.ItemId && i.Name.Contains(text)));
        var page = await rows.PageAsync(query, Columns, "-at", m => m, stop);
        var ids = page.Items.Select(m => m.ItemId).ToHashSet();
        var items = await db.Items.AsNoTracking().Where(i => ids.Contains(i.Id)).ToDictionaryAsync(i => i.Id, i => i.Name, stop);
        return new([.. page.Items.Select(m => new Row(m.Id, m.At, items[m.ItemId], m.Lot, m.Expiry, m.From, m.To, m.Quantity, m.Reason, m.Note, m.By))], page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>Notes items, receives, takes out, counts (入库、报损、退回、盘点). Never below nothing, and never below what is set aside for a round.</summary>
[Needs("supplies.stock")]
internal sealed class KeepStock(SuppliesDb db, StockLedger ledger) : IFeature
{
    /// <param name="Place">Whose store.</param>
    /// <param name="Name">What.</param>
    /// <param name="Unit">Counted in.</param>
    /// <param name="Group">Goods that count together for quotas, e.g. all masks; the name when none is given.</param>
    public sealed record ItemRequest(string? Place, string? Name, string? Unit, string? Group = null);

    /// <param name="Item">What, of which store.</param>
    /// <param name="Lot">Batch; null: first expired, first out.</param>
    /// <param name="To">Place of the other store; the item is noted there when it is not yet.</param>
    /// <param name="Quantity">Pieces.</param>
    /// <param name="Note">Why.</param>
    public sealed record MoveRequest(Guid Item, string? Lot, string? To, int Quantity, string? Note);

    /// <param name="Item">What.</param>
    /// <param name="Lot">Batch; empty when none is known.</param>
    /// <param name="Expiry">Good until; null when it does not spoil.</param>
    /// <param name="Quantity">Pieces.</param>
    /// <param name="Note">Delivery note, donor.</param>
    public sealed record ReceiveRequest(Guid Item, string? Lot, DateOnly? Expiry, int Quantity, string? Note);

    /// <param name="Item">What.</param>
    /// <param name="Lot">Batch.</param>
    /// <param name="Quantity">Pieces.</param>
    /// <param name="Reason">Spoiled or Returned.</param>
    /// <param name="Note">Why; required.</param>
    public sealed record TakeRequest(Guid Item, string? Lot, int Quantity, StockReason Reason, string? Note);

    /// <param name="Item">What.</param>
    /// <param name="Lot">Batch.</param>
    /// <param name="Counted">Pieces that were found in store.</param>
    /// <param name="Note">Why it differs; required when it does.</param>
    public sealed record CountRequest(Guid Item, string? Lot, int Counted, string? Note);

    /// <param name="Difference">Found more or, below 0, less than the books said.</param>
    public sealed record CountResponse(int Difference);

    /// <param name="Id">The item, or the line of the ledger.</param>
    public sealed record Made(Guid Id);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/items", (ItemRequest request, NewId id, KeepStock feature, CancellationToken stop) => feature.NoteAsync(request, id, stop));
        api.MapPost("/stock/receive", (ReceiveRequest request, NewId id, KeepStock feature, CancellationToken stop) => feature.ReceiveAsync(request, id, stop));
        api.MapPost("/stock/take", (TakeRequest request, NewId id, KeepStock feature, CancellationToken stop) => feature.TakeAsync(request, id, stop));
        api.MapPost("/stock/move", (MoveRequest request, NewId id, KeepStock feature, CancellationToken stop) => feature.MoveAsync(request, id, stop));
        api.MapPost("/stock/count", (CountRequest request, NewId id, KeepStock feature, CancellationToken stop) => feature.CountAsync(request, id, stop));
    }

    public async Task<Made> NoteAsync(ItemRequest request, NewId id, CancellationToken stop)
    {
        var item = StockItem.Note(id.Value, request.Place, request.Name, request.Unit, request.Group);
        Actor.Current.Require("supplies.stock", item.PlacePath);
        if (id.Repeatable && await db.Items.AnyAsync(i => i.Id == id.Value, stop)) return new(id.Value);
        Rule.State(!await db.Items.AnyAsync(i => i.PlacePath == item.PlacePath && i.Name == item.Name, stop), "supplies.item-twice", item.Name);
        db.Add(item);
        await db.SaveChangesAsync(stop);
        return new(item.Id);
    }

    public async Task<Made> ReceiveAsync(ReceiveRequest r, NewId id, CancellationToken stop)
    {
        Text(r.Note);
        return await OnceAsync(id, async () =>
        {
            var (item, lot) = (await ItemAsync(r.Item, stop), r.Lot?.Trim() ?? "");
            var known = await db.Balances.AsNoTracking().FirstOrDefaultAsync(b => b.ItemId == item.Id && b.Lot == lot, stop);
            Rule.Require(known is null || known.Expiry == r.Expiry, "supplies.expiry-differs", "expiry", lot);
            await ledger.MoveAsync(id.Value, item, lot, r.Expiry, StockMove.Supplier, StockMove.Store, r.Quantity, StockReason.Received, r.Note, stop);
        }, stop);
    }

    public async Task<Made> TakeAsync(TakeRequest r, NewId id, CancellationToken stop)
    {
        Rule.Require(r.Reason is StockReason.Spoiled or StockReason.Returned, "supplies.take-reason", "reason");
        Rule.Require(!string.IsNullOrWhiteSpace(r.Note), "supplies.why", "note");
        Text(r.Note);
        return await OnceAsync(id, async () =>
        {
            var (item, lot) = (await ItemAsync(r.Item, stop), r.Lot?.Trim() ?? "");
            await ledger.MoveAsync(id.Value, item, lot, await ExpiryAsync(item, lot, stop), StockMove.Store, r.Reason == StockReason.Spoiled ? StockMove.Damaged : StockMove.Supplier, r.Quantity, r.Reason, r.Note, stop);
        }, stop);
    }

    public async Task<CountResponse> CountAsync(CountRequest r, NewId id, CancellationToken stop)
    {
        Rule.Require(r.Counted is >= 0 and <= 10_000_000, "supplies.quantity", "counted");
        Text(r.Note);
        var difference = 0;
        await OnceAsync(id, async () =>
        {
            var (item, lot) = (await ItemAsync(r.Item, stop), r.Lot?.Trim() ?? "");
            var there = (await db.Balances.SingleOrDefaultAsync(b => b.ItemId == item.Id && b.Lot == lot && b.Account == StockMove.Store, stop))?.Quantity ?? 0;
            difference = r.Counted - there;
            if (difference == 0) return;
            Rule.Require(!string.IsNullOrWhiteSpace(r.Note), "supplies.why", "note");
            var (from, to) = difference > 0 ? (StockMove.Adjusted, StockMove.Store) : (StockMove.Store, StockMove.Adjusted);
            await ledger.MoveAsync(id.Value, item, lot, await ExpiryAsync(item, lot, stop), from, to, Math.Abs(difference), StockReason.Counted, r.Note, stop);
        }, stop);
        return new(difference);
    }

    /// <summary>To another store (调拨): leaves the one and comes into the other in the same moment, with its lot and expiry.</summary>
    public async Task<Made> MoveAsync(MoveRequest r, NewId id, CancellationToken stop)
    {
        Rule.Require(r.To is not null && Contracts.Places.PlacePath.IsValid(r.To), "supplies.place", "to");
        Rule.Require(!string.IsNullOrWhiteSpace(r.Note), "supplies.why", "note");
        Text(r.Note);
        return await OnceAsync(id, async () =>
        {
            var from = await ItemAsync(r.Item, stop);
            Rule.Require(from.PlacePath != r.To, "supplies.same-store", "to");
            await ledger.SendAsync(id.Value, from, r.To!, r.Lot?.Trim(), r.Quantity, r.Note, stop);
        }, stop);
    }

    // Two at one account: the second looks again.
    private async Task<Made> OnceAsync(NewId id, Func<Task> write, CancellationToken stop) => await db.AgainAsync(5, async () =>
    {
        if (id.Repeatable && await db.Moves.AnyAsync(m => m.Id == id.Value, stop)) return new Made(id.Value);
        await write();
        await db.SaveChangesAsync(stop);
        return new Made(id.Value);
    }, () => Task.FromResult(false));

    private async Task<StockItem> ItemAsync(Guid id, CancellationToken stop)
    {
        var item = await db.Items.SingleOrDefaultAsync(i => i.Id == id, stop);
        Rule.Require(item is not null, "supplies.no-item", "item");
        Actor.Current.Require("supplies.stock", item!.PlacePath);
        return item;
    }

    private async Task<DateOnly?> ExpiryAsync(StockItem item, string lot, CancellationToken stop) => (await db.Balances.AsNoTracking().FirstOrDefaultAsync(b => b.ItemId == item.Id && b.Lot == lot, stop))?.Expiry;

    private static void Text(string? note) => Rule.Require(note is null or { Length: <= 200 }, "supplies.note", "note");
}

/// <summary>Pickup points.</summary>
[Needs("supplies.read")]
internal sealed class ListPoints(SuppliesDb db) : IFeature
{
    /// <summary>A point.</summary>
    public sealed record Row(Guid Id, string Place, string Name, int Desks, int OpensMinute, int ClosesMinute, int SlotCapacity);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/points", (string? place, ListPoints feature, CancellationToken stop) => feature.RunAsync(place, stop));

    public async Task<IReadOnlyList<Row>> RunAsync(string? place, CancellationToken stop)
    {
        var rows = db.Points.AsNoTracking().WhereWithin(p => p.PlacePath, Actor.Current.ScopesFor("supplies.read"));
        if (!string.IsNullOrEmpty(place)) rows = rows.WhereWithin(p => p.PlacePath, [place]);
        return [.. (await rows.OrderBy(p => p.PlacePath).ThenBy(p => p.Name).ToListAsync(stop)).Select(p => new Row(p.Id, p.PlacePath, p.Name, p.Desks, p.OpensMinute, p.ClosesMinute, Slots.Capacity(p.Desks)))];
    }
}

/// <summary>Notes a pickup point.</summary>
[Needs("supplies.stock")]
internal sealed class AddPoint(SuppliesDb db) : IFeature
{
    /// <param name="Place">Where.</param>
    /// <param name="Name">As residents know it.</param>
    /// <param name="Desks">Desks that hand out at the same time.</param>
    /// <param name="OpensMinute">Minutes after midnight, Shanghai.</param>
    /// <param name="ClosesMinute">Minutes after midnight, Shanghai.</param>
    public sealed record Request(string? Place, string? Name, int Desks, int OpensMinute = 9 * 60, int ClosesMinute = 17 * 60);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/points", (Request request, NewId id, AddPoint feature, CancellationToken stop) => feature.RunAsync(request, id, stop));

    public async Task<KeepStock.Made> RunAsync(Request r, NewId id, CancellationToken stop)
    {
        var point = PickupPoint.Note(id.Value, r.Place, r.Name, r.Desks, r.OpensMinute, r.ClosesMinute);
        Actor.Current.Require("supplies.stock", point.PlacePath);
        if (id.Repeatable && await db.Points.AnyAsync(p => p.Id == id.Value, stop)) return new(id.Value);
        db.Add(point);
        await db.SaveChangesAsync(stop);
        return new(point.Id);
    }
}
