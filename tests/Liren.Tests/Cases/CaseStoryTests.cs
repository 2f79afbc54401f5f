using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Tests.Cases;

/// <summary>Cases through the API, from report to evaluation.</summary>
public sealed class CaseStoryTests(GridApp app) : IClassFixture<GridApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<JsonElement> RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code, string? field = null)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        answer.StatusCode.ShouldBe(status, problem.ToString());
        problem.GetProperty("code").GetString().ShouldBe(code);
        if (field is not null) problem.GetProperty("field").GetString().ShouldBe(field);
        return problem;
    }

    [Fact]
    public async Task A_case_goes_through_the_seven_steps()
    {
        var id = await app.ReportAsync();
        (await app.StateAsync(id)).ShouldBe("Collected");
        (await app.ShowAsync(id)).GetProperty("suggested").GetProperty("code").GetString().ShouldBe("huamu-urban");
        (await app.DoAsync("duty", id, "register")).EnsureSuccessStatusCode();
        (await app.DoAsync("duty", id, "assign", new { unitId = await app.OrgAsync("huamu-urban") })).EnsureSuccessStatusCode();
        (await app.DoAsync("urban", id, "accept")).EnsureSuccessStatusCode();
        (await app.SendAsync("urban", id, "feed-back", new { note = "已清运" }, Pictures.Png(id))).EnsureSuccessStatusCode();
        (await app.SendAsync("grid1", id, "confirm", new { })).EnsureSuccessStatusCode();
        (await app.DoAsync("duty", id, "evaluate")).EnsureSuccessStatusCode();
        var shown = await app.ShowAsync(id);
        shown.GetProperty("row").GetProperty("state").GetString().ShouldBe("Evaluated");
        shown.GetProperty("row").GetProperty("score").GetInt32().ShouldBe(100);
        shown.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("act").GetString()).ShouldBe(["Remark", "Register", "Assign", "Accept", "FeedBack", "Confirm", "Evaluate"]);
        shown.GetProperty("photos").GetArrayLength().ShouldBe(1);
        (await app.AsAccount("grid1").GetAsync(new Uri(shown.GetProperty("photos")[0].GetProperty("href").GetString()!, UriKind.Relative), Stop)).Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
    }

    [Fact]
    public async Task An_act_out_of_state_is_refused_and_names_what_is_possible()
    {
        var id = await app.ReportAsync();
        var problem = await RefusedAsync(await app.DoAsync("duty", id, "assign", new { unitId = await app.OrgAsync("huamu-urban") }), HttpStatusCode.Conflict, "cases.not-now");
        problem.GetProperty("title").GetString()!.ShouldContain("立案");
    }

    [Fact]
    public async Task Only_the_unit_that_has_it_handles_it()
    {
        var id = await app.HandledBy(accept: null);
        await RefusedAsync(await app.DoAsync("manager", id, "accept"), HttpStatusCode.Forbidden, "cases.not-yours");
        await RefusedAsync(await app.DoAsync("grid1", id, "accept"), HttpStatusCode.Forbidden, "sdk.not-allowed");
        (await app.DoAsync("urban", id, "accept")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_collector_who_handled_it_does_not_verify_it()
    {
        // grid1 works for the community office and may collect; whoever also handles it, has lost the right to verify it.
        var id = await app.FedBackAsync();
        await RefusedAsync(await app.SendAsync("urban", id, "confirm", new { }), HttpStatusCode.Forbidden, "sdk.not-allowed");
        await RefusedAsync(await app.SendAsync("duty", id, "confirm", new { }), HttpStatusCode.Forbidden, "sdk.not-allowed");
        (await app.SendAsync("grid2", id, "rework", new { reason = "还有残留" })).EnsureSuccessStatusCode();
        (await app.StateAsync(id)).ShouldBe("Handling");
        var row = (await app.ShowAsync(id)).GetProperty("row");
        row.GetProperty("rework").GetInt32().ShouldBe(1);
        row.GetProperty("clock").GetString().ShouldBe("handle");
    }

    [Fact]
    public async Task A_unit_returns_a_case_once_with_a_reason()
    {
        var id = await app.HandledBy(accept: null);
        await RefusedAsync(await app.DoAsync("urban", id, "return", new { text = "" }), HttpStatusCode.UnprocessableEntity, "cases.reason", "reason");
        (await app.DoAsync("urban", id, "return", new { text = "属于物业管理范围" })).EnsureSuccessStatusCode();
        (await app.StateAsync(id)).ShouldBe("Registered");
        (await app.DoAsync("duty", id, "assign", new { unitId = await app.OrgAsync("huamu-urban") })).EnsureSuccessStatusCode();
        await RefusedAsync(await app.DoAsync("urban", id, "return", new { text = "属于物业管理范围" }), HttpStatusCode.Conflict, "cases.returned-already");
    }

    [Fact]
    public async Task The_handling_clock_starts_with_the_assignment_and_an_overdue_case_is_on_the_supervision_list()
    {
        var id = await app.HandledBy(accept: null);
        var due = (await app.DeadlineAsync(id)).ShouldNotBeNull();
        (await app.DoAsync("urban", id, "accept")).EnsureSuccessStatusCode();
        (await app.DeadlineAsync(id)).ShouldBe(due);
        await app.PassAsync(due - app.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        var overdue = await app.AsAccount("leader").GetFromJsonAsync<JsonElement>("/api/cases?filter=overdue&size=200", Stop);
        overdue.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()).ShouldContain(id);
        (await app.ShowAsync(id)).GetProperty("row").GetProperty("late").GetBoolean().ShouldBeTrue();
        (await app.DoAsync("leader", id, "supervise", new { text = "今天处理完" })).EnsureSuccessStatusCode();
        (await app.ShowAsync(id)).GetProperty("steps").EnumerateArray().Count(s => s.GetProperty("why").GetString()!.Contains("时限", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_longer_holiday_counts_running_clocks_again_and_says_why()
    {
        var id = await app.HandledBy(type: "environment.trees");
        var due = (await app.DeadlineAsync(id)).ShouldNotBeNull();
        var day = DateOnly.FromDateTime(due.ToOffset(TimeSpan.FromHours(8)).DateTime);
        (await app.As("administrator").PutAsJsonAsync($"/api/organisation/calendar/{day:yyyy-MM-dd}", new { kind = "Holiday", name = "延长假期" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await app.DeadlineAsync(id)).ShouldNotBeNull().ShouldBeGreaterThan(due);
        (await app.ShowAsync(id)).GetProperty("steps").EnumerateArray().Last().GetProperty("note").GetString()!.ShouldContain("延长假期");
        (await app.As("administrator").PutAsJsonAsync($"/api/organisation/calendar/{day:yyyy-MM-dd}", new { kind = "Ordinary" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await app.DeadlineAsync(id)).ShouldBe(due);
    }

    [Fact]
    public async Task A_suspension_is_agreed_by_somebody_else_and_the_rest_of_the_limit_runs_on()
    {
        var id = await app.HandledBy(type: "facility.manhole", org: "liren-property", accept: "manager");
        var before = (await app.DeadlineAsync(id)).ShouldNotBeNull();
        var until = app.Clock.GetUtcNow().AddDays(2);
        (await app.DoAsync("manager", id, "ask-suspend", new { text = "等配件", until })).EnsureSuccessStatusCode();
        await RefusedAsync(await app.DoAsync("manager", id, "suspend", new { }), HttpStatusCode.Forbidden, "sdk.not-allowed");
        (await app.DoAsync("leader", id, "suspend", new { })).EnsureSuccessStatusCode();
        (await app.DeadlineAsync(id)).ShouldBe(until);
        await app.PassAsync(TimeSpan.FromDays(2) + TimeSpan.FromSeconds(1));
        (await app.StateAsync(id)).ShouldBe("Handling");
        // Natural time: two days later, whole minutes.
        ((await app.DeadlineAsync(id))!.Value - before).TotalMinutes.ShouldBe(TimeSpan.FromDays(2).TotalMinutes, 1.5);
    }

    [Fact]
    public async Task What_may_be_the_same_is_offered_within_fifty_metres_and_24_hours_and_merged_by_the_centre()
    {
        var first = await app.ReportAsync("environment.smell", GridApp.Plaza, longitude: 121.55, latitude: 31.21);
        var near = await app.ReportedAsync("environment.smell", GridApp.Plaza, "grid2", 121.5503, 31.2102);
        near.GetProperty("similar").EnumerateArray().Select(s => s.GetProperty("id").GetGuid()).ShouldBe([first]);
        (await app.ReportedAsync("environment.smell", GridApp.Plaza, "grid2", 121.551, 31.2102)).GetProperty("similar").GetArrayLength().ShouldBe(0);
        (await app.ReportedAsync("environment.trees", GridApp.Plaza, "grid2", 121.55, 31.21)).GetProperty("similar").GetArrayLength().ShouldBe(0);
        var second = near.GetProperty("id").GetGuid();
        (await app.StateAsync(second)).ShouldBe("Collected");
        (await app.DoAsync("duty", second, "merge", new { into = first })).EnsureSuccessStatusCode();
        (await app.ShowAsync(second)).GetProperty("duplicateOf").GetGuid().ShouldBe(first);
        await RefusedAsync(await app.DoAsync("duty", first, "merge", new { into = second }), HttpStatusCode.UnprocessableEntity, "cases.merge-into", "into");
        await app.PassAsync(TimeSpan.FromHours(25));
        (await app.ReportedAsync("environment.smell", GridApp.Plaza, "grid2", 121.55, 31.21)).GetProperty("similar").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_same_form_twice_is_one_case_and_one_act()
    {
        var form = new { key = "twice-1", type = "environment.rubbish", place = GridApp.Plaza, text = "垃圾满溢" };
        var (one, two) = (await app.AsAccount("grid1").PostAsync(new Uri("/api/cases", UriKind.Relative), GridApp.Form(form), Stop), await app.AsAccount("grid1").PostAsync(new Uri("/api/cases", UriKind.Relative), GridApp.Form(form), Stop));
        var id = (await one.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        (await two.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid().ShouldBe(id);
        var http = app.AsAccount("duty");
        http.DefaultRequestHeaders.Add("Idempotency-Key", "reg-1");
        (await http.PostAsJsonAsync($"/api/cases/{id}/register", new { }, Stop)).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync($"/api/cases/{id}/register", new { }, Stop)).EnsureSuccessStatusCode();
        (await app.ShowAsync(id)).GetProperty("steps").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("no.type", GridApp.Plaza, "垃圾", "cases.no-type", "type")]
    [InlineData("environment.rubbish", "99.99", "垃圾", "sdk.not-allowed", null)]
    [InlineData("environment.rubbish", "bad place", "垃圾", "cases.no-place", "place")]
    [InlineData("environment.rubbish", GridApp.Plaza, "x", "cases.text", "text")]
    public async Task A_bad_report_is_refused_by_its_field(string type, string place, string text, string code, string? field)
    {
        var answer = await app.AsAccount("grid1").PostAsync(new Uri("/api/cases", UriKind.Relative), GridApp.Form(new { type, place, text }), Stop);
        await RefusedAsync(answer, field is null ? HttpStatusCode.Forbidden : HttpStatusCode.UnprocessableEntity, code, field);
    }

    [Fact]
    public async Task A_file_that_is_no_photo_is_refused()
    {
        var answer = await app.AsAccount("grid1").PostAsync(new Uri("/api/cases", UriKind.Relative), GridApp.Form(new { type = "environment.rubbish", place = GridApp.Plaza, text = "垃圾满溢" }, "not a picture"u8.ToArray()), Stop);
        await RefusedAsync(answer, HttpStatusCode.UnprocessableEntity, "sdk.photo-kind", "photos");
    }

    [Fact]
    public async Task Cases_of_another_place_are_not_seen()
    {
        var id = await app.ReportAsync();
        await RefusedAsync(await app.AsAccount("yanan").GetAsync(new Uri($"/api/cases/{id}", UriKind.Relative), Stop), HttpStatusCode.Forbidden, "sdk.not-allowed");
        (await app.AsAccount("yanan").GetFromJsonAsync<JsonElement>("/api/cases", Stop)).GetProperty("total").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task The_list_is_searched_filtered_sorted_cut_and_exported()
    {
        var id = await app.HandledBy();
        var code = (await app.ShowAsync(id)).GetProperty("row").GetProperty("code").GetString();
        var http = app.AsAccount("duty");
        (await http.GetFromJsonAsync<JsonElement>($"/api/cases?q={code}", Stop)).GetProperty("total").GetInt32().ShouldBe(1);
        (await http.GetFromJsonAsync<JsonElement>("/api/cases?filter=Handling&sort=deadline&size=1", Stop)).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await http.GetFromJsonAsync<JsonElement>("/api/cases?filter=environment.rubbish", Stop)).GetProperty("items").EnumerateArray().ShouldAllBe(i => i.GetProperty("type").GetString() == "environment.rubbish");
        (await app.AsAccount("urban").GetFromJsonAsync<JsonElement>("/api/cases?filter=mine&size=200", Stop)).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()).ShouldContain(id);
        await RefusedAsync(await http.GetAsync(new Uri("/api/cases?filter=what", UriKind.Relative), Stop), HttpStatusCode.UnprocessableEntity, "cases.filter", "filter");
        var csv = await http.GetStringAsync($"/api/cases?q={code}&format=csv", Stop);
        csv.ShouldContain("处置单位");
        csv.ShouldContain("处理中");
    }

    [Fact]
    public async Task Limits_are_imported_whole_or_not_at_all_and_hold_from_their_day()
    {
        var http = app.AsAccount("leader");
        const string head = "place,type,from,handle\n";
        var bad = await (await http.PostAsJsonAsync("/api/cases/limits/import", new { text = head + "31.01.15.016,environment.water,2020-01-01,1wh\n31.01.15.016,no.type,2020-01-01,1wh\n61.06.02,environment.water,2020-01-01,1wh\n31.01.15.016,environment.noise,soon,1wh" }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        bad.GetProperty("faults").EnumerateArray().Select(f => $"{f.GetProperty("line").GetInt32()} {f.GetProperty("code").GetString()}").ShouldBe(["3 cases.no-type", "4 sdk.not-allowed", "5 cases.limit-date"]);
        (await http.GetFromJsonAsync<JsonElement>("/api/cases/limits?filter=own&q=environment.water", Stop)).GetProperty("total").GetInt32().ShouldBe(0);
        foreach (var (added, unchanged) in new[] { (1, 0), (0, 1) })
        {
            var done = await (await http.PostAsJsonAsync("/api/cases/limits/import", new { text = head + "31.01.15.016,environment.water,2020-01-01,1wh" }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
            (done.GetProperty("added").GetInt32(), done.GetProperty("unchanged").GetInt32()).ShouldBe((added, unchanged));
        }
        var check = await http.GetFromJsonAsync<JsonElement>($"/api/cases/limits/check?place={GridApp.Plaza}", Stop);
        check.GetProperty("holes").GetInt32().ShouldBe(0);
        check.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("type").GetString() == "environment.water").GetProperty("limits")[2].GetString().ShouldBe("1wh");
        await RefusedAsync(await app.AsAccount("urban").PostAsJsonAsync("/api/cases/limits/import", new { text = head }, Stop), HttpStatusCode.Forbidden, "sdk.not-allowed");
    }
}
