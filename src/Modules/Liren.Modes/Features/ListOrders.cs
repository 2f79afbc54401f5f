using System.Linq.Expressions;
using Liren.Contracts.Places;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Modes.Features;

/// <summary>An order in a list.</summary>
internal sealed record OrderRow(Guid Id, string OrderNo, Level Level, OrderState State, string Area, string AreaName, string Authority, string Author, string? Signer, DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<string> Collections, string? Certificate);

/// <summary>Orders one may see. Filters: open (proposed, coming, in force), in-force, coming, proposed, past.</summary>
[Needs("modes.read")]
internal sealed class ListOrders(ModesDb db, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<ModeOrder, object?>>> Columns = new() { ["orderNo"] = o => o.OrderNo, ["from"] = o => o.From, ["until"] = o => o.EndsAt, ["level"] = o => o.Level, ["area"] = o => o.AreaPath };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListOrders feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "modes", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<OrderRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var rows = Filter(db.Orders.AsNoTracking().Include(o => o.Collections).Seen(), query.Filter, now);
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(o => o.AreaPath, [query.Place]);
        if (query.Text is { } text) rows = rows.Where(o => o.OrderNo.Contains(text) || o.Authority.Contains(text) || o.Reason.Contains(text));
        var page = await rows.PageAsync(query, Columns, "-from", o => o, stop);
        var names = await places.FindManyAsync(page.Items.Select(o => o.AreaPath).Distinct(), stop);
        return new([.. page.Items.Select(o => new OrderRow(o.Id, o.OrderNo, o.Level, o.StateAt(now), o.AreaPath, names.TryGetValue(o.AreaPath, out var card) ? card.Name : o.AreaPath, o.Authority, o.AuthorName, o.SignerName,
            o.StartsAt ?? o.From, o.EndsAt, [.. o.Collections.Select(c => c.Code).Order()], o.CertificateNo))], page.Total, page.PageNumber, page.Size);
    }

    private static IQueryable<ModeOrder> Filter(IQueryable<ModeOrder> rows, string? filter, DateTimeOffset now) => filter switch
    {
        null or "" => rows,
        "open" => rows.Where(o => o.WithdrawnAt == null && o.EndsAt > now),
        "in-force" => rows.Where(o => o.StartsAt <= now && o.EndsAt > now),
        "coming" => rows.Where(o => o.StartsAt > now && o.EndsAt > now),
        "proposed" => rows.Where(o => o.WithdrawnAt == null && o.StartsAt == null && o.EndsAt > now),
        "past" => rows.Where(o => o.WithdrawnAt != null || o.EndsAt <= now),
        _ => throw new RuleBrokenException("modes.filter", "filter", 422, filter),
    };
}
