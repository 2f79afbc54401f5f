using Liren.Contracts.Identity;
using Liren.Contracts.Incidents;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk.Files;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents;

/// <summary>
/// Yesterday's incidents of the demo community, made through the same rules as real ones, so that timelines, certificates and figures agree. The same
/// every time, counted from the first start; each has its own id, so that a second run adds nothing.
/// </summary>
internal sealed class IncidentsDemo(IncidentsDb db, PhotoStore photos, IAccountDirectory accounts, IResponsibilityMatrix matrix, IPlaceDirectory places, TimeProvider clock)
{
    private const string Compound = "31.01.15.016.037.liren";
    private static readonly string[] Workers = ["grid1", "grid2", "grid3"];

    private enum Turn { Plain, Expired, Declined, Refused, Contradicted, Reopened, NotSo, HandedOver }

    /// <summary>Minute of the day, type, place below the compound, what was seen, what was done, the turn it took.</summary>
    private static readonly (int Minute, string Type, string Place, string Seen, string Done, Turn Turn)[] Day =
    [
        (372, "facility.lighting", "b3", "3号楼门厅灯不亮", "更换灯管，已恢复照明", Turn.Plain),
        (395, "environment.rubbish", "gate-south", "南门外堆放装修垃圾", "联系清运，现场已清空", Turn.Plain),
        (421, "fire.exit", "b7", "消防通道停放电动车", "车主移车，通道已畅通", Turn.Declined),
        (446, "environment.noise", "b12", "清晨装修敲墙", "劝停，约定八点后施工", Turn.Plain),
        (473, "crowd.gathering", "gate-south", "", "买菜排队，已分流", Turn.Plain),
        (508, "facility.door", "b5", "门禁刷卡无反应", "重启门禁控制器，逐一试卡正常", Turn.Expired),
        (534, "facility.lift", "b8", "电梯停在三楼，门未开", "维保到场，人员已安全离开", Turn.Plain),
        (561, "environment.water", "playground", "儿童乐园积水", "疏通地漏，积水已排", Turn.Plain),
        (590, "crowd.gathering", "plaza", "", "晨练人群已劝散", Turn.Contradicted),
        (625, "fire.charging", "b1", "楼道内给电动车充电", "拔除飞线，告知风险", Turn.Plain),
        (652, "environment.smell", "b15", "地下室有异味", "清理积存物并通风", Turn.HandedOver),
        (688, "crowd.dispute", "b11", "停车纠纷争吵", "调解，双方各自离开", Turn.Plain),
        (717, "facility.water", "b2", "水管接头漏水", "关阀更换接头", Turn.Refused),
        (744, "environment.noise", "playground", "音响过大", "调低音量", Turn.Plain),
        (781, "facility.manhole", "gate-south", "井盖松动", "更换井盖，复位压实", Turn.Plain),
        (809, "fire.alarm", "b9", "9号楼烟感报警", "厨房油烟误报，已复位", Turn.NotSo),
        (838, "person.fall", "pool", "老人在泳池边滑倒", "扶起并联系家属，无大碍", Turn.Plain),
        (866, "crowd.gathering", "plaza", "", "广场舞人群已劝散", Turn.Reopened),
        (905, "environment.trees", "b14", "树枝压住单元门", "锯除断枝，通道已通", Turn.Declined),
        (941, "environment.rubbish", "b16", "楼道堆物", "住户自行清走", Turn.Plain),
        (978, "facility.lighting", "playground", "路灯闪烁", "更换镇流器", Turn.Expired),
        (1013, "crowd.gathering", "plaza", "", "放学后聚集，已劝散", Turn.Plain),
        (1052, "environment.noise", "b4", "晚间弹琴", "住户同意九点后停止", Turn.Plain),
        (1098, "fire.exit", "b10", "杂物堵住安全出口", "已清理", Turn.Plain),
        (1140, "crowd.gathering", "plaza", "", "社区演出，已报备", Turn.NotSo),
    ];

