using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Liren.Supplies.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Liren.Sdk.Ui.PlainPages;

namespace Liren.Supplies.Pages;

/// <summary>The resident's pages of supplies (居民端物资), and the public page of a draw; plain forms that work in any browser, one small script for the opening second.</summary>
internal static class MySuppliesPages
{
    public static void Map(IEndpointRouteBuilder site)
    {
        Get(site, "/my/supplies", (http, _, problem) => PageAsync<MySuppliesPage>(http, problem));
        Get(site, "/my/supplies/{id:guid}", One);
        Post(site, "/my/supplies/{id:guid}/enter", "/my/supplies", Read, async (http, id, form, stop) =>
        {
            await Run<OwnRounds>(http).EnterAsync(id, Guid.TryParse(form["key"], out var key) ? key : NewId.OfForm(form["key"]).Value, stop);
            return $"/my/supplies/{id}?done=entered";
        }, One);
        Post(site, "/my/supplies/{id:guid}/cancel", "/my/supplies", Read, async (http, id, _, stop) =>
        {
            await Run<OwnRounds>(http).CancelAsync(id, stop);
            return $"/my/supplies/{id}?done=cancelled";
        }, One);
        site.MapGet("/rounds/enter", (HttpContext http, CancellationToken _) => PageAsync<InvitedPage>(http, null)).ExcludeFromDescription();
        site.MapGet("/rounds/{id:guid}", (HttpContext http, Guid id) => PageAsync<PublicRoundPage>(http, null, new { Id = id })).ExcludeFromDescription();
    }

    private static Task<IResult> One(HttpContext http, Guid id, Sdk.RuleBrokenException? problem) => PageAsync<MySupplyPage>(http, problem, new { Id = id });

    private static Task<IFormCollection> Read(HttpContext http, CancellationToken stop) => http.Request.ReadFormAsync(stop);
}
