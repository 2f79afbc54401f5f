using System.Text.RegularExpressions;
using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>What a place is advised to get, and why.</summary>
/// <param name="Because">What it was reckoned from, as a sentence.</param>
internal sealed record AllocationLineView(Guid Id, string Place, string Name, int Households, int Elders, int AskedPercent, int Rounds, int Forecast, int Need, int Advised, int Decided, string Because, string? Reason, string? DecidedBy);

/// <summary>Advice how to split stock.</summary>
internal sealed record AllocationView(Guid Id, int Version, string Place, string PlaceName, Guid ItemId, string Item, string Unit, int Quantity, int PerHousehold, SplitMethod Method, int ElderWeight, DateTimeOffset At, string By, DateTimeOffset? DoneAt, int Need, int Decided, IReadOnlyList<AllocationLineView> Lines);

/// <summary>
/// Advice how to split scarce stock over the places below one (分配建议): demand is forecast from how many asked in the rounds before, the split explains itself, may be changed by hand with a
/// reason, and is carried out by moving the pieces to the stores of the places.
/// </summary>
[Needs("supplies.stock")]
internal sealed class Allocate(SuppliesDb db, StockLedger ledger, DemandForecast forecast, AllocationViews views, TimeProvider clock) : IFeature
{
    /// <param name="Item">What, of which store.</param>
    /// <param name="Place">Over the places below this one: the communities of a street, the compounds of a community.</param>
    /// <param name="Quantity">Pieces to split; null: what is free in store.</param>
    /// <param name="PerHousehold">Pieces one household needs.</param>
    /// <param name="Method">Households, Forecast or Need.</param>
    /// <param name="ElderWeight">With Need: how much more a household with somebody of 60 and above counts, in hundredths.</param>
    public sealed record Request(Guid Item, string? Place, int? Quantity, int PerHousehold, SplitMethod Method, int ElderWeight = 50);

    /// <param name="Quantity">Pieces instead.</param>
    /// <param name="Reason">Why; 1-200 characters.</param>
    public sealed record DecideRequest(int Quantity, string? Reason);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/allocations", async (Request request, NewId id, Allocate feature, CancellationToken stop) => await feature.AdviseAsync(request, id, stop) is var made ? TypedResults.Created($"/api/supplies/allocations/{made.Id}", made) : null!);
        api.MapPut("/allocations/{id:guid}/lines/{line:guid}", (Guid id, Guid line, DecideRequest request, Allocate feature, CancellationToken stop) => feature.DecideAsync(id, line, request, stop));
        api.MapPost("/allocations/{id:guid}/carry-out", (Guid id, Allocate feature, CancellationToken stop) => feature.CarryOutAsync(id, stop));
    }

    public async Task<AllocationView> AdviseAsync(Request r, NewId id, CancellationToken stop)
    {
        Rule.Require(r.Place is not null && PlacePath.IsValid(r.Place), "supplies.place", "place");
        Actor.Current.Require("supplies.stock", r.Place!);
        var item = await db.Items.AsNoTracking().SingleOrDefaultAsync(i => i.Id == r.Item, stop);
        Rule.Require(item is not null, "supplies.no-item", "item");
        Actor.Current.Require("supplies.stock", item!.PlacePath);
        if (id.Repeatable && await db.Allocations.AsNoTracking().Include(a => a.Lines).SingleOrDefaultAsync(a => a.Id == id.Value, stop) is { } known) return await views.OfAsync(known, stop);
        var free = await ledger.OnHandAsync(item.Id, StockMove.Store, stop);
        var quantity = r.Quantity ?? free;
        Rule.Require(quantity <= free, "supplies.not-enough", "quantity", free);
        var advice = Allocation.Advise(id.Value, item, r.Place!, quantity, r.PerHousehold, r.Method, r.Method == SplitMethod.Need ? r.ElderWeight : 0, await forecast.OfAsync(r.Place!, item, stop), Actor.Current.Name, clock.GetUtcNow());
        db.Add(advice);
        await db.SaveChangesAsync(stop);
        return await views.OfAsync(advice, stop);
    }

    public async Task<AllocationView> DecideAsync(Guid id, Guid line, DecideRequest request, CancellationToken stop)
    {
        var advice = await FindAsync(id, stop);
        advice.Decide(line, request.Quantity, request.Reason, Actor.Current.Name);
        // The version stands for the lines too.
        db.Entry(advice).State = EntityState.Modified;
        await db.SaveChangesAsync(stop);
        return await views.OfAsync(advice, stop);
    }

    /// <summary>Moves what was decided to the stores of the places; once.</summary>
    public Task<AllocationView> CarryOutAsync(Guid id, CancellationToken stop) => db.AgainAsync(5, async () =>
    {
        var advice = await FindAsync(id, stop);
        if (advice.DoneAt is null)
        {
            var (item, now) = (await db.Items.SingleAsync(i => i.Id == advice.ItemId, stop), clock.GetUtcNow());
            foreach (var line in advice.Lines.Where(l => l.Decided > 0 && l.PlacePath != item.PlacePath).OrderBy(l => l.PlacePath, StringComparer.Ordinal))
                await ledger.SendAsync(Guid.CreateVersion7(now), item, line.PlacePath, null, line.Decided, line.Reason ?? advice.PlacePath, stop);
            advice.Done(now);
            await db.SaveChangesAsync(stop);
        }
        return await views.OfAsync(advice, stop);
    }, () => Task.FromResult(false));

    private async Task<Allocation> FindAsync(Guid id, CancellationToken stop)
    {
        var advice = Rule.Found(await db.Allocations.Include(a => a.Lines).SingleOrDefaultAsync(a => a.Id == id, stop), "supplies.no-allocation");
        Actor.Current.Require("supplies.stock", advice.PlacePath);
        return advice;
    }
}

