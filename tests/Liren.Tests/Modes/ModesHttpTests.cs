using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Modes;
using Liren.Contracts.Organisation;
using Liren.Modes.Features;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Modes;

/// <summary>A module of the future that keeps swabs under orders.</summary>
public sealed class Swabs : IDestroysCollected
{
    public const string Code = "health.swab";
    public long Left { get; set; } = 42;
    public bool Stuck { get; set; }
    public string Collection => Code;
    public Task<long> CountAsync(Guid orderId, CancellationToken cancellation = default) => Task.FromResult(Left);

    public Task DestroyAsync(Guid orderId, CancellationToken cancellation = default)
    {
        if (!Stuck) Left = 0;
        return Task.CompletedTask;
    }
}

public sealed class ModesApp : LirenApp
{
    public Swabs Swabs { get; } = new();

    protected override bool Demo => true;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(s => s.AddSingleton<IDestroysCollected>(Swabs));
    }
}

/// <summary>Emergency orders through HTTP: two names, inherited down the tree, an end that comes by itself, destruction with a certificate.</summary>
public sealed class ModesHttpTests(ModesApp app) : IClassFixture<ModesApp>
{
    private const string Huamu = "31.01.15.016", Community = Huamu + ".037", Compound = Community + ".liren", Plaza = Compound + ".plaza";
    private static int number;
    private HttpClient Leader => app.As(BuiltInRoles.StreetLeader, Huamu);
    private HttpClient Duty => app.As(BuiltInRoles.DutyOfficer, Huamu);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private object Draft(string area, double days = 10, string? no = null, object[]? collections = null, Guid? renews = null, DateTimeOffset? from = null) => new
    {
        area, level = "III", orderNo = no ?? $"花街应急令〔2020〕{Interlocked.Increment(ref number) + 100}号", authority = "花木街道办事处", basis = "突发事件应对法", reason = "出现确诊病例",
        from, to = (from ?? app.Clock.GetUtcNow()).AddDays(days), collections = collections ?? [new { code = "gate.temperature", purpose = "及时送诊", retentionDays = 14 }], renews,
    };

    private async Task<Guid> ProposeAsync(object draft)
    {
        var answer = await Leader.PostAsJsonAsync("/api/modes", draft, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Stop));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    private Task<JsonElement> ShowAsync(Guid id) => Leader.GetFromJsonAsync<JsonElement>($"/api/modes/{id}", Stop);

    private async Task<HttpResponseMessage> ActAsync(HttpClient who, Guid id, string act, object? body = null, string under = "/api/modes/")
    {
        var version = under.Contains("destructions", StringComparison.Ordinal)
            ? (await Leader.GetFromJsonAsync<JsonElement>("/api/modes/destructions?size=200", Stop)).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("id").GetGuid() == id).GetProperty("version").GetInt32()
            : (await ShowAsync(id)).GetProperty("version").GetInt32();
        var request = new HttpRequestMessage(HttpMethod.Post, $"{under}{id}/{act}") { Content = JsonContent.Create(body ?? new { }) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return await who.SendAsync(request, Stop);
    }

    private async Task<Guid> InForceAsync(object draft)
    {
        var id = await ProposeAsync(draft);
        (await ActAsync(Duty, id, "sign")).EnsureSuccessStatusCode();
        await app.SettleAsync();
        return id;
    }

    private async Task<JsonElement> AtAsync(string place) => (await Leader.GetFromJsonAsync<JsonElement>($"/api/modes/at?place={place}", Stop)).GetProperty("now");

    private async Task<bool> MayAsync(string collection, string place) => (await app.Services.GetRequiredService<ICollections>().MayAsync(collection, place, app.Clock.GetUtcNow(), Stop)).Allowed;

    private static async Task<string> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString()!;

    /// <summary>Runs the job until it has done what is waited for: its own runner may hold the rows at the same moment.</summary>
    private async Task SweepAsync(Func<Task<bool>> done)
    {
        for (var i = 0; i < 50 && !await done(); i++)
        {
            await app.InScopeAsync(async s => { await s.GetRequiredService<DestroyDue>().RunAsync(Stop); return true; }, Actor.System);
            await app.SettleAsync();
        }
        (await done()).ShouldBeTrue();
    }

    [Fact]
    public async Task An_emergency_takes_two_people_holds_below_ends_by_itself_and_ends_in_a_certificate()
    {
        await using var fresh = new ModesApp();
        await fresh.InitializeAsync();
        await new ModesHttpTests(fresh).StoryAsync();
    }

