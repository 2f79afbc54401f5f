using Liren.Contracts.Identity;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Organisation.Features;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Organisation;

/// <summary>
/// The demo's organisations, staff, posts, rota and matrix for 花木街道 and 宝塔区. Names of people and telephone numbers are invented. Each part looks
/// whether it is there already, so that a crash in the middle is mended by the next start.
/// </summary>
internal sealed class OrganisationDemo(OrganisationDb db, IAccountDirectory accounts, StaffPositions positions, IServiceProvider services, TimeProvider clock)
{
    private const string Pudong = "31.01.15", Huamu = "31.01.15.016", Community = "31.01.15.016.037", Compound = Community + ".liren", Baota = "61.06.02";

    private static readonly (string Code, string Name, OrgKind Kind, string Place, string? Phone)[] Orgs =
    [
        ("pudong", "浦东新区人民政府", OrgKind.District, Pudong, "021-55500001"),
        ("huamu", "花木街道办事处", OrgKind.Street, Huamu, "021-55500010"),
        ("huamu-grid", "花木街道网格化管理中心", OrgKind.GridCentre, Huamu, "021-55500011"),
        ("huamu-emergency", "花木街道应急管理办公室", OrgKind.Department, Huamu, "021-55500012"),
        ("huamu-safety", "花木街道平安建设办公室", OrgKind.Department, Huamu, "021-55500013"),
        ("huamu-services", "花木街道社区服务办公室", OrgKind.Department, Huamu, "021-55500014"),
        ("huamu-urban", "花木街道综合行政执法队", OrgKind.Department, Huamu, "021-55500015"),
        ("pudong-police", "浦东公安分局", OrgKind.PoliceStation, Pudong, "021-55500020"),
        ("huamu-police", "花木派出所", OrgKind.PoliceStation, Huamu, "021-55500021"),
        ("huamu-health", "花木社区卫生服务中心", OrgKind.HealthCentre, Huamu, "021-55500031"),
        ("huamu-fire", "花木消防救援站", OrgKind.FireBrigade, Huamu, "021-55500041"),
        ("lianyang1", "联洋第一居民委员会", OrgKind.CommunityOffice, Community, "021-55500051"),
        ("liren-owners", "里仁花园业主大会", OrgKind.OwnersAssembly, Compound, null),
        ("liren-committee", "里仁花园业主委员会", OrgKind.OwnersCommittee, Compound, "021-55500061"),
        ("liren-property", "里仁物业服务有限公司", OrgKind.PropertyCompany, Compound, "021-55500071"),
        ("liren-lifts", "安达电梯维保公司", OrgKind.Contractor, Compound, "021-55500081"),
        ("baota", "宝塔区人民政府", OrgKind.District, Baota, "0911-5550001"),
        ("baota-command", "宝塔区应急指挥中心", OrgKind.GridCentre, Baota, "0911-5550002"),
        ("baota-police", "公安宝塔分局", OrgKind.PoliceStation, Baota, "0911-5550003"),
        ("baota-fire", "宝塔区消防救援大队", OrgKind.FireBrigade, Baota, "0911-5550004"),
        ("baota-health", "宝塔区疾病预防控制中心", OrgKind.HealthCentre, Baota, "0911-5550005"),
        ("baota-civil", "宝塔区民政局", OrgKind.Department, Baota, "0911-5550006"),
    ];

    private static readonly (AuthorityLine Line, string Superior, string[] Below, string? Basis)[] Lines =
    [
        (AuthorityLine.Territory, "pudong", ["huamu"], null),
        (AuthorityLine.Territory, "huamu", ["huamu-grid", "huamu-emergency", "huamu-safety", "huamu-services", "huamu-urban", "huamu-police", "huamu-health", "huamu-fire"], null),
        (AuthorityLine.Territory, "baota", ["baota-command", "baota-police", "baota-fire", "baota-health", "baota-civil"], null),
        (AuthorityLine.Branch, "pudong-police", ["huamu-police"], null),
        (AuthorityLine.SelfGovernment, "huamu", ["lianyang1"], "城市居民委员会组织法"),
        (AuthorityLine.Owners, "liren-owners", ["liren-committee"], "业主大会议事规则"),
        (AuthorityLine.Contract, "liren-owners", ["liren-property"], "物业服务合同"),
        (AuthorityLine.Contract, "liren-property", ["liren-lifts"], "电梯维保合同"),
    ];

