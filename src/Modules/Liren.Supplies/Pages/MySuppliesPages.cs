using System.Globalization;
using Liren.Sdk;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Liren.Supplies.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Liren.Sdk.Ui.PlainPages;

namespace Liren.Supplies.Pages;

/// <summary>The resident's pages of supplies (居民端物资), the public page of a draw, and the phone of whoever delivers; plain forms that work in any browser, one small script for the opening second.</summary>
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
        Post(site, "/my/supplies/{id:guid}/slot", "/my/supplies", Read, async (http, id, form, stop) =>
        {
            Rule.Require(DateTimeOffset.TryParse(form["begins"], CultureInfo.InvariantCulture, out var begins), "supplies.no-slot", "begins");
            await Run<OwnRounds>(http).ChangeSlotAsync(id, new(begins), stop);
            return $"/my/supplies/{id}?done=slot";
        }, One);
        Get(site, "/field/deliveries", (http, _, problem) => PageAsync<FieldDeliveriesPage>(http, problem));
        Get(site, "/field/deliveries/{id:guid}", Doors);
        Post(site, "/field/deliveries/{id:guid}", "/field/deliveries", Uploads.ReadAsync, async (http, id, form, stop) =>
        {
            Rule.Require(int.TryParse(form["no"], NumberStyles.None, CultureInfo.InvariantCulture, out var no), "supplies.no-share");
            var noted = await Run<Deliver>(http).RunAsync(id, no, form["outcome"], form["note"], form.Photos, form.Key, stop);
            return $"/field/deliveries/{id}?done={noted.Stage}";
        }, Doors);
        Get(site, "/supplies-desk/{id:guid}", (http, id, problem) => PageAsync<OfflineDeskPage>(http, problem, new { Id = id }));
        // A worker serves only what lies beside or below it.
        site.MapGet("/supplies-desk/worker.js", (IWebHostEnvironment host) => TypedResults.Stream(host.WebRootFileProvider.GetFileInfo("_content/Liren.Supplies/desk-worker.js").CreateReadStream(), "text/javascript")).ExcludeFromDescription();
        site.MapGet("/rounds/enter", (HttpContext http, CancellationToken _) => PageAsync<InvitedPage>(http, null)).ExcludeFromDescription();
        site.MapGet("/rounds/{id:guid}", (HttpContext http, Guid id) => PageAsync<PublicRoundPage>(http, null, new { Id = id })).ExcludeFromDescription();
    }

    private static Task<IResult> One(HttpContext http, Guid id, Sdk.RuleBrokenException? problem) => PageAsync<MySupplyPage>(http, problem, new { Id = id });

    private static Task<IResult> Doors(HttpContext http, Guid id, Sdk.RuleBrokenException? problem) => PageAsync<FieldDeliveriesPage>(http, problem, new { Id = id });

    private static Task<IFormCollection> Read(HttpContext http, CancellationToken stop) => http.Request.ReadFormAsync(stop);
}
