using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.People;

/// <summary>Registering, moving, transferring, agreeing and taking it back, being erased.</summary>
public sealed class PersonActTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Room(int building, int number) => $"{PeopleApp.Compound}.b{building}.u1.r{number}";

    private static JsonElement Only(JsonElement file) => file.GetProperty("occupancies").EnumerateArray().First(o => o.GetProperty("current").GetBoolean());

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, object? body, JsonElement seen) => PeopleApp.SendAsync(app.Worker, method, address, body, seen.GetProperty("version").GetInt32());

    [Fact]
    public async Task A_document_that_is_known_means_the_same_person_and_another_name_is_refused()
    {
        var idNo = app.NewId();
        var first = await app.RegisterAsync("周同", Room(1, 101), "Tenant", idNo);
        var again = await app.PostPersonAsync("周同", Room(1, 102), "Owner", idNo);
        again.IsSuccessStatusCode.ShouldBeTrue(await again.Content.ReadAsStringAsync(Stop));
        (await again.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("existing").GetBoolean().ShouldBeTrue();
        (await app.FileAsync(first)).GetProperty("occupancies").GetArrayLength().ShouldBe(2);
        (await PeopleApp.CodeAsync(await app.PostPersonAsync("周不同", Room(1, 103), "Owner", idNo))).ShouldBe("people.id-other-person");
    }

    [Fact]
    public async Task A_namesake_in_the_same_room_is_asked_about_first()
    {
        await app.RegisterAsync("王芳", Room(1, 201));
        (await PeopleApp.CodeAsync(await app.PostPersonAsync("王 芳", Room(1, 201), sure: false))).ShouldBe("people.namesake");
        (await app.PostPersonAsync("王芳", Room(1, 201), sure: true)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await app.PostPersonAsync("王芳", Room(1, 202), sure: false)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_same_key_registers_once()
    {
        var http = app.Worker;
        http.DefaultRequestHeaders.Add("Idempotency-Key", "desk-1");
        var first = await (await app.PostPersonAsync("钱一次", Room(1, 301), by: http)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        var second = await (await app.PostPersonAsync("钱一次", Room(1, 301), by: http)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        second.GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("310199196203050019", null, "people.id-checksum", "idNo")]
    [InlineData(null, "12345", "people.phone-shape", "phone")]
    [InlineData(null, "13800138000", "people.phone-junk", "phone")]
    public async Task What_is_wrong_is_named_with_its_field(string? idNo, string? phone, string code, string field)
    {
        var answer = await app.PostPersonAsync("赵改正", Room(1, 302), idNo: idNo, phone: phone);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Nobody_moves_into_a_room_that_is_none_or_that_lies_elsewhere()
    {
        (await PeopleApp.CodeAsync(await app.PostPersonAsync("无房", PeopleApp.Compound + ".b8.u1"))).ShouldBe("people.room");
        (await PeopleApp.CodeAsync(await app.PostPersonAsync("无房", Room(8, 9999)))).ShouldBe("people.room");
        (await PeopleApp.CodeAsync(await app.PostPersonAsync("无房", "61.06.02.001.001.x.b1.r1"))).ShouldBe("sdk.not-allowed");
    }

    [Fact]
    public async Task Two_at_once_cannot_take_more_than_the_whole_home_together()
    {
        var room = Room(2, 101);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => app.PostPersonAsync($"抢房{(char)('甲' + i)}", room, "Owner", more: new { share = "2/3" })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created)) (await PeopleApp.CodeAsync(refused)).ShouldBe("people.shares-sum");
    }

    [Fact]
    public async Task The_head_moves_out_and_the_eldest_follows_then_the_last_one_ends_the_household()
    {
        var room = Room(2, 201);
        var head = await app.RegisterAsync("户主甲", room, "Owner", app.NewId("19800101"));
        var young = await app.RegisterAsync("子女乙", room, "Family", app.NewId("20100101"), more: new { relation = "Child" });
        var old = await app.RegisterAsync("父母丙", room, "Family", app.NewId("19500101"), more: new { relation = "Parent" });
        var household = Only(await app.FileAsync(head)).GetProperty("householdId").GetGuid();
        var tie = Only(await app.FileAsync(head));
        (await SendAsync(HttpMethod.Post, $"/api/people/occupancies/{tie.GetProperty("id").GetGuid()}/end", new { }, tie)).EnsureSuccessStatusCode();
        (await app.FileAsync(head)).GetProperty("state").GetString().ShouldBe("MovedAway");
        var card = await app.Worker.GetFromJsonAsync<JsonElement>($"/api/people/households/{household}", Stop);
        card.GetProperty("members").EnumerateArray().Select(m => (m.GetProperty("personId").GetGuid(), m.GetProperty("head").GetBoolean())).ShouldBe([(old, true), (young, false)]);
        foreach (var who in new[] { young, old })
        {
            var own = Only(await app.FileAsync(who));
            (await SendAsync(HttpMethod.Post, $"/api/people/occupancies/{own.GetProperty("id").GetGuid()}/end", new { }, own)).EnsureSuccessStatusCode();
        }
        (await app.Worker.GetFromJsonAsync<JsonElement>($"/api/people/households/{household}", Stop)).GetProperty("until").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task A_home_is_sold_and_the_share_goes_with_it()
    {
        var room = Room(3, 301);
        var (seller, buyer) = (await app.RegisterAsync("卖方", room, "Owner", more: new { share = "1" }), await app.RegisterAsync("买方", Room(3, 302), "Tenant"));
        var tie = Only(await app.FileAsync(seller));
        (await SendAsync(HttpMethod.Post, $"/api/people/occupancies/{tie.GetProperty("id").GetGuid()}/transfer", new { to = buyer, lives = false, evidence = "title", evidenceRef = "沪2020字第1号" }, tie)).EnsureSuccessStatusCode();
        var bought = (await app.FileAsync(buyer)).GetProperty("occupancies").EnumerateArray().Single(o => o.GetProperty("roomPath").GetString() == room);
        bought.GetProperty("share").GetString().ShouldBe("1");
        bought.GetProperty("kind").GetString().ShouldBe("Owner");
        (await app.FileAsync(seller)).GetProperty("state").GetString().ShouldBe("MovedAway");
        (await SendAsync(HttpMethod.Post, $"/api/people/occupancies/{tie.GetProperty("id").GetGuid()}/end", new { }, tie)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task A_withdrawn_consent_takes_its_tags_out_of_everything_and_an_expired_one_hides_them()
    {
        var id = await app.RegisterAsync("独居老", Room(4, 101), "Owner", app.NewId("19400101"));
        var today = new DateOnly(2020, 2, 13);
        async Task<JsonElement> GiveAsync(DateOnly until) => await (await app.Worker.PostAsJsonAsync($"/api/people/persons/{id}/consents",
            new { tags = new[] { "lives-alone", "chronic-illness" }, purpose = Purposes.CommunityService, givenBy = "self", means = "paper", until }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        async Task<bool> ShownAsync()
        {
            var file = (await app.FileAsync(id)).GetProperty("tags").GetArrayLength() > 0;
            var list = (await app.Worker.GetStringAsync("/api/people/persons?q=独居老", Stop)).Contains("lives-alone");
            var filter = (await app.Worker.GetStringAsync("/api/people/persons?filter=tag.lives-alone", Stop)).Contains(id.ToString());
            (file, list, filter).ShouldBe((file, file, file));
            return file;
        }
        var consent = (await GiveAsync(today.AddDays(30))).GetGuid();
        (await ShownAsync()).ShouldBeTrue();
        (await app.FileAsync(id, app.As(BuiltInRoles.PropertyManager, PeopleApp.Compound, Purposes.PropertyService))).ToString().ShouldNotContain("illness");
        (await app.As(BuiltInRoles.PropertyManager, PeopleApp.Compound, Purposes.PropertyService).GetAsync("/api/people/persons?filter=tag.lives-alone", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.Worker.PostAsync($"/api/people/persons/{id}/consents/{consent}/withdraw", null, Stop)).EnsureSuccessStatusCode();
        (await ShownAsync()).ShouldBeFalse();
        (await app.EverythingAsync("people_person_tag")).ShouldNotContain(id.ToString(), Case.Insensitive);
        await GiveAsync(today.AddDays(1));
        (await ShownAsync()).ShouldBeTrue();
        app.Clock.Advance(TimeSpan.FromHours(11));
        (await ShownAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_telephone_is_verified_by_the_code_read_back()
    {
        var id = await app.RegisterAsync("接电话", Room(4, 201), phone: app.NewPhone());
        var contact = (await app.FileAsync(id)).GetProperty("contacts")[0].GetProperty("id").GetGuid();
        var code = (await (await app.Worker.PostAsync($"/api/people/persons/{id}/contacts/{contact}/code", null, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString()!;
        (await PeopleApp.CodeAsync(await app.Worker.PostAsJsonAsync($"/api/people/persons/{id}/contacts/{contact}/verify", new { code = code == "000000" ? "000001" : "000000" }, Stop))).ShouldBe("people.code-wrong");
        (await app.Worker.PostAsJsonAsync($"/api/people/persons/{id}/contacts/{contact}/verify", new { code = $"{code[..3]} {code[3..]}" }, Stop)).EnsureSuccessStatusCode();
        (await app.FileAsync(id)).GetProperty("contacts")[0].GetProperty("verifiedBy").GetString().ShouldBe("test community-worker");
    }

    [Fact]
    public async Task A_household_splits_and_members_come_back()
    {
        var room = Room(5, 501);
        var head = await app.RegisterAsync("分户甲", room, "Owner");
        var son = await app.RegisterAsync("分户乙", room, "Family");
        var household = Only(await app.FileAsync(head)).GetProperty("householdId").GetGuid();
        async Task<JsonElement> CardAsync() => await app.Worker.GetFromJsonAsync<JsonElement>($"/api/people/households/{household}", Stop);
        (await PeopleApp.CodeAsync(await SendAsync(HttpMethod.Post, $"/api/people/households/{household}/split", new { persons = new[] { head } }, await CardAsync()))).ShouldBe("people.split-head");
        (await SendAsync(HttpMethod.Post, $"/api/people/households/{household}/split", new { persons = new[] { son } }, await CardAsync())).EnsureSuccessStatusCode();
        var card = await CardAsync();
        (card.GetProperty("members").GetArrayLength(), card.GetProperty("others").GetArrayLength()).ShouldBe((1, 1));
        (await SendAsync(HttpMethod.Post, $"/api/people/households/{household}/members", new { person = son, relation = "Child" }, card)).EnsureSuccessStatusCode();
        (await CardAsync()).GetProperty("members")[1].GetProperty("relation").GetString().ShouldBe("Child");
        var list = await app.Worker.GetFromJsonAsync<JsonElement>($"/api/people/households?place={room}", Stop);
        list.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("members").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Who_has_gone_and_asks_is_erased_and_only_the_bare_id_stays_behind()
    {
        var (idNo, phone) = (app.NewId(), app.NewPhone());
        var id = await app.RegisterAsync("忘记我", Room(6, 101), "Tenant", idNo, phone);
        var file = await app.FileAsync(id);
        (await PeopleApp.CodeAsync(await SendAsync(HttpMethod.Delete, $"/api/people/persons/{id}", null, file))).ShouldBe("people.still-here");
        (await SendAsync(HttpMethod.Post, $"/api/people/persons/{id}/state", new { state = "MovedAway" }, file)).EnsureSuccessStatusCode();
        file = await app.FileAsync(id);
        (await PeopleApp.SendAsync(app.As(BuiltInRoles.PropertyManager, PeopleApp.Compound), HttpMethod.Delete, $"/api/people/persons/{id}", null, 1)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(HttpMethod.Delete, $"/api/people/persons/{id}", null, file)).EnsureSuccessStatusCode();
        (await app.EverythingAsync("people_person", "people_identifier", "people_contact_point", "people_occupancy", "people_consent", "people_person_tag")).ShouldNotContain(id.ToString(), Case.Insensitive);
        (await app.EverythingAsync("sdk_journal")).ShouldContain("PersonErased");
        (await app.Worker.GetAsync($"/api/people/persons/{id}", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_an_administrator_says_whose_account_it_is_and_then_the_resident_sees_who_looked()
    {
        var id = await app.RegisterAsync("有账号", Room(6, 201));
        await app.InScopeAsync(async s => await s.GetRequiredService<Contracts.Identity.IAccountDirectory>().EnsureAsync(new("resident1", "有账号", null, BuiltInRoles.Resident, ""), Stop));
        (await PeopleApp.SendAsync(app.Worker, HttpMethod.Put, $"/api/people/persons/{id}/account", new { userName = "resident1" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var admin = app.As(BuiltInRoles.Administrator);
        (await PeopleApp.SendAsync(admin, HttpMethod.Put, $"/api/people/persons/{id}/account", new { userName = "resident1" })).EnsureSuccessStatusCode();
        (await app.FileAsync(id)).GetProperty("account").GetString().ShouldBe("resident1");
        (await PeopleApp.SendAsync(admin, HttpMethod.Put, $"/api/people/persons/{id}/account", new { userName = (string?)null })).EnsureSuccessStatusCode();
        (await app.FileAsync(id)).GetProperty("account").ValueKind.ShouldBe(JsonValueKind.Null);
    }
}
