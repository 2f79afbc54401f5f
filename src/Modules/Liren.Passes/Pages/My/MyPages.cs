using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Passes.Features;
using Liren.Sdk;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Liren.Sdk.Ui.PlainPages;

namespace Liren.Passes.Pages;

/// <summary>The resident's phone pages (居民端): own passes, visitors, ways through the gates; plain forms that work in any browser.</summary>
internal static class MyPages
{
    public static void Map(IEndpointRouteBuilder site)
    {
        Get(site, "/my", (http, _, problem) => PageAsync<MyPage>(http, problem));
        Get(site, "/my/visitors", (http, _, problem) => PageAsync<MyVisitorsPage>(http, problem));
        Get(site, "/my/entries", (http, _, problem) => PageAsync<MyEntriesPage>(http, problem));
        Home(site, "/my/apply", async (http, _, form, stop) =>
        {
            var made = await Run<ApplyForPass>(http).RunAsync(new(form["form"] == "Paper" ? PassForm.Paper : PassForm.Phone, Guid.TryParse(form["person"], out var person) ? person : null, form["note"]), NewId.OfForm(form["key"]), stop);
            return made.State == PassState.Active ? "/my?done=applied" : "/my?done=asked";
        });
        Home(site, "/my/lost", async (http, _, _, stop) => { await Run<LosePhone>(http).RunAsync(stop); return "/my?done=lost"; });
        Home(site, "/my/{id:guid}/withdraw", async (http, id, _, stop) => { await Run<WithdrawApplication>(http).RunAsync(id, stop); return "/my?done=withdrawn"; });
        Home(site, "/my/{id:guid}/renew", async (http, id, _, stop) => { await Run<RenewOwn>(http).RunAsync(id, stop); return "/my?done=renewed"; });
        Visitors(site, "/my/visitors", async (http, _, form, stop) =>
        {
            Rule.Require(Guid.TryParse(form["gate"], out var gate), "passes.no-gate", "gate");
            await Run<InviteVisitor>(http).RunAsync(new(form["name"].ToString(), gate, FromOf(form["from"]), int.TryParse(form["hours"], out var hours) ? hours : 4, form["phone"], form["plate"], form["reason"]), NewId.OfForm(form["key"]), stop);
            return "/my/visitors?done=invited";
        });
        Visitors(site, "/my/visitors/{id:guid}/cancel", async (http, id, _, stop) => { await Run<CancelVisitor>(http).RunAsync(id, stop); return "/my/visitors?done=cancelled"; });
        site.MapGet("/my/letters", (HttpContext http, string? large, string? back) =>
        {
            var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), IsEssential = true };
            if (large == "1") http.Response.Cookies.Append(MyFrame.LargeCookie, "1", options);
            else http.Response.Cookies.Delete(MyFrame.LargeCookie);
            return TypedResults.LocalRedirect(back?.StartsWith("/my/", StringComparison.Ordinal) == true ? back : "/my");
        }).ExcludeFromDescription();
        site.MapGet("/visit/{id:guid}/{key}", (HttpContext http, Guid id, string key) => PageAsync<VisitPage>(http, null, new { Id = id, Key = key })).ExcludeFromDescription();
    }

    private static void Home(IEndpointRouteBuilder site, string path, Func<HttpContext, Guid, IFormCollection, CancellationToken, Task<string>> run) =>
        Post(site, path, "/my", ReadAsync, run, (http, _, problem) => PageAsync<MyPage>(http, problem));

    private static void Visitors(IEndpointRouteBuilder site, string path, Func<HttpContext, Guid, IFormCollection, CancellationToken, Task<string>> run) =>
        Post(site, path, "/my/visitors", ReadAsync, run, (http, _, problem) => PageAsync<MyVisitorsPage>(http, problem));

    private static Task<IFormCollection> ReadAsync(HttpContext http, CancellationToken stop) => http.Request.ReadFormAsync(stop);

    // The form's time is the wall clock of Shanghai.
    private static DateTimeOffset? FromOf(string? typed) => DateTime.TryParse(typed, System.Globalization.CultureInfo.InvariantCulture, out var at) ? new DateTimeOffset(at, TimeSpan.FromHours(8)) : null;
}
