using System.Linq.Expressions;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Households (户) of one's places: room, head, members.</summary>
[Needs("people.read"), PersonalData]
internal sealed class ListHouseholds(PeopleDb db, PersonAccess access, PersonSearch search, RoomNames names) : IFeature
{
    public sealed record Row(Guid Id, string RoomPath, string Room, Guid HeadId, string Head, int Members, DateOnly Since);

    /// <summary>A household while it is being listed.</summary>
    private sealed class Item
    {
        public Guid Id { get; init; }
        public string RoomPath { get; init; } = "";
        public Guid HeadId { get; init; }
        public string HeadName { get; init; } = "";
        public byte[] NameOrder { get; init; } = [];
        public int Members { get; init; }
        public DateOnly Since { get; init; }
    }

    private static readonly Dictionary<string, Expression<Func<Item, object?>>> Columns = new()
    {
        ["room"] = h => h.RoomPath, ["members"] = h => h.Members, ["since"] = h => h.Since, ["head"] = h => h.NameOrder,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/households", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListHouseholds feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "households", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var (today, scopes) = (access.Today, Actor.Current.ScopesFor(PersonAccess.Read));
        var households = db.Households.AsNoTracking().Where(h => h.Until == null).WhereWithin(h => h.RoomPath, scopes);
        if (query.Place is { Length: > 0 } place) households = households.WhereWithin(h => h.RoomPath, [place]);
        if (query.Text is { } text)
        {
            // Whoever of a household is meant, the household is found.
            var meant = (await search.MatchAsync(db.Persons, text, scopes, stop)).Select(p => p.Id);
            var of = db.Current(today).Where(o => o.HouseholdId != null && meant.Contains(o.PersonId)).Select(o => o.HouseholdId);
            households = households.Where(h => of.Contains(h.Id));
        }
        var rows = from h in households
                   join p in db.Persons on h.HeadId equals p.Id
                   select new Item
                   {
                       Id = h.Id, RoomPath = h.RoomPath, HeadId = h.HeadId, HeadName = p.Name, NameOrder = p.NameOrder, Since = h.Since,
                       Members = db.Occupancies.Count(o => o.HouseholdId == h.Id && (o.Until == null || o.Until > today)),
                   };
        rows = query.Filter switch
        {
            "alone" => rows.Where(h => h.Members == 1),
            "large" => rows.Where(h => h.Members >= 5),
            _ => rows,
        };
        var page = await rows.PageAsync(query, Columns, "room", h => h, stop);
        var rooms = await names.OfAsync(page.Items.Select(h => h.RoomPath), stop);
        await access.RecordAsync(page.Items.Select(h => (h.HeadId, Actor.Current.May(PersonAccess.Plain, h.RoomPath))).Distinct(), "name,home,household", query.All, stop);
        return new([.. page.Items.Select(h => new Row(h.Id, h.RoomPath, rooms[h.RoomPath], h.HeadId, Actor.Current.May(PersonAccess.Plain, h.RoomPath) ? h.HeadName : Mask.Name(h.HeadName), h.Members, h.Since))],
            page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>One household with its members, and who else lives in the room.</summary>
[Needs("people.read"), PersonalData]
internal sealed class ShowHousehold(PeopleDb db, PersonAccess access, RoomNames names) : IFeature
{
    public sealed record Member(Guid PersonId, Guid OccupancyId, string Name, Sex? Sex, int? Age, OccupancyKind Kind, Relation? Relation, bool Head, string? Phone, DateOnly Since);
    /// <param name="Id">Which household.</param>
    /// <param name="Version">For If-Match.</param>
    /// <param name="RoomPath">Its room.</param>
    /// <param name="Room">Its room in words.</param>
    /// <param name="Since">Since when.</param>
    /// <param name="Until">Until when, once it has ended.</param>
    /// <param name="Members">Its members, the head first.</param>
    /// <param name="Others">Who lives in the room outside this household.</param>
    /// <param name="MayEdit">The caller may change it.</param>
    public sealed record Response(Guid Id, int Version, string RoomPath, string Room, DateOnly Since, DateOnly? Until, IReadOnlyList<Member> Members, IReadOnlyList<Member> Others, bool MayEdit);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/households/{id:guid}", (Guid id, ShowHousehold feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var household = Rule.Found(await db.Households.AsNoTracking().SingleOrDefaultAsync(h => h.Id == id, stop), "people.no-household");
        Actor.Current.Require(PersonAccess.Read, household.RoomPath);
        var (today, plain) = (access.Today, Actor.Current.May(PersonAccess.Plain, household.RoomPath));
        var all = await (from o in db.Current(today).AsNoTracking() where o.RoomPath == household.RoomPath && o.Lives join p in db.Persons.AsNoTracking() on o.PersonId equals p.Id select new { o, p }).ToListAsync(stop);
        await access.RecordAsync(all.Select(x => (x.p.Id, plain)).Distinct(), "name,sex,age,home,household,phone.masked", false, stop);
        List<Member> Show(bool inside) => [.. all.Where(x => x.o.HouseholdId == id == inside)
            .OrderByDescending(x => x.p.Id == household.HeadId).ThenBy(x => x.p.BirthDate ?? DateOnly.MaxValue)
            .Select(x => new Member(x.p.Id, x.o.Id, plain ? x.p.Name : Mask.Name(x.p.Name), x.p.Sex, x.p.BirthDate is { } birth ? Days.Age(birth, today) : null, x.o.Kind, x.o.Relation,
                x.p.Id == household.HeadId, x.p.PhoneMasked, x.o.Since))];
        return new(id, household.Version, household.RoomPath, await names.OfAsync(household.RoomPath, stop), household.Since, household.Until, Show(true),
            Show(false), Actor.Current.May(PersonAccess.Edit, household.RoomPath));
    }
}