/// <summary>Advice given before, the latest first.</summary>
[Needs("supplies.read")]
internal sealed class ListAllocations(SuppliesDb db, AllocationViews views) : IFeature
{
    private const int Most = 50;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/allocations", (ListAllocations feature, CancellationToken stop) => feature.RunAsync(stop));
        api.MapGet("/allocations/{id:guid}", (Guid id, ListAllocations feature, CancellationToken stop) => feature.OneAsync(id, stop));
    }

    public async Task<IReadOnlyList<AllocationView>> RunAsync(CancellationToken stop)
    {
        var found = new List<AllocationView>();
        foreach (var a in await db.Allocations.AsNoTracking().Include(a => a.Lines).WhereWithin(a => a.PlacePath, Actor.Current.ScopesFor("supplies.read")).OrderByDescending(a => a.At).Take(Most).ToListAsync(stop)) found.Add(await views.OfAsync(a, stop));
        return found;
    }

    public async Task<AllocationView> OneAsync(Guid id, CancellationToken stop)
    {
        var advice = Rule.Found(await db.Allocations.AsNoTracking().Include(a => a.Lines).SingleOrDefaultAsync(a => a.Id == id, stop), "supplies.no-allocation");
        Actor.Current.Require("supplies.read", advice.PlacePath);
        return await views.OfAsync(advice, stop);
    }
}

/// <summary>How many households there are below a place, and how many of them will ask (需求预测): the share that asked in the last rounds for the same goods that were held there.</summary>
internal sealed class DemandForecast(SuppliesDb db, IPlaceDirectory places, IResidentUnits residents, TimeProvider clock)
{
    private const int LastRounds = 3, LastDays = 90;