    private static readonly (string User, string Name, string Role, string Place, string Org)[] Staff =
    [
        ("leader", "街道领导 周敏", BuiltInRoles.StreetLeader, Huamu, "huamu"),
        ("duty", "值班员 陈立", BuiltInRoles.DutyOfficer, Huamu, "huamu"),
        ("community", "社区工作者 吴岚", BuiltInRoles.CommunityWorker, Community, "lianyang1"),
        ("grid1", "网格员 张强", BuiltInRoles.GridWorker, Community, "lianyang1"),
        ("grid2", "网格员 李霞", BuiltInRoles.GridWorker, Community, "lianyang1"),
        ("grid3", "网格员 王军", BuiltInRoles.GridWorker, Community, "lianyang1"),
        ("checker", "核查员 赵晴", BuiltInRoles.Checker, Community, "lianyang1"),
        ("manager", "物业经理 孙浩", BuiltInRoles.PropertyManager, Compound, "liren-property"),
        ("auditor", "审计员 郑重", BuiltInRoles.Auditor, Huamu, "huamu"),
        ("yanan", "宝塔区 冯远", BuiltInRoles.StreetLeader, Baota, "baota"),
    ];

    private enum Hours { DayAndNight, Weekly, Office, None }

    /// <summary>Posts with who stands in them: a user name of <see cref="Staff"/>, or the name of somebody without an account.</summary>
    private static readonly (string Key, string Org, string Kind, string Name, string Place, Hours Hours, string[] People)[] Posts =
    [
        ("pudong", "pudong", PostKinds.DutyOfficer, "区值班室", Pudong, Hours.Weekly, ["区值班 丁宁", "区值班 江河"]),
        ("leader", "huamu", PostKinds.DutyLeader, "带班领导", Huamu, Hours.DayAndNight, ["leader"]),
        ("duty", "huamu", PostKinds.DutyOfficer, "街道值班员", Huamu, Hours.DayAndNight, ["duty"]),
        ("secretary", "lianyang1", PostKinds.CommunitySecretary, "社区书记岗", Community, Hours.DayAndNight, ["community"]),
        ("grid1", "lianyang1", PostKinds.GridWorker, "第一网格网格员", Community, Hours.DayAndNight, ["grid1"]),
        ("grid2", "lianyang1", PostKinds.GridWorker, "第二网格网格员", Community, Hours.DayAndNight, ["grid2"]),
        ("grid3", "lianyang1", PostKinds.GridWorker, "第三网格网格员", Community, Hours.DayAndNight, ["grid3"]),
        ("checker", "lianyang1", PostKinds.Checker, "网格核查员", Community, Hours.DayAndNight, ["checker"]),
        ("manager", "liren-property", PostKinds.PropertyManager, "项目经理", Compound, Hours.Office, ["manager"]),
        ("guard", "liren-property", PostKinds.Guard, "东门门岗", Compound, Hours.Weekly, ["保安 何勇", "保安 马亮"]),
        ("engineer", "liren-property", PostKinds.Engineer, "值班工程师", Compound, Hours.DayAndNight, ["工程 朱斌"]),
        ("lift", "liren-lifts", PostKinds.Engineer, "电梯抢修", Compound, Hours.DayAndNight, ["维保 徐杰"]),
        ("committee", "liren-committee", PostKinds.CommitteeMember, "业委会委员", Compound, Hours.None, ["委员 林静"]),
        ("grid-centre", "huamu-grid", PostKinds.DutyOfficer, "网格中心坐席", Huamu, Hours.Weekly, ["坐席 沈悦", "坐席 高翔"]),
        ("emergency", "huamu-emergency", PostKinds.DutyOfficer, "应急值班", Huamu, Hours.DayAndNight, ["应急 罗刚"]),
        ("safety", "huamu-safety", PostKinds.DutyOfficer, "平安值班", Huamu, Hours.DayAndNight, ["平安 唐磊"]),
        ("services", "huamu-services", PostKinds.DutyOfficer, "民生值班", Huamu, Hours.DayAndNight, ["民生 许雯"]),
        ("urban", "huamu-urban", PostKinds.DutyOfficer, "执法值班", Huamu, Hours.DayAndNight, ["执法 彭涛"]),
        ("police", "huamu-police", PostKinds.PoliceOfficer, "值班民警", Huamu, Hours.Weekly, ["民警 曹宇", "民警 田野"]),
        ("health", "huamu-health", PostKinds.HealthWorker, "值班医生", Huamu, Hours.DayAndNight, ["医生 叶青"]),
        ("fire", "huamu-fire", PostKinds.FireFighter, "执勤班", Huamu, Hours.DayAndNight, ["班长 秦峰"]),
        ("baota-leader", "baota", PostKinds.DutyLeader, "带班领导", Baota, Hours.DayAndNight, ["yanan"]),
        ("baota-command", "baota-command", PostKinds.DutyOfficer, "指挥中心值班员", Baota, Hours.Weekly, ["值班 白雪", "值班 高原"]),
        ("baota-grid", "baota-command", PostKinds.GridWorker, "网格员", Baota, Hours.DayAndNight, ["网格员 刘延"]),
        ("baota-police", "baota-police", PostKinds.PoliceOfficer, "值班民警", Baota, Hours.DayAndNight, ["民警 艾强"]),
        ("baota-fire", "baota-fire", PostKinds.FireFighter, "执勤班", Baota, Hours.DayAndNight, ["班长 贺雷"]),
        ("baota-health", "baota-health", PostKinds.HealthWorker, "疾控值班", Baota, Hours.DayAndNight, ["医生 惠敏"]),
        ("baota-civil", "baota-civil", PostKinds.DutyOfficer, "民政值班", Baota, Hours.DayAndNight, ["民政 拓宁"]),
    ];

