using Liren.Contracts.People;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Who lives where, for lists of entitlement: ids and places.</summary>
internal sealed class ResidentUnits(PeopleDb db, PersonAccess access, IAccessLog log) : IResidentUnits
{
    public async Task<IReadOnlyList<ResidentUnit>> LivingAtAsync(string place, CancellationToken cancellation = default) =>
        await Units(db.Current(access.Today).Where(o => o.Lives).WhereWithin(o => o.RoomPath, [place])).ToListAsync(cancellation);

    public async Task<ResidentUnit?> OfAsync(Guid person, CancellationToken cancellation = default) =>
        await Units(db.Current(access.Today).Where(o => o.Lives && o.PersonId == person)).FirstOrDefaultAsync(cancellation);

    public async Task<IReadOnlyList<PersonTagged>> TaggedAtAsync(string place, IReadOnlyCollection<string> tags, string purpose, CancellationToken cancellation = default)
    {
        var (today, living) = (access.Today, db.Current(access.Today).Where(o => o.Lives).WhereWithin(o => o.RoomPath, [place]).Select(o => o.PersonId));
        var found = await (from t in db.Tags.AsNoTracking() join c in db.Consents on t.ConsentId equals c.Id
                           where tags.Contains(t.Tag) && c.WithdrawnAt == null && c.Until > today && c.Purpose == purpose && living.Contains(t.PersonId)
                           select new { t.PersonId, t.Tag }).Distinct().ToListAsync(cancellation);
        await log.RecordAsync([.. found.GroupBy(t => t.PersonId).Select(g => new AccessEntry(g.Key, purpose, "tags", "exists"))], cancellation);
        return [.. found.Select(t => new PersonTagged(t.PersonId, t.Tag))];
    }

    public async Task<IReadOnlyList<TagChoice>> TagKindsAsync(CancellationToken cancellation = default) =>
        await db.TagKinds.AsNoTracking().OrderBy(t => t.Order).Select(t => new TagChoice(t.Code, t.NameZh, t.NameEn)).ToListAsync(cancellation);

    private IQueryable<ResidentUnit> Units(IQueryable<Occupancy> living) =>
        from o in living join p in db.Persons on o.PersonId equals p.Id where p.State == PersonState.Present orderby o.RoomPath, o.PersonId select new ResidentUnit(o.PersonId, o.HouseholdId, o.RoomPath, p.BirthDate);
}