    public async Task<IReadOnlyList<PlaceNeed>> OfAsync(string place, StockItem item, CancellationToken stop)
    {
        var below = (await places.ChildrenAsync(place, stop)).Where(c => c.Kind is not PlaceKind.Area).ToList();
        var (today, living) = (Show.Day(clock.GetUtcNow()), await residents.LivingAtAsync(place, stop));
        var homes = living.GroupBy(r => RoundFinder.UnitOf(EntitledUnit.Household, r)).Select(g => (g.First().Room, Elder: g.Any(r => r.IsOfAge(60, today)))).ToList();
        var same = await db.SameGoods(item).ToListAsync(stop);
        var since = clock.GetUtcNow().AddDays(-LastDays);
        var rounds = await db.Rounds.AsNoTracking().Where(r => same.Contains(r.ItemId) && r.ClosedAt != null && r.State != RoundState.Cancelled && r.OpensAt >= since).OrderByDescending(r => r.OpensAt).Select(r => r.Serial).ToListAsync(stop);
        var needs = new List<PlaceNeed>();
        foreach (var child in below)
        {
            var here = homes.Where(h => PlacePath.IsWithin(h.Room, child.Path)).ToList();
            var (asked, count) = await AskedAsync(rounds, child.Path, stop);
            needs.Add(new(child.Path, child.Name, here.Count, here.Count(h => h.Elder), asked, count));
        }
        return needs;
    }

    // Nobody has been asked yet: everybody is taken to need it.
    private async Task<(int Percent, int Rounds)> AskedAsync(IReadOnlyList<int> rounds, string place, CancellationToken stop)
    {
        var (listed, entered, count) = (0, 0, 0);
        foreach (var serial in rounds)
        {
            if (count == LastRounds) break;
            var units = await db.Entitlements.AsNoTracking().Where(e => e.Round == serial).WhereWithin(e => e.Room, [place]).CountAsync(stop);
            if (units == 0) continue;
            count++;
            listed += units;
            entered += await db.Entitlements.AsNoTracking().Where(e => e.Round == serial).WhereWithin(e => e.Room, [place]).CountAsync(l => db.Entries.Any(e => e.Round == l.Round && e.No == l.No && e.State != EntryState.Cancelled), stop);
        }
        return count == 0 ? (100, 0) : ((int)Math.Ceiling(100.0 * entered / listed), count);
    }
}

/// <summary>Puts advice into words.</summary>
internal sealed partial class AllocationViews(SuppliesDb db, IPlaceDirectory places, Texts texts)
{
    public async Task<AllocationView> OfAsync(Allocation a, CancellationToken stop)
    {
        var item = await db.Items.AsNoTracking().SingleAsync(i => i.Id == a.ItemId, stop);
        var weights = a.Lines.Sum(l => l.Weight);
        return new(a.Id, a.Version, a.PlacePath, (await places.FindAsync(a.PlacePath, stop))?.Name ?? a.PlacePath, item.Id, item.Name, item.Unit, a.Quantity, a.PerHousehold, a.Method, a.ElderWeight, a.At, a.By, a.DoneAt, a.Lines.Sum(l => l.Forecast) * a.PerHousehold, a.Lines.Sum(l => l.Decided),
            [.. a.Lines.OrderBy(l => Natural(l.Name), StringComparer.Ordinal).ThenBy(l => l.PlacePath, StringComparer.Ordinal).Select(l => new AllocationLineView(l.Id, l.PlacePath, l.Name, l.Households, l.Elders, l.AskedPercent, l.Rounds, l.Forecast, l.Forecast * a.PerHousehold, l.Advised, l.Decided, Because(a, l, weights), l.Reason, l.DecidedBy))]);
    }

    // 2号楼 before 10号楼.
    private static string Natural(string name) => Digits().Replace(name, m => m.Value.PadLeft(8, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    private string Because(Allocation a, AllocationLine l, long weights)
    {
        var need = l.Forecast * a.PerHousehold;
        var asked = l.Rounds == 0 ? texts["supplies.because.no-history"] : texts[l.AskedPercent < PlaceNeed.LeastPercent ? "supplies.because.few" : "supplies.because.history", l.Rounds, l.AskedPercent, PlaceNeed.LeastPercent];
        var weight = texts["supplies.because.weight." + a.Method, l.Weight, weights, weights == 0 ? 0 : Math.Round(100.0 * l.Weight / weights, 1), a.ElderWeight];
        var end = need == 0 ? texts["supplies.because.none"] : l.Advised >= need ? texts["supplies.because.whole-need"] : texts["supplies.because.share"];
        return texts["supplies.because.line", l.Households, l.Elders, asked, l.Forecast, need, weight, end];
    }
}
