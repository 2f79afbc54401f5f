using System.Globalization;
using System.Text;
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

/// <summary>One shift on one day, as shown.</summary>
internal sealed record SlotRow(Guid ShiftId, DateOnly Date, string Name, DateTimeOffset Start, DateTimeOffset End, Guid? HoldingId, Guid? AccountId, string? Person, string? Change, bool Now);

/// <summary>A post with its shifts.</summary>
internal sealed record RotaRow(Guid PostId, string Post, string Kind, string Org, string Place, IReadOnlyList<SlotRow> Slots);

/// <summary>An empty shift, or a gap at a post that must always be manned.</summary>
internal sealed record EmptyRow(Guid PostId, string Post, string Org, string Place, Guid ShiftId, DateOnly Date, DateTimeOffset Start, DateTimeOffset End);

/// <summary>The rota of a week, who is on duty now, and the empty shifts of the next 24 hours.</summary>
[Needs("organisation.read")]
internal sealed class ShowRota(OrganisationDb db, RotaReader reader, TimeProvider clock) : IFeature
{
    public sealed record Response(DateOnly Monday, IReadOnlyList<DateOnly> Holidays, IReadOnlyList<RotaRow> Rows, int Total, IReadOnlyList<RotaRow> OnDuty, IReadOnlyList<EmptyRow> Empty);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/rota", ([AsParameters] ListQuery query, DateOnly? week, ShowRota feature, CancellationToken stop) => feature.RunAsync(query, week, stop));

    public async Task<Response> RunAsync(ListQuery query, DateOnly? week, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var monday = Shift.Monday(week ?? Rota.DayOf(now));
        var (from, to) = (Rota.Instant(monday, 0), Rota.Instant(monday.AddDays(7), 0));
        var posts = await PostsAsync(db, query, stop);
        var size = query.Size <= 0 ? ListQuery.DefaultSize : Math.Min(query.Size, 200);
        var orgIds = posts.Select(p => p.OrgId).Distinct().ToList();
        var orgs = await db.Units.AsNoTracking().Where(o => orgIds.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name, stop);
        // The week shown may lie anywhere; now and the next day are needed whatever is shown.
        var shown = posts.Skip((Math.Max(1, query.Page) - 1) * size).Take(size).ToList();
        var weekBook = await reader.ReadAsync([.. shown.Select(p => p.Id)], from, to, stop);
        var nowBook = await reader.ReadAsync([.. posts.Select(p => p.Id)], now, now.AddDays(1), stop);
        RotaRow Row(Post p, RotaBook book, IEnumerable<DutySlot> slots) => new(p.Id, p.Name, p.Kind, orgs.GetValueOrDefault(p.OrgId, ""), p.PlacePath, [.. slots.Select(s => Slot(s, book, now))]);
        var holidays = await db.Calendar.AsNoTracking().Where(d => d.PlacePath == "" && d.Date >= monday && d.Date < monday.AddDays(7) && d.Kind == DayKind.Holiday).Select(d => d.Date).ToListAsync(stop);
        return new(monday, holidays, [.. shown.Select(p => Row(p, weekBook, weekBook.Of[p.Id].Slots(from, to).Where(s => s.Date >= monday)))], posts.Count,
            [.. posts.Select(p => Row(p, nowBook, nowBook.Of[p.Id].At(now).Where(s => s.HoldingId is not null))).Where(r => r.Slots.Count > 0)],
            Empty(posts, orgs, nowBook, now));
    }

    public static SlotRow Slot(DutySlot s, RotaBook book, DateTimeOffset now)
    {
        var person = s.HoldingId is { } id ? book.People[id] : null;
        return new(s.ShiftId, s.Date, s.Name, s.Start, s.End, s.HoldingId, person?.AccountId, person?.Name, s.Change?.Kind.ToString(), s.Covers(now));
    }

