using System.Linq.Expressions;
using Liren.Contracts.Incidents;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>Incidents the reader may see. Filters: open, mine, overdue, verifying, reopened, closed, rejected.</summary>
[Needs("incidents.read")]
internal sealed class ListIncidents(IncidentsDb db, Words words, TimeProvider clock) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<Incident, object?>>> Columns = new()
    {
        ["openedAt"] = i => i.OpenedAt, ["since"] = i => i.Since, ["deadline"] = i => i.Deadline, ["endedAt"] = i => i.EndedAt, ["level"] = i => i.Level, ["state"] = i => i.State,
        ["place"] = i => i.PlacePath, ["owner"] = i => i.OwnerName, ["assignee"] = i => i.AssigneeName, ["code"] = i => i.Code, ["type"] = i => i.Type,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListIncidents feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "incidents", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<IncidentRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Incidents.AsNoTracking().Include(i => i.Offers).WhereWithin(i => i.PlacePath, Actor.Current.ScopesFor("incidents.read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(i => i.PlacePath, [query.Place]);
        rows = Filter(rows, query.Filter, Actor.Current.Id, clock.GetUtcNow());
        if (query.Text is { } text)
        {
            var types = await words.TypesLikeAsync(text, stop);
            rows = rows.Where(i => i.Code.Contains(text) || i.PlaceName.Contains(text) || (i.OwnerName != null && i.OwnerName.Contains(text)) || (i.AssigneeName != null && i.AssigneeName.Contains(text)) || types.Contains(i.Type));
        }
        var page = await rows.PageAsync(query, Columns, "-openedAt", i => i, stop);
        var items = new List<IncidentRow>(page.Items.Count);
        foreach (var incident in page.Items) items.Add(IncidentRow.Of(incident, await words.TypeAsync(incident.Type, stop)));
        return new(items, page.Total, page.PageNumber, page.Size);
    }

    internal static IQueryable<Incident> Filter(IQueryable<Incident> rows, string? filter, Guid? me, DateTimeOffset now) => filter switch
    {
        null or "" => rows,
        "open" => rows.Where(i => i.OpenKey != null),
        "mine" => rows.Where(i => i.OpenKey != null && (i.AssigneeId == me || i.Offers.Any(o => o.AccountId == me && o.Result == OfferResult.Asked))),
        "overdue" => rows.Where(i => i.OpenKey != null && i.Deadline != null && i.Deadline < now),
        "verifying" => rows.Where(i => i.State == IncidentState.Verifying),
        "reopened" => rows.Where(i => i.Round > 1),
        "closed" => rows.Where(i => i.State == IncidentState.Closed),
        "rejected" => rows.Where(i => i.State == IncidentState.Rejected),
        _ => throw new RuleBrokenException("incidents.filter", "filter", 422, filter),
    };
}

/// <summary>Everything that is open, gravest and oldest first: the live board (态势).</summary>
[Needs("incidents.read")]
internal sealed class ShowBoard(IncidentsDb db, Words words, TimeProvider clock) : IFeature
{
    /// <summary>More than this is no board any more: the list has the rest.</summary>
    public const int Most = 200;

    /// <param name="Open">Open incidents.</param>
    /// <param name="Total">How many there are in all.</param>
    /// <param name="Now">As of.</param>
    public sealed record Response(IReadOnlyList<IncidentRow> Open, int Total, DateTimeOffset Now);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/board", (string? place, ShowBoard feature, CancellationToken stop) => feature.RunAsync(place, stop));

    public async Task<Response> RunAsync(string? place, CancellationToken stop)
    {
        var rows = db.Incidents.AsNoTracking().Where(i => i.OpenKey != null).WhereWithin(i => i.PlacePath, Actor.Current.ScopesFor("incidents.read"));
        if (!string.IsNullOrEmpty(place)) rows = rows.WhereWithin(i => i.PlacePath, [place]);
        var total = await rows.CountAsync(stop);
        var shown = new List<IncidentRow>();
        foreach (var i in await rows.Include(i => i.Offers).OrderBy(i => i.Level).ThenBy(i => i.OpenedAt).Take(Most).ToListAsync(stop)) shown.Add(IncidentRow.Of(i, await words.TypeAsync(i.Type, stop)));
        return new(shown, total, clock.GetUtcNow());
    }
}
