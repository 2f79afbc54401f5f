using System.Text.Json;
using Liren.Contracts.Organisation;
using Liren.Organisation.Data;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>The types of events: those every installation knows, changed and added to by its own.</summary>
internal sealed class EventTypeList(OrganisationDb db) : IEventTypes
{
    private static readonly Dictionary<string, EventTypeCard> BuiltIn = Read();

    /// <summary>Codes every installation knows.</summary>
    public static bool IsBuiltIn(string code) => BuiltIn.ContainsKey(code);

    public async Task<IReadOnlyList<EventTypeCard>> AllAsync(CancellationToken cancellation = default)
    {
        var all = new Dictionary<string, EventTypeCard>(BuiltIn);
        foreach (var own in await db.EventTypes.AsNoTracking().ToListAsync(cancellation)) all[own.Code] = new(own.Code, own.Zh, own.En, own.InUse);
        return [.. all.Values.OrderBy(t => t.Code, StringComparer.Ordinal)];
    }

    public async Task<EventTypeCard?> FindAsync(string code, CancellationToken cancellation = default) =>
        await db.EventTypes.AsNoTracking().SingleOrDefaultAsync(t => t.Code == code, cancellation) is { } own
            ? new(own.Code, own.Zh, own.En, own.InUse) : BuiltIn.GetValueOrDefault(code);

    private static Dictionary<string, EventTypeCard> Read()
    {
        using var stream = typeof(EventTypeList).Assembly.GetManifestResourceStream("EventTypes.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(stream)!.ToDictionary(t => t.Key, t => new EventTypeCard(t.Key, t.Value[0], t.Value[1], true));
    }
}

/// <summary>The types of events, searched, sorted, paged.</summary>
[Needs("organisation.read")]
internal sealed class ListEventTypes(IEventTypes types) : IFeature
{
    public sealed record Row(string Code, string Zh, string En, string State);

    private static readonly Dictionary<string, Func<Row, IComparable?>> Columns = new() { ["code"] = r => r.Code, ["zh"] = r => r.Zh, ["en"] = r => r.En };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/event-types", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListEventTypes feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "event-types", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        // A few dozen, part of them not in the database: sorted and cut in memory.
        var rows = (await types.AllAsync(stop)).Select(t => new Row(t.Code, t.Zh, t.En, t.InUse ? "in-use" : "unused"));
        if (query.Text is { } text) rows = rows.Where(r => r.Code.Contains(text, StringComparison.OrdinalIgnoreCase) || r.Zh.Contains(text, StringComparison.OrdinalIgnoreCase) || r.En.Contains(text, StringComparison.OrdinalIgnoreCase));
        if (!string.IsNullOrEmpty(query.Filter)) rows = rows.Where(r => r.State == query.Filter);
        return rows.Cut(query, Columns, "code");
    }
}

/// <summary>Adds a type of event, renames one, or says whether it is in use. For everybody, so it needs the permission everywhere.</summary>
[Needs("organisation.matrix")]
internal sealed class SaveEventType(OrganisationDb db) : IFeature
{
    public sealed record Request(string Zh, string En, bool InUse = true);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/event-types/{code}", (string code, Request request, SaveEventType feature, CancellationToken stop) => feature.RunAsync(code, request, stop));

    public async Task RunAsync(string code, Request request, CancellationToken stop)
    {
        Actor.Current.Require("organisation.matrix", "");
        Rule.Require(Domain.EventPattern.IsCode(code) && code.Contains('.', StringComparison.Ordinal), "organisation.event-code", "code", code);
        Rule.Require(request.Zh?.Trim().Length is >= 1 and <= 30, "organisation.event-zh", "zh");
        Rule.Require(request.En?.Trim().Length is >= 1 and <= 60, "organisation.event-en", "en");
        var row = await db.EventTypes.SingleOrDefaultAsync(t => t.Code == code, stop);
        if (row is null) db.Add(row = new Domain.EventType { Code = code });
        (row.Zh, row.En, row.InUse) = (request.Zh!.Trim(), request.En!.Trim(), request.InUse);
        await db.SaveChangesAsync(stop);
    }
}
