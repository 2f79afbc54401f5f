using System.Linq.Expressions;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Residents of one's places, searched, filtered, sorted, paged. Numbers are always masked; names for those without people.plain there.</summary>
[Needs("people.read"), PersonalData]
internal sealed class ListPersons(PeopleDb db, PersonAccess access, PersonSearch search, RoomNames names, ListTagKinds tagKinds) : IFeature
{
    public sealed record Row(Guid Id, string Name, Sex? Sex, int? Age, string? HomePath, string Home, IReadOnlyList<OccupancyKind> Kinds, string? Phone, string? IdNo,
        IReadOnlyList<string> Tags, PersonState State, int Version);

    /// <summary>A row of a file, in words.</summary>
    public sealed record Line(string PersonName, string Sex, int? Age, string Home, string Kinds, string? Phone, string? IdNo, string Tags, string State);

    private static readonly Dictionary<string, Expression<Func<Person, object?>>> Columns = new()
    {
        ["name"] = p => p.NameOrder, ["home"] = p => p.HomePath, ["birthDate"] = p => p.BirthDate, ["changedAt"] = p => p.ChangedAt,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/persons", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListPersons feature, CancellationToken stop) =>
            string.IsNullOrEmpty(http.Request.Query["format"]) || http.Request.Query["format"] == "json"
                ? ListAnswer.AnswerAsync(http, texts, "residents", query, q => feature.RunAsync(q, stop))
                : ListAnswer.AnswerAsync(http, texts, "residents", query, async q => await feature.InWordsAsync(await feature.RunAsync(q, stop), texts, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var scopes = Actor.Current.ScopesFor(PersonAccess.Read);
        var rows = access.Within(db.Persons.AsNoTracking(), scopes);
        if (query.Place is { Length: > 0 } place) rows = access.Within(rows, [place]);
        if (query.Text is { } text) rows = await search.MatchAsync(rows, text, scopes, stop);
        rows = Filter(rows, query.Filter);
        var page = await rows.PageAsync(query, Columns, "home", p => p, stop);
        var answer = await ShowAsync(page.Items, stop);
        await access.RecordAsync(page.Items.Zip(answer, (p, r) => (p.Id, r.Name == p.Name)), "name,sex,age,home,phone.masked,idNo.masked,tags", query.All, stop);
        return new(answer, page.Total, page.PageNumber, page.Size);
    }

    private IQueryable<Person> Filter(IQueryable<Person> rows, string? filter)
    {
        var today = access.Today;
        var tag = filter?.StartsWith("tag.", StringComparison.Ordinal) == true ? filter[4..] : null;
        if (tag is not null)
        {
            // Filtering by what one may not see would be reading it.
            Actor.Current.Require(PersonAccess.Tags);
            var tagged = db.TagsThatHold(today).Where(t => t.Tag == tag).Select(t => t.PersonId);
            rows = access.Within(rows.Where(p => tagged.Contains(p.Id)), Actor.Current.ScopesFor(PersonAccess.Tags));
        }
        else if (Enum.TryParse<OccupancyKind>(filter, out var kind))
        {
            var holders = db.Current(today).Where(o => o.Kind == kind).Select(o => o.PersonId);
            rows = rows.Where(p => holders.Contains(p.Id));
        }
        var (elder, child) = (today.AddYears(-60), today.AddYears(-14));
        return filter switch
        {
            "moved-away" => rows.Where(p => p.State == PersonState.MovedAway),
            "deceased" => rows.Where(p => p.State == PersonState.Deceased),
            "elder" => rows.Where(p => p.State == PersonState.Present && p.BirthDate <= elder),
            "child" => rows.Where(p => p.State == PersonState.Present && p.BirthDate > child),
            "no-phone" => rows.Where(p => p.State == PersonState.Present && p.PhoneMasked == null),
            "no-id" => rows.Where(p => p.State == PersonState.Present && p.IdMasked == null),
            _ => rows.Where(p => p.State == PersonState.Present),
        };
    }

    private async Task<List<Row>> ShowAsync(IReadOnlyList<Person> persons, CancellationToken stop)
    {
        var today = access.Today;
        var seen = Actor.Current.ScopesFor(PersonAccess.Read);
        var (ties, tags) = (new List<(Guid PersonId, string RoomPath, OccupancyKind Kind)>(), new List<(Guid PersonId, string Tag)>());
        foreach (var chunk in persons.Select(p => p.Id).Chunk(500))
        {
            ties.AddRange((await db.Current(today).Where(o => chunk.Contains(o.PersonId)).Select(o => new { o.PersonId, o.RoomPath, o.Kind }).ToListAsync(stop)).Select(o => (o.PersonId, o.RoomPath, o.Kind)));
            tags.AddRange((await db.TagsThatHold(today).Where(t => chunk.Contains(t.PersonId)).Select(t => new { t.PersonId, t.Tag }).ToListAsync(stop)).Select(t => (t.PersonId, t.Tag)));
        }
        var (tiesOf, tagsOf, homes) = (ties.ToLookup(t => t.PersonId), tags.ToLookup(t => t.PersonId), await names.OfAsync(persons.Select(p => p.HomePath), stop));
        return [.. persons.Select(p =>
        {
            List<string> places = [.. tiesOf[p.Id].Select(t => t.RoomPath), .. p.HomePath is { } h ? new[] { h } : []];
            // The home is not told to somebody who sees this person only from another room they hold.
            var home = p.HomePath is { } path && Actor.Current.May(PersonAccess.Read, path) ? path : places.FirstOrDefault(r => Actor.Current.May(PersonAccess.Read, r));
            return new Row(p.Id, PersonAccess.May(PersonAccess.Plain, places) ? p.Name : Mask.Name(p.Name), p.Sex, p.BirthDate is { } birth ? Days.Age(birth, today) : null,
                home, home is null ? "" : homes.GetValueOrDefault(home, home), [.. tiesOf[p.Id].Where(t => Actor.Current.May(PersonAccess.Read, t.RoomPath)).Select(t => t.Kind).Distinct().Order()],
                p.PhoneMasked, p.IdMasked, PersonAccess.May(PersonAccess.Tags, places) ? [.. tagsOf[p.Id].Select(t => t.Tag).Order()] : [], p.State, p.Version);
        })];
    }

    private async Task<Page<Line>> InWordsAsync(Page<Row> page, Texts texts, CancellationToken stop)
    {
        var tags = (await tagKinds.RunAsync(stop)).ToDictionary(t => t.Code, t => t.Name);
        return new([.. page.Items.Select(r => new Line(r.Name, r.Sex is null ? "" : texts["people.sex." + r.Sex], r.Age, r.Home, string.Join('、', r.Kinds.Select(k => texts["people.kind." + k])), r.Phone, r.IdNo,
            string.Join('、', r.Tags.Select(t => tags.GetValueOrDefault(t, t))), texts["people.state." + r.State]))], page.Total, page.PageNumber, page.Size);
    }
}
