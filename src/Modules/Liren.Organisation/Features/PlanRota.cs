using Liren.Contracts.Organisation;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>A repeating shift as somebody planned it.</summary>
/// <param name="Name">白班, 夜班 ...</param>
/// <param name="Days">Days of the week it begins on, 1 (Monday) to 7.</param>
/// <param name="Start">Begins, "HH:mm".</param>
/// <param name="End">Ends, "HH:mm"; the same or earlier than the beginning is on the next day.</param>
/// <param name="HoldingId">Who stands it; null is an empty shift.</param>
/// <param name="From">First day.</param>
/// <param name="Until">Last day.</param>
/// <param name="EveryWeeks">Every how many weeks.</param>
/// <param name="Holidays">Same, Off or Only.</param>
internal sealed record ShiftForm(string Name, IReadOnlyList<int> Days, string Start, string End, Guid? HoldingId, DateOnly From, DateOnly? Until = null, int EveryWeeks = 1, string Holidays = "Same")
{
    public int Mask => (Days ?? []).Where(d => d is >= 1 and <= 7).Aggregate(0, (mask, d) => mask | (1 << (d - 1)));

    public int StartMinute => Minute(Start, "start");

    public int Length => (Minute(End, "end") - StartMinute + 1440) % 1440 is var length && length == 0 ? 1440 : length;

    public OnHolidays OnHolidays => Enum.TryParse<OnHolidays>(Holidays, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : throw new RuleBrokenException("organisation.shift-holidays", "holidays");

    private static int Minute(string text, string field)
    {
        Rule.Require(TimeOnly.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var time), "organisation.shift-time", field, text ?? "");
        return (time.Hour * 60) + time.Minute;
    }
}

