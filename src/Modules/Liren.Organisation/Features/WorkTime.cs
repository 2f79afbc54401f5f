using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>Working time for other modules. What was read is kept for the unit of work.</summary>
internal sealed class WorkTime(OrganisationDb db) : IWorkTime
{
    private List<CalendarDay>? days;
    private List<WorkHours>? hours;
    private readonly Dictionary<string, WorkCalendar> known = [];

    public async Task<DateTimeOffset> DueAsync(TimeLimit limit, string place, DateTimeOffset start, CancellationToken cancellation = default) => (await OfAsync(place, cancellation)).Due(limit, start);

    public async Task<TimeLimit> LeftAsync(TimeLimit limit, string place, DateTimeOffset start, DateTimeOffset until, CancellationToken cancellation = default) =>
        (await OfAsync(place, cancellation)).Left(limit, start, until);

    private async Task<WorkCalendar> OfAsync(string place, CancellationToken stop)
    {
        days ??= await db.Calendar.AsNoTracking().ToListAsync(stop);
        hours ??= await db.WorkHours.AsNoTracking().ToListAsync(stop);
        if (!known.TryGetValue(place, out var calendar)) known[place] = calendar = new(place, days, hours);
        return calendar;
    }
}

/// <summary>Who may say what a day or an hour is: nationwide whoever plans rotas everywhere, locally whoever answers for the jurisdiction.</summary>
internal static class Jurisdiction
{
    /// <summary>Lowest jurisdiction with a calendar of its own: the street.</summary>
    public const int Lowest = 4;

    public static void Require(string place)
    {
        if (place.Length == 0) { Actor.Current.Require("organisation.rota", ""); return; }
        Rule.Require(PlacePath.IsValid(place) && PlacePath.Depth(place) <= Lowest, "organisation.jurisdiction", "place");
        Actor.Current.Require("organisation.matrix", place);
    }
}

/// <summary>Sets the working hours of a jurisdiction from a day on (工作时间); running clocks are counted again.</summary>
[Needs("organisation.rota")]
internal sealed class SetWorkHours(OrganisationDb db, PlaceNames names, TimeProvider clock) : IFeature
{
    /// <param name="Place">Jurisdiction: a street or above; empty is everywhere.</param>
    /// <param name="From">First day.</param>
    /// <param name="Days">Weekdays, 1 is Monday.</param>
    /// <param name="Hours">"09:00-12:00,13:00-17:00".</param>
    /// <param name="Reason">On what grounds; written into the record of each clock.</param>
    public sealed record Request(string? Place, DateOnly From, IReadOnlyList<int>? Days, string? Hours, string? Reason);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/work-hours", (Request request, SetWorkHours feature, CancellationToken stop) => feature.RunAsync(request, stop));

    public async Task RunAsync(Request request, CancellationToken stop)
    {
        var place = request.Place ?? "";
        Jurisdiction.Require(place);
        await names.RequireAsync(place, "place", stop);
        var days = request.Days ?? [];
        Rule.Require(days.All(d => d is >= 1 and <= 7), "organisation.work-days", "days");
        var (mask, now) = (days.Aggregate(0, (all, d) => all | 1 << (d - 1)), clock.GetUtcNow());
        var hours = await db.WorkHours.SingleOrDefaultAsync(h => h.PlacePath == place && h.From == request.From, stop);
        if (hours is null) db.Add(WorkHours.Set(Guid.CreateVersion7(), place, request.From, mask, request.Hours ?? "", request.Reason ?? "", now));
        else hours.Change(mask, request.Hours ?? "", request.Reason ?? "", now);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Working hours of all jurisdictions.</summary>
[Needs("organisation.read")]
internal sealed class ListWorkHours(OrganisationDb db, PlaceNames names) : IFeature
{
    public sealed record Row(string Place, string PlaceName, string From, string Days, string Hours, string Reason);

    private static readonly Dictionary<string, Func<Row, IComparable?>> Columns = new() { ["place"] = r => r.Place, ["from"] = r => r.From };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/work-hours", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListWorkHours feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "work-hours", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var all = await db.WorkHours.AsNoTracking().ToListAsync(stop);
        var called = await names.OfAsync(all.Select(h => h.PlacePath), stop);
        var rows = all.Select(h => new Row(h.PlacePath, called[h.PlacePath], $"{h.From:yyyy-MM-dd}", string.Concat(Enumerable.Range(0, 7).Where(d => (h.Days & 1 << d) != 0).Select(d => d + 1)), h.Hours, h.Reason));
        if (query.Text is { } text) rows = rows.Where(r => r.PlaceName.Contains(text, StringComparison.OrdinalIgnoreCase) || r.Place.StartsWith(text, StringComparison.Ordinal));
        return rows.Cut(query, Columns, "place");
    }
}

/// <summary>Jurisdictions that may have a calendar of their own, for pickers: streets and above within the scopes.</summary>
[Needs("organisation.read")]
internal sealed class ListPlaceChoices(IPlaceDirectory places) : IFeature
{
    public sealed record Choice(string Path, string Name);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/jurisdictions", (ListPlaceChoices feature, CancellationToken stop) => feature.RunAsync(Actor.Current.ScopesFor("organisation.read"), stop));

    public async Task<IReadOnlyList<Choice>> RunAsync(IEnumerable<string> scopes, CancellationToken stop)
    {
        var found = new List<PlaceCard>();
        foreach (var scope in scopes.Where(s => PlacePath.Depth(s) <= Jurisdiction.Lowest))
            found.AddRange(await places.WithinAsync(scope, [PlaceKind.Province, PlaceKind.City, PlaceKind.District, PlaceKind.Street], 500, stop));
        return [.. found.DistinctBy(f => f.Path).OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => new Choice(f.Path, f.Name))];
    }
}
