using Liren.Contracts.People;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>Who lives where, for lists of entitlement: ids and places.</summary>
internal sealed class ResidentUnits(PeopleDb db, PersonAccess access) : IResidentUnits
{
    public async Task<IReadOnlyList<ResidentUnit>> LivingAtAsync(string place, CancellationToken cancellation = default) =>
        await Units(db.Current(access.Today).Where(o => o.Lives).WhereWithin(o => o.RoomPath, [place])).ToListAsync(cancellation);

    public async Task<ResidentUnit?> OfAsync(Guid person, CancellationToken cancellation = default) =>
        await Units(db.Current(access.Today).Where(o => o.Lives && o.PersonId == person)).FirstOrDefaultAsync(cancellation);

    private IQueryable<ResidentUnit> Units(IQueryable<Occupancy> living) =>
        from o in living join p in db.Persons on o.PersonId equals p.Id where p.State == PersonState.Present orderby o.RoomPath, o.PersonId select new ResidentUnit(o.PersonId, o.HouseholdId, o.RoomPath, p.BirthDate);
}