    private static readonly (string Event, string Place, RuleMode Mode, string Lead, string[] Support)[] Rules =
    [
        ("*", Huamu, RuleMode.Any, "huamu-grid", ["huamu"]),
        ("crowd.*", Huamu, RuleMode.Peace, "huamu-safety", ["huamu-police"]),
        ("crowd.*", Huamu, RuleMode.Emergency, "huamu-emergency", ["huamu-safety", "huamu-police"]),
        ("crowd.gathering", Community, RuleMode.Peace, "lianyang1", ["huamu-safety"]),
        ("fire.*", Huamu, RuleMode.Any, "huamu-fire", ["huamu-emergency"]),
        ("fire.charging", Compound, RuleMode.Any, "liren-property", ["huamu-fire"]),
        ("health.*", Huamu, RuleMode.Any, "huamu-health", ["lianyang1"]),
        ("person.*", Huamu, RuleMode.Any, "huamu-services", ["huamu-health"]),
        ("security.*", Huamu, RuleMode.Any, "huamu-police", ["huamu-safety"]),
        ("environment.*", Huamu, RuleMode.Any, "huamu-urban", ["huamu-grid"]),
        ("traffic.*", Huamu, RuleMode.Any, "huamu-urban", ["huamu-police"]),
        ("weather.*", Huamu, RuleMode.Any, "huamu-emergency", ["huamu-grid"]),
        ("facility.*", Compound, RuleMode.Any, "liren-property", ["lianyang1"]),
        ("facility.lift", Compound, RuleMode.Any, "liren-lifts", ["liren-property", "huamu-fire"]),
        ("service.repair", Compound, RuleMode.Any, "liren-property", []),
        ("*", Baota, RuleMode.Any, "baota-command", ["baota"]),
        ("crowd.*", Baota, RuleMode.Peace, "baota-police", ["baota-command"]),
        ("fire.*", Baota, RuleMode.Any, "baota-fire", ["baota-command"]),
        ("health.*", Baota, RuleMode.Any, "baota-health", ["baota-command"]),
        ("person.*", Baota, RuleMode.Any, "baota-civil", ["baota-health"]),
        ("security.*", Baota, RuleMode.Any, "baota-police", []),
    ];

    public async Task SeedAsync(CancellationToken stop)
    {
        var orgs = await OrgsAsync(stop);
        var people = await StaffAsync(orgs, stop);
        await PostsAsync(orgs, people, stop);
        await CalendarAsync(stop);
        await MatrixAsync(people["leader"], stop);
        await PositionsAsync(people, stop);
    }

    private static Guid IdOf(string key) => NewId.Of("demo." + key, null).Value;

    private async Task<Dictionary<string, OrgUnit>> OrgsAsync(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var orgs = await db.Units.ToDictionaryAsync(o => o.Code, stop);
        foreach (var (code, name, kind, place, phone) in Orgs)
            if (!orgs.ContainsKey(code)) db.Add(orgs[code] = OrgUnit.Add(IdOf("org." + code), code, name, kind, place, phone, null, now));
        var links = (await db.Superiors.Select(s => new { s.OrgId, s.Line }).ToListAsync(stop)).Select(s => (s.OrgId, s.Line)).ToHashSet();
        foreach (var (line, superior, below, basis) in Lines)
            foreach (var code in below)
                if (links.Add((orgs[code].Id, line))) db.Add(new Superior { OrgId = orgs[code].Id, Line = line, SuperiorId = orgs[superior].Id, Basis = basis, Since = now });
        await db.SaveChangesAsync(stop);
        return orgs;
    }

    private async Task<Dictionary<string, Guid>> StaffAsync(Dictionary<string, OrgUnit> orgs, CancellationToken stop)
    {
        var people = new Dictionary<string, Guid>();
        foreach (var (user, name, role, place, org) in Staff)
        {
            if (await accounts.EnsureAsync(new(user, name, orgs[org].Id, role, place), stop) is { } password) DemoAccounts.Add(user, password, name);
            people[user] = (await accounts.FindByUserNameAsync(user, stop))!.Id;
        }
        return people;
    }

