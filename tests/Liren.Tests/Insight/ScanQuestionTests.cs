using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Insight.Domain;
using Liren.Insight.Folding;
using Liren.Insight.Scans;
using Liren.Contracts.Insight;
using Liren.Tests.Passes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Liren.Tests.Insight;

/// <summary>Questions over single lines: the copy by columns, and who was at a gate at the same time.</summary>
public sealed class ScanQuestionTests(PassesApp app) : IClassFixture<PassesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient Worker => app.As("community-worker", PassesApp.Community, "epidemic.control");

    private static object Line(string cti, DateTimeOffset at, string direction = "in", string verdict = "Admit") => new
    {
        id = Guid.CreateVersion7(), at = at.ToUnixTimeMilliseconds(), offset = 0, direction, verdict, reason = verdict == "Admit" ? "Ok" : "Revoked", cti, kind = 1, form = 1, t = 0, members = 1, listAge = 60,
    };

    private async Task<(Guid Person, string Cti)> HolderAsync(int n)
    {
        var person = await app.SomebodyAsync(n);
        var id = (await app.IssueAsync(new { compound = PassesApp.Compound, person, kind = "Resident", form = "Paper" })).GetProperty("id").GetGuid();
        return (person, await app.InScopeAsync(s => s.GetRequiredService<Liren.Passes.Data.PassesDb>().Passes.Where(p => p.Id == id).Select(p => p.Cti).SingleAsync(Stop)));
    }

    private async Task CopiedAsync()
    {
        await app.InScopeAsync(async s =>
        {
            var (folder, log) = (s.GetRequiredService<Folder>(), s.GetRequiredService<MeasureBook>().Sources.OfType<ILogMeasures>().Single());
            while (true)
            {
                var cursor = await folder.CursorAsync(log, Stop);
                if (!await folder.FoldLogAsync(log, cursor, 1_000, Stop) && (await folder.CursorAsync(log, Stop)).Seq == cursor.Seq) return true;
            }
        });
        var (cache, last) = (app.Services.GetRequiredService<ScanCache>(), await app.InScopeAsync(s => s.GetRequiredService<Liren.Passes.Data.PassesDb>().Entries.MaxAsync(e => e.Seq, Stop)));
        cache.Open();
        for (var n = 0; n < 600 && cache.Last < last; n++) await Task.Delay(50, Stop);
        cache.Last.ShouldBe(last);
    }

    private async Task<JsonElement> AskAsync(object question)
    {
        using var answer = await app.As("street-leader", "31.01.15.016").PostAsJsonAsync("/api/insight/queries", question, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Stop));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code, string? field = null)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        answer.StatusCode.ShouldBe(status, problem.ToString());
        problem.GetProperty("code").GetString().ShouldBe(code);
        if (field is not null) problem.GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task The_copy_by_columns_answers_what_the_roll_ups_say_and_more_and_survives_its_own_ruin()
    {
        var gate = await app.PairAsync("列存门");
        var holder = await HolderAsync(41);
        var at = new DateTimeOffset(2020, 2, 6, 9, 30, 0, TimeSpan.FromHours(8));
        await gate.SendAsync(Line(holder.Cti, at), Line(holder.Cti, at.AddHours(3), "out"), Line(holder.Cti, at.AddHours(3), verdict: "Refuse"));
        await CopiedAsync();
        const string place = PassesApp.Community, day = "2020-02-06";
        var byHour = await AskAsync(new { count = "scans", place, level = "community", from = day, to = day, by = "hour" });
        byHour.GetProperty("places").EnumerateArray().Select(p => p.GetString()).ShouldBe([place]);
        var periods = byHour.GetProperty("periods").EnumerateArray().Select(p => p.GetString()).ToList();
        byHour.GetProperty("values")[0][periods.IndexOf("2020-02-06T12")].GetInt64().ShouldBe(2);
        var rollup = await app.As("street-leader", "31.01.15.016").GetFromJsonAsync<JsonElement>($"/api/insight/facts?measure=passes.scans&place={place}&by=total&from={day}&to={day}", Stop);
        byHour.GetProperty("values")[0].EnumerateArray().Sum(v => v.GetInt64()).ShouldBe(rollup.GetProperty("rows")[0].GetProperty("value").GetInt64());
        (await AskAsync(new { count = "residents", place, from = day, to = day, by = "total", verdict = "admit", direction = "out", fromHour = 12, toHour = 13 })).GetProperty("values")[0][0].GetInt64().ShouldBe(1);
        (await AskAsync(new { count = "scans", place = "31.01.15.016", from = day, to = day, by = "day", verdict = "refuse" })).GetProperty("places")[0].GetString().ShouldBe("31.01.15.016");

        // A file that is no database any more: it is made again from the log.
        var cache = app.Services.GetRequiredService<ScanCache>();
        cache.Dispose();
        await File.WriteAllTextAsync(cache.File, "ruined", Stop);
        if (File.Exists(cache.File + ".wal")) File.Delete(cache.File + ".wal");
        await CopiedAsync();
        (await AskAsync(new { count = "scans", place, from = day, to = day, by = "total" })).GetProperty("values")[0][0].GetInt64().ShouldBe(rollup.GetProperty("rows")[0].GetProperty("value").GetInt64());
    }

    [Fact]
    public async Task A_question_over_lines_is_refused_with_its_field()
    {
        Task<HttpResponseMessage> Ask(object q, string role = "street-leader", string at = "31.01.15.016") => app.As(role, at).PostAsJsonAsync("/api/insight/queries", q, Stop);
        await RefusedAsync(await Ask(new { count = "names", place = PassesApp.Community, from = "2020-02-06", to = "2020-02-06" }), HttpStatusCode.UnprocessableEntity, "insight.count", "count");
        await RefusedAsync(await Ask(new { place = PassesApp.Community, level = "building", from = "2020-02-06", to = "2020-02-06" }), HttpStatusCode.UnprocessableEntity, "insight.level-too-fine", "level");
        await RefusedAsync(await Ask(new { place = PassesApp.Community, from = "2020-02-06" }), HttpStatusCode.UnprocessableEntity, "insight.range", "to");
        await RefusedAsync(await Ask(new { place = PassesApp.Community, from = "2020-02-06", to = "2020-02-06", verdict = "maybe" }), HttpStatusCode.UnprocessableEntity, "insight.verdict", "verdict");
        await RefusedAsync(await Ask(new { place = "31.01.15.104", from = "2020-02-06", to = "2020-02-06" }), HttpStatusCode.Forbidden, "sdk.not-allowed");
        await RefusedAsync(await Ask(new { place = "x' OR 1=1 --", from = "2020-02-06", to = "2020-02-06" }, "administrator", ""), HttpStatusCode.NotFound, "insight.no-place", "place");
        await RefusedAsync(await Ask(new { count = "residents", place = "31.01.15", level = "street", from = "2020-02-06", to = "2020-02-06" }, "administrator", ""), HttpStatusCode.UnprocessableEntity, "insight.level-people", "level");
    }

    [Fact]
    public async Task Who_was_at_the_gate_at_the_same_time_is_asked_under_an_order_with_a_case_and_is_logged()
    {
        var gate = await app.PairAsync("同行门");
        var (ill, near, far) = (await HolderAsync(51), await HolderAsync(61), await HolderAsync(71));
        var at = app.Clock.GetUtcNow().AddHours(-20);
        await gate.SendAsync(Line(ill.Cti, at), Line(near.Cti, at.AddMinutes(4), "out"), Line(far.Cti, at.AddMinutes(7)), Line(ill.Cti, at.AddHours(5)), Line(near.Cti, at.AddHours(5).AddMinutes(-3)));
        object Asked(int minutes = 5, string reference = "病例 2020-1", bool sameDirection = false, Guid? person = null) => new { person = person ?? ill.Person, reference, days = 14, minutes, sameDirection };
        Task<HttpResponseMessage> Ask(object q, HttpClient? by = null) => (by ?? Worker).PostAsJsonAsync("/api/insight/contacts", q, Stop);
        await RefusedAsync(await Ask(Asked()), HttpStatusCode.Conflict, "insight.contacts-order");
        var id = (await (await app.AsAccount("leader").PostAsJsonAsync("/api/modes", new { area = PassesApp.Compound, level = "II", orderNo = "同1", authority = "街道", basis = "法", reason = "因", to = app.Clock.GetUtcNow().AddDays(3) }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        var sign = new HttpRequestMessage(HttpMethod.Post, $"/api/modes/{id}/sign");
        sign.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        (await app.AsAccount("duty").SendAsync(sign, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();

        var found = await (await Ask(Asked())).Content.ReadFromJsonAsync<JsonElement>(Stop);
        found.GetProperty("passages").GetInt32().ShouldBe(2);
        var people = found.GetProperty("people").EnumerateArray().ToList();
        people.ShouldHaveSingleItem().GetProperty("person").GetGuid().ShouldBe(near.Person);
        people[0].GetProperty("times").GetInt32().ShouldBe(2);
        people[0].GetProperty("name").GetString()!.ShouldContain("*");
        (await (await Ask(Asked(sameDirection: true))).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("people")[0].GetProperty("times").GetInt32().ShouldBe(1);
        (await (await Ask(Asked(8))).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("people").GetArrayLength().ShouldBe(2);
        var log = await app.As("auditor", "", "supervision.audit").GetStringAsync("/api/identity/access-log?size=50", Stop);
        log.ShouldContain("contacts:病例 2020-1");

        await RefusedAsync(await Ask(Asked(reference: " ")), HttpStatusCode.UnprocessableEntity, "insight.contacts-reference", "reference");
        await RefusedAsync(await Ask(Asked(31)), HttpStatusCode.UnprocessableEntity, "insight.contacts-minutes", "minutes");
        await RefusedAsync(await Ask(Asked(person: Guid.CreateVersion7())), HttpStatusCode.NotFound, "insight.contacts-nobody", "person");
        await RefusedAsync(await Ask(Asked(), app.As("community-worker", "31.01.15.104.001", "epidemic.control")), HttpStatusCode.NotFound, "insight.contacts-nobody", "person");
        await RefusedAsync(await Ask(Asked(), app.As("community-worker", PassesApp.Community, "community.service")), HttpStatusCode.Forbidden, "insight.contacts-purpose", "purpose");
        (await Ask(Asked(), app.As("street-leader", "31.01.15.016", "epidemic.control"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