    private async Task StoryAsync()
    {
        var id = await ProposeAsync(Draft(Huamu, collections: [new { code = "gate.temperature", purpose = "及时送诊", retentionDays = 14 }, new { code = Swabs.Code, purpose = "筛查", retentionDays = 2 }]));
        (await AtAsync(Plaza)).GetProperty("mode").GetString().ShouldBe("Peace");
        (await ActAsync(Leader, id, "sign")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await ActAsync(app.As(BuiltInRoles.CommunityWorker, Huamu), id, "sign")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ActAsync(app.As(BuiltInRoles.DutyOfficer, Community), id, "sign")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ActAsync(Duty, id, "sign")).EnsureSuccessStatusCode();
        await app.SettleAsync();

        (await AtAsync(Plaza)).GetProperty("orderId").GetGuid().ShouldBe(id);
        (await MayAsync("gate.temperature", Plaza)).ShouldBeTrue();
        (await MayAsync("visitor.itinerary", Plaza)).ShouldBeFalse();
        (await MayAsync("gate.temperature", "31.01.15")).ShouldBeFalse();
        var who = await Leader.GetFromJsonAsync<JsonElement>($"/api/organisation/who?event=crowd.gathering&place={Plaza}", Stop);
        (who.GetProperty("mode").GetString(), who.GetProperty("owner").GetProperty("code").GetString()).ShouldBe(("Emergency", "huamu-emergency"));

        // The clock alone ends it: nothing has been delivered yet.
        app.Clock.Advance(TimeSpan.FromDays(10));
        (await AtAsync(Plaza)).GetProperty("mode").GetString().ShouldBe("Peace");
        (await MayAsync("gate.temperature", Plaza)).ShouldBeFalse();
        await app.SettleAsync();
        var shown = await ShowAsync(id);
        shown.GetProperty("state").GetString().ShouldBe("Ended");
        shown.GetProperty("destructions").GetArrayLength().ShouldBe(2);
        (await Leader.GetAsync($"/api/modes/{id}/certificate", Stop)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        await app.PassAsync(TimeSpan.FromDays(2));
        await SweepAsync(async () => Task1(await ShowAsync(id), Swabs.Code).GetProperty("state").GetString() == "Destroyed");
        Task1(await ShowAsync(id), Swabs.Code).GetProperty("count").GetInt64().ShouldBe(42);

        var task = Task1(shown, "gate.temperature").GetProperty("id").GetGuid();
        (await CodeAsync(await ActAsync(Duty, task, "confirm", under: "/api/modes/destructions/"))).ShouldBe("modes.destruction-not-reported");
        (await ActAsync(app.As(BuiltInRoles.Guard, Huamu), task, "report", new { count = 5, method = "碎纸" }, "/api/modes/destructions/")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ActAsync(Duty, task, "report", new { count = 310, method = "登记簿碎纸" }, "/api/modes/destructions/")).EnsureSuccessStatusCode();
        (await CodeAsync(await ActAsync(Duty, task, "confirm", under: "/api/modes/destructions/"))).ShouldBe("modes.same-person");
        (await ActAsync(Leader, task, "refuse", new { reason = "还有一本没碎" }, "/api/modes/destructions/")).EnsureSuccessStatusCode();
        (await ActAsync(Duty, task, "report", new { count = 361, method = "登记簿碎纸" }, "/api/modes/destructions/")).EnsureSuccessStatusCode();
        (await ActAsync(Leader, task, "confirm", under: "/api/modes/destructions/")).EnsureSuccessStatusCode();
        await app.SettleAsync();

        var certificate = await Leader.GetFromJsonAsync<JsonElement>($"/api/modes/{id}/certificate", Stop);
        (certificate.GetProperty("whole").GetBoolean(), certificate.GetProperty("total").GetInt64(), certificate.GetProperty("items").GetArrayLength()).ShouldBe((true, 403, 2));
        var journal = (await ShowAsync(id)).GetProperty("history").EnumerateArray().Select(h => h.GetProperty("what").GetString() ?? h.GetProperty("event").GetString()).ToList();
        journal.ShouldBe(["proposed", "signed", "Begun", "Ended", "planned", "planned", "destroyed", "reported", "refused", "reported", "destroyed", "DestructionCertified"]);
        var pdf = await Leader.GetByteArrayAsync($"/api/modes/{id}/certificate.pdf", Stop);
        using var document = UglyToad.PdfPig.PdfDocument.Open(pdf);
        var text = document.GetPage(1).Text;
        foreach (var wanted in new[] { "应急采集数据销毁证明", certificate.GetProperty("number").GetString()!, "361", "登记簿碎纸", certificate.GetProperty("sha").GetString()![..40] }) text.ShouldContain(wanted);
    }

    private static JsonElement Task1(JsonElement order, string collection) => order.GetProperty("destructions").EnumerateArray().Single(t => t.GetProperty("collection").GetString() == collection);

    [Fact]
    public async Task A_deeper_order_decides_and_cutting_it_short_gives_the_place_back_to_the_one_above()
    {
        var above = await InForceAsync(Draft(Community, 20));
        var below = await InForceAsync(Draft(Compound, 5, collections: [new { code = "visitor.health", purpose = "询问", retentionDays = 7 }]));
        (await AtAsync(Plaza)).GetProperty("orderId").GetGuid().ShouldBe(below);
        (await AtAsync(Community)).GetProperty("orderId").GetGuid().ShouldBe(above);
        (await MayAsync("gate.temperature", Plaza), await MayAsync("visitor.health", Plaza), await MayAsync("visitor.health", Community)).ShouldBe((true, true, false));
        await app.PassAsync(TimeSpan.FromHours(1));
        (await CodeAsync(await ActAsync(Leader, below, "end", new { orderNo = "止1", reason = "" }))).ShouldBe("modes.reason");
        (await ActAsync(Duty, below, "end", new { orderNo = "止1", reason = "清零" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ActAsync(Leader, below, "end", new { orderNo = "止1", reason = "清零" })).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await AtAsync(Plaza)).GetProperty("orderId").GetGuid().ShouldBe(above);
        (await MayAsync("visitor.health", Plaza)).ShouldBeFalse();
        (await ShowAsync(below)).GetProperty("destructions")[0].GetProperty("due").GetDateTimeOffset().ShouldBe(app.Clock.GetUtcNow().AddDays(7), TimeSpan.FromSeconds(1));
        (await ActAsync(Leader, above, "end", new { orderNo = "止2", reason = "清零" })).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await AtAsync(Plaza)).GetProperty("mode").GetString().ShouldBe("Peace");
    }

    [Fact]
    public async Task A_renewal_goes_on_without_a_gap_and_says_so()
    {
        var heard = new List<string>();
        using var ear = LiveBus.Shared.Listen(n => { if (n.Type == nameof(ModeChanged)) lock (heard) heard.Add(n.Place!); });
        const string place = Compound + ".b3";
        var old = await InForceAsync(Draft(place, 2));
        var next = await ProposeAsync(new { orderNo = $"续{Interlocked.Increment(ref number)}", to = app.Clock.GetUtcNow().AddDays(20), renews = old });
        var shown = await ShowAsync(next);
        (shown.GetProperty("area").GetString(), shown.GetProperty("collections")[0].GetProperty("code").GetString(), shown.GetProperty("from").GetDateTimeOffset()).ShouldBe((place, "gate.temperature", (await ShowAsync(old)).GetProperty("endsAt").GetDateTimeOffset()));
        (await ActAsync(Duty, next, "sign")).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await ShowAsync(next)).GetProperty("state").GetString().ShouldBe("Coming");
        (await ShowAsync(old)).GetProperty("collections")[0].GetProperty("stopsAtEnd").GetBoolean().ShouldBeFalse();
        var second = await ProposeAsync(new { orderNo = $"续{Interlocked.Increment(ref number)}", to = app.Clock.GetUtcNow().AddDays(21), renews = old });
        (await CodeAsync(await ActAsync(Duty, second, "sign"))).ShouldBe("modes.renewed-already");
        await app.PassAsync(TimeSpan.FromDays(2) + TimeSpan.FromSeconds(1));
        (await AtAsync(place)).GetProperty("orderId").GetGuid().ShouldBe(next);
        (await ShowAsync(next)).GetProperty("history").EnumerateArray().Select(h => h.GetProperty("what").GetString()).ShouldContain("Renewed");
        (await ShowAsync(old)).GetProperty("destructions").GetArrayLength().ShouldBe(1);
        lock (heard) heard.Count(p => p == place).ShouldBe(3);
    }

