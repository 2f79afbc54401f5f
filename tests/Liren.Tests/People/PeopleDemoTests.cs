using Liren.People.Data;
using Liren.People.Demo;
using Liren.People.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.People;

/// <summary>The people of the demo: enough of them, plainly invented, seeded once.</summary>
public sealed class PeopleDemoTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_demo_has_a_thousand_residents_with_numbers_that_check_and_belong_to_nobody()
    {
        for (var i = 0; i < 2; i++) await app.InScopeAsync(async s => { await ActivatorUtilities.CreateInstance<DemoPeople>(s).SeedAsync(Stop); return 0; });
        await app.InScopeAsync(async s =>
        {
            var (db, sealer) = (s.GetRequiredService<PeopleDb>(), s.GetRequiredService<Sealer>());
            var today = Days.Of(app.Clock.GetUtcNow());
            (await db.Current(today).Where(o => o.Lives).Select(o => o.PersonId).Distinct().CountAsync(Stop)).ShouldBeInRange(1_000, 1_400);
            (await db.Households.CountAsync(Stop)).ShouldBeInRange(380, 520);
            (await db.TagsThatHold(today).CountAsync(t => t.Tag == "lives-alone", Stop)).ShouldBeGreaterThan(20);
            foreach (var identifier in await db.Identifiers.Where(i => i.Kind == IdentifierKind.CitizenId).ToListAsync(Stop))
            {
                var number = sealer.Open(identifier);
                CitizenId.Read(number, today).Value.ShouldNotBeNull();
                number.ShouldStartWith("310199");
            }
            foreach (var contact in await db.Contacts.ToListAsync(Stop)) sealer.Open(contact).ShouldStartWith("1990000");
            (await db.Persons.Where(p => p.HomePath == null).CountAsync(Stop)).ShouldBe(0);
            var owned = (await db.Current(today).ToListAsync(Stop)).GroupBy(o => o.RoomPath);
            foreach (var room in owned) Occupancy.CheckShares(room, today);
            return 0;
        });
    }
}
