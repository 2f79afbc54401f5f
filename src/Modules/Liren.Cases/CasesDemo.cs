using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Cases.Features;
using Liren.Contracts.Cases;
using Liren.Contracts.Identity;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Files;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Cases;

/// <summary>
/// Cases of the last days in the demo community, in every state, made through the same rules as real ones; a handler of the street's enforcement team with an
/// account; limits of the street. Each has its own id, so that a second run adds nothing.
/// </summary>
internal sealed class CasesDemo(CasesDb db, Desk desk, PhotoStore store, IAccountDirectory accounts, IPersonAccounts persons, IOrganisationDirectory orgs, IPlaceDirectory places, TimeProvider clock)
{
    private const string Street = "31.01.15.016", Compound = "31.01.15.016.037.liren";

    /// <summary>How far a case of the demo has come.</summary>
    private enum Until { Collected, Registered, Assigned, Handling, Suspended, FedBack, Reworked, Closed, Rated, Evaluated, Rejected }

    private static readonly (string Type, string Place, string Text, string Unit, CaseSource Source, int HoursAgo, Until Until)[] Script =
    [
        ("environment.rubbish", "plaza", "垃圾桶满溢，袋装垃圾堆在桶边", "huamu-urban", CaseSource.Resident, 2, Until.Collected),
        ("facility.lighting", "b3", "3 号楼前路灯不亮，老人晚上不敢走", "liren-property", CaseSource.Resident, 5, Until.Registered),
        ("traffic.parking", "gate-south", "南门外两辆小车占了消防通道口", "huamu-urban", CaseSource.Collector, 6, Until.Assigned),
        ("environment.trees", "plaza", "台风后香樟树枝折断，挂在步道上方", "huamu-urban", CaseSource.Collector, 30, Until.Handling),
        ("facility.manhole", "gate-east", "东门内井盖松动，车过有响声", "liren-property", CaseSource.Collector, 50, Until.FedBack),
        ("environment.noise", "b5", "装修公司中午施工，电钻声很大", "lianyang1", CaseSource.Desk, 74, Until.Reworked),
        ("environment.water", "b1", "1 号楼单元门口下水不畅，雨后积水", "liren-property", CaseSource.Resident, 98, Until.Closed),
        ("fire.exit", "b6", "楼道堆放纸箱和旧家具", "liren-property", CaseSource.Collector, 120, Until.Rated),
        ("crowd.vendors", "gate-south", "早市后摊贩不散，占了人行道", "huamu-urban", CaseSource.Program, 146, Until.Evaluated),
        ("facility.door", "b2", "2 号楼门禁刷卡没有反应", "liren-property", CaseSource.Resident, 170, Until.Evaluated),
        ("environment.smell", "b4", "反映有异味，到场未发现", "huamu-urban", CaseSource.Program, 190, Until.Rejected),
        ("facility.water", "b7", "地下一层水管渗漏，等厂家配件", "liren-property", CaseSource.Desk, 80, Until.Suspended),
    ];

    public async Task SeedAsync(CancellationToken stop)
    {
        if (await places.FindAsync(Compound, stop) is null) return;
        if (await orgs.FindByCodeAsync("huamu-urban", stop) is { } urban && await accounts.EnsureAsync(new("urban", "执法队员 彭涛", urban.Id, BuiltInRoles.Handler, Street), stop) is { } password)
            DemoAccounts.Add("urban", password, "处置人员，花木街道综合行政执法队");
        if (!await db.Limits.AnyAsync(stop))
        {
            foreach (var (type, handle, basis) in new[] { ("environment.rubbish", "2wh", "街道精细化管理办法"), ("environment.trees", "5bd", "绿化养护合同"), ("traffic.parking", "2wh", "街道精细化管理办法") })
                db.Add(CaseLimit.Set(Known($"limit.{type}").Value, new(Street, type, new(2026, 1, 1), null, null, handle, null, basis)));
            await db.SaveChangesAsync(stop);
        }
        for (var n = 0; n < Script.Length; n++)
        {
            if (await db.Cases.AnyAsync(c => c.Id == Known($"case.{n}").Value, stop)) continue;
            await MakeAsync(n, stop);
            await db.SaveChangesAsync(stop);
            db.ChangeTracker.Clear();
        }
    }

