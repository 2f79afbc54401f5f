using Liren.Incidents.Features;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Liren.Sdk.Ui.PlainPages;

namespace Liren.Incidents.Pages;

/// <summary>
/// Phone pages of the field (网格员端、核查员端): plain pages without a circuit. Every act is a form; with script it is sent in the background and
/// repeated until the server has answered, without it the form works as forms always have.
/// </summary>
internal static class FieldPages
{
    public static void Map(IEndpointRouteBuilder site)
    {
        Get(site, "/field", (http, _, problem) => PageAsync<FieldPage>(http, problem, null));
        Get(site, "/field/report", (http, _, problem) => PageAsync<FieldReportPage>(http, problem, null));
        Get(site, "/field/verify", (http, _, problem) => PageAsync<FieldVerifyListPage>(http, problem, null));
        Get(site, "/field/{id:guid}", (http, id, problem) => PageAsync<FieldTaskPage>(http, problem, new { Id = id }));
        Get(site, "/field/verify/{id:guid}", (http, id, problem) => PageAsync<FieldVerifyPage>(http, problem, new { Id = id }));

        // The sign of a place opens this: to the task that waits there, with the code filled in.
        site.MapGet("/field/here", async (HttpContext http, string? place, string? code, CancellationToken stop) =>
        {
            if (!SignedIn) return ToSignIn(http.Request.Path + http.Request.QueryString);
            if (!Actor.Current.May("incidents.handle")) return TypedResults.LocalRedirect("/field");
            var task = (await Run<MyTasks>(http).RunAsync(stop)).Tasks.FirstOrDefault(t => t.Place == place && t.State == Contracts.Incidents.IncidentState.Accepted);
            return TypedResults.LocalRedirect(task is null ? "/field" : $"/field/{task.Id}?code={Uri.EscapeDataString(code ?? "")}");
        }).ExcludeFromDescription();

        Post(site, "/field/report", async (http, _, form, stop) =>
        {
            var made = await Run<ReportIncident>(http).RunAsync(new(form["type"], form["place"], form["text"]), form.Photos, form.Key, stop);
            return $"/field/report?made={made.Code}&joined={(made.Joined ? 1 : 0)}";
        }, (http, _, problem) => PageAsync<FieldReportPage>(http, problem, null));
        Act(site, "accept", (http, id, form, stop) => Run<AcceptOffer>(http).RunAsync(id, form.Key, stop));
        Act(site, "decline", (http, id, form, stop) => Run<DeclineOffer>(http).RunAsync(id, new(Said(form)), form.Key, stop), back: "/field");
        Act(site, "arrive", (http, id, form, stop) => Run<ReportArrival>(http).RunAsync(id, new(form.Number("longitude"), form.Number("latitude"), form["code"], form["reason"]), form.Key, stop));
        Act(site, "handle", (http, id, form, stop) => Run<HandleIncident>(http).RunAsync(id, form["note"], form.Photos, form.Key, stop));
        Act(site, "hand-over", (http, id, form, stop) => Run<HandOver>(http).RunAsync(id, Said(form), form.Key, stop), back: "/field");
        Act(site, "not-so", (http, id, form, stop) => Run<SayNotSo>(http).RunAsync(id, Said(form), form.Key, stop));
        Act(site, "comment", (http, id, form, stop) => Run<CommentIncident>(http).RunAsync(id, form["text"], form.Key, stop));
        Check(site, "confirm", (http, id, form, stop) => Run<VerifyIncident>(http).ConfirmAsync(id, form["note"], form.Photos, form.Key, stop, form.Number("longitude"), form.Number("latitude")));
        Check(site, "refuse", (http, id, form, stop) => Run<VerifyIncident>(http).RefuseAsync(id, Said(form), form.Key, stop));
        Check(site, "decide", (http, id, form, stop) => Run<DecideNotSo>(http).RunAsync(id, new(form["agrees"] == "true", form["reason"]), form.Key, stop));
    }

    /// <summary>A reason: one of those offered, or own words.</summary>
    private static string? Said(Upload form) => form["reason"] ?? form["usual"];


    private static void Act(IEndpointRouteBuilder site, string act, Func<HttpContext, Guid, Upload, CancellationToken, Task> run, string? back = null) =>
        Post(site, $"/field/{{id:guid}}/{act}", async (http, id, form, stop) => { await run(http, id, form, stop); return back ?? $"/field/{id}"; }, (http, id, problem) => PageAsync<FieldTaskPage>(http, problem, new { Id = id }));

    private static void Check(IEndpointRouteBuilder site, string act, Func<HttpContext, Guid, Upload, CancellationToken, Task> run) =>
        Post(site, $"/field/verify/{{id:guid}}/{act}", async (http, id, form, stop) => { await run(http, id, form, stop); return $"/field/verify/{id}"; }, (http, id, problem) => PageAsync<FieldVerifyPage>(http, problem, new { Id = id }));

    private static void Post(IEndpointRouteBuilder site, string path, Func<HttpContext, Guid, Upload, CancellationToken, Task<string>> run, Func<HttpContext, Guid, RuleBrokenException, Task<IResult>> again) =>
        PlainPages.Post(site, path, "/field", Uploads.ReadAsync, run, again);
}