    /// <summary>Open posts the actor may see, as asked.</summary>
    public static async Task<List<Post>> PostsAsync(OrganisationDb db, ListQuery query, CancellationToken stop)
    {
        var rows = db.Posts.AsNoTracking().Where(p => p.ClosedAt == null).WhereWithin(p => p.PlacePath, Actor.Current.ScopesFor("organisation.read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(p => p.PlacePath, [query.Place]);
        if (!string.IsNullOrEmpty(query.Filter)) rows = rows.Where(p => p.Kind == query.Filter);
        if (query.Text is { } text)
        {
            var named = db.Units.Where(o => o.Name.Contains(text)).Select(o => o.Id);
            rows = rows.Where(p => p.Name.Contains(text) || named.Contains(p.OrgId));
        }
        return await rows.OrderBy(p => p.PlacePath).ThenBy(p => p.Name).ThenBy(p => p.Id).ToListAsync(stop);
    }

    /// <summary>Empty shifts of the next 24 hours.</summary>
    public static IReadOnlyList<EmptyRow> Empty(IEnumerable<Post> posts, IReadOnlyDictionary<Guid, string> orgs, RotaBook book, DateTimeOffset now) =>
        [.. posts.SelectMany(p => book.Of[p.Id].Empty(now, now.AddDays(1), p.AlwaysManned)
            .Select(s => new EmptyRow(p.Id, p.Name, orgs.GetValueOrDefault(p.OrgId, ""), p.PlacePath, s.ShiftId, s.Date, s.Start < now ? now : s.Start, s.End))).OrderBy(e => e.Start).ThenBy(e => e.Post, StringComparer.Ordinal)];
}

/// <summary>One post's rota: its repeating shifts and the single changes of the weeks around now.</summary>
[Needs("organisation.read")]
internal sealed class ShowPostRota(OrganisationDb db, RotaReader reader, TimeProvider clock) : IFeature
{
    public sealed record ShiftRow(Guid Id, string Name, int Days, int Start, int Length, Guid? HoldingId, string? Person, DateOnly From, DateOnly? Until, int EveryWeeks, string Holidays, int Version);
    public sealed record ChangeRow(Guid Id, Guid ShiftId, DateOnly Date, string Kind, string State, string? From, string? To, Guid? ToAccount, DateOnly? OtherDate, string? Reason, string AskedBy, Guid? AskedById, DateTimeOffset At);
    public sealed record PersonRow(Guid HoldingId, Guid? AccountId, string Name, bool Deputy);
    public sealed record Response(Guid PostId, string Post, string Org, string Place, IReadOnlyList<PersonRow> People, IReadOnlyList<ShiftRow> Shifts, IReadOnlyList<ChangeRow> Changes, IReadOnlyList<SlotRow> Next);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/posts/{id:guid}/rota", (Guid id, ShowPostRota feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var post = Rule.Found(await db.Posts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop), "organisation.no-post");
        Actor.Current.Require("organisation.read", post.PlacePath);
        var org = await db.Units.AsNoTracking().SingleAsync(o => o.Id == post.OrgId, stop);
        var now = clock.GetUtcNow();
        var today = Rota.DayOf(now);
        var book = await reader.ReadAsync([id], now, now.AddDays(28), stop);
        var shifts = await db.Shifts.AsNoTracking().Where(s => s.PostId == id && (s.Until == null || s.Until >= today)).ToListAsync(stop);
        var changes = await db.ShiftChanges.AsNoTracking().Where(c => c.PostId == id && c.Date >= today.AddDays(-7)).OrderByDescending(c => c.At).Take(50).ToListAsync(stop);
        var present = await db.Holdings.AsNoTracking().Where(h => h.PostId == id && (h.Until == null || h.Until > now)).OrderBy(h => h.Deputy).ThenBy(h => h.Since).ToListAsync(stop);
        string? Name(Guid? holding) => holding is { } h ? book.People.GetValueOrDefault(h)?.Name : null;
        return new(id, post.Name, org.Name, post.PlacePath, [.. present.Select(h => new PersonRow(h.Id, h.AccountId, book.People[h.Id].Name, h.Deputy))],
            [.. shifts.OrderBy(s => s.From).ThenBy(s => s.Start).Select(s => new ShiftRow(s.Id, s.Name, s.Days, s.Start, s.Length, s.HoldingId, Name(s.HoldingId), s.From, s.Until, s.EveryWeeks, s.Holidays.ToString(), s.Version))],
            [.. changes.Select(c => new ChangeRow(c.Id, c.ShiftId, c.Date, c.Kind.ToString(), c.State.ToString(), Name(c.FromHolding), Name(c.ToHolding), c.ToHolding is { } t ? book.People.GetValueOrDefault(t)?.AccountId : null, c.OtherDate, c.Reason, c.AskedBy, c.AskedById, c.At))],
            [.. book.Of[id].Slots(now, now.AddDays(14)).Select(s => ShowRota.Slot(s, book, now))]);
    }
}

/// <summary>A post's rota for calendars: four weeks back and twelve ahead, as iCalendar (RFC 5545).</summary>
[Needs("organisation.read")]
internal sealed class ExportRota(OrganisationDb db, RotaReader reader, Texts texts, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rota/{post:guid}.ics", async (Guid post, ExportRota feature, CancellationToken stop) =>
        TypedResults.File(Encoding.UTF8.GetBytes(await feature.RunAsync(post, stop)), "text/calendar; charset=utf-8", "rota.ics"));

    public async Task<string> RunAsync(Guid id, CancellationToken stop)
    {
        var post = Rule.Found(await db.Posts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop), "organisation.no-post");
        Actor.Current.Require("organisation.read", post.PlacePath);
        var now = clock.GetUtcNow();
        var book = await reader.ReadAsync([id], now.AddDays(-28), now.AddDays(84), stop);
        var lines = new List<string> { "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Liren//Rota//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", $"X-WR-CALNAME:{Escape(post.Name)}" };
        foreach (var s in book.Of[id].Slots(now.AddDays(-28), now.AddDays(84)))
            lines.AddRange(["BEGIN:VEVENT", $"UID:{s.ShiftId:N}-{s.Date:yyyyMMdd}@liren", $"DTSTAMP:{Utc(now)}", $"DTSTART:{Utc(s.Start)}", $"DTEND:{Utc(s.End)}",
                $"SUMMARY:{Escape($"{post.Name} {s.Name} {(s.HoldingId is { } h ? book.People[h].Name : texts["organisation.empty-shift"])}")}", "END:VEVENT"]);
        lines.Add("END:VCALENDAR");
        return string.Join("\r\n", lines.SelectMany(Fold)) + "\r\n";
    }

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>No line longer than 75 octets; a character is never cut.</summary>
    private static IEnumerable<string> Fold(string line)
    {
        var (part, octets) = (new StringBuilder(), 0);
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > 74) { yield return part.ToString(); part.Clear().Append(' '); octets = 1; }
            part.Append(rune);
            octets += rune.Utf8SequenceLength;
        }
        yield return part.ToString();
    }
}