    private async Task MakeAsync(int n, CancellationToken stop)
    {
        var (type, at, text, unit, source, hours, until) = Script[n];
        var now = clock.GetUtcNow().AddHours(-hours);
        var (grid, duty, leader) = (await DoerAsync("grid1", stop), await DoerAsync("duty", stop), await DoerAsync("leader", stop));
        var resident = await DoerAsync("resident", stop);
        var org = (await orgs.FindByCodeAsync(unit, stop))!;
        var handler = await DoerAsync(unit switch { "huamu-urban" => "urban", "lianyang1" => "community", _ => "manager" }, stop);
        var reporter = source switch { CaseSource.Resident => resident, CaseSource.Collector => grid, CaseSource.Desk => duty, _ => new Doer(null, "12345") };
        var place = (await places.FindAsync($"{Compound}.{at}", stop))!;
        var person = source == CaseSource.Resident && reporter.Id is { } account ? await persons.PersonOfAsync(account, stop) : null;
        var c = Case.Report(Known($"case.{n}").Value, type, true, place.Path, await places.FullNameAsync(place.Path, stop), place.Longitude, place.Latitude, text, source, reporter, person, null, now);
        c.Photos.AddRange(await PhotosAsync(n, PhotoStage.Before, now, stop));
        db.Add(c);
        await desk.SetClockAsync(c, now, stop);
        if (until == Until.Collected) return;
        if (until == Until.Rejected) { await DoAsync(c, now += TimeSpan.FromMinutes(40), t => c.Reject("现场核实未发现问题", duty, By.Centre, null, t), stop); return; }
        await DoAsync(c, now += TimeSpan.FromMinutes(12), t => c.Register(type, duty, By.Centre, null, t), stop);
        if (until == Until.Registered) return;
        await DoAsync(c, now += TimeSpan.FromMinutes(9), t => c.Assign(org.Id, org.Name, null, duty, By.Centre, null, t), stop);
        if (until == Until.Assigned) return;
        await DoAsync(c, now += TimeSpan.FromMinutes(25), t => c.Accept(handler, By.Unit, null, t), stop);
        if (until == Until.Handling) return;
        if (until == Until.Suspended)
        {
            await DoAsync(c, now += TimeSpan.FromMinutes(30), t => c.AskSuspend("配件需向厂家订购", clock.GetUtcNow().AddDays(9), handler, By.Unit, null, t), stop);
            await DoAsync(c, now += TimeSpan.FromMinutes(50), t => c.Suspend("同意，期间每日巡查", leader, By.Approver, null, t), stop);
            return;
        }
        var after = await PhotosAsync(n + 100, PhotoStage.After, now, stop);
        await DoAsync(c, now += TimeSpan.FromMinutes(70), t => c.FeedBack("已处理完毕，现场恢复正常", after, handler, By.Unit, null, t), stop);
        if (until == Until.FedBack) return;
        if (until == Until.Reworked) { await DoAsync(c, now += TimeSpan.FromMinutes(45), t => c.SendBack("中午仍在施工", [], grid, By.Collector, null, t), stop); return; }
        await DoAsync(c, now += TimeSpan.FromMinutes(45), t => c.Confirm(null, [], grid, By.Collector, null, t), stop);
        if (until == Until.Closed) return;
        if (reporter.Id is not null) await DoAsync(c, now += TimeSpan.FromMinutes(90), t => c.Rate(true, n % 2 + 4, "处理得很快", reporter, By.Reporter, null, t), stop);
        if (until == Until.Rated) return;
        await DoAsync(c, now + TimeSpan.FromMinutes(30), t => c.Evaluate(new(), null, duty, By.Centre, null, t), stop);
    }

    private async Task DoAsync(Case c, DateTimeOffset at, Action<DateTimeOffset> act, CancellationToken stop)
    {
        act(at);
        await desk.SetClockAsync(c, at, stop);
    }

    private async Task<List<Photo>> PhotosAsync(int seed, PhotoStage stage, DateTimeOffset at, CancellationToken stop) =>
        [.. Intake.PhotosOf(await Uploads.StoreAsync(store, [DemoPicture.Of(seed)], stop), stage, null, at)];

    private async Task<Doer> DoerAsync(string user, CancellationToken stop) => await accounts.FindByUserNameAsync(user, stop) is { } card ? new(card.Id, card.DisplayName) : new(null, user);

    private static NewId Known(string what) => NewId.Of($"cases.demo.{what}", null);
}
