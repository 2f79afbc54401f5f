using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Identity;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Domain;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Tests.Organisation;

/// <summary>Units, lines, posts and shifts through the API, by people of different places.</summary>
public sealed class UnitTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Huamu = "31.01.15.016", Community = Huamu + ".037", Compound = Community + ".liren";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private HttpClient Admin => app.As(Administrator);

    private static async Task<string> CodeAsync(HttpResponseMessage answer) => answer.IsSuccessStatusCode ? "ok" : (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString()!;

    private async Task<Guid> IdAsync(string code) => (await app.InScopeAsync(s => s.GetRequiredService<IOrganisationDirectory>().FindByCodeAsync(code, Stop)))!.Id;

    private async Task<Guid> AddAsync(string code, string kind, string place = Huamu, HttpClient? by = null)
    {
        var made = await (by ?? Admin).PostAsJsonAsync("/api/organisation/units", new { code, name = "单位 " + code, kind, place }, Stop);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Stop));
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    private async Task<Guid> PostAsync(Guid org, string kind, string place = Huamu)
    {
        var made = await Admin.PostAsJsonAsync("/api/organisation/posts", new { orgId = org, kind, name = "岗位 " + kind, place }, Stop);
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    private Task<HttpResponseMessage> FillAsync(Guid post, Guid account) => Admin.PostAsJsonAsync($"/api/organisation/posts/{post}/holdings", new { accountId = account }, Stop);

    private async Task<Guid> AccountAsync(string name, Guid? org = null) => await app.InScopeAsync(async s =>
    {
        var accounts = s.GetRequiredService<IAccountDirectory>();
        await accounts.EnsureAsync(new(name, name, org, GridWorker, Huamu), Stop);
        return (await accounts.FindByUserNameAsync(name, Stop))!.Id;
    });

    private Task<HttpResponseMessage> SuperiorAsync(Guid org, string line, Guid? above) => Admin.PutAsJsonAsync($"/api/organisation/units/{org}/superiors/{line}", new { superior = above }, Stop);

    [Fact]
    public async Task A_street_edits_only_its_own_units()
    {
        var leader = app.As(StreetLeader, Huamu);
        var own = await AddAsync("own-unit", "Department", Huamu, leader);
        (await leader.PostAsJsonAsync("/api/organisation/units", new { code = "foreign", name = "外区单位", kind = "Department", place = "61.06.02" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var baota = await IdAsync("baota");
        (await leader.GetAsync(new Uri($"/api/organisation/units/{baota}", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var all = await leader.GetFromJsonAsync<JsonElement>("/api/organisation/units?size=200", Stop);
        all.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("place").GetString()!).ShouldAllBe(p => PlacePath.IsWithin(p, Huamu));
        (await app.As(GridWorker, Huamu).PostAsJsonAsync("/api/organisation/units", new { code = "x-y", name = "名称", kind = "Street", place = Huamu }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var edit = new HttpRequestMessage(HttpMethod.Put, $"/api/organisation/units/{own}") { Content = JsonContent.Create(new { code = "own-unit", name = "改名单位", kind = "Department", place = Huamu, dutyPhone = "021-5550" }) };
        (await leader.SendAsync(edit, Stop)).StatusCode.ShouldBe((HttpStatusCode)428);
    }

    [Theory]
    [InlineData("UPPER", "名称", "Street", Huamu, null, "code"), InlineData("good-code", "名", "Street", Huamu, null, "name"), InlineData("good-code", "名称", "Castle", Huamu, null, "kind"),
     InlineData("good-code", "名称", "Street", "31.99.99", null, "place"), InlineData("good-code", "名称", "Street", Huamu, "call me", "dutyPhone"), InlineData("huamu", "名称", "Street", Huamu, null, "code")]
    public async Task Bad_input_names_its_field(string code, string name, string kind, string place, string? dutyPhone, string field)
    {
        var answer = await Admin.PostAsJsonAsync("/api/organisation/units", new { code, name, kind, place, dutyPhone }, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Lines_are_apart_and_never_close_a_circle()
    {
        var (a, b, c) = (await AddAsync("line-a", "Department"), await AddAsync("line-b", "Department"), await AddAsync("line-c", "Department"));
        (await CodeAsync(await SuperiorAsync(b, "Territory", a))).ShouldBe("ok");
        (await CodeAsync(await SuperiorAsync(c, "Territory", b))).ShouldBe("ok");
        (await CodeAsync(await SuperiorAsync(a, "Territory", c))).ShouldBe("organisation.superior-cycle");
        (await CodeAsync(await SuperiorAsync(a, "Territory", a))).ShouldBe("organisation.superior-self");
        // The other way round in another line is no circle.
        (await CodeAsync(await SuperiorAsync(a, "Branch", c))).ShouldBe("ok");
        (await CodeAsync(await SuperiorAsync(await IdAsync("liren-property"), "Territory", await IdAsync("huamu")))).ShouldBe("organisation.superior-kind");
        (await CodeAsync(await SuperiorAsync(c, "Territory", a))).ShouldBe("ok");
        var shown = await Admin.GetFromJsonAsync<JsonElement>($"/api/organisation/units/{c}", Stop);
        shown.GetProperty("superiors").EnumerateArray().Where(s => s.GetProperty("line").GetString() == "Territory").ShouldHaveSingleItem().GetProperty("orgId").GetGuid().ShouldBe(a);
    }

    [Fact]
    public async Task A_unit_that_still_leads_or_has_others_below_is_not_closed()
    {
        async Task<string> CloseAsync(Guid id)
        {
            var version = (await Admin.GetFromJsonAsync<JsonElement>($"/api/organisation/units/{id}", Stop)).GetProperty("version").GetInt32();
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/organisation/units/{id}/close") { Content = JsonContent.Create(new { reason = "机构改革" }) };
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
            return await CodeAsync(await Admin.SendAsync(request, Stop));
        }
        (await CloseAsync(await IdAsync("huamu"))).ShouldBe("organisation.close-below");
        (await CloseAsync(await IdAsync("huamu-urban"))).ShouldBe("organisation.close-leads");
        var unit = await AddAsync("to-close", "Department");
        var post = await PostAsync(unit, "duty-officer");
        (await CloseAsync(unit)).ShouldBe("ok");
        (await Admin.GetFromJsonAsync<JsonElement>($"/api/organisation/posts/{post}", Stop)).GetProperty("closedAt").ValueKind.ShouldBe(JsonValueKind.String);
        (await CloseAsync(unit)).ShouldBe("organisation.closed");
    }

    [Fact]
    public async Task Conflicts_of_interest_are_refused_when_a_post_is_filled()
    {
        var (grid, checker) = (await PostAsync(await IdAsync("lianyang1"), "grid-worker", Community), await PostAsync(await IdAsync("lianyang1"), "checker", Community));
        var worker = await AccountAsync("conflict1");
        (await CodeAsync(await FillAsync(grid, worker))).ShouldBe("ok");
        (await CodeAsync(await FillAsync(checker, worker))).ShouldBe("organisation.conflict-posts");
        (await CodeAsync(await FillAsync(grid, worker))).ShouldBe("organisation.in-post-already");
        var (member, guard) = (await PostAsync(await IdAsync("liren-committee"), "committee-member", Compound), await PostAsync(await IdAsync("liren-property"), "guard", Compound));
        var owner = await AccountAsync("conflict2");
        (await CodeAsync(await FillAsync(member, owner))).ShouldBe("ok");
        (await CodeAsync(await FillAsync(guard, owner))).ShouldBe("organisation.conflict-committee");
        (await CodeAsync(await FillAsync(member, await AccountAsync("conflict3", await IdAsync("liren-property"))))).ShouldBe("organisation.conflict-committee");
    }

    [Fact]
    public async Task A_shift_is_planned_covered_swapped_and_reported_absent()
    {
        var post = await PostAsync(await IdAsync("huamu-grid"), "duty-officer");
        var (one, two) = (await AccountAsync("swap1"), await AccountAsync("swap2"));
        async Task<Guid> HoldAsync(Guid account) => (await (await FillAsync(post, account)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        var (first, second) = (await HoldAsync(one), await HoldAsync(two));
        var today = DateOnly.FromDateTime(app.Clock.GetUtcNow().AddHours(8).DateTime);
        async Task<Guid> PlanAsync(string start, string end, Guid who) => (await (await Admin.PostAsJsonAsync($"/api/organisation/posts/{post}/shifts",
            new { name = "班", days = new[] { 1, 2, 3, 4, 5, 6, 7 }, start, end, holdingId = who, from = today }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        var (day, night) = (await PlanAsync("08:00", "20:00", first), await PlanAsync("20:00", "08:00", second));
        var (d1, d2) = (today.AddDays(1), today.AddDays(2));
        async Task<string> WhoAsync(DateOnly date, int hour) => string.Join(',', (await app.InScopeAsync(s => s.GetRequiredService<IDutyRota>().OnDutyOfAsync(IdAsync("huamu-grid").GetAwaiter().GetResult(), Rota.Instant(date, hour * 60), Stop)))
            .Where(p => p.PostId == post).Select(p => p.PersonName));
        (await WhoAsync(d1, 9)).ShouldBe("swap1");
        (await WhoAsync(d2, 3)).ShouldBe("swap2");

        var asked = await (await Admin.PostAsJsonAsync($"/api/organisation/posts/{post}/changes", new { kind = "Swap", shiftId = day, date = d1, otherShiftId = night, otherDate = d2 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        asked.GetProperty("state").GetString().ShouldBe("Asked");
        (await WhoAsync(d1, 9)).ShouldBe("swap1");
        var change = asked.GetProperty("id").GetGuid();
        (await Admin.PostAsJsonAsync($"/api/organisation/changes/{change}/answer", new { yes = true }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await app.InScopeAsync(async s => { await s.GetRequiredService<Liren.Organisation.Features.AnswerSwap>().RunAsync(change, true, Stop); return 0; },
            new Actor(two, "swap2", ActorKind.Person, null, [new Grant(GridWorker, null, Huamu, ["organisation.duty"])]));
        (await WhoAsync(d1, 9)).ShouldBe("swap2");
        (await WhoAsync(d2, 21)).ShouldBe("swap1");

        (await CodeAsync(await Admin.PostAsJsonAsync($"/api/organisation/posts/{post}/changes", new { kind = "Absence", shiftId = night, date = d1, reason = "病假" }, Stop))).ShouldBe("ok");
        (await WhoAsync(d1, 21)).ShouldBe("");
        (await CodeAsync(await Admin.PostAsJsonAsync($"/api/organisation/posts/{post}/changes", new { kind = "Cover", shiftId = night, date = d1, toHolding = first }, Stop))).ShouldBe("ok");
        (await WhoAsync(d1, 21)).ShouldBe("swap1");
        (await CodeAsync(await Admin.PostAsJsonAsync($"/api/organisation/posts/{post}/changes", new { kind = "Cover", shiftId = night, date = today.AddDays(-5), toHolding = first }, Stop))).ShouldBe("organisation.no-slot");
        (await app.As(GridWorker, Huamu).PostAsJsonAsync($"/api/organisation/posts/{post}/changes", new { kind = "Cover", shiftId = day, date = d2, toHolding = second }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var ics = await Admin.GetStringAsync($"/api/organisation/rota/{post}.ics", Stop);
        ics.ShouldStartWith("BEGIN:VCALENDAR\r\n");
        ics.ShouldContain($"DTSTART:{Rota.Instant(d1, 480).UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        ics.Split("\r\n").ShouldAllBe(l => System.Text.Encoding.UTF8.GetByteCount(l) <= 75);
    }

    [Fact]
    public async Task An_empty_shift_of_the_next_day_rings_the_bell_of_those_who_plan_once()
    {
        var post = await PostAsync(await IdAsync("huamu-safety"), "engineer");
        var today = DateOnly.FromDateTime(app.Clock.GetUtcNow().AddHours(8).DateTime);
        (await Admin.PostAsJsonAsync($"/api/organisation/posts/{post}/shifts", new { name = "夜班", days = new[] { 1, 2, 3, 4, 5, 6, 7 }, start = "22:00", end = "06:00", from = today }, Stop)).EnsureSuccessStatusCode();
        var leader = (await app.InScopeAsync(s => s.GetRequiredService<IAccountDirectory>().FindByUserNameAsync("leader", Stop)))!.Id;
        async Task<int> RingAsync() => await app.InScopeAsync(async s =>
        {
            await ActivatorUtilities.CreateInstance<Liren.Organisation.Features.WatchRota>(s).RunAsync(Stop);
            return s.GetRequiredService<Liren.Organisation.Data.OrganisationDb>().BellNotes.Count(n => n.AccountId == leader && n.Href == $"/organisation/rota/{post}");
        });
        (await RingAsync()).ShouldBe(1);
        (await RingAsync()).ShouldBe(1);
        (await Admin.GetFromJsonAsync<JsonElement>("/api/organisation/rota", Stop)).GetProperty("empty").EnumerateArray().ShouldContain(e => e.GetProperty("postId").GetGuid() == post);
    }

    [Fact]
    public async Task A_position_is_taken_only_on_duty()
    {
        var post = await PostAsync(await IdAsync("lianyang1"), "engineer", Community);
        var account = await AccountAsync("walker");
        var actor = new Actor(account, "walker", ActorKind.Person, null, [new Grant(GridWorker, null, Huamu, ["organisation.duty"])]);
        Task<int> ReportAsync(double longitude) => app.InScopeAsync(async s => { await s.GetRequiredService<Liren.Organisation.Features.ReportPosition>().RunAsync(new(longitude, 31.2), Stop); return 0; }, actor);
        (await Should.ThrowAsync<Liren.Sdk.RuleBrokenException>(() => ReportAsync(121.5))).Code.ShouldBe("organisation.not-on-duty");
        var holding = (await (await FillAsync(post, account)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        await Admin.PostAsJsonAsync($"/api/organisation/posts/{post}/shifts", new { name = "全天", days = new[] { 1, 2, 3, 4, 5, 6, 7 }, start = "00:00", end = "00:00", holdingId = holding, from = "2020-01-01" }, Stop);
        await ReportAsync(121.5);
        await ReportAsync(121.6);
        var person = (await app.InScopeAsync(s => s.GetRequiredService<IDutyRota>().OnDutyAsync("engineer", Community, app.Clock.GetUtcNow(), Stop))).Single(p => p.AccountId == account);
        (person.Longitude, person.PositionAt).ShouldBe((121.6, app.Clock.GetUtcNow()));
        (await Should.ThrowAsync<Liren.Sdk.RuleBrokenException>(() => ReportAsync(200))).Field.ShouldBe("longitude");
    }
}