    private async Task PostsAsync(Dictionary<string, OrgUnit> orgs, Dictionary<string, Guid> people, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var there = (await db.Posts.Select(p => p.Id).ToListAsync(stop)).ToHashSet();
        // Patterns have no end: whenever the demo is looked at, somebody is on duty.
        var from = Shift.Monday(Rota.DayOf(now)).AddDays(-14);
        foreach (var (key, org, kind, name, place, hours, who) in Posts)
        {
            var id = IdOf("post." + key);
            if (there.Contains(id)) continue;
            var post = Post.Add(id, orgs[org], kind, name, place, hours is Hours.DayAndNight or Hours.Weekly, null, now);
            db.Add(post);
            var holdings = who.Select((w, i) => Holding.Fill(IdOf($"holding.{key}.{i}"), post, people.TryGetValue(w, out var account) ? account : null, w, false, now.AddDays(-21), null, now)).ToList();
            db.AddRange(holdings);
            db.AddRange(Shifts(key, id, hours, holdings, from, now));
        }
        await db.SaveChangesAsync(stop);
    }

    private static IEnumerable<Shift> Shifts(string key, Guid post, Hours hours, List<Holding> who, DateOnly from, DateTimeOffset now)
    {
        Shift Plan(string part, string name, int days, int start, int length, Guid person, DateOnly first, int weeks = 1, OnHolidays holidays = OnHolidays.Same) =>
            Shift.Plan(IdOf($"shift.{key}.{part}"), post, name, days, start, length, person, first, null, weeks, holidays, now);
        return hours switch
        {
            Hours.DayAndNight => [Plan("day", "白班", Shift.AllDays, 8 * 60, 720, who[0].Id, from), Plan("night", "夜班", Shift.AllDays, 20 * 60, 720, who[0].Id, from)],
            // Two people change places every week.
            Hours.Weekly =>
            [
                Plan("day-a", "白班", Shift.AllDays, 8 * 60, 720, who[0].Id, from, 2), Plan("night-a", "夜班", Shift.AllDays, 20 * 60, 720, who[1].Id, from, 2),
                Plan("day-b", "白班", Shift.AllDays, 8 * 60, 720, who[1].Id, from.AddDays(7), 2), Plan("night-b", "夜班", Shift.AllDays, 20 * 60, 720, who[0].Id, from.AddDays(7), 2),
            ],
            Hours.Office => [Plan("office", "日班", 0b001_1111, 8 * 60 + 30, 540, who[0].Id, from, 1, OnHolidays.Off)],
            _ => [],
        };
    }

    /// <summary>1 January, 1 May and 1 October are holidays by law in every year; the other days are announced year by year.</summary>
    private async Task CalendarAsync(CancellationToken stop)
    {
        if (await db.Calendar.AnyAsync(stop)) return;
        var year = Rota.DayOf(clock.GetUtcNow()).Year;
        foreach (var y in new[] { year, year + 1 })
            foreach (var (month, name) in new[] { (1, "元旦"), (5, "劳动节"), (10, "国庆节") }) db.Add(new CalendarDay { Date = new DateOnly(y, month, 1), Kind = DayKind.Holiday, Name = name });
        await db.SaveChangesAsync(stop);
    }

    private async Task MatrixAsync(Guid leader, CancellationToken stop)
    {
        if (await db.Versions.AnyAsync(stop)) return;
        var now = clock.GetUtcNow();
        var version = MatrixVersion.Draft(IdOf("matrix.1"), 1, null, "首版：花木街道与宝塔区职责划分", Staff[0].Name, leader, now);
        version.Set(version.Note, MatrixSettings.Default with { Scopes = [Huamu, Baota] }, now);
        db.Add(version);
        db.AddRange(Rules.Select((r, i) => MatrixRule.From(version.Id, i + 1, r.Event, r.Place, r.Mode, r.Lead, r.Support, 0, null, "属地管理事项责任清单", null)));
        version.Passed(now);
        version.Activate(Staff[0].Name, leader, now);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>The three grid workers stand around the plaza.</summary>
    private async Task PositionsAsync(Dictionary<string, Guid> people, CancellationToken stop)
    {
        var plaza = services.GetService<IPlaceDirectory>() is { } places ? await places.FindAsync(Compound + ".plaza", stop) : null;
        var (longitude, latitude) = (plaza?.Longitude ?? 121.5561, plaza?.Latitude ?? 31.2262);
        await positions.ReportAsync(people["grid1"], longitude + 0.0006, latitude + 0.0004, stop);
        await positions.ReportAsync(people["grid2"], longitude - 0.0021, latitude + 0.0013, stop);
        await positions.ReportAsync(people["grid3"], longitude + 0.0034, latitude - 0.0028, stop);
    }
}
