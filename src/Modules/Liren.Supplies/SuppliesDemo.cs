using Liren.Contracts.Places;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Features;
using Liren.Supplies.Rush;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies;

/// <summary>Stock, two pickup points and two rounds of the demo compound: masks first come, some taken already; rice by lottery. Each has its own id, so that a second run adds nothing.</summary>
internal sealed class SuppliesDemo(SuppliesDb db, KeepStock stock, AddPoint addPoint, WriteRound write, PublishRound publish, RoundBook book, IPlaceDirectory places, TimeProvider clock)
{
    private const string Community = "31.01.15.016.037", Compound = Community + ".liren";

    public async Task SeedAsync(CancellationToken stop)
    {
        if (await places.FindAsync(Compound, stop) is null || await db.Items.AnyAsync(stop)) return;
        var today = Show.Day(clock.GetUtcNow());
        var masks = (await stock.NoteAsync(new(Community, "医用口罩", "只"), Id("masks"), stop)).Id;
        var rice = (await stock.NoteAsync(new(Community, "大米 5kg", "袋"), Id("rice"), stop)).Id;
        await stock.ReceiveAsync(new(masks, "M20-01", today.AddMonths(7), 3000, "区物资组 送货单 0117"), Id("masks-1"), stop);
        await stock.ReceiveAsync(new(masks, "M20-02", today.AddMonths(20), 5000, "爱心企业捐赠"), Id("masks-2"), stop);
        await stock.ReceiveAsync(new(rice, "R1", today.AddMonths(10), 300, "街道采购"), Id("rice-1"), stop);
        await stock.TakeAsync(new(rice, "R1", 2, StockReason.Spoiled, "运输破袋"), Id("rice-2"), stop);
        var east = (await addPoint.RunAsync(new(Compound, "东门领取点", 2), Id("east"), stop)).Id;
        var hall = (await addPoint.RunAsync(new(Compound, "居民活动室", 1, 9 * 60, 20 * 60), Id("hall"), stop)).Id;
        var now = clock.GetUtcNow();
        await RoundAsync("round-masks", new(Compound, "口罩预约（每户 5 只）", masks, 5, RoundMode.FirstCome, EntitledUnit.Household, now, now.AddDays(5), now.AddHours(1), now.AddDays(7),
            WaitMost: 50, HeldForDesk: 60, Points: [new(east, 150), new(hall, 50)]), stop);
        await RoundAsync("round-rice", new(Compound, "大米抽签（每户 1 袋）", rice, 1, RoundMode.Lottery, EntitledUnit.Household, now, now.AddDays(2), now.AddDays(3), now.AddDays(6),
            WaitMost: 20, BeaconRule: "截止次日双色球开奖号码", Points: [new(hall, 40)], CarryOver: CarryOver.MoreTickets, CarryDays: 10, NoShowLimit: 2, Classes: [new("80 岁以上", 6, 80, null, Deliver: true)]), stop);
        // A quarter of an hour after the opening: every fourth household has been there.
        foreach (var round in await db.Rounds.AsNoTracking().OrderBy(r => r.Serial).ToListAsync(stop))
            for (var no = 1; no < Math.Min(round.Entitled, 120); no += 4)
                await book.RunAsync(round.Serial, new(Act.Enter, no) { Key = Guid.CreateVersion7(now), Channel = no % 12 == 1 ? EntryChannel.Keypad : EntryChannel.Page });
    }

    private async Task RoundAsync(string name, WriteRound.Request request, CancellationToken stop)
    {
        var made = await write.RunAsync(request, Id(name), stop);
        await publish.RunAsync(made.Id, new(made.Version), stop);
    }

    private static NewId Id(string name) => new(NewId.Made($"demo:supplies:{name}"), true);
}