    private readonly Dictionary<string, Doer> people = [];
    private readonly List<Reading> readings = [];

    public async Task SeedAsync(CancellationToken stop)
    {
        if (await places.FindAsync(Compound, stop) is null) return;
        foreach (var name in Workers.Concat(["community", "checker", "duty"]))
        {
            if (await accounts.FindByUserNameAsync(name, stop) is not { } card) return;
            people[name] = new(card.Id, card.DisplayName);
        }
        var today = Show.Local(clock.GetUtcNow()).Date;
        var yesterday = new DateTimeOffset(today, Show.Zone.GetUtcOffset(today)).AddDays(-1).ToUniversalTime();
        for (var n = 0; n < Day.Length; n++)
        {
            var id = NewId.Of($"incidents.demo.{n}", null).Value;
            if (await db.Incidents.AnyAsync(i => i.Id == id, stop) || await places.FindAsync($"{Compound}.{Day[n].Place}", stop) is null) continue;
            readings.Clear();
            db.Add(await MakeAsync(n, id, yesterday.AddMinutes(Day[n].Minute).AddSeconds(n * 37 % 60), stop));
            await db.SaveChangesAsync(stop);
            db.ChangeTracker.Clear();
        }
    }

    private async Task<Incident> MakeAsync(int n, Guid id, DateTimeOffset at, CancellationToken stop)
    {
        var (_, type, area, seen, done, turn) = Day[n];
        var place = $"{Compound}.{area}";
        var counts = GatheringPlan.Measures(type);
        var who = await matrix.WhoAsync(type, place, Mode.Peace, stop);
        var reporter = counts ? Doer.Machine : people[Workers[(n + 1) % 3]];
        if (counts) foreach (var (early, before) in new[] { (8.0, 40), (14.0, 20) }) Reading(n, type, place, early, at.AddSeconds(-before));
        var signal = counts ? Reading(n, type, place, 21 + n % 4, at) : Received(n, "report", type, place, null, reporter.Name!, false, at);
        var i = Incident.Open(id, type, place, await places.FullNameAsync(place, stop), GatheringPlan.LevelOf(type, signal.Value), who, reporter, seen.Length == 0 ? null : seen, signal, at);
        var now = at.AddSeconds(2);
        var worker = people[Workers[n % 3]];
        if (turn is Turn.Expired or Turn.Declined)
        {
            var first = people[Workers[(n + 2) % 3]];
            i.Ask(first.Id!.Value, first.Name!, Rung.Nearest, 46 + n * 13 % 180, By.Machine, Doer.Machine, null, now);
            now = now.AddSeconds(turn == Turn.Expired ? 60 : 18);
            if (turn == Turn.Expired) i.Expire(now); else i.Decline(first, By.Asked, "正在处理其他事件", null, now);
        }
        if (turn == Turn.NotSo)
        {
            i.Ask(worker.Id!.Value, worker.Name!, Rung.Nearest, 60 + n * 7 % 90, By.Machine, Doer.Machine, null, now);
            i.Accept(worker, By.Asked, null, now.AddSeconds(11));
            i.Arrive(worker, By.Assignee, 14, false, null, null, now.AddMinutes(4));
            i.SayNotSo(worker, By.Assignee, done, null, now.AddMinutes(6));
            i.DecideNotSo(people["checker"], By.SecondPerson, true, null, null, now.AddMinutes(15));
            return i;
        }
        now = Take(i, worker, n, now);
        if (turn == Turn.HandedOver)
        {
            i.HandOver(worker, By.Assignee, "另有急事", null, now);
            worker = people[Workers[(n + 1) % 3]];
            now = Take(i, worker, n + 1, now.AddSeconds(1));
        }
        now = await DoneAsync(i, worker, n, done, now, stop);
        if (turn == Turn.Refused)
        {
            i.Refuse(people["checker"], By.SecondPerson, "仍在滴水", null, now.AddMinutes(6));
            now = await DoneAsync(i, worker, n + 100, "重新更换并试压，不再漏水", now.AddMinutes(12), stop);
        }
        if (turn == Turn.Contradicted)
        {
            var again = Reading(n, type, place, 23, now.AddSeconds(40));
            i.Join(again, now.AddSeconds(40));
            i.Contradict(again, now.AddSeconds(40));
            now = await DoneAsync(i, worker, n + 100, "再次劝离，人群已散", now.AddMinutes(5), stop);
        }
        now = Prove(i, n, type, place, now);
        if (turn == Turn.Reopened)
        {
            now = now.AddMinutes(31);
            var back = Reading(n, type, place, 22, now);
            i.Reopen(By.Machine, Doer.Machine, back, null, null, now);
            now = Take(i, worker, n, now.AddSeconds(1));
            now = await DoneAsync(i, worker, n + 200, "再次劝离并关闭音响电源", now, stop);
            Prove(i, n, type, place, now);
        }
        return i;
    }

