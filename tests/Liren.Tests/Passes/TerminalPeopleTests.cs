using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.People;
using Liren.Passes.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Passes;

/// <summary>Whom a terminal may know: enrolled at their wish, a face with consent and never as the only way in.</summary>
public sealed class TerminalPeopleTests(PassesApp app) : TerminalBase(app), IClassFixture<PassesApp>
{
    private readonly PassesApp app = app;

    [Fact]
    public async Task A_face_needs_consent_and_another_pass_and_ends_when_consent_is_withdrawn()
    {
        var terminal = await AddAsync("人脸机");
        var person = await app.SomebodyAsync(31);
        await EndPassesOfAsync(person);
        var consent = new { by = "self", means = "paper", reference = "同意书 17" };
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Face", person, consent }))).ShouldBe("passes.face-only");
        var pass = (await app.IssueAsync(new { kind = "Resident", form = "Paper", person })).GetProperty("id").GetGuid();
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Face", person }))).ShouldBe("passes.face-consent");
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Face", person, consent = new { by = "neighbour", means = "paper" } }))).ShouldBe("passes.consent-by");
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Qr", person, subject = "1" }))).ShouldBe("passes.enrol-kind");
        var row = await EnrolledAsync(terminal, new { kind = "Face", person, subject = "1001", consent });
        (row.GetProperty("consentBy").GetString(), row.GetProperty("consentReference").GetString()).ShouldBe(("self", "同意书 17"));
        row.GetProperty("consentId").GetGuid().ShouldNotBe(Guid.Empty);
        row.GetProperty("name").GetString()!.ShouldContain("*");

        var people = await PeopleAsync(terminal, 0);
        var known = people.GetProperty("people").EnumerateArray().Single();
        (known.GetProperty("subject").GetString(), known.GetProperty("kind").GetString(), known.GetProperty("works").GetBoolean(), known.GetProperty("removed").GetBoolean()).ShouldBe(("1001", "face", true, false));
        (await terminal.CheckAsync("face", "1001")).Open.ShouldBeTrue();
        (await terminal.CheckAsync("face", "1001", direction: "out")).Open.ShouldBeTrue();
        (await terminal.CheckAsync("face", "9999")).Said("reason").ShouldBe("NotEnrolled");
        (await terminal.CheckAsync("card", "1001")).Said("reason").ShouldBe("NotEnrolled");

        // The face follows the pass.
        (await app.Office.PostAsJsonAsync($"/api/passes/{pass}/suspend", new { reason = "测试" }, Stop)).EnsureSuccessStatusCode();
        (await terminal.CheckAsync("face", "1001")).Said("reason").ShouldBe("Suspended");
        await app.SettleAsync();
        people = await PeopleAsync(terminal, people.GetProperty("seq").GetInt64());
        people.GetProperty("people").EnumerateArray().Single().GetProperty("works").GetBoolean().ShouldBeFalse();
        (await app.Office.PostAsJsonAsync($"/api/passes/{pass}/resume", new { reason = "测试" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
        people = await PeopleAsync(terminal, people.GetProperty("seq").GetInt64());
        people.GetProperty("people").EnumerateArray().Single().GetProperty("works").GetBoolean().ShouldBeTrue();

        (await app.Office.PostAsync($"/api/passes/terminals/enrolments/{row.GetProperty("id").GetGuid()}/withdraw", null, Stop)).EnsureSuccessStatusCode();
        var gone = await terminal.CheckAsync("face", "1001");
        (gone.Said("reason"), gone.Said("words")).ShouldBe(("ConsentWithdrawn", "不再使用人脸，请出示通行码"));
        var after = (await PeopleAsync(terminal, people.GetProperty("seq").GetInt64())).GetProperty("people").EnumerateArray().Single();
        (after.GetProperty("removed").GetBoolean(), after.GetProperty("name").ValueKind).ShouldBe((true, JsonValueKind.Null));
        (await PeopleAsync(terminal, 0)).GetProperty("people").GetArrayLength().ShouldBe(0);
        // The log no longer leads from the face to the person.
        (await GetAsync(app.Office, $"/api/passes/entries?filter={terminal.Gate}&q=ConsentWithdrawn")).GetProperty("items")[0].GetProperty("name").ValueKind.ShouldBe(JsonValueKind.Null);
        (await CodeAsync(app.Office.PostAsync($"/api/passes/terminals/enrolments/{row.GetProperty("id").GetGuid()}/withdraw", null, Stop))).ShouldBe("passes.enrolment-ended");
    }

    [Fact]
    public async Task A_card_stands_for_a_pass_and_its_number_for_one_holder()
    {
        var terminal = await AddAsync("刷卡机");
        var pass = (await app.IssueAsync(new { kind = "Courier", form = "Paper", name = "周*快", compound = PassesApp.Compound, days = 7, fromMinute = 8 * 60, toMinute = 18 * 60 })).GetProperty("id").GetGuid();
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Card", pass }))).ShouldBe("passes.enrol-card");
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Card", pass, subject = "a b" }))).ShouldBe("passes.enrol-subject");
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Card", subject = "1" }))).ShouldBe("passes.enrol-who");
        await EnrolledAsync(terminal, new { kind = "Card", pass, subject = "0A1B2C3D" });
        (await CodeAsync(EnrolAsync(terminal, new { kind = "Card", pass, subject = "0A1B2C3D" }))).ShouldBe("passes.enrol-taken");
        app.Clock.SetUtcNow(DayAt(10));
        (await terminal.CheckAsync("card", "0A1B2C3D")).Open.ShouldBeTrue();
        (await terminal.CheckAsync("card", "0A1B2C3D")).Said("reason").ShouldBe("AlreadyInside");
        (await terminal.CheckAsync("card", "0A1B2C3D", direction: "out")).Open.ShouldBeTrue();
        app.Clock.SetUtcNow(DayAt(20));
        (await terminal.CheckAsync("card", "0A1B2C3D")).Said("reason").ShouldBe("OutsideHours");
        var row = (await PeopleAsync(terminal, 0)).GetProperty("people")[0];
        row.GetProperty("hours").EnumerateArray().Select(h => h.GetInt32()).ShouldBe([480, 1080]);
        (await app.Office.PostAsJsonAsync($"/api/passes/{pass}/revoke", new { reason = "测试" }, Stop)).EnsureSuccessStatusCode();
        app.Clock.SetUtcNow(DayAt(34));
        (await terminal.CheckAsync("card", "0A1B2C3D")).Said("reason").ShouldBe("Revoked");
    }

    private DateTimeOffset DayAt(int hour) => new DateTimeOffset(app.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date, TimeSpan.FromHours(8)).AddDays(app.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Hour < hour ? 0 : 1).AddHours(hour);

    [Fact]
    public async Task Lists_of_people_need_a_purpose_and_are_in_the_access_log_and_an_erased_person_leaves_them()
    {
        var terminal = await AddAsync("名单机");
        var person = await app.SomebodyAsync(47);
        await EndPassesOfAsync(person);
        await app.IssueAsync(new { kind = "Resident", form = "Paper", person });
        await EnrolledAsync(terminal, new { kind = "Card", person, subject = "77" });
        (await terminal.Http.GetAsync("/api/passes/terminals/people", Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var people = await PeopleAsync(terminal, 0);
        var looked = await app.InScopeAsync(s => s.GetRequiredService<Liren.Contracts.Identity.IAccessHistory>().OfAsync(person, 50, Stop));
        looked.ShouldContain(l => l.Fields == "name,terminal" && l.Purpose == Purpose && l.Actor.Contains("名单机"));
        (await app.As("guard", PassesApp.Compound, Purpose).GetAsync($"/api/passes/terminals/{terminal.Id}/enrolments", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<PassesDb>();
            db.Raise(new PersonErased(person, PassesApp.Compound, app.Clock.GetUtcNow()));
            await db.SaveChangesAsync(Stop);
            return 0;
        });
        await app.SettleAsync();
        (await terminal.CheckAsync("card", "77")).Said("reason").ShouldBe("NotEnrolled");
        (await PeopleAsync(terminal, people.GetProperty("seq").GetInt64())).GetProperty("people").EnumerateArray().Single().GetProperty("removed").GetBoolean().ShouldBeTrue();
        (await app.InScopeAsync(s => s.GetRequiredService<PassesDb>().Enrolments.AnyAsync(e => e.PersonId == person, Stop))).ShouldBeFalse();
    }
}
