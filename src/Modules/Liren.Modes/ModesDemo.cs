using Liren.Contracts.Identity;
using Liren.Contracts.Modes;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Modes;

/// <summary>
/// Three orders of the demo: one in 联洋 that is over, with its certificate; one in force in 宝塔区; one in 花木 that waits for its second signature.
/// Numbers are invented. The past is told by the domain itself, with the clock of then.
/// </summary>
internal sealed class ModesDemo(ModesDb db, IAccountDirectory accounts, TimeProvider clock)
{
    private const string Community = "31.01.15.016.037", Huamu = "31.01.15.016", Baota = "61.06.02";
    private const string Law = "中华人民共和国突发事件应对法；中华人民共和国传染病防治法";

    public async Task SeedAsync(CancellationToken stop)
    {
        var (leader, duty, yanan) = (await PersonAsync("leader", stop), await PersonAsync("duty", stop), await PersonAsync("yanan", stop));
        if (leader is null || duty is null || yanan is null || await db.Orders.AnyAsync(stop)) return;
        var now = clock.GetUtcNow();
        if (await accounts.EnsureAsync(new("yanan-duty", "宝塔区值班 白雪", (await accounts.FindByUserNameAsync("yanan", stop))!.OrgId, BuiltInRoles.DutyOfficer, Baota), stop) is { } password) DemoAccounts.Add("yanan-duty", password, "宝塔区值班 白雪");
        var second = (await PersonAsync("yanan-duty", stop))!;
        Past(leader, duty, now.AddDays(-40));
        var inForce = Order("demo in force", Baota, Level.III, "宝区应急令〔演示〕2号", "宝塔区人民政府", "本地出现聚集性疫情，演示数据", now.AddDays(-5), now.AddDays(9), yanan,
            [(Collections.GateTemperature, "发现发热人员，及时送诊", 14), (Collections.Itinerary, "判断是否来自中高风险地区", 30)]);
        inForce.Sign(second, now.AddDays(-5));
        Order("demo proposed", Huamu, Level.IV, "花街应急令〔演示〕5号", "花木街道办事处", "台风“演示”将至，低洼小区防汛", now, now.AddDays(3), leader, []);
        await db.SaveChangesAsync(stop);
    }

    private void Past(Signer leader, Signer duty, DateTimeOffset began)
    {
        var past = Order("demo past", Community, Level.III, "花街应急令〔演示〕1号", "花木街道办事处", "周边小区出现确诊病例，演示数据", began, began.AddDays(14), leader,
            [(Collections.GateTemperature, "发现发热人员，及时送诊", 14), (Collections.VisitorHealth, "访客健康询问", 7)]);
        past.Sign(duty, began);
        past.Begin(began);
        var tasks = past.Close(began.AddDays(14));
        db.AddRange(tasks);
        foreach (var task in tasks)
        {
            task.Report(task.Collection == Collections.GateTemperature ? 18_204 : 1_367, "表格双重删除，纸质登记簿碎纸", duty, task.Due.AddHours(-3));
            task.Confirm(leader, task.Due.AddHours(-2));
        }
    }

    private ModeOrder Order(string key, string area, Level level, string no, string authority, string reason, DateTimeOffset from, DateTimeOffset to, Signer author, (string Code, string Purpose, int Days)[] collections)
    {
        var order = ModeOrder.Propose(NewId.Made("modes " + key), new(area, level, no, authority, Law, reason, from, to, [.. collections.Select(c => ExtraCollection.Of(c.Code, c.Purpose, c.Days))]), null, author, from);
        db.Add(order);
        return order;
    }

    private async Task<Signer?> PersonAsync(string user, CancellationToken stop) => await accounts.FindByUserNameAsync(user, stop) is { } account ? new(account.Id, account.DisplayName) : null;
}