    private static DateTimeOffset Take(Incident i, Doer worker, int n, DateTimeOffset now)
    {
        i.Ask(worker.Id!.Value, worker.Name!, Rung.Nearest, 38 + n * 17 % 160, By.Machine, Doer.Machine, null, now);
        i.Accept(worker, By.Asked, null, now.AddSeconds(9 + n * 5 % 40));
        now = now.AddMinutes(2 + n % 4).AddSeconds(n * 11 % 60);
        i.Arrive(worker, By.Assignee, 6 + n % 20, false, null, null, now);
        return now;
    }

    private async Task<DateTimeOffset> DoneAsync(Incident i, Doer worker, int n, string done, DateTimeOffset now, CancellationToken stop)
    {
        now = now.AddMinutes(3 + n % 4);
        var (image, sha) = await photos.KeepAsync(DemoPicture.Of(n), stop);
        i.Handle(worker, By.Assignee, done, [new Photo { Sha = sha, ContentType = image.ContentType, Size = image.Bytes.Length, Act = Act.Handle, AccountId = worker.Id, Name = worker.Name!, At = now }], null, now);
        return now;
    }

    private DateTimeOffset Prove(Incident i, int n, string type, string place, DateTimeOffset now)
    {
        if (!GatheringPlan.Measures(type))
        {
            i.Confirm(people["checker"], By.SecondPerson, "现场查看属实", [], null, now.AddMinutes(5 + n % 9));
            now = now.AddMinutes(16 + n % 7);
            i.Confirm(people["community"], By.SecondPerson, "电话回访属实", [], null, now);
            i.CloseWhenProved(SensorVerdict.None, () => Hash(i, now), now);
            return now;
        }
        foreach (var (value, after) in new[] { (15.0, 20), (7.0, 40), (4.0, 60), (3.0, 80) }) i.Join(Reading(n, type, place, value, now.AddSeconds(after)), now.AddSeconds(after));
        now = now.AddMinutes(4 + n % 5);
        i.Join(Reading(n, type, place, 2, now.AddSeconds(-15)), now.AddSeconds(-15));
        i.Confirm(people["checker"], By.SecondPerson, "现场已无聚集", [], null, now);
        i.CloseWhenProved(SensorVerdict.Calm, () => Hash(i, now), now);
        return now;
    }

    private Observation Reading(int n, string type, string place, double value, DateTimeOffset at) => Received(n, $"reading.{at.ToUnixTimeSeconds()}", type, place, value, "人流计数器", true, at);

    private Observation Received(int n, string what, string type, string place, double? value, string source, bool machine, DateTimeOffset at)
    {
        var made = Observation.Receive(NewId.Of($"incidents.demo.{n}.{what}", null).Value, type, place, value, source, machine, at, Quality.Simulated, DateTimeOffset.MinValue, at);
        db.Add(made);
        if (value is { } v) readings.Add(new(at, v));
        return made;
    }

    private string Hash(Incident i, DateTimeOffset at) => Features.Judge.CertificateOf(i, [.. readings.Where(r => r.At <= at)], at);
}
