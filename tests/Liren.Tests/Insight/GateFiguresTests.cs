using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Insight;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Features;
using Liren.Insight.Folding;
using Liren.Passes.Data;
using Liren.Tests.Passes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Insight;

/// <summary>Figures of the gate log, from the gate's line to the API.</summary>
public sealed class GateFiguresTests(PassesApp app) : IClassFixture<PassesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient Leader => app.As("street-leader", "31.01.15.016");

    /// <summary>Folds what the log has, as the follower does.</summary>
    private Task FoldAsync() => app.InScopeAsync(async s =>
    {
        var (folder, log) = (s.GetRequiredService<Folder>(), s.GetRequiredService<MeasureBook>().Sources.OfType<ILogMeasures>().Single());
        while (true)
        {
            var cursor = await folder.CursorAsync(log, Stop);
            // The follower of the running program may be faster.
            if (!await folder.FoldLogAsync(log, cursor, 7, Stop) && (await folder.CursorAsync(log, Stop)).Seq == cursor.Seq) return true;
        }
    });

    private async Task<JsonElement> FactsAsync(string query, HttpClient? http = null)
    {
        using var answer = await (http ?? Leader).GetAsync(new Uri($"/api/insight/facts?{query}", UriKind.Relative), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Stop));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("rows");
    }

    private async Task<long> TotalAsync(string measure, string place, string days, HttpClient? http = null) =>
        (await FactsAsync($"measure={measure}&place={place}&by=total&{days}", http)).EnumerateArray().Sum(r => r.GetProperty("value").GetInt64());

    private async Task RefusedAsync(string query, HttpStatusCode status, string code, string? field, HttpClient? http = null)
    {
        using var answer = await (http ?? Leader).GetAsync(new Uri($"/api/insight/facts?{query}", UriKind.Relative), Stop);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        answer.StatusCode.ShouldBe(status, problem.ToString());
        problem.GetProperty("code").GetString().ShouldBe(code);
        if (field is not null) problem.GetProperty("field").GetString().ShouldBe(field);
    }

    private async Task<string> CtiOfNewPassAsync(int person)
    {
        var made = await app.IssueAsync(new { compound = PassesApp.Compound, person = await app.SomebodyAsync(person), kind = "Resident", form = "Paper" });
        var id = made.GetProperty("id").GetGuid();
        return await app.InScopeAsync(s => s.GetRequiredService<PassesDb>().Passes.Where(p => p.Id == id).Select(p => p.Cti).SingleAsync(Stop));
    }

    private object Line(PairedGate gate, string? cti, TimeSpan ago, string verdict = "Admit", string direction = "in", Guid? id = null, string reason = "Ok", int members = 1) => new
    {
        id = id ?? Guid.CreateVersion7(), at = (app.Clock.GetUtcNow() - ago).ToUnixTimeMilliseconds(), offset = 0, direction, verdict, reason, cti, kind = 1, form = 1, t = 0, members, listAge = 60,
    };

    [Fact]
    public async Task Every_level_counts_what_happened_below_however_late_and_however_often_it_is_sent()
    {
        var gate = await app.PairAsync("统计门");
        string[] cti = [await CtiOfNewPassAsync(1), await CtiOfNewPassAsync(2), await CtiOfNewPassAsync(3)];
        await FoldAsync();
        const string days = "from=2020-02-07&to=2020-02-13";
        var before = (Scans: await TotalAsync("passes.scans", PassesApp.Compound, days), People: await TotalAsync("passes.people", PassesApp.Compound, days), Stopped: await TotalAsync("passes.stopped", PassesApp.Compound, days));
        object[] today = [Line(gate, cti[0], TimeSpan.FromHours(1)), Line(gate, cti[0], TimeSpan.FromMinutes(1), direction: "out"), Line(gate, cti[1], TimeSpan.Zero, members: 3), Line(gate, cti[2], TimeSpan.Zero, "Refuse", reason: "Revoked")];
        await gate.SendAsync(today);
        await gate.SendAsync(today);
        await FoldAsync();
        // Two days late, and one of them had been sent before.
        await gate.SendAsync(Line(gate, cti[2], TimeSpan.FromDays(2)), today[0]);
        await FoldAsync();

        foreach (var place in (string[])[PassesApp.Compound, PassesApp.Community, "31.01.15.016"])
        {
            (await TotalAsync("passes.scans", place, days)).ShouldBe(before.Scans + 5);
            (await TotalAsync("passes.people", place, days)).ShouldBe(before.People + 6);
            (await TotalAsync("passes.stopped", place, days)).ShouldBe(before.Stopped + 1);
        }
        (await TotalAsync("passes.scans", "", days, app.As("administrator"))).ShouldBe(before.Scans + 5);
        var byHour = await FactsAsync($"measure=passes.scans&place={PassesApp.Community}&by=hour&from=2020-02-11&to=2020-02-11");
        byHour.EnumerateArray().Single(r => r.GetProperty("period").GetString() == "2020-02-11T14").GetProperty("value").GetInt64().ShouldBeGreaterThan(0);
        var split = await FactsAsync($"measure=passes.stopped&place={PassesApp.Compound}&by=total&split=true&{days}");
        split.EnumerateArray().ShouldContain(r => r.GetProperty("category").GetString() == "Revoked");
    }

    [Fact]
    public async Task Figures_say_which_gates_were_silent()
    {
        var (loud, quiet) = (await app.PairAsync("有声门"), await app.PairAsync("无声门"));
        foreach (var gate in (PairedGate[])[loud, quiet]) await gate.SendAsync(Line(gate, null, TimeSpan.FromDays(9)));
        await loud.SendAsync(Line(loud, null, TimeSpan.FromDays(8)));
        Task<JsonElement> Asked(string query) => Leader.GetFromJsonAsync<JsonElement>($"/api/insight/completeness?{query}", Stop);
        const string day = "from=2020-02-05&to=2020-02-05";
        var found = await Asked($"measure=passes.scans&place={PassesApp.Compound}&{day}");
        found.GetProperty("silentOnes").EnumerateArray().Select(s => s.GetProperty("name").GetString()).ShouldContain("无声门");
        found.GetProperty("silentOnes").EnumerateArray().Select(s => s.GetProperty("name").GetString()).ShouldNotContain("有声门");
        found.GetProperty("heard").GetInt32().ShouldBe(found.GetProperty("expected").GetInt32() - found.GetProperty("silentOnes").GetArrayLength());
        found.GetProperty("provisional").GetBoolean().ShouldBeTrue();
        (await Asked($"measure=passes.residents&place={PassesApp.Compound}&from=2020-02-04&to=2020-02-04")).GetProperty("silentOnes").EnumerateArray().Select(s => s.GetProperty("name").GetString()).ShouldNotContain("无声门");
        // What is written down here cannot be missing.
        (await Asked($"measure=cases.reported&place={PassesApp.Compound}&{day}")).GetProperty("expected").ValueKind.ShouldBe(JsonValueKind.Null);
        using var refused = await Leader.GetAsync(new Uri("/api/insight/completeness?measure=passes.scans&place=31.01.15.104", UriKind.Relative), Stop);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Lines_read_at_a_stretch_are_those_read_one_by_one_with_the_same_people()
    {
        var gate = await app.PairAsync("长读门");
        string[] cti = [await CtiOfNewPassAsync(101), await CtiOfNewPassAsync(102)];
        await gate.SendAsync([.. Enumerable.Range(0, 300).Select(n => Line(gate, (n % 3) switch { 0 => null, 1 => cti[0], _ => cti[1] }, TimeSpan.FromMinutes(n)))]);
        Task<List<GateLine>> Read(long after, int most) => app.InScopeAsync(async s =>
        {
            var all = new List<GateLine>();
            await foreach (var part in s.GetRequiredService<GateLines>().AfterAsync(after, most, Stop)) all.AddRange(part);
            return all;
        });
        var together = await Read(0, int.MaxValue);
        var apart = new List<GateLine>();
        while (await Read(apart.Count > 0 ? apart[^1].Seq : 0, 1) is [var one]) apart.Add(one);
        apart.Take(together.Count).ShouldBe(together);
        together.Count(l => l.Person is not null).ShouldBeGreaterThanOrEqualTo(200);
        (await Read(together[^300].Seq, 7)).Count.ShouldBe(7);
    }

    [Fact]
    public async Task Half_a_million_people_would_get_each_their_own_number_and_keep_it()
    {
        var (people, numbers) = (Enumerable.Range(0, 12_000).Select(_ => Guid.CreateVersion7()).ToList(), app.Services.GetRequiredService<PersonNumbers>());
        Task<List<int>> Given(IEnumerable<Guid> asked, bool commit) => app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<InsightDb>();
            await using var transaction = await db.Database.BeginTransactionAsync(Stop);
            var given = await numbers.OfAsync(db.Database.GetDbConnection(), transaction.GetDbTransaction(), [("31.01.a", [.. asked.Take(6_000)]), ("31.01.b", [.. asked.Skip(6_000)])], Stop);
            if (commit)
            {
                await transaction.CommitAsync(Stop);
                given.Remember();
            }
            return asked.Select(given.Of).ToList();
        });
        // What was given in a transaction that failed is given again.
        await Given(people, commit: false);
        var first = await Given(people, commit: true);
        first.Distinct().Count().ShouldBe(people.Count);
        (await Given(people, commit: true)).ShouldBe(first);
        // Forgotten by the program, not by the database: many are read in one go, few one by one.
        numbers.Forget();
        (await Given(people, commit: true)).ShouldBe(first);
        numbers.Forget();
        (await Given(people.Take(3), commit: true)).ShouldBe(first.Take(3));
    }

    [Fact]
    public async Task Different_residents_of_several_days_are_joined_and_not_added()
    {
        var gate = await app.PairAsync("去重门");
        string[] cti = [await CtiOfNewPassAsync(11), await CtiOfNewPassAsync(12)];
        await gate.SendAsync(Line(gate, cti[0], TimeSpan.FromDays(4)), Line(gate, cti[0], TimeSpan.FromDays(5)), Line(gate, cti[1], TimeSpan.FromDays(5)), Line(gate, null, TimeSpan.FromDays(5)));
        await FoldAsync();
        const string days = "from=2020-02-08&to=2020-02-09";
        var byDay = await FactsAsync($"measure=passes.residents&place={PassesApp.Compound}&by=day&{days}");
        byDay.EnumerateArray().Select(r => r.GetProperty("value").GetInt64()).ShouldBe([2, 1]);
        foreach (var place in (string[])[PassesApp.Compound, PassesApp.Community, "31.01.15.016"]) (await TotalAsync("passes.residents", place, days)).ShouldBe(2);
        (await FactsAsync($"measure=passes.residents&place=31.01.15.016&level=community&by=month&{days}")).EnumerateArray().Single().GetProperty("value").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task A_line_with_a_wrong_clock_is_no_figure_of_any_other_day()
    {
        var gate = await app.PairAsync("慢钟门");
        await FoldAsync();
        var (odd, ahead) = (await TotalAsync("passes.odd-clock", PassesApp.Compound, "to=2020-02-13"), await TotalAsync("passes.scans", PassesApp.Compound, "from=2020-02-14&to=2020-02-20"));
        await gate.SendAsync(Line(gate, null, TimeSpan.FromDays(-3)), Line(gate, null, TimeSpan.FromDays(60)));
        await FoldAsync();
        (await TotalAsync("passes.odd-clock", PassesApp.Compound, "to=2020-02-13")).ShouldBe(odd + 2);
        (await TotalAsync("passes.scans", PassesApp.Compound, "from=2020-02-14&to=2020-02-20")).ShouldBe(ahead);
    }

    [Fact]
    public async Task A_recount_agrees_and_finds_what_was_tampered_with_and_a_rebuild_repairs_it()
    {
        var gate = await app.PairAsync("复算门");
        await gate.SendAsync(Line(gate, await CtiOfNewPassAsync(21), TimeSpan.FromDays(3)), Line(gate, null, TimeSpan.FromDays(3), "Check", reason: "ProofMissing"));
        await FoldAsync();
        var day = new DateOnly(2020, 2, 10).DayNumber;
        Task<Recount.Result> RecountAsync() => app.InScopeAsync(s => s.GetRequiredService<Recount>().DayAsync(s.GetRequiredService<MeasureBook>().Sources.OfType<ILogMeasures>().Single(), day, Stop));
        (await RecountAsync()).Different.ShouldBeEmpty();
        (await RecountAsync()).Rows.ShouldBeGreaterThan(10);
        await app.InScopeAsync(s => s.GetRequiredService<InsightDb>().Rollups.Where(r => r.Measure == "passes.scans" && r.Day == day && r.PlacePath == PassesApp.Community).ExecuteUpdateAsync(r => r.SetProperty(x => x.Cells, Cells.Write([999])), Stop));
        (await RecountAsync()).Different.ShouldContain(d => d.Measure == "passes.scans" && d.Place == PassesApp.Community);
        // The night's job keeps what it found.
        var check = await app.InScopeAsync(s => ActivatorUtilities.CreateInstance<SelfChecks>(s).OneAsync(s.GetRequiredService<MeasureBook>().Sources.OfType<ILogMeasures>().Single(), day, Stop));
        check.Different.ShouldBeGreaterThan(0);
        var rebuilt = await app.InScopeAsync(s => s.GetRequiredService<Rebuild>().RunAsync(s.GetRequiredService<MeasureBook>().Sources.OfType<ILogMeasures>().Single(), null, Stop));
        rebuilt.Different.ShouldBeGreaterThan(0);
        (await RecountAsync()).Different.ShouldBeEmpty();
        (await app.InScopeAsync(s => s.GetRequiredService<Rebuild>().RunAsync(s.GetRequiredService<MeasureBook>().Sources.OfType<ILogMeasures>().Single(), null, Stop))).Different.ShouldBe(0);
    }

    [Fact]
    public async Task Figures_are_refused_with_the_field_that_is_wrong_and_never_shown_elsewhere()
    {
        await RefusedAsync("measure=passes.scan", HttpStatusCode.NotFound, "insight.no-measure", "measure");
        using (var near = await Leader.GetAsync(new Uri("/api/insight/facts?measure=passes.scan", UriKind.Relative), Stop)) (await near.Content.ReadAsStringAsync(Stop)).ShouldContain("passes.scans");
        await RefusedAsync("", HttpStatusCode.UnprocessableEntity, "insight.measure-missing", "measure");
        await RefusedAsync("measure=passes.scans&place=31.01.15.016.999", HttpStatusCode.NotFound, "insight.no-place", "place");
        await RefusedAsync("measure=passes.scans&place=31.01.15.104", HttpStatusCode.Forbidden, "sdk.not-allowed", null);
        await RefusedAsync("measure=passes.scans&place=", HttpStatusCode.Forbidden, "sdk.not-allowed", null);
        await RefusedAsync("measure=passes.scans&level=flat", HttpStatusCode.UnprocessableEntity, "insight.level", "level");
        await RefusedAsync("measure=passes.scans&level=city", HttpStatusCode.UnprocessableEntity, "insight.level-above", "level");
        await RefusedAsync("measure=passes.scans&by=minute", HttpStatusCode.UnprocessableEntity, "insight.by", "by");
        await RefusedAsync("measure=passes.scans&by=hour&from=2019-10-01&to=2020-02-13", HttpStatusCode.UnprocessableEntity, "insight.too-fine", "by");
        await RefusedAsync("measure=passes.residents&by=hour", HttpStatusCode.UnprocessableEntity, "insight.no-hours", "by");
        await RefusedAsync("measure=passes.scans&from=2018-01-01", HttpStatusCode.UnprocessableEntity, "insight.too-long", "from");
        await RefusedAsync("measure=passes.scans&from=2020-02-13&to=2020-02-12", HttpStatusCode.UnprocessableEntity, "insight.range", "to");
        (await app.As("resident").GetAsync(new Uri("/api/insight/facts?measure=passes.scans", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.CreateClient().GetAsync(new Uri("/api/insight/measures", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_same_figures_are_not_sent_twice()
    {
        using var first = await Leader.GetAsync(new Uri("/api/insight/series?measure=cases.reported&by=month", UriKind.Relative), Stop);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/insight/series?measure=cases.reported&by=month");
        again.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.Tag);
        (await Leader.SendAsync(again, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Sets_of_people_go_after_their_time_and_the_counts_of_days_stay()
    {
        var gate = await app.PairAsync("旧门");
        await gate.SendAsync(Line(gate, await CtiOfNewPassAsync(31), TimeSpan.FromDays(8)));
        await FoldAsync();
        var day = new DateOnly(2020, 2, 5).DayNumber;
        await app.InScopeAsync(s => s.GetRequiredService<InsightDb>().PeopleSets.Where(p => p.Day <= day).ExecuteDeleteAsync(Stop));
        (await FactsAsync($"measure=passes.residents&place={PassesApp.Compound}&by=day&from=2020-02-05&to=2020-02-05")).EnumerateArray().Single().GetProperty("value").GetInt64().ShouldBe(1);
        await RefusedAsync($"measure=passes.residents&place={PassesApp.Compound}&by=total&from=2020-02-05&to=2020-02-12", HttpStatusCode.UnprocessableEntity, "insight.people-gone", "from");
    }
}
