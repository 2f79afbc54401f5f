using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Cases;

/// <summary>随手拍: a resident reports, follows, rates.</summary>
public sealed class ResidentReportTests(GridApp app) : IClassFixture<GridApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<HttpResponseMessage> ReportAsync(object fields, params byte[][] photos)
    {
        var answer = await app.AsAccount("resident").PostAsync(new Uri("/api/cases/mine", UriKind.Relative), GridApp.Form(fields, photos), Stop);
        await app.SettleAsync();
        return answer;
    }

    private async Task<Guid> ReportedAsync() =>
        (await (await ReportAsync(new { type = "environment.rubbish", place = GridApp.Plaza, text = "垃圾桶满了", phone = "13812345678" }, Pictures.Png(Guid.CreateVersion7()))).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();

    private async Task<Guid> ClosedAsync()
    {
        var id = await ReportedAsync();
        (await app.DoAsync("duty", id, "register")).EnsureSuccessStatusCode();
        (await app.DoAsync("duty", id, "assign", new { unitId = await app.OrgAsync("huamu-urban") })).EnsureSuccessStatusCode();
        (await app.DoAsync("urban", id, "accept")).EnsureSuccessStatusCode();
        (await app.SendAsync("urban", id, "feed-back", new { note = "已清运" }, Pictures.Png(id))).EnsureSuccessStatusCode();
        (await app.SendAsync("grid1", id, "confirm", new { })).EnsureSuccessStatusCode();
        return id;
    }

    private async Task<HttpResponseMessage> RateAsync(Guid id, object body)
    {
        var answer = await app.AsAccount("resident").PostAsJsonAsync($"/api/cases/mine/{id}/rate", body, Stop);
        await app.SettleAsync();
        return answer;
    }

    /// <summary>A page as people read it: the server writes Chinese as entities.</summary>
    private static async Task<string> PageAsync(HttpClient http, string path) => WebUtility.HtmlDecode(await http.GetStringAsync(path, Stop));

    [Fact]
    public async Task A_resident_reports_follows_and_rates()
    {
        var id = await ClosedAsync();
        var mine = await app.AsAccount("resident").GetFromJsonAsync<JsonElement>($"/api/cases/mine/{id}", Stop);
        mine.GetProperty("case").GetProperty("step").GetInt32().ShouldBe(7);
        mine.GetProperty("after").GetString().ShouldBe("已清运");
        mine.GetProperty("steps").EnumerateArray().ShouldAllBe(s => s.GetProperty("who").ValueKind == JsonValueKind.Null);
        mine.GetProperty("photos").GetArrayLength().ShouldBe(2);
        (await RateAsync(id, new { solved = true, stars = 5, text = "很快" })).EnsureSuccessStatusCode();
        (await app.ShowAsync(id)).GetProperty("row").GetProperty("stars").GetInt32().ShouldBe(5);
        (await app.DoAsync("duty", id, "evaluate")).EnsureSuccessStatusCode();
        (await app.StateAsync(id)).ShouldBe("Evaluated");
    }

    [Fact]
    public async Task What_is_not_solved_is_handled_again_once()
    {
        var id = await ClosedAsync();
        (await RateAsync(id, new { solved = false, stars = 1, again = true })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.StateAsync(id)).ShouldBe("Closed");
        (await RateAsync(id, new { solved = false, stars = 1, text = "又满了，没人收", again = true })).EnsureSuccessStatusCode();
        (await app.StateAsync(id)).ShouldBe("Registered");
    }

    [Fact]
    public async Task Anybody_elses_report_does_not_exist_for_a_resident()
    {
        var id = await app.ReportAsync();
        (await app.AsAccount("resident").GetAsync(new Uri($"/api/cases/mine/{id}", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await RateAsync(id, new { solved = true, stars = 5 })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.AsAccount("resident").GetAsync(new Uri($"/api/cases/{id}", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("person.welfare", GridApp.Plaza, "type")]
    [InlineData("environment.rubbish", "61.06.02", "place")]
    public async Task Residents_report_public_types_around_their_home(string type, string place, string field)
    {
        var problem = await (await ReportAsync(new { type, place, text = "请看看" })).Content.ReadFromJsonAsync<JsonElement>(Stop);
        problem.GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Who_reported_it_is_shown_for_a_purpose_only_and_the_resident_sees_who_looked()
    {
        var id = await ReportedAsync();
        (await app.AsAccount("duty").GetStringAsync($"/api/cases/{id}", Stop)).ShouldNotContain("13812345678");
        (await app.AsAccount("duty").GetAsync(new Uri($"/api/cases/{id}/reporter", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await app.AsAccount("urban").GetAsync(new Uri($"/api/cases/{id}/reporter?purpose=community.service", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.AsAccount("duty").GetFromJsonAsync<JsonElement>($"/api/cases/{id}/reporter?purpose=community.service", Stop)).GetProperty("phone").GetString().ShouldBe("13812345678");
        (await app.AsAccount("resident").GetStringAsync("/api/identity/me/access", Stop)).ShouldContain("陈立");
    }

    [Fact]
    public async Task Whoever_is_erased_from_the_register_reported_nothing_any_more()
    {
        var id = await ReportedAsync();
        await app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<Liren.Cases.Data.CasesDb>();
            var person = (await db.Cases.FindAsync([id], Stop))!.ReporterPerson.ShouldNotBeNull();
            db.Raise(new Liren.Contracts.People.PersonErased(person, null, app.Clock.GetUtcNow()));
            return await db.SaveChangesAsync(Stop);
        });
        await app.SettleAsync();
        var shown = await app.ShowAsync(id);
        shown.GetProperty("hasContact").GetBoolean().ShouldBeFalse();
        (await app.AsAccount("duty").GetStringAsync($"/api/cases/{id}/reporter?purpose=community.service", Stop)).ShouldNotContain("13812345678");
        (await app.AsAccount("resident").GetAsync(new Uri($"/api/cases/mine/{id}", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_pages_of_a_resident_work_without_script()
    {
        var http = app.AsAccount("resident");
        var page = await PageAsync(http, "/my/report");
        page.ShouldContain("enctype=\"multipart/form-data\"");
        page.ShouldContain("中心广场");
        page.ShouldNotContain("独居老人");
        var id = await ClosedAsync();
        (await PageAsync(http, $"/my/report/{id}")).ShouldContain("满意吗");
        (await PageAsync(app.AsAccount("grid1"), "/field/cases")).ShouldContain("采集上报");
        (await PageAsync(app.AsAccount("urban"), $"/field/cases/{id}")).ShouldContain("已结案");
    }

    [Fact]
    public async Task More_than_twenty_reports_a_day_are_refused()
    {
        var answer = await ReportAsync(new { type = "environment.rubbish", place = GridApp.Plaza, text = "第 1 次" });
        for (var n = 2; n <= 22 && answer.IsSuccessStatusCode; n++) answer = await ReportAsync(new { type = "environment.rubbish", place = GridApp.Plaza, text = $"第 {n} 次" });
        ((int)answer.StatusCode).ShouldBe(429);
        await app.PassAsync(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
    }
}
