using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.People;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.People;

/// <summary>Who sees whom, how much of them, and that every look is written down.</summary>
public sealed class PersonReadTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<List<Guid>> FindAsync(string q, HttpClient? by = null) =>
        [.. (await (by ?? app.Worker).GetFromJsonAsync<JsonElement>($"/api/people/persons?size=200&q={Uri.EscapeDataString(q)}", Stop)).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("id").GetGuid())];

    [Fact]
    public async Task Somebody_is_found_by_name_room_telephone_its_last_digits_and_document()
    {
        var (idNo, phone) = (app.NewId(), app.NewPhone());
        var id = await app.RegisterAsync("买买提·吐尔逊", PeopleApp.Compound + ".b2.u1.r602", "Owner", idNo, phone);
        var other = await app.RegisterAsync("王㛃", PeopleApp.Compound + ".b2.u1.r501", "Owner", app.NewId(), app.NewPhone());
        foreach (var q in new[] { "吐尔逊", "2-1-602", idNo, idNo.ToLowerInvariant(), phone, $"+86 {phone[..3]} {phone[3..7]} {phone[7..]}", phone[^4..] })
        {
            var found = await FindAsync(q);
            found.ShouldContain(id, q);
            found.ShouldNotContain(other, q);
        }
        (await FindAsync("㛃")).ShouldBe([other]);
        (await FindAsync(app.NewPhone())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Numbers_lie_encrypted_and_neither_journal_nor_log_has_them()
    {
        var (idNo, phone) = (app.NewId(), app.NewPhone());
        var id = await app.RegisterAsync("封存一", PeopleApp.Room, "Family", idNo, phone);
        await app.SettleAsync();
        await app.FileAsync(id);
        var tables = await app.EverythingAsync("people_person", "people_identifier", "people_contact_point", "people_occupancy", "sdk_journal", "sdk_outbox", "identity_access_leaf");
        tables.ShouldContain(id.ToString(), Case.Insensitive);
        tables.ShouldNotContain(idNo);
        tables.ShouldNotContain(phone);
        var journal = await app.EverythingAsync("sdk_journal", "identity_access_leaf");
        journal.ShouldNotContain("封存一");
        journal.ShouldNotContain(phone[^4..] + "\"");
    }

    [Theory]
    [InlineData(BuiltInRoles.CommunityWorker, "31.01.15.016.037", "欧阳小英", "plain")]
    [InlineData(BuiltInRoles.DutyOfficer, "31.01.15.016", "欧阳小英", "plain")]
    [InlineData(BuiltInRoles.PropertyManager, PeopleApp.Compound, "欧阳小英", "plain")]
    [InlineData(BuiltInRoles.GridWorker, "31.01.15.016.037", "欧*英", "masked")]
    [InlineData(BuiltInRoles.StreetLeader, "31.01.15.016", "欧*英", "masked")]
    [InlineData(BuiltInRoles.Checker, "31.01.15.016.037", "欧*英", "masked")]
    public async Task Each_role_sees_its_part_and_one_line_says_so(string role, string place, string name, string disclosure)
    {
        var (idNo, phone) = (app.NewId(), app.NewPhone());
        var id = await app.RegisterAsync("欧阳小英", PeopleApp.Room, "Family", idNo, phone);
        var http = app.As(role, place, Purposes.CommunityService);
        var before = (await app.LoggedAsync(id)).Count;
        foreach (var address in new[] { $"/api/people/persons/{id}", $"/api/people/persons/{id}/file", $"/api/people/persons?q={phone}" })
        {
            var text = await http.GetStringAsync(address, Stop);
            text.ShouldContain(name);
            text.ShouldContain($"{phone[..3]}****{phone[^4..]}");
            text.ShouldNotContain(idNo);
            text.ShouldNotContain(phone);
            (disclosure == "plain" || !text.Contains("欧阳小英")).ShouldBeTrue();
            var lines = (await app.LoggedAsync(id)).Skip(before).ToList();
            lines.Count.ShouldBe(1, address);
            lines[0].Disclosure.ShouldBe(disclosure);
            lines[0].Purpose.ShouldBe(Purposes.CommunityService);
            before++;
        }
        var reveal = await http.PostAsync($"/api/people/persons/{id}/reveal", null, Stop);
        if (disclosure == "masked") { reveal.StatusCode.ShouldBe(HttpStatusCode.Forbidden); return; }
        var plain = await reveal.Content.ReadAsStringAsync(Stop);
        plain.ShouldContain(idNo);
        plain.ShouldContain(phone);
        reveal.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await app.LoggedAsync(id)).Skip(before).ShouldHaveSingleItem().ShouldBe(("plain", "phone,idNo", true, Purposes.CommunityService));
    }

    [Fact]
    public async Task Every_person_of_a_page_gets_one_line_and_an_export_says_export()
    {
        var room = PeopleApp.Compound + ".b5.u1.r301";
        Guid[] ids = [await app.RegisterAsync("李一", room), await app.RegisterAsync("李二", room), await app.RegisterAsync("李三", room)];
        var before = (await app.LoggedAsync(ids[0])).Count;
        await app.Worker.GetStringAsync($"/api/people/persons?place={room}", Stop);
        foreach (var id in ids) (await app.LoggedAsync(id)).Count.ShouldBe(before + 1);
        var csv = await app.Worker.GetStringAsync($"/api/people/persons?place={room}&format=csv", Stop);
        csv.ShouldContain("李一");
        csv.ShouldContain("家属");
        foreach (var id in ids) (await app.LoggedAsync(id)).Skip(before + 1).ShouldHaveSingleItem().Disclosure.ShouldBe("export");
    }

    [Fact]
    public async Task Who_works_elsewhere_sees_and_changes_nobody_here_and_the_try_is_logged()
    {
        var id = await app.RegisterAsync("冯远山", PeopleApp.Room, "Family", app.NewId(), app.NewPhone());
        var elsewhere = app.As(BuiltInRoles.CommunityWorker, "61.06.02", Purposes.CommunityService);
        (await FindAsync("冯远山", elsewhere)).ShouldBeEmpty();
        var before = (await app.LoggedAsync(id)).Count;
        foreach (var address in new[] { $"/api/people/persons/{id}", $"/api/people/persons/{id}/file", $"/api/people/persons/{id}/access" })
        {
            var answer = await elsewhere.GetAsync(address, Stop);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, address);
            (await answer.Content.ReadAsStringAsync(Stop)).ShouldNotContain("冯");
        }
        (await PeopleApp.SendAsync(elsewhere, HttpMethod.Put, $"/api/people/persons/{id}", new { name = "冯山" }, 1)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await elsewhere.PostAsJsonAsync($"/api/people/persons/{id}/contacts", new { phone = app.NewPhone() }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var refused = (await app.LoggedAsync(id)).Skip(before).ToList();
        refused.Count.ShouldBe(5);
        refused.ShouldAllBe(l => !l.Allowed && l.Disclosure == "exists");
    }

    [Fact]
    public async Task Without_a_purpose_nothing_is_told()
    {
        var id = await app.RegisterAsync("秦无因");
        var before = (await app.LoggedAsync(id)).Count;
        var http = app.As(BuiltInRoles.CommunityWorker, "31.01.15.016.037");
        foreach (var address in new[] { $"/api/people/persons/{id}", $"/api/people/persons/{id}/file", "/api/people/persons", "/api/people/households" })
            (await PeopleApp.CodeAsync(await http.GetAsync(address, Stop))).ShouldBe("purpose.missing", address);
        (await app.LoggedAsync(id)).Count.ShouldBe(before);
    }

    [Fact]
    public async Task Who_looked_is_told_at_the_desk_and_that_look_is_logged_too()
    {
        var id = await app.RegisterAsync("谢问之");
        await app.As(BuiltInRoles.GridWorker, "31.01.15.016.037", Purposes.EpidemicControl).GetStringAsync($"/api/people/persons/{id}", Stop);
        var lines = await app.Worker.GetFromJsonAsync<JsonElement>($"/api/people/persons/{id}/access", Stop);
        lines[0].GetProperty("actor").GetString().ShouldBe("test grid-worker");
        lines[0].GetProperty("purpose").GetString().ShouldBe(Purposes.EpidemicControl);
        (await app.LoggedAsync(id))[^1].Fields.ShouldBe("access-log");
    }

    [Fact]
    public async Task Rooms_somebody_holds_in_other_places_are_counted_not_told()
    {
        var id = await app.RegisterAsync("双房东", PeopleApp.Room, "Owner");
        var other = PeopleApp.Compound + ".b1.u1.r602";
        (await app.Worker.PostAsJsonAsync($"/api/people/persons/{id}/occupancies", new { room = other, kind = "Owner", lives = false }, Stop)).EnsureSuccessStatusCode();
        var guard = app.As(BuiltInRoles.PropertyManager, PeopleApp.Compound + ".b8", Purposes.PropertyService);
        var file = await app.FileAsync(id, guard);
        file.GetProperty("occupancies").GetArrayLength().ShouldBe(1);
        file.GetProperty("elsewhere").GetInt32().ShouldBe(1);
        file.ToString().ShouldNotContain(".b1.");
        (await FindAsync("双房东", app.As(BuiltInRoles.PropertyManager, PeopleApp.Compound + ".b1", Purposes.PropertyService))).ShouldBe([id]);
    }

    [Fact]
    public async Task Other_modules_get_a_masked_card_and_leave_a_line()
    {
        var id = await app.RegisterAsync("卡片人");
        var before = (await app.LoggedAsync(id)).Count;
        var grid = new Actor(null, "grid", ActorKind.Person, null, [new Grant("grid-worker", null, "31.01.15.016.037", ["people.read"])]);
        var card = await app.InScopeAsync(s => s.GetRequiredService<IPersonDirectory>().FindAsync(id, Purposes.IncidentHandling, Stop), grid);
        card.ShouldBe(new PersonCard(id, "卡*人", PeopleApp.Room));
        (await app.LoggedAsync(id)).Skip(before).ShouldHaveSingleItem().Purpose.ShouldBe(Purposes.IncidentHandling);
        (await app.InScopeAsync(s => s.GetRequiredService<IPersonDirectory>().FindAsync(id, Purposes.IncidentHandling, Stop), grid with { Grants = [] })).ShouldBeNull();
    }
}
