using Liren.Cases.Features;
using Liren.Sdk;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Liren.Sdk.Ui.PlainPages;

namespace Liren.Cases.Pages;

/// <summary>
/// Phone pages of cases: staff under /field/cases (collect, handle, verify), residents under /my/report (report, follow, rate). Plain forms that work in any
/// browser; with script those of the field wait on the phone until the server has answered.
/// </summary>
internal static class CasePhonePages
{
    public static void Map(IEndpointRouteBuilder site)
    {
        Get(site, "/field/cases", (http, _, problem) => PageAsync<FieldCasesPage>(http, problem));
        Get(site, "/field/cases/report", (http, _, problem) => PageAsync<FieldCaseReportPage>(http, problem));
        Get(site, "/field/cases/{id:guid}", (http, id, problem) => PageAsync<FieldCasePage>(http, problem, new { Id = id }));
        Post(site, "/field/cases/report", "/field/cases", Uploads.ReadAsync, async (http, _, form, stop) =>
        {
            var made = await Run<ReportCase>(http).RunAsync(new(form["type"], form["place"], form["text"], form.Number("longitude"), form.Number("latitude")), form.Photos, form.Key, stop);
            return $"/field/cases/report?made={made.Code}&similar={made.Similar.Count}";
        }, (http, _, problem) => PageAsync<FieldCaseReportPage>(http, problem));
        Act(site, "accept", (http, id, form, stop) => Run<UnitActs>(http).AcceptAsync(id, form.Key, stop));
        Act(site, "return", (http, id, form, stop) => Run<UnitActs>(http).ReturnAsync(id, form["reason"], form.Key, stop), "/field/cases");
        Act(site, "feed-back", (http, id, form, stop) => Run<UnitActs>(http).FeedBackAsync(id, form["note"], form.Photos, form.Key, stop));
        Act(site, "ask-suspend", (http, id, form, stop) => Run<UnitActs>(http).AskSuspendAsync(id, new(form["reason"], Day(form["until"])), form.Key, stop));
        Act(site, "resume", (http, id, form, stop) => Run<UnitActs>(http).ResumeAsync(id, form.Key, stop));
        Act(site, "confirm", (http, id, form, stop) => Run<CollectorActs>(http).ConfirmAsync(id, form["note"], form.Photos, form.Key, stop));
        Act(site, "rework", (http, id, form, stop) => Run<CollectorActs>(http).ReworkAsync(id, form["reason"], form.Photos, form.Key, stop));

        Get(site, "/my/report", (http, _, problem) => PageAsync<MyReportPage>(http, problem));
        Get(site, "/my/report/{id:guid}", (http, id, problem) => PageAsync<MyCasePage>(http, problem, new { Id = id }));
        Post(site, "/my/report", "/my/report", Uploads.ReadAsync, async (http, _, form, stop) =>
        {
            var made = await Run<ReportOwn>(http).RunAsync(new(form["type"], form["place"], form["text"], form.Number("longitude"), form.Number("latitude"), form["phone"]), form.Photos, form.Key, stop);
            return $"/my/report/{made.Id}?done=reported";
        }, (http, _, problem) => PageAsync<MyReportPage>(http, problem));
        Post(site, "/my/report/{id:guid}/rate", "/my/report", Uploads.ReadAsync, async (http, id, form, stop) =>
        {
            bool? solved = form["solved"] switch { "yes" => true, "no" or "again" => false, _ => null };
            var moved = await Run<RateOwn>(http).RunAsync(id, new(solved, int.TryParse(form["stars"], out var stars) ? stars : null, form["text"], form["solved"] == "again"), form.Key, stop);
            return $"/my/report/{moved.Id}?done={(form["solved"] == "again" ? "again" : "rated")}";
        }, (http, id, problem) => PageAsync<MyCasePage>(http, problem, new { Id = id }));
    }

    private static void Act(IEndpointRouteBuilder site, string act, Func<HttpContext, Guid, Upload, CancellationToken, Task> run, string? back = null) =>
        Post(site, $"/field/cases/{{id:guid}}/{act}", "/field/cases", Uploads.ReadAsync, async (http, id, form, stop) => { await run(http, id, form, stop); return back ?? $"/field/cases/{id}"; }, (http, id, problem) => PageAsync<FieldCasePage>(http, problem, new { Id = id }));

    /// <summary>Five in the afternoon of that day in Shanghai.</summary>
    private static DateTimeOffset Day(string? typed) => DateOnly.TryParse(typed, System.Globalization.CultureInfo.InvariantCulture, out var day)
        ? new DateTimeOffset(day.ToDateTime(new(17, 0)), TimeSpan.FromHours(8)) : throw new RuleBrokenException("cases.suspend-until", "until", 422, Domain.Case.LongestSuspension.Days);
}