/// <summary>Plans a repeating shift for a post.</summary>
[Needs("organisation.rota")]
internal sealed class PlanShift(OrganisationDb db, TimeProvider clock) : IFeature
{
    public sealed record Response(Guid Id);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/posts/{id:guid}/shifts", async (Guid id, ShiftForm request, NewId shift, PlanShift feature, CancellationToken stop) =>
        TypedResults.Created($"/api/organisation/posts/{id}/rota", await feature.RunAsync(id, request, shift, stop)));

    public async Task<Response> RunAsync(Guid postId, ShiftForm request, NewId id, CancellationToken stop)
    {
        var post = await RotaPosts.OpenAsync(db, postId, stop);
        Actor.Current.Require("organisation.rota", post.PlacePath);
        if (await db.Shifts.AnyAsync(s => s.Id == id.Value, stop)) return new(id.Value);
        await RotaPosts.RequireHoldingAsync(db, postId, request.HoldingId, clock.GetUtcNow(), stop);
        db.Add(Shift.Plan(id.Value, postId, request.Name ?? "", request.Mask, request.StartMinute, request.Length, request.HoldingId, request.From, request.Until, request.EveryWeeks, request.OnHolidays, clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
        return new(id.Value);
    }
}

/// <summary>
/// Changes a repeating shift from today on. What was before today stays as it was: the old pattern ends yesterday and a new one begins.
/// </summary>
[Needs("organisation.rota")]
internal sealed class ChangeShift(OrganisationDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/shifts/{id:guid}", (Guid id, ShiftForm request, IfMatch match, ChangeShift feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, ShiftForm request, IfMatch match, CancellationToken stop)
    {
        var shift = Rule.Found(await db.Shifts.SingleOrDefaultAsync(s => s.Id == id, stop), "organisation.no-shift");
        var post = await RotaPosts.OpenAsync(db, shift.PostId, stop);
        Actor.Current.Require("organisation.rota", post.PlacePath);
        match.Check(shift);
        var now = clock.GetUtcNow();
        await RotaPosts.RequireHoldingAsync(db, shift.PostId, request.HoldingId, now, stop);
        var today = Rota.DayOf(now);
        if (shift.From >= today) shift.Change(request.Name ?? "", request.Mask, request.StartMinute, request.Length, request.HoldingId, request.From, request.Until, request.EveryWeeks, request.OnHolidays, now);
        else
        {
            // Turns are counted from the first week: the new pattern begins in the same turn.
            var turn = 7 * Math.Max(1, request.EveryWeeks);
            var from = request.From >= today ? request.From : shift.EveryWeeks == request.EveryWeeks && turn > 7 ? Next(Shift.Monday(shift.From), turn, today) : today;
            db.Add(Shift.Plan(Guid.CreateVersion7(), shift.PostId, request.Name ?? "", request.Mask, request.StartMinute, request.Length, request.HoldingId, from, request.Until, request.EveryWeeks, request.OnHolidays, now));
            shift.End(today.AddDays(-1), now);
        }
        await db.SaveChangesAsync(stop);
    }

    /// <summary>Today when its week is one of the pattern's, else the Monday of the pattern's next week.</summary>
    private static DateOnly Next(DateOnly first, int turn, DateOnly today)
    {
        var week = Shift.Monday(today);
        var rest = (week.DayNumber - first.DayNumber) % turn;
        return rest == 0 ? today : week.AddDays(turn - rest);
    }
}

/// <summary>Ends a repeating shift: today's is the last one that has begun.</summary>
[Needs("organisation.rota")]
internal sealed class EndShift(OrganisationDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/shifts/{id:guid}", (Guid id, IfMatch match, EndShift feature, CancellationToken stop) => feature.RunAsync(id, match, stop));

    public async Task RunAsync(Guid id, IfMatch match, CancellationToken stop)
    {
        var shift = Rule.Found(await db.Shifts.SingleOrDefaultAsync(s => s.Id == id, stop), "organisation.no-shift");
        var post = await RotaPosts.OpenAsync(db, shift.PostId, stop);
        Actor.Current.Require("organisation.rota", post.PlacePath);
        match.Check(shift);
        var now = clock.GetUtcNow();
        var today = Rota.DayOf(now);
        shift.End(Rota.Instant(today, shift.Start) <= now ? today : today.AddDays(-1), now);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Says that a day is a public holiday, a working weekend, or ordinary again.</summary>
[Needs("organisation.rota")]
internal sealed class SetCalendarDay(OrganisationDb db, PlaceNames names, TimeProvider clock) : IFeature
{
    /// <param name="Kind">Holiday, WorkingWeekend, or Ordinary to take it back.</param>
    /// <param name="Name">What it is called or on what grounds.</param>
    /// <param name="Place">Jurisdiction, a street or above; empty is everywhere.</param>
    public sealed record Request(string Kind, string? Name = null, string? Place = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/calendar/{date}", (string date, Request request, SetCalendarDay feature, CancellationToken stop) => feature.RunAsync(DayOf(date), request, stop));

    private static DateOnly DayOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : throw new RuleBrokenException("organisation.sheet-date", "date", 422, text);

    public async Task RunAsync(DateOnly date, Request request, CancellationToken stop)
    {
        var place = request.Place ?? "";
        Jurisdiction.Require(place);
        await names.RequireAsync(place, "place", stop);
        Rule.Require(Enum.TryParse<DayKind>(request.Kind, ignoreCase: true, out var kind) && Enum.IsDefined(kind), "organisation.day-kind", "kind");
        Rule.Require(request.Name is null or { Length: <= 20 }, "organisation.day-name", "name");
        var day = await db.Calendar.SingleOrDefaultAsync(d => d.PlacePath == place && d.Date == date, stop);
        if (kind == DayKind.Ordinary) { if (day is not null) db.Remove(day); }
        else
        {
            if (day is null) db.Add(day = new CalendarDay { PlacePath = place, Date = date });
            (day.Kind, day.Name) = (kind, request.Name?.Trim() ?? "");
        }
        db.Raise(new WorkTimeChanged(place, $"{date:yyyy-MM-dd} {kind} {request.Name?.Trim()}".TrimEnd(), clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Public holidays and working weekends.</summary>
[Needs("organisation.read")]
internal sealed class ListCalendar(OrganisationDb db, PlaceNames names) : IFeature
{
    public sealed record Row(string Date, string Weekday, string Kind, string Name, string Place, string PlaceName);

    private static readonly Dictionary<string, Func<Row, IComparable?>> Columns = new() { ["date"] = r => r.Date, ["kind"] = r => r.Kind, ["name"] = r => r.Name, ["place"] = r => r.Place };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/calendar", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListCalendar feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "calendar", query, q => feature.RunAsync(q, stop)));

    /// <summary>The text searched for may be a year, "2026-10" or a name; the filter is a kind.</summary>
    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var days = await db.Calendar.AsNoTracking().ToListAsync(stop);
        var called = await names.OfAsync(days.Select(d => d.PlacePath), stop);
        var rows = days.Select(d => new Row($"{d.Date:yyyy-MM-dd}", $"{Shift.WeekdayOf(d.Date) + 1}", d.Kind.ToString(), d.Name, d.PlacePath, called[d.PlacePath]));
        if (query.Text is { } text) rows = rows.Where(r => r.Date.StartsWith(text, StringComparison.Ordinal) || r.Name.Contains(text, StringComparison.Ordinal));
        if (!string.IsNullOrEmpty(query.Filter)) rows = rows.Where(r => r.Kind == query.Filter);
        return rows.Cut(query, Columns, "-date");
    }
}

/// <summary>What acts on rotas share.</summary>
internal static class RotaPosts
{
    public static async Task<Post> OpenAsync(OrganisationDb db, Guid id, CancellationToken stop)
    {
        var post = Rule.Found(await db.Posts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop), "organisation.no-post");
        Rule.State(post.ClosedAt is null, "organisation.post-closed", post.Name);
        return post;
    }

    /// <summary>Only those who stand in the post can stand its shifts.</summary>
    public static async Task RequireHoldingAsync(OrganisationDb db, Guid post, Guid? holding, DateTimeOffset now, CancellationToken stop, string field = "holdingId")
    {
        if (holding is not { } id) return;
        Rule.Require(await db.Holdings.AnyAsync(h => h.Id == id && h.PostId == post && (h.Until == null || h.Until > now), stop), "organisation.not-in-post", field);
    }
}