    [Theory]
    [InlineData("collections", "modes.collection-unknown", 422), InlineData("area", "modes.area-unknown", 422), InlineData("to", "modes.to-far", 422)]
    public async Task Bad_input_is_refused_by_field(string field, string code, int status)
    {
        var draft = field switch { "collections" => Draft(Compound, collections: [new { code = "blood.type", purpose = "无", retentionDays = 1 }]), "area" => Draft(Huamu + ".999"), _ => Draft(Compound, 31) };
        var answer = await Leader.PostAsJsonAsync("/api/modes", draft, Stop);
        ((int)answer.StatusCode).ShouldBe(status);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()).ShouldBe((code, field));
    }

    [Fact]
    public async Task Elsewhere_nobody_may_order_and_programs_sign_nothing()
    {
        (await Leader.PostAsJsonAsync("/api/modes", Draft("61.06.02"), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.As(BuiltInRoles.DutyOfficer, Huamu).PostAsJsonAsync("/api/modes", Draft(Compound), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var program = new Actor(Guid.CreateVersion7(), "program", ActorKind.Integration, null, [new Grant("x", null, Huamu, ["*"])]);
        (await Should.ThrowAsync<Liren.Sdk.RuleBrokenException>(() => app.InScopeAsync(s => s.GetRequiredService<OrderMode>().RunAsync(
            new(Compound, null, "令", "机关", "依据", "原因", null, app.Clock.GetUtcNow().AddDays(1)), Liren.Sdk.Web.NewId.Fresh, Stop), program))).Code.ShouldBe("modes.named-person");
    }

    [Fact]
    public async Task A_number_is_used_once_until_the_order_is_withdrawn_and_a_repeated_create_finds_the_first()
    {
        var id = await ProposeAsync(Draft(Compound, no: "同号"));
        (await CodeAsync(await Leader.PostAsJsonAsync("/api/modes", Draft(Compound, no: "同号"), Stop))).ShouldBe("modes.order-no-taken");
        (await ActAsync(Duty, id, "refuse", new { reason = "依据不足" })).EnsureSuccessStatusCode();
        var http = Leader;
        http.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var ids = new List<Guid>();
        for (var i = 0; i < 2; i++) ids.Add((await (await http.PostAsJsonAsync("/api/modes", Draft(Compound, no: "同号"), Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid());
        ids[0].ShouldBe(ids[1]);
        (await ActAsync(Leader, ids[0], "withdraw", new { reason = "不需要了" })).EnsureSuccessStatusCode();
        (await ShowAsync(ids[0])).GetProperty("state").GetString().ShouldBe("Withdrawn");
    }

    [Fact]
    public async Task Those_below_see_the_order_above_them_and_strangers_do_not()
    {
        var id = await InForceAsync(Draft(Community + ".liren", 1));
        (await app.As(BuiltInRoles.Guard, Plaza).GetAsync($"/api/modes/{id}", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.As(BuiltInRoles.Guard, Plaza).GetStringAsync("/api/modes?filter=in-force", Stop)).ShouldContain(id.ToString());
        (await app.As(BuiltInRoles.StreetLeader, "61.06.02").GetAsync($"/api/modes/{id}", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.As(BuiltInRoles.StreetLeader, "61.06.02").GetStringAsync("/api/modes", Stop)).ShouldNotContain(id.ToString());
        async Task<int> LinesAsync(string scope, string place) => (await app.InScopeAsync(s => s.GetRequiredService<Liren.Sdk.Ui.IShellLines>().LinesAsync(place, Stop), new Actor(null, "x", ActorKind.Person, null, [new Grant("x", null, scope, ["modes.read"])]))).Count;
        (await LinesAsync(Plaza, ""), await LinesAsync("", "61.06.02"), await LinesAsync("44", "")).ShouldBe((1, 1, 0));
        (await ActAsync(Leader, id, "end", new { orderNo = "止", reason = "清零" })).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await LinesAsync(Plaza, "")).ShouldBe(0);
    }

    [Fact]
    public async Task A_renewal_is_not_signed_once_the_old_order_was_cut_short()
    {
        const string place = Compound + ".b5";
        var old = await InForceAsync(Draft(place, 5));
        var next = await ProposeAsync(new { orderNo = $"续{Interlocked.Increment(ref number)}", to = app.Clock.GetUtcNow().AddDays(20), renews = old });
        (await ActAsync(Leader, old, "end", new { orderNo = "止", reason = "清零" })).EnsureSuccessStatusCode();
        (await CodeAsync(await ActAsync(Duty, next, "sign"))).ShouldBe("modes.renew-state");
        await app.SettleAsync();
        (await AtAsync(place)).GetProperty("mode").GetString().ShouldBe("Peace");
    }

    [Fact]
    public async Task Those_whom_it_concerns_are_told_when_it_waits_begins_nears_its_end_ends_and_falls_due()
    {
        await using var fresh = new ModesApp();
        await fresh.InitializeAsync();
        var (leader, duty) = (fresh.AsAccount("leader"), fresh.AsAccount("duty"));
        async Task<List<string>> BellAsync(string user) => await fresh.InScopeAsync(async s =>
        {
            var account = await s.GetRequiredService<Liren.Contracts.Identity.IAccountDirectory>().FindByUserNameAsync(user, Stop);
            return await s.GetRequiredService<Liren.Sdk.Data.SdkDb>().BellNotes.Where(n => n.AccountId == account!.Id && n.TextKey.StartsWith("modes.")).OrderBy(n => n.At).ThenBy(n => n.Id).Select(n => n.TextKey.Substring(11)).ToListAsync(Stop);
        });
        var before = (await BellAsync("duty")).Count;
        var mine = (await BellAsync("leader")).Count;
        var id = (await (await leader.PostAsJsonAsync("/api/modes", new { area = Compound, level = "II", orderNo = "铃1", authority = "街道", basis = "法", reason = "因", to = fresh.Clock.GetUtcNow().AddDays(3), collections = new[] { new { code = "gate.temperature", purpose = "送诊", retentionDays = 1 } } }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        await fresh.SettleAsync();
        var sign = new HttpRequestMessage(HttpMethod.Post, $"/api/modes/{id}/sign");
        sign.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        (await duty.SendAsync(sign, Stop)).EnsureSuccessStatusCode();
        await fresh.SettleAsync();
        foreach (var days in new[] { 2, 1 }) await fresh.PassAsync(TimeSpan.FromDays(days));
        await fresh.PassAsync(TimeSpan.FromDays(1));
        await fresh.InScopeAsync(async s => { await s.GetRequiredService<DestroyDue>().RunAsync(Stop); return true; }, Actor.System);
        (await BellAsync("duty")).Skip(before).Distinct().ShouldBe(["proposed", "begun", "ended", "destroy"]);
        (await BellAsync("leader")).Skip(mine).Distinct().ShouldBe(["begun", "near", "ended", "destroy"]);
    }

    [Fact]
    public async Task What_a_module_cannot_destroy_is_not_certified()
    {
        app.Swabs.Stuck = true;
        app.Swabs.Left = 7;
        var id = await InForceAsync(Draft(Compound, 0.5, collections: [new { code = Swabs.Code, purpose = "筛查", retentionDays = 0 }]));
        await app.PassAsync(TimeSpan.FromDays(1));
        await app.InScopeAsync(async s => { await s.GetRequiredService<DestroyDue>().RunAsync(Stop); return true; }, Actor.System);
        (await ShowAsync(id)).GetProperty("destructions")[0].GetProperty("state").GetString().ShouldBe("Planned");
        (await ShowAsync(id)).GetProperty("destructions")[0].GetProperty("overdue").GetBoolean().ShouldBeTrue();
        (await CodeAsync(await ActAsync(Leader, (await ShowAsync(id)).GetProperty("destructions")[0].GetProperty("id").GetGuid(), "report", new { count = 7, method = "手工" }, "/api/modes/destructions/"))).ShouldBe("modes.module-destroys");
        app.Swabs.Stuck = false;
        await SweepAsync(async () => (await ShowAsync(id)).GetProperty("certificate").GetString() is not null);
        (await Leader.GetFromJsonAsync<JsonElement>($"/api/modes/{id}/certificate", Stop)).GetProperty("total").GetInt64().ShouldBe(7);
    }

    [Fact]
    public async Task The_reach_names_places_people_and_owners_and_lists_export_as_a_table()
    {
        var reach = await Leader.GetFromJsonAsync<JsonElement>($"/api/modes/reach?place={Huamu}", Stop);
        reach.GetProperty("residents").GetInt32().ShouldBeGreaterThan(0);
        reach.GetProperty("compounds").GetInt32().ShouldBeGreaterThan(0);
        reach.GetProperty("owners").EnumerateArray().ShouldContain(o => o.GetProperty("event").GetString() == "crowd.gathering" && o.GetProperty("emergency").GetString() == "花木街道应急管理办公室");
        (await Leader.GetStringAsync("/api/modes?format=csv", Stop)).ShouldContain("花街应急令〔演示〕1号");
        (await Leader.GetStringAsync("/api/modes/destructions?format=csv&filter=destroyed", Stop)).ShouldContain("已销毁");
        var past = (await Leader.GetFromJsonAsync<JsonElement>("/api/modes?filter=past&q=演示", Stop)).GetProperty("items").EnumerateArray().Single(o => o.GetProperty("orderNo").GetString() == "花街应急令〔演示〕1号");
        (await Leader.GetFromJsonAsync<JsonElement>($"/api/modes/{past.GetProperty("id").GetGuid()}/certificate", Stop)).GetProperty("whole").GetBoolean().ShouldBeTrue();
    }
}
